#pragma once

#include "model/protocol/packet.h"

#include <cstdint>
#include <string_view>

/// What reading and writing a packet have in common: the tables of R-PKT-2. For packet-codec.cc and
/// packet-encode.cc only; hosts use packet-codec.h.
namespace lanpeer::format
{

constexpr std::string_view kRoot = "service";
constexpr std::string_view kVersion = "1.0"; ///< sent; 1.x is accepted
constexpr std::string_view kLocationScheme = "http://";
constexpr std::uint16_t kHttpDefaultPort = 80;

/// The value of `type` of a kind; empty for application-defined packets, which bring their own.
std::string_view TypeOf(PacketKind kind);

/// Is this the type of a kind other than ApplicationDefined?
bool IsOwnType(std::string_view type);

/// An application's type: 1 to 64 of [A-Za-z0-9._-], so that it can stand in logs and registries.
bool IsType(std::string_view text);

/// Is this attribute one that R-PKT-2 gives to the kind, so that `attributes` cannot hold it? The
/// name has no spaces.
bool IsOwnName(PacketKind kind, std::string_view name);

/// The path of a location, without its leading slash: unreserved characters in segments. Nothing
/// that any server would decode, or resolve to another path, gets through (L11).
bool IsLocationPath(std::string_view path);

} // namespace lanpeer::format
