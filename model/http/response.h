#pragma once

#include "model/http/limits.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace lanpeer::http
{

/// What the client asked for and is ready to take.
struct ResponseExpectation
{
    /// The offset that the GET carried, if any. Without one a 206 is refused.
    std::optional<std::uint64_t> offset;
    /// The resource may be this large and not a byte more (T2): the catalog's length or the quota.
    /// Held against the total of a 206, not against the part.
    std::uint64_t maxTotalBytes = std::numeric_limits<std::uint64_t>::max();
    /// The body of anything but 200 and 206, which is thrown away anyway.
    std::uint64_t maxErrorBodyBytes = 65'536;
    /// Interim (1xx) responses to skip before the final one.
    unsigned maxInterim = 4;
    /// For each head, interim ones included.
    HeadLimits head;
};

/// The head of a final response, checked.
struct ResponseHead
{
    /// 200 to 599. Redirects are reported like any other status: following one is the caller's
    /// decision, and for a peer never a good one (L13), so that Location is not even kept.
    unsigned status = 0;
    /// Bytes of body that follow; exactly these.
    std::uint64_t contentLength = 0;
    /// Where in the resource the body starts: Content-Range's first byte for 206, else 0. A 200 to
    /// a ranged request means that the whole resource comes (RFC 9110, 14.2).
    std::uint64_t firstByte = 0;
    /// Bytes of the whole resource: always for 200 and 206, for 416 if it says so. A 206 may end
    /// before it (15.3.7); compare firstByte + contentLength.
    std::optional<std::uint64_t> totalBytes;
    /// The text of a strong entity tag without its quotes; nothing when absent or weak.
    std::optional<std::string> tag;
    /// Retry-After in delta-seconds form; nothing when absent, a date or anything else. As sent:
    /// bounding it is the caller's business.
    std::optional<std::uint64_t> retryAfterSeconds;
    /// Whether the connection may be used again after this response.
    bool keepAlive = false;

    bool operator==(const ResponseHead& other) const;
};

/// Why a response is worthless: a closed list. The connection is to be closed with any of them.
enum class ResponseError
{
    MalformedHead,     ///< not HTTP/1.0 or 1.1 syntax, forbidden byte, status beyond 100 to 599
    HeadTooLarge,      ///< HeadLimits::maxBytes
    TooManyFields,     ///< HeadLimits::maxFields
    TooManyInterim,    ///< more than maxInterim 1xx
    UnexpectedUpgrade, ///< 101, which nobody asked for
    TransferEncoding,  ///< any: the length must be known beforehand (T2)
    MissingLength,     ///< no Content-Length
    BadLength,         ///< Content-Length that is not one number, given once (L18)
    BadContentRange,   ///< 206 whose Content-Range is absent, repeated or not one range
    LengthMismatch,    ///< 206 whose Content-Range and Content-Length disagree (L15)
    WrongOffset,       ///< 206 that does not start where asked, or was not asked for
    TooLarge,          ///< maxTotalBytes or maxErrorBodyBytes, seen before any body (T2)
    ExcessBody,        ///< bytes after the last one announced (L15)
    NoResponse,        ///< closed before any byte of a head: a stale keep-alive connection?
    Truncated          ///< closed before the last byte announced (L15)
};

std::string_view ToString(ResponseError error);

} // namespace lanpeer::http
