#include "model/lan/lan-addresses.h"

#include <array>

namespace lanpeer::lan
{

namespace
{

constexpr std::uint32_t kWholeNetwork = 0x0a000000;  // 10.0.0.0
constexpr std::uint32_t kWholeMask = 0xff000000;     // /8
constexpr std::uint32_t kNetwork = 0x0a010000;       // 10.1.0.0
constexpr std::uint32_t kNextNetwork = 0x00010000;   // from one segment to the next
constexpr std::uint32_t kMask = 0xffff0000;          // /16
constexpr std::uint32_t kUplinkNetwork = 0xc6336400; // 198.51.100.0
constexpr std::uint32_t kUplinkMask = 0xfffffffc;    // /30

/// The fourth byte of a hardware address.
enum class Kind : std::uint8_t
{
    Host = 0, ///< and the gateway in the first segment
    Port = 1,
    SecondHost = 2, ///< a node's interface in the next segment
    SecondPort = 3,
    Gateway = 4, ///< by segment
    GatewayPort = 5,
};

ns3::Mac48Address
MacOf(Kind kind, std::uint32_t index)
{
    const std::array<std::uint8_t, 6> bytes = {0x02,
                                               0x4c,
                                               0x50,
                                               static_cast<std::uint8_t>(kind),
                                               static_cast<std::uint8_t>(index >> 8),
                                               static_cast<std::uint8_t>(index)};
    ns3::Mac48Address address;
    address.CopyFrom(bytes.data());
    return address;
}

constexpr std::uint32_t
NetworkOf(std::uint32_t segment)
{
    return kNetwork + segment * kNextNetwork;
}

ns3::Ipv4Address
HostIn(std::uint32_t segment, std::uint32_t node)
{
    return ns3::Ipv4Address(NetworkOf(segment) + 1 + node);
}

} // namespace

ns3::Ipv4Mask
LanAddresses::Mask() const
{
    return ns3::Ipv4Mask(kMask);
}

ns3::Ipv4Address
LanAddresses::Broadcast(std::uint32_t segment) const
{
    return ns3::Ipv4Address(NetworkOf(segment) | ~kMask);
}

ns3::Ipv4Address
LanAddresses::Gateway(std::uint32_t segment) const
{
    return ns3::Ipv4Address((NetworkOf(segment) | ~kMask) - 1);
}

ns3::Ipv4Address
LanAddresses::Node(std::uint32_t index) const
{
    return HostIn(m_segments.Of(index), index);
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

Seat
LanAddresses::NodeSeat(std::uint32_t index) const
{
    return {Node(index), Mac(index), PortMac(index)};
}

std::optional<Seat>
LanAddresses::SecondSeat(std::uint32_t index) const
{
    const std::optional<std::uint32_t> segment = m_segments.SecondOf(index);
    if (!segment)
    {
        return std::nullopt;
    }
    return Seat{
        HostIn(*segment, index), MacOf(Kind::SecondHost, index), MacOf(Kind::SecondPort, index)};
}

Seat
LanAddresses::GatewaySeat(std::uint32_t segment) const
{
    const std::uint32_t nodes = m_segments.Nodes();
    return segment == 0 ? Seat{Gateway(), Mac(nodes), PortMac(nodes)}
                        : Seat{Gateway(segment),
                               MacOf(Kind::Gateway, segment),
                               MacOf(Kind::GatewayPort, segment)};
}

ns3::Mac48Address
LanAddresses::Mac(std::uint32_t index) const
{
    return MacOf(Kind::Host, index);
}

ns3::Mac48Address
LanAddresses::PortMac(std::uint32_t index) const
{
    return MacOf(Kind::Port, index);
}

ns3::Ipv4Address
LanAddresses::WholeNetwork() const
{
    return ns3::Ipv4Address(kWholeNetwork);
}

ns3::Ipv4Mask
LanAddresses::WholeMask() const
{
    return ns3::Ipv4Mask(kWholeMask);
}

bool
LanAddresses::OnLink(ns3::Ipv4Address address) const
{
    return address.Get() - kNetwork < m_segments.Count() * kNextNetwork;
}

bool
LanAddresses::IsBroadcast(ns3::Ipv4Address address) const
{
    return OnLink(address) && (address.Get() | kMask) == 0xffffffff;
}

bool
LanAddresses::IsHost(ns3::Ipv4Address address) const
{
    if (!OnLink(address))
    {
        return false;
    }
    const std::uint32_t segment = (address.Get() - kNetwork) / kNextNetwork;
    const std::uint32_t host = address.Get() & ~kMask;
    return (host >= 1 && m_segments.IsIn(host - 1, segment)) || address == Gateway(segment);
}

} // namespace lanpeer::lan
