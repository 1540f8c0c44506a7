#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// The few pieces of HTTP text that are ours to judge; everything else is Beast's. All total: any
/// bytes are legal input, nothing throws.
namespace lanpeer::http
{

/// An alias of a local copy: 1 to 64 of A-Z a-z 0-9 _ and -. So no alias is ever a path (R-HTTP-1,
/// L11): no '.', '/', '\', '%', '?' or NUL.
bool IsAlias(std::string_view text);

/// host[:port] as a Host field or a request may carry it: 1 to 255 letters, digits and . - _ : [ ].
/// Stricter than RFC 3986, 3.2: no user information ("@"), no percent-encoding, no list.
bool IsAuthority(std::string_view text);

/// An origin-form request target (RFC 9112, 3.2.1): starts with '/', visible ASCII only, no
/// fragment. Nothing that passes can end a request line (no CR, LF, space, control).
bool IsOriginTarget(std::string_view text);

/// The text between the quotes of an entity tag (RFC 9110, 8.8.3), 1 to 256 visible ASCII
/// characters without '"'. Stricter than the RFC: not empty, no bytes above 0x7e.
bool IsOpaqueTag(std::string_view text);

/// Takes a strong entity tag apart: the text between its quotes. Nothing for a weak one ("W/...",
/// useless for resuming: RFC 9110, 13.1.5) or for what is no tag.
std::optional<std::string_view> ParseStrongTag(std::string_view text);

/// The same but for the case of ASCII letters. (Beast 1.74's own reads a byte beyond what differs
/// in case at its end.)
bool EqualIgnoringCase(std::string_view left, std::string_view right);

/// 1*DIGIT that fits 64 bits; nothing for a sign, a space, an empty text or an overflow.
std::optional<std::uint64_t> ParseDecimal(std::string_view text);

/// As ParseDecimal, but a number too large for 64 bits becomes the largest one, as RFC 9110, 14.1.2
/// asks of who reads byte positions.
std::optional<std::uint64_t> ParseDecimalSaturating(std::string_view text);

} // namespace lanpeer::http
