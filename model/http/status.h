#pragma once

#include <cstdint>
#include <string_view>

namespace lanpeer::http
{

/// What this server refuses with; the numbers are those of RFC 9110, 15. A closed list: 200, 206
/// and 416 need a copy and come only from Answer().
enum class ErrorStatus : std::uint16_t
{
    BadRequest = 400,
    Forbidden = 403,
    NotFound = 404,
    MethodNotAllowed = 405,
    RequestTimeout = 408,
    ContentTooLarge = 413,
    UriTooLong = 414,
    ExpectationFailed = 417,
    HeaderFieldsTooLarge = 431, ///< RFC 6585, 5
    InternalServerError = 500,
    NotImplemented = 501,
    ServiceUnavailable = 503,
    VersionNotSupported = 505,
};

/// The reason phrase that goes into the status line.
std::string_view ToString(ErrorStatus status);

/// The three digits.
constexpr unsigned
NumberOf(ErrorStatus status)
{
    return static_cast<unsigned>(status);
}

} // namespace lanpeer::http
