#include "model/protocol/update/version-name.h"

#include <algorithm>
#include <array>

namespace lanpeer
{

namespace
{

constexpr std::size_t kProductLength = 64;
constexpr std::uint64_t kDayS = 86400;

bool
IsDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool
IsLetterOrDigit(char c)
{
    return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Of digits only, and few.
std::uint64_t
Number(std::string_view digits)
{
    std::uint64_t number = 0;
    for (const char c : digits)
    {
        number = number * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return number;
}

bool
IsLeapYear(std::uint64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

std::uint64_t
DaysOfMonth(std::uint64_t year, std::uint64_t month)
{
    constexpr std::array<std::uint64_t, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return kDays[month - 1] + (month == 2 && IsLeapYear(year) ? 1 : 0);
}

/// Leap days in the years from 1 to \p year.
std::uint64_t
LeapDaysUpTo(std::uint64_t year)
{
    return year / 4 - year / 100 + year / 400;
}

/// Days from 1970 to the first of January.
std::uint64_t
DaysUntilYear(std::uint64_t year)
{
    return (year - 1970) * 365 + LeapDaysUpTo(year - 1) - LeapDaysUpTo(1969);
}

} // namespace

std::optional<std::uint64_t>
VersionTimeS(std::string_view version)
{
    const bool digits = std::all_of(version.begin(), version.end(), IsDigit);
    if (!digits || (version.size() != 10 && version.size() != 12))
    {
        return std::nullopt;
    }
    const std::size_t yearDigits = version.size() - 8;
    const std::uint64_t year = Number(version.substr(0, yearDigits)) + (yearDigits == 2 ? 2000 : 0);
    version.remove_prefix(yearDigits);
    const std::uint64_t month = Number(version.substr(0, 2));
    const std::uint64_t day = Number(version.substr(2, 2));
    const std::uint64_t hour = Number(version.substr(4, 2));
    const std::uint64_t minute = Number(version.substr(6, 2));
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > DaysOfMonth(year, month) ||
        hour > 23 || minute > 59)
    {
        return std::nullopt;
    }
    std::uint64_t days = DaysUntilYear(year) + day - 1;
    for (std::uint64_t earlier = 1; earlier < month; ++earlier)
    {
        days += DaysOfMonth(year, earlier);
    }
    return days * kDayS + hour * 3600 + minute * 60;
}

bool
IsProductName(std::string_view text)
{
    return !text.empty() && text.size() <= kProductLength && IsLetterOrDigit(text.front()) &&
           std::all_of(text.begin(),
                       text.end(),
                       [](char c) { return IsLetterOrDigit(c) || c == '-' || c == '_'; });
}

std::optional<VersionName>
ParseVersionName(std::string_view file)
{
    const std::size_t first = std::min(file.find('.'), file.size());
    const std::size_t last = file.rfind('.');
    if (last == std::string_view::npos || last <= first)
    {
        return std::nullopt;
    }
    const std::string_view product = file.substr(0, first);
    const std::string_view version = file.substr(first + 1, last - first - 1);
    const std::string_view extension = file.substr(last);
    const auto timeS = VersionTimeS(version);
    if (!timeS || !IsProductName(product) || (extension != ".cab" && extension != ".CAB"))
    {
        return std::nullopt;
    }
    return VersionName{std::string(product), std::string(version), *timeS};
}

std::string_view
LastSegment(std::string_view url)
{
    url = url.substr(0, url.find_first_of("?#"));
    const std::size_t authority = url.find("://");
    if (authority == std::string_view::npos)
    {
        return {};
    }
    url.remove_prefix(authority + 3);
    const std::size_t slash = url.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : url.substr(slash + 1);
}

} // namespace lanpeer
