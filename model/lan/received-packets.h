#pragma once

#include "model/protocol/packet.h"
#include "model/protocol/reason.h"

#include <cstdint>
#include <ns3/ipv4-address.h>
#include <ns3/packet.h>
#include <optional>
#include <unordered_map>
#include <variant>

namespace lanpeer::lan
{

/// One decode per packet, shared among its receivers: a broadcast is the same packet to a thousand
/// nodes of one process, and what it says does not depend on who hears it.
class ReceivedPackets
{
  public:
    /// What a packet says, or why it does not decode.
    using Content = std::variant<Shared<ServicePacket>, Reason>;

    /// Whether it is an "I found" by its raw bytes, for the choice of the budget: a receiver has to
    /// know that before the packet may be decoded (R-SRV-7).
    bool IsIFound(ns3::Ptr<const ns3::Packet> packet);

    /// The content of a packet, decoded when the first receiver asks for it.
    const Content& ContentOf(ns3::Ptr<const ns3::Packet> packet, ns3::Ipv4Address source);

    /// How many packets were decoded so far.
    std::uint64_t Decoded() const
    {
        return m_decoded;
    }

    /// One for the process, as packet uids are.
    static ReceivedPackets& Instance();

  private:
    /// Packets live for a fraction of a second; when this many are known, all are forgotten.
    static constexpr std::size_t kRemembered = 4096;

    struct Entry
    {
        bool iFound = false;
        std::optional<Content> content; ///< none: nobody had the budget for it so far
    };

    Entry& EntryOf(ns3::Ptr<const ns3::Packet> packet);

    std::unordered_map<std::uint64_t, Entry> m_entries;
    std::uint64_t m_lastUid = 0; ///< a broadcast is asked for by all its receivers in turn
    Entry* m_last = nullptr;
    std::uint64_t m_decoded = 0;
};

} // namespace lanpeer::lan
