#include "analysis/shell-word.h"

namespace lanpeer::analysis
{

std::string
ShellWord(std::string_view text)
{
    constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "0123456789._-/=,:+@%";
    if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos)
    {
        return std::string(text);
    }
    std::string word = "'";
    for (const char character : text)
    {
        word += character == '\'' ? std::string("'\\''") : std::string(1, character);
    }
    return word + "'";
}

std::string
ShellPath(const std::string& path)
{
    return ShellWord(!path.empty() && path.front() == '-' ? "./" + path : path);
}

} // namespace lanpeer::analysis
