#pragma once

#include <string>
#include <string_view>

namespace lanpeer
{

/// The difference of two texts line by line, for a person: lines of both with two spaces before
/// them, of \p expected alone with `-`, of \p actual alone with `+`; of what is alike only the few
/// lines around a difference, with the line number in \p expected where something was left out.
std::string LineDiff(std::string_view expected, std::string_view actual);

} // namespace lanpeer
