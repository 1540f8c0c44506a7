#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace lanpeer::http
{

/// What a client asks a peer or an origin for.
struct GetOrder
{
    /// host[:port] for the Host field; must satisfy IsAuthority().
    std::string authority;
    /// An origin-form target such as /update/Myavdat.0104060900.cab, already judged by the caller;
    /// must satisfy IsOriginTarget(). Sent as it is, nothing is encoded.
    std::string target;
    /// Resume here: "Range: bytes=offset-", up to the end. Nothing: the whole resource.
    std::optional<std::uint64_t> offset;
    /// Resume only if the content still has this strong tag (text without quotes; IsOpaqueTag()),
    /// else the whole of it comes (RFC 9110, 13.1.5). Not sent without an offset, which the RFC
    /// forbids.
    std::optional<std::string> ifRangeTag;
    /// Whether the connection may be used again afterwards.
    bool keepAlive = true;
};

/// The bytes of a GET, head and blank line. Nothing if a text of the order is not what it must be:
/// what was put together from remote text cannot become a second header or a second request.
/// Asks for "Accept-Encoding: identity": lengths, ranges and digests are those of the resource.
std::optional<std::string> MakeGet(const GetOrder& order);

} // namespace lanpeer::http
