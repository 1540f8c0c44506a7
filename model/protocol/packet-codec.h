#pragma once

#include "model/protocol/packet.h"
#include "model/protocol/reason.h"
#include "model/protocol/types.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace lanpeer
{

/// Bytes 0 to 15 of SHA-256 of a token. The host's, since the core computes no digests; it keeps
/// nothing and never fails.
using DigestFunction = Lock (*)(const Token&);

/// Reads a datagram (R-PKT-1 to R-PKT-6; L17, L22).
///
/// Total: any bytes give a packet or the one reason why they are dropped; nothing is answered to
/// what does not decode. The order of the checks, which decides where several fail: length, UTF-8,
/// characters, the form of the XML, number and names of the attributes, and then the attributes in
/// the order of R-PKT-2, `type`, `version` and `node` first.
///
/// Of a packet that decodes, the members its kind needs are there (packet.h), every member is
/// valid, and Encode() gives a packet that decodes to the same, unless it is too long by then or
/// its location is on another host. Attributes that are unknown, or that belong to other kinds, are
/// kept in `attributes`, in their order (R-PKT-3).
///
/// \param sourceHost the packet's source address as dotted decimals: `hostIsSource` of a location
///        says whether it is on that host (R-PKT-5)
/// \param digest fills in which lock the key of an "I found" opens; not null
std::variant<ServicePacket, Reason> Decode(std::string_view bytes,
                                           std::string_view sourceHost,
                                           DigestFunction digest);

/// Writes a datagram: one element, no XML declaration, attributes always in this order: `type`,
/// `version`, those of the packet's kind as R-PKT-2 lists them, then `attributes`. A request always
/// says `method`, `acceptprotocol` and `cached`, a location always its port. Members that do not
/// belong to the kind are not written; an empty `node` neither (a plain peer's).
///
/// \param sourceHost the address that the packet will leave from, as dotted decimals: the host of
///        its location; not used where it has none
///
/// \returns nullopt for what would not decode, at the other end, to the members written: an href
/// that may not travel, a name, type, number or location out of its bounds, a `node` or `to` that
/// stands for an address, a location that is not ours (`hostIsSource` false), an attribute whose
/// name the kind itself uses, more than limits::kPacketAttributes or limits::kPacketBytes.
std::optional<std::string> Encode(const ServicePacket& packet, std::string_view sourceHost);

/// Is this an "I found", as far as one look at the raw bytes tells? For the choice of the packet
/// budget before decoding (R-SRV-7, packet-budget.h). Right for every packet that Encode() writes.
/// Wrong answers, for bytes made to deceive, only choose the other budget.
bool LooksLikeIFound(std::string_view bytes);

} // namespace lanpeer
