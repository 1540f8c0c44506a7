#pragma once

#include "model/protocol/packet.h"
#include "model/protocol/reason.h"

#include <cstdint>
#include <ns3/ipv4-address.h>
#include <ns3/packet.h>
#include <unordered_map>
#include <variant>

namespace lanpeer::lan
{

/// One decode per packet, shared among its receivers: a broadcast is the same packet to a thousand
/// nodes of one process, and what it says does not depend on who hears it.
class ReceivedPackets
{
  public:
    struct Entry
    {
        bool iFound = false; ///< by its raw bytes, for the choice of the budget (R-SRV-7)
        std::variant<Shared<ServicePacket>, Reason> content;
    };

    /// The content of a packet, decoded when it is first seen.
    const Entry& Of(ns3::Ptr<const ns3::Packet> packet, ns3::Ipv4Address source);

    /// One for the process, as packet uids are.
    static ReceivedPackets& Instance();

  private:
    /// Packets live for a fraction of a second; when this many are known, all are forgotten.
    static constexpr std::size_t kRemembered = 4096;

    std::unordered_map<std::uint64_t, Entry> m_entries;
};

} // namespace lanpeer::lan
