#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::reference
{

/// What to retrieve, and how far.
struct FetchOrder
{
    /// From a peer: http to a literal IPv4 address, no user-info. From the Internet: http or https;
    /// user-info is sent to this URL's origin and to nobody else.
    std::string url;
    /// Whose rules hold: a peer's answer must say its length and may not redirect, and no proxy is
    /// ever used.
    bool fromPeer = true;
    /// Resume here: the file holds that many bytes already. 0: the whole, into an emptied file.
    std::uint64_t offset = 0;
    /// Resume only if the content still has this strong tag (without quotes), else the whole of it
    /// comes (RFC 9110, 13.1.5). Empty: whatever the content is now.
    std::string ifRangeTag;
    /// The whole may be this large and not a byte more (T2).
    std::uint64_t maxBytes = 0;
    /// From the Internet: "scheme://host[:port]" of every server that may be asked, redirects
    /// included. Empty: any.
    std::vector<std::string> allowedOrigins;
};

/// How a fetch ended, in the transport's words.
enum class FetchEnd : std::uint8_t
{
    Whole,       ///< 200 or 206, and all that was announced came
    Unavailable, ///< 503
    NotFound,    ///< 404 or 410
    NoRoute,     ///< no way to the server at all. From the Internet: no route, no such name, no
                 ///< answer to the connection, or a proxy that refuses. From a peer: no route.
    Broken,      ///< everything else
    StoreFailed, ///< the bytes could not be written
};

std::string_view ToString(FetchEnd end);

struct FetchResult
{
    FetchEnd end = FetchEnd::Broken;
    /// Bytes of the whole that the file holds: from its first byte on, all of them are in place.
    std::uint64_t received = 0;
    /// Bytes of body that came in this exchange.
    std::uint64_t bodyBytes = 0;
    /// Bytes of the whole, when known.
    std::optional<std::uint64_t> size;
    /// The content's strong tag without quotes; empty if none came. If nothing came, the order's.
    std::string tag;
    /// As sent, with Unavailable.
    std::optional<std::uint64_t> retryAfterSeconds;
    /// For a log: one line of printable ASCII (L22) of at most kMaxMessageBytes, with the URL
    /// without its user-info, and why.
    std::string message;
    /// Of the last server that was asked; 0 if it did not answer.
    long httpStatus = 0;
};

/// A transfer below this rate for this long is cut (U1). curl's measure: the rate of body bytes in
/// the last few seconds, looked at once a second; waiting for the head counts.
struct MinimumRate
{
    std::uint32_t bytesPerSecond = 0;
    std::chrono::seconds window{0};
};

struct RetrieverSettings
{
    std::chrono::milliseconds peerConnectTimeout{5'000};
    std::chrono::milliseconds internetConnectTimeout{30'000};
    MinimumRate peerRate{1000, std::chrono::seconds(20)};
    MinimumRate internetRate{100, std::chrono::seconds(60)};
    /// Between two reports of one fetch's progress, at least.
    std::chrono::milliseconds progressInterval{250};
    /// PEM file of the only authorities to trust for https; empty: the system's.
    std::string caFile;
    std::string userAgent = "LanPeer";
    /// Names with their addresses, "host:port:address", as CURLOPT_RESOLVE takes them. For tests.
    std::vector<std::string> resolve;
};

} // namespace lanpeer::reference
