#pragma once

#include <string>

namespace lanpeer::scenario
{

/// As a shell takes it for one word: in single quotes where it needs them.
std::string ShellWord(const std::string& text);

} // namespace lanpeer::scenario
