#include "model/lan/broadcast-path.h"
#include "model/lan/lan-network-parts.h"
#include "model/lan/ns3-defaults.h"

#include <algorithm>
#include <ns3/boolean.h>
#include <ns3/internet-stack-helper.h>
#include <ns3/ipv4-l3-protocol.h>
#include <ns3/ipv4-static-routing-helper.h>
#include <ns3/uinteger.h>

// Of LanNetwork: how the LAN is built.

namespace lanpeer::lan
{

void
LanNetwork::Parts::MakeNodes()
{
    // Nodes first: their ns-3 ids, and so the names of pcap files, are their indices.
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        nodes.push_back(ns3::CreateObject<ns3::Node>());
    }
    gateway = ns3::CreateObject<ns3::Node>();
    origin = ns3::CreateObject<ns3::Node>();
    for (std::uint32_t i = 0; config.medium == Medium::Switch && i < config.segments; ++i)
    {
        switchNodes.push_back(ns3::CreateObject<ns3::Node>());
    }
}

void
LanNetwork::Parts::InstallInternet()
{
    ns3::InternetStackHelper helper;
    helper.SetIpv6StackInstall(false);
    helper.SetIpv4ArpJitter(config.arpJitter);
    helper.SetRoutingHelper(ns3::Ipv4StaticRoutingHelper());
    helper.Install(origin);
    ConfigureOriginTcp(origin);
    if (config.arp == Arp::Static)
    {
        neighbours = std::make_unique<NeighbourTable>(addresses);
        helper.SetRoutingHelper(NeighbourRoutingHelper(addresses));
    }
    helper.Install(gateway);
    const ns3::BooleanValue off(false);
    origin->GetObject<ns3::Ipv4>()->SetAttribute("IpForward", off);
    for (const ns3::Ptr<ns3::Node>& node : nodes)
    {
        helper.Install(node);
        node->GetObject<ns3::Ipv4>()->SetAttribute("IpForward", off);
    }
}

std::uint32_t
AddInterface(ns3::Ptr<ns3::NetDevice> device, ns3::Ipv4Address address, ns3::Ipv4Mask mask)
{
    auto ipv4 = device->GetNode()->GetObject<ns3::Ipv4>();
    const std::uint32_t index = ipv4->AddInterface(device);
    ipv4->AddAddress(index, ns3::Ipv4InterfaceAddress(address, mask));
    ipv4->SetUp(index);
    return index;
}

ns3::Ptr<ns3::Ipv4StaticRouting>
RoutingOf(ns3::Ptr<ns3::Node> node)
{
    return ns3::DynamicCast<ns3::Ipv4StaticRouting>(
        node->GetObject<ns3::Ipv4>()->GetRoutingProtocol());
}

void
LanNetwork::Parts::BuildLan()
{
    for (std::uint32_t segment = 0; segment < config.segments; ++segment)
    {
        BuildSegment(segment);
    }
    AddRoutes();
    for (const LanLink& link : links)
    {
        auto ipv4 = link.device->GetNode()->GetObject<ns3::Ipv4L3Protocol>();
        auto interface = ipv4->GetInterface(ipv4->GetInterfaceForDevice(link.device));
        if (neighbours)
        {
            neighbours->Serve(interface);
        }
        else
        {
            // Linux's unres_qlen. ns-3's 3 lose segments whenever an entry runs out, every 120 s.
            interface->GetArpCache()->SetAttribute("PendingQueueSize", ns3::UintegerValue(101));
        }
    }
}

void
LanNetwork::Parts::BuildSegment(std::uint32_t segment)
{
    const bool isSwitch = config.medium == Medium::Switch;
    media.push_back(MakeMedium(config, isSwitch ? switchNodes[segment] : nullptr));
    firstLinks.push_back(links.size());
    const Segments& segments = addresses.SegmentPlan();
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        if (segments.Of(i) == segment)
        {
            PlugIn(segment, i, addresses.NodeSeat(i));
        }
        else if (segments.SecondOf(i) == segment)
        {
            PlugIn(segment, i, *addresses.SecondSeat(i));
        }
    }
    PlugIn(segment, config.nodes, addresses.GatewaySeat(segment));
}

void
LanNetwork::Parts::PlugIn(std::uint32_t segment, std::uint32_t host, const Seat& seat)
{
    LanMedium& medium = *media[segment];
    const bool isGateway = host == config.nodes;
    if (isGateway)
    {
        medium.ConnectGateway(gateway, seat);
    }
    else
    {
        medium.Connect(nodes[host], seat);
    }
    const Connection& connection = medium.Connections().back();
    links.push_back({segment, host, connection.device, connection.port});
    AddInterface(connection.device, seat.address, addresses.Mask());
}

void
LanNetwork::Parts::AddRoutes()
{
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        const ns3::Ptr<ns3::NetDevice> device = links[LinkOf(i)].device;
        const std::uint32_t segment = addresses.SegmentPlan().Of(i);
        const auto ipv4 = nodes[i]->GetObject<ns3::Ipv4>();
        const auto interface = static_cast<std::uint32_t>(ipv4->GetInterfaceForDevice(device));
        const bool hasOne = !addresses.SegmentPlan().SecondOf(i);
        if (config.arp == Arp::Static && !config.wholeBroadcastPath && hasOne)
        {
            ShortenBroadcastPath(nodes[i], addresses.Broadcast(segment));
        }
        if (config.segments > 1)
        {
            RoutingOf(nodes[i])->AddNetworkRouteTo(addresses.WholeNetwork(),
                                                   addresses.WholeMask(),
                                                   addresses.Gateway(segment),
                                                   interface);
        }
        if (config.HasInternet(i))
        {
            RoutingOf(nodes[i])->SetDefaultRoute(addresses.Gateway(segment), interface);
        }
    }
}

std::size_t
LanNetwork::Parts::LinkOf(std::uint32_t node) const
{
    // In a segment nodes stand by index; those of other segments, with two interfaces, among them.
    const std::uint32_t segment = addresses.SegmentPlan().Of(node);
    const auto first = links.begin() + static_cast<std::ptrdiff_t>(firstLinks.at(segment));
    const auto link =
        std::lower_bound(first,
                         first + static_cast<std::ptrdiff_t>(media[segment]->Connections().size()),
                         node,
                         [](const LanLink& its, std::uint32_t host) { return its.host < host; });
    return static_cast<std::size_t>(link - links.begin());
}

std::size_t
LanNetwork::Parts::ConnectionOf(std::size_t link) const
{
    return link - firstLinks[links[link].segment];
}

const LanMedium&
LanNetwork::Parts::MediumOf(std::size_t link) const
{
    return *media[links[link].segment];
}

} // namespace lanpeer::lan
