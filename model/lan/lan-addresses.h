#pragma once

#include <cstdint>
#include <ns3/ipv4-address.h>
#include <ns3/mac48-address.h>

namespace lanpeer::lan
{

/// Who has which address: the same in every run, so that tapes and pcap files compare (R-SIM-9).
///
/// The LAN is 10.1.0.0/16: node i is 10.1.0.0 + 1 + i, the gateway 10.1.255.254, the directed
/// broadcast address 10.1.255.255. The uplink is 198.51.100.0/30 (a network for documentation, RFC
/// 5737): gateway .1, origin .2.
class LanAddresses
{
  public:
    /// \param nodes how many nodes the LAN has, 1 to kNodesMax; the gateway comes on top
    explicit LanAddresses(std::uint32_t nodes)
        : m_nodes(nodes)
    {
    }

    ns3::Ipv4Mask Mask() const;
    ns3::Ipv4Address Broadcast() const;
    ns3::Ipv4Address Gateway() const;
    /// \param index 0 to nodes - 1
    ns3::Ipv4Address Node(std::uint32_t index) const;

    ns3::Ipv4Mask UplinkMask() const;
    ns3::Ipv4Address UplinkGateway() const;
    ns3::Ipv4Address Origin() const;

    /// The hardware address of a node or, with index `nodes`, of the gateway: 02:4c:50 (locally
    /// administered, "LP") and the index.
    ns3::Mac48Address Mac(std::uint32_t index) const;
    /// The hardware address of the switch port at the other end of that cable.
    ns3::Mac48Address PortMac(std::uint32_t index) const;

    /// True for every address of the subnet, whether a host has it or not.
    bool OnLink(ns3::Ipv4Address address) const;
    /// True for the address of a node or of the gateway.
    bool IsHost(ns3::Ipv4Address address) const;

  private:
    std::uint32_t m_nodes;
};

} // namespace lanpeer::lan
