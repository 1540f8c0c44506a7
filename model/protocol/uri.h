#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lanpeer
{

// What the protocol asks of an href (R-PKT-4). Hrefs are compared byte for byte: nothing here
// normalises one, but for OriginOf.

/// Is it an absolute-URI of RFC 3986, section 4.3: a scheme, only the characters of that grammar,
/// well-formed percent-encoding, no fragment? With http and https also a host; everywhere a port of
/// at most 65535.
bool IsAbsoluteUri(std::string_view href);

/// Does it carry "user:password@"? False for what is no absolute URI.
bool HasUserInfo(std::string_view href);

/// Does it carry a "?", be it with nothing behind it? False for what is no absolute URI.
bool HasQuery(std::string_view href);

/// Bytes of a text as an attribute's value in a packet of ours: how R-PKT-4 counts an href. `&`
/// counts 5, `<` and `>` 4, `"` 6.
std::size_t EscapedXmlBytes(std::string_view href);

/// May this href be put into a packet (R-PKT-4)? An absolute URI of at most
/// limits::kHrefEscapedBytes escaped, without user-info (L26), and without a query unless
/// \p allowQuery: the application that asks says so. Else it is retrieved without peering.
bool MayTravel(std::string_view href, bool allowQuery);

/// "scheme://host" or "scheme://host:port" of an absolute URI, for a helper's list of origins
/// (R-CLI-12, L13): two texts are equal when and only when they name the same origin. Scheme and
/// host in lower case, the port as a plain number, absent when it is the scheme's own (http 80,
/// https 443).
///
/// \returns nullopt for what is no absolute URI, has no host, or has user-info: programs disagree
/// where the host begins behind it.
std::optional<std::string> OriginOf(std::string_view href);

/// Is it A.B.C.D, each a number from 0 to 255 without leading zeros? So an address has one text,
/// addresses are compared as texts, and nobody reads one as octal.
bool IsIpv4Address(std::string_view text);

} // namespace lanpeer
