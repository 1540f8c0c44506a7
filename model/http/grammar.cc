#include "model/http/grammar.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

namespace lanpeer::http
{

namespace
{

// Not std::isalnum: that one asks the locale.
bool
IsDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool
IsAlphanumeric(char c)
{
    return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
IsVisible(char c)
{
    return c > ' ' && c < '\x7f';
}

template <typename Predicate>
bool
AllOf(std::string_view text, Predicate predicate)
{
    return std::all_of(text.begin(), text.end(), predicate);
}

bool
HasLength(std::string_view text, std::size_t longest)
{
    return !text.empty() && text.size() <= longest;
}

} // namespace

bool
IsAlias(std::string_view text)
{
    return HasLength(text, 64) &&
           AllOf(text, [](char c) { return IsAlphanumeric(c) || c == '_' || c == '-'; });
}

bool
IsAuthority(std::string_view text)
{
    constexpr std::string_view marks = ".-_:[]";
    return HasLength(text, 255) &&
           AllOf(text,
                 [marks](char c)
                 { return IsAlphanumeric(c) || marks.find(c) != std::string_view::npos; });
}

bool
IsOriginTarget(std::string_view text)
{
    return !text.empty() && text.front() == '/' &&
           AllOf(text, [](char c) { return IsVisible(c) && c != '#'; });
}

bool
IsOpaqueTag(std::string_view text)
{
    return HasLength(text, 256) && AllOf(text, [](char c) { return IsVisible(c) && c != '"'; });
}

std::optional<std::string_view>
ParseStrongTag(std::string_view text)
{
    if (text.size() < 2 || text.front() != '"' || text.back() != '"')
    {
        return std::nullopt;
    }
    const std::string_view opaque = text.substr(1, text.size() - 2);
    return IsOpaqueTag(opaque) ? std::optional(opaque) : std::nullopt;
}

bool
EqualIgnoringCase(std::string_view left, std::string_view right)
{
    const auto lower = [](char c)
    {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::equal(left.begin(),
                      left.end(),
                      right.begin(),
                      right.end(),
                      [lower](char a, char b) { return lower(a) == lower(b); });
}

std::optional<std::uint64_t>
ParseDecimal(std::string_view text)
{
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    // std::from_chars takes no sign and no space for an unsigned type, and reports an overflow.
    const auto [parsed, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || parsed != end)
    {
        return std::nullopt;
    }
    return value;
}

std::optional<std::uint64_t>
ParseDecimalSaturating(std::string_view text)
{
    if (text.empty() || !AllOf(text, IsDigit))
    {
        return std::nullopt;
    }
    return ParseDecimal(text).value_or(std::numeric_limits<std::uint64_t>::max());
}

} // namespace lanpeer::http
