#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What messages are made of. What was typed, or stands in a file, may be anything; a message is
/// one line of valid UTF-8 without control characters, safe to print on a terminal (L22).
namespace lanpeer::settings
{

/// Bytes of the character of UTF-8 that a text begins with, 1 to 4; 0 for none: empty, malformed,
/// overlong, a surrogate.
std::size_t Utf8Bytes(std::string_view text);

/// Valid UTF-8 without control characters but the end of a line.
bool IsPlainText(std::string_view text);

/// On one line: control characters and malformed bytes escaped (\x1b), cut when longer than a name
/// or an argument has reason to be.
std::string OneLine(std::string_view text);

/// The same, however long it is: of a message that has a URL in it.
std::string WholeLine(std::string_view text);

/// The same in single quotes, and shorter.
std::string Quote(std::string_view text);

/// "a", "a or b", "a, b or c".
std::string JoinWords(const std::vector<std::string>& words, std::string_view last = "or");

/// "a,,b" at ',': "a", "" and "b"; nothing is one empty part.
std::vector<std::string> Split(std::string_view text, char at);

/// How many characters must be inserted, dropped, changed or swapped with their neighbour to make
/// one text of the other (optimal string alignment).
std::size_t EditDistance(std::string_view left, std::string_view right);

/// The candidate that somebody who typed this probably meant: one that ends or goes on the same
/// (`nodes`, `lan.rate` for `lan.nodes`, `lan.rate_mbps`), or else the one of least EditDistance if
/// that is a typing error's; the first among equals.
std::optional<std::string> Nearest(std::string_view typed,
                                   const std::vector<std::string>& candidates);

} // namespace lanpeer::settings
