#include "model/lan/neighbour-table.h"

#include <ns3/pointer.h>

namespace lanpeer::lan
{

NS_OBJECT_ENSURE_REGISTERED(NeighbourRouting);

NeighbourTable::NeighbourTable(const LanAddresses& addresses)
    : m_cache(ns3::CreateObject<ns3::ArpCache>())
{
    const auto add = [this](ns3::Ipv4Address address, ns3::Mac48Address mac)
    {
        ns3::ArpCache::Entry* entry = m_cache->Add(address);
        entry->SetMacAddress(mac);
        entry->MarkPermanent();
    };
    const Segments& segments = addresses.SegmentPlan();
    for (std::uint32_t i = 0; i < segments.Nodes(); ++i)
    {
        const Seat seat = addresses.NodeSeat(i);
        add(seat.address, seat.mac);
        if (const auto second = addresses.SecondSeat(i))
        {
            add(second->address, second->mac);
        }
    }
    for (std::uint32_t segment = 0; segment < segments.Count(); ++segment)
    {
        const Seat seat = addresses.GatewaySeat(segment);
        add(seat.address, seat.mac);
    }
    // Not a neighbour; but for each packet whose source it does not find, ns-3 searches the whole
    // table for the sender's hardware address, to refresh the router's entries.
    add(addresses.Origin(), addresses.GatewaySeat(0).mac);
    add(addresses.UplinkGateway(), addresses.GatewaySeat(0).mac);
}

void
NeighbourTable::Serve(ns3::Ptr<ns3::Ipv4Interface> interface) const
{
    interface->SetAttribute("ArpCache", ns3::PointerValue(m_cache));
}

ns3::TypeId
NeighbourRouting::GetTypeId()
{
    static ns3::TypeId tid = ns3::TypeId("lanpeer::lan::NeighbourRouting")
                                 .SetParent<ns3::Ipv4StaticRouting>()
                                 .SetGroupName("LanPeer")
                                 .AddConstructor<NeighbourRouting>();
    return tid;
}

void
NeighbourRouting::SetAddresses(const LanAddresses& addresses)
{
    m_addresses = addresses;
}

bool
NeighbourRouting::NobodyHas(ns3::Ipv4Address address) const
{
    return m_addresses.OnLink(address) && !m_addresses.IsHost(address) &&
           !m_addresses.IsBroadcast(address);
}

ns3::Ptr<ns3::Ipv4Route>
NeighbourRouting::RouteOutput(ns3::Ptr<ns3::Packet> packet,
                              const ns3::Ipv4Header& header,
                              ns3::Ptr<ns3::NetDevice> device,
                              ns3::Socket::SocketErrno& error)
{
    if (NobodyHas(header.GetDestination()))
    {
        error = ns3::Socket::ERROR_NOROUTETOHOST;
        return nullptr;
    }
    return Ipv4StaticRouting::RouteOutput(packet, header, device, error);
}

bool
NeighbourRouting::RouteInput(ns3::Ptr<const ns3::Packet> packet,
                             const ns3::Ipv4Header& header,
                             ns3::Ptr<const ns3::NetDevice> device,
                             UnicastForwardCallback unicast,
                             MulticastForwardCallback multicast,
                             LocalDeliverCallback local,
                             ErrorCallback error)
{
    if (NobodyHas(header.GetDestination()))
    {
        return false;
    }
    return Ipv4StaticRouting::RouteInput(packet, header, device, unicast, multicast, local, error);
}

NeighbourRoutingHelper::NeighbourRoutingHelper(const LanAddresses& addresses)
    : m_addresses(addresses)
{
}

NeighbourRoutingHelper*
NeighbourRoutingHelper::Copy() const
{
    return new NeighbourRoutingHelper(*this); // ns-3's helpers own what Copy returns
}

ns3::Ptr<ns3::Ipv4RoutingProtocol>
NeighbourRoutingHelper::Create(ns3::Ptr<ns3::Node> /* node */) const
{
    auto routing = ns3::CreateObject<NeighbourRouting>();
    routing->SetAddresses(m_addresses);
    return routing;
}

} // namespace lanpeer::lan
