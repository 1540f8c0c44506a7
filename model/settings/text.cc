#include "model/settings/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace lanpeer::settings
{

namespace
{

constexpr std::size_t kQuotedBytesMax = 60;
constexpr std::size_t kLineBytesMax = 200;
constexpr std::size_t kNearestBytesMax = 100; ///< nobody mistypes a longer key

unsigned char
ByteAt(std::string_view text, std::size_t index)
{
    return static_cast<unsigned char>(text[index]);
}

/// Control characters of ASCII, and those of Latin-1 as UTF-8 writes them.
bool
IsControl(std::string_view character)
{
    const unsigned char first = ByteAt(character, 0);
    return first < 0x20 || first == 0x7f || (first == 0xc2 && ByteAt(character, 1) < 0xa0);
}

std::string
Escape(std::string_view text, std::size_t bytesMax)
{
    std::string escaped;
    for (std::size_t at = 0; at < text.size();)
    {
        const std::size_t bytes = Utf8Bytes(text.substr(at));
        const std::string_view character = text.substr(at, std::max<std::size_t>(bytes, 1));
        if (at + character.size() > bytesMax)
        {
            return escaped + "...";
        }
        if (bytes == 0 || IsControl(character))
        {
            for (const char c : character)
            {
                escaped += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
            }
        }
        else
        {
            escaped += character;
        }
        at += character.size();
    }
    return escaped;
}

std::string_view
Leaf(std::string_view path)
{
    return path.substr(path.rfind('.') + 1);
}

} // namespace

std::size_t
Utf8Bytes(std::string_view text)
{
    if (text.empty())
    {
        return 0;
    }
    const unsigned char first = ByteAt(text, 0);
    const std::size_t bytes = first < 0x80                    ? 1
                              : first >= 0xc2 && first < 0xe0 ? 2
                              : first >= 0xe0 && first < 0xf0 ? 3
                              : first >= 0xf0 && first < 0xf5 ? 4
                                                              : 0;
    if (bytes == 0 || text.size() < bytes)
    {
        return 0;
    }
    for (std::size_t i = 1; i < bytes; ++i)
    {
        if ((ByteAt(text, i) & 0xc0U) != 0x80)
        {
            return 0;
        }
    }
    const unsigned char second = bytes > 1 ? ByteAt(text, 1) : 0;
    const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    const bool surrogate = first == 0xed && second >= 0xa0;
    const bool beyond = first == 0xf4 && second >= 0x90;
    return overlong || surrogate || beyond ? 0 : bytes;
}

bool
IsPlainText(std::string_view text)
{
    while (!text.empty())
    {
        const std::size_t bytes = Utf8Bytes(text);
        if (bytes == 0 || (IsControl(text.substr(0, bytes)) && text[0] != '\n'))
        {
            return false;
        }
        text.remove_prefix(bytes);
    }
    return true;
}

std::string
OneLine(std::string_view text)
{
    return Escape(text, kLineBytesMax);
}

std::string
WholeLine(std::string_view text)
{
    return Escape(text, std::numeric_limits<std::size_t>::max());
}

std::string
Quote(std::string_view text)
{
    return "'" + Escape(text, kQuotedBytesMax) + "'";
}

std::string
JoinWords(const std::vector<std::string>& words, std::string_view last)
{
    std::string joined;
    for (std::size_t i = 0; i < words.size(); ++i)
    {
        if (i > 0)
        {
            joined += i + 1 < words.size() ? ", " : fmt::format(" {} ", last);
        }
        joined += words[i];
    }
    return joined;
}

std::vector<std::string>
Split(std::string_view text, char at)
{
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= text.size();)
    {
        const std::size_t end = std::min(text.find(at, begin), text.size());
        parts.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

std::size_t
EditDistance(std::string_view left, std::string_view right)
{
    const std::size_t width = right.size() + 1;
    std::vector<std::size_t> beforeLast(width);
    std::vector<std::size_t> last(width);
    std::vector<std::size_t> row(width);
    for (std::size_t j = 0; j < width; ++j)
    {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= left.size(); ++i)
    {
        beforeLast.swap(last);
        last.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j < width; ++j)
        {
            const bool same = left[i - 1] == right[j - 1];
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
            {
                row[j] = std::min(row[j], beforeLast[j - 2] + 1);
            }
        }
    }
    return row.back();
}

std::optional<std::string>
Nearest(std::string_view typed, const std::vector<std::string>& candidates)
{
    if (typed.empty() || typed.size() > kNearestBytesMax)
    {
        return std::nullopt;
    }
    const std::size_t typingErrorMax = std::max<std::size_t>(1, typed.size() / 4);
    std::optional<std::string> nearest;
    // Those that end or go on the same come first, the least distance among them.
    auto least = std::pair(2, std::numeric_limits<std::size_t>::max());
    for (const std::string& candidate : candidates)
    {
        const std::size_t distance = EditDistance(typed, candidate);
        const bool goesOn = typed.size() >= 3 && candidate.rfind(typed, 0) == 0;
        const bool sameEnd = Leaf(candidate) == Leaf(typed);
        const bool related = goesOn || sameEnd;
        const auto score = std::pair(related ? 0 : 1, distance);
        if ((related || distance <= typingErrorMax) && score < least)
        {
            least = score;
            nearest = candidate;
        }
    }
    return nearest;
}

} // namespace lanpeer::settings
