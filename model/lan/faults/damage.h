#pragma once

#include <cstdint>
#include <functional>
#include <ns3/packet.h>

namespace lanpeer::lan
{

/// What a fault behind Ethernet's check sum does to a packet: in the memory of a switch or an
/// adapter, where nothing checks it (Stone and Partridge, "When the CRC and TCP checksum disagree",
/// 2000). What is altered on the cable, Ethernet drops: that is loss.
enum class Damage : std::uint8_t
{
    Seen,   ///< a byte is altered: no sum of 16-bit words misses that
    Unseen, ///< two words of the payload change places: the sum is the same
};

/// A damaged copy of an IP packet, with a uid of its own; UDP's and TCP's check sums must be real
/// (ns-3's global value ChecksumEnabled) for Damage::Seen to be seen. Only the payload of UDP or
/// TCP is touched, or the check sum where there is none: addresses and lengths altered would end
/// the packet at IP and show nothing else. Null for what is neither, or has no payload for
/// Damage::Unseen to touch: to be dropped.
/// \param uniform from [0, 1)
ns3::Ptr<ns3::Packet> Damaged(ns3::Ptr<const ns3::Packet> ipPacket,
                              Damage damage,
                              const std::function<double()>& uniform);

/// Whether some of these bytes were damaged unseen. A body's bytes are only counted (content.h), so
/// what has become of them travels beside them.
bool IsDamaged(const ns3::Packet& bytes);

/// What is appended to the descriptor of a body that holds damaged bytes: other content.
inline constexpr const char* kDamagedSuffix = "/damaged";

} // namespace lanpeer::lan
