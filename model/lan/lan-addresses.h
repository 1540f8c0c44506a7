#pragma once

#include "model/network/segments.h"

#include <cstdint>
#include <ns3/ipv4-address.h>
#include <ns3/mac48-address.h>
#include <optional>

namespace lanpeer::lan
{

/// One interface of a host of the LAN.
struct Seat
{
    ns3::Ipv4Address address;
    ns3::Mac48Address mac;
    ns3::Mac48Address
        portMac; ///< of the switch port at the other end of its cable, if there is one
};

/// Who has which address: the same in every run, so that tapes and pcap files compare (R-SIM-9).
///
/// Segment k is 10.(1 + k).0.0/16: node i is host 1 + i of its segment, whichever that is; the
/// gateway is 10.(1 + k).255.254 and the directed broadcast address 10.(1 + k).255.255. Hardware
/// addresses are 02:4c:50 (locally administered, "LP"), a byte that says of what, and an index. The
/// uplink is 198.51.100.0/30 (a network for documentation, RFC 5737): gateway .1, origin .2.
class LanAddresses
{
  public:
    /// \param nodes how many nodes the LAN has, 0 to kNodesMax, in one segment; the gateway comes
    /// on top
    explicit LanAddresses(std::uint32_t nodes)
        : LanAddresses(Segments(nodes))
    {
    }

    explicit LanAddresses(const Segments& segments)
        : m_segments(segments)
    {
    }

    const Segments& SegmentPlan() const
    {
        return m_segments;
    }

    ns3::Ipv4Mask Mask() const;
    ns3::Ipv4Address Broadcast(std::uint32_t segment = 0) const;
    ns3::Ipv4Address Gateway(std::uint32_t segment = 0) const;
    /// A node's address in its own segment.
    /// \param index 0 to nodes - 1
    ns3::Ipv4Address Node(std::uint32_t index) const;

    ns3::Ipv4Mask UplinkMask() const;
    ns3::Ipv4Address UplinkGateway() const;
    ns3::Ipv4Address Origin() const;

    /// The interfaces of a node: in its own segment, and in the next one if it has two.
    Seat NodeSeat(std::uint32_t index) const;
    std::optional<Seat> SecondSeat(std::uint32_t index) const;
    Seat GatewaySeat(std::uint32_t segment) const;

    /// The hardware address of a node or, with index `nodes`, of the gateway in the first segment.
    ns3::Mac48Address Mac(std::uint32_t index) const;
    /// The hardware address of the switch port at the other end of that cable.
    ns3::Mac48Address PortMac(std::uint32_t index) const;

    /// The network that all segments are in; what a host has a route to if there are several.
    ns3::Ipv4Address WholeNetwork() const;
    ns3::Ipv4Mask WholeMask() const;

    /// True for every address of the segments' subnets, whether a host has it or not.
    bool OnLink(ns3::Ipv4Address address) const;
    /// True for the directed broadcast address of a segment.
    bool IsBroadcast(ns3::Ipv4Address address) const;
    /// True for the address of a node or of the gateway.
    bool IsHost(ns3::Ipv4Address address) const;

  private:
    Segments m_segments;
};

} // namespace lanpeer::lan
