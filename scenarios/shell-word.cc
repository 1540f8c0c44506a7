#include "scenarios/shell-word.h"

#include <algorithm>
#include <string_view>

namespace lanpeer::scenario
{

std::string
ShellWord(const std::string& text)
{
    const bool isPlain =
        !text.empty() &&
        std::all_of(text.begin(),
                    text.end(),
                    [](char c)
                    {
                        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                               (c >= '0' && c <= '9') ||
                               std::string_view("._-/=,:+@%").find(c) != std::string_view::npos;
                    });
    if (isPlain)
    {
        return text;
    }
    std::string quoted = "'";
    for (const char c : text)
    {
        quoted += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return quoted + "'";
}

} // namespace lanpeer::scenario
