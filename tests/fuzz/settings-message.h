#pragma once

#include "model/settings/text.h"
#include "tests/fuzz/fuzzing.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

namespace lanpeer::fuzz
{

/// What is said of settings is one line that may go to a terminal (L22).
inline void
RequireOneLine(std::string_view message)
{
    Require(!message.empty() && settings::IsPlainText(message) &&
                message.find('\n') == std::string_view::npos,
            "a message is one line of plain text");
}

/// "FILE:LINE: ..." of a line that is there.
inline void
RequireNamesALine(std::string_view message, std::string_view file, std::string_view text)
{
    Require(message.substr(0, file.size() + 1) == std::string(file) + ":", "names the file");
    message.remove_prefix(file.size() + 1);
    std::size_t line = 0;
    const char* end = message.data() + message.size();
    const auto read = std::from_chars(message.data(), end, line);
    Require(read.ec == std::errc() && read.ptr != end && *read.ptr == ':', "names a line");
    const bool endsLine = !text.empty() && text.back() == '\n';
    const auto ends = std::count(text.begin(), text.end(), '\n');
    const std::size_t lines = static_cast<std::size_t>(ends) + (endsLine ? 0 : 1);
    Require(line >= 1 && line <= std::max<std::size_t>(lines, 1), "the line is in the file");
}

} // namespace lanpeer::fuzz
