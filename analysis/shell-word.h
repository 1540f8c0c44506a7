#pragma once

#include <string>
#include <string_view>

namespace lanpeer::analysis
{

/// A text as a shell takes it for one word: in single quotes where it needs them.
std::string ShellWord(std::string_view text);

/// A path likewise, which no program takes for an option, whatever it begins with.
std::string ShellPath(const std::string& path);

} // namespace lanpeer::analysis
