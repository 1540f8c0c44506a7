#include "model/lan/lan-addresses.h"

#include <array>

namespace lanpeer::lan
{

namespace
{

constexpr std::uint32_t kNetwork = 0x0a010000;       // 10.1.0.0
constexpr std::uint32_t kMask = 0xffff0000;          // /16
constexpr std::uint32_t kUplinkNetwork = 0xc6336400; // 198.51.100.0
constexpr std::uint32_t kUplinkMask = 0xfffffffc;    // /30

ns3::Mac48Address
MacOf(std::uint8_t kind, std::uint32_t index)
{
    const std::array<std::uint8_t, 6> bytes = {0x02,
                                               0x4c,
                                               0x50,
                                               kind,
                                               static_cast<std::uint8_t>(index >> 8),
                                               static_cast<std::uint8_t>(index)};
    ns3::Mac48Address address;
    address.CopyFrom(bytes.data());
    return address;
}

} // namespace

ns3::Ipv4Mask
LanAddresses::Mask() const
{
    return ns3::Ipv4Mask(kMask);
}

ns3::Ipv4Address
LanAddresses::Broadcast() const
{
    return ns3::Ipv4Address(kNetwork | ~kMask);
}

ns3::Ipv4Address
LanAddresses::Gateway() const
{
    return ns3::Ipv4Address((kNetwork | ~kMask) - 1);
}

ns3::Ipv4Address
LanAddresses::Node(std::uint32_t index) const
{
    return ns3::Ipv4Address(kNetwork + 1 + index);
}

ns3::Ipv4Mask
LanAddresses::UplinkMask() const
{
    return ns3::Ipv4Mask(kUplinkMask);
}

ns3::Ipv4Address
LanAddresses::UplinkGateway() const
{
    return ns3::Ipv4Address(kUplinkNetwork + 1);
}

ns3::Ipv4Address
LanAddresses::Origin() const
{
    return ns3::Ipv4Address(kUplinkNetwork + 2);
}

ns3::Mac48Address
LanAddresses::Mac(std::uint32_t index) const
{
    return MacOf(0x00, index);
}

ns3::Mac48Address
LanAddresses::PortMac(std::uint32_t index) const
{
    return MacOf(0x01, index);
}

bool
LanAddresses::OnLink(ns3::Ipv4Address address) const
{
    return (address.Get() & kMask) == kNetwork;
}

bool
LanAddresses::IsHost(ns3::Ipv4Address address) const
{
    const std::uint32_t host = address.Get() - kNetwork;
    return (host >= 1 && host <= m_nodes) || address == Gateway();
}

} // namespace lanpeer::lan
