#include "model/lan/node-links.h"

#include <algorithm>
#include <ns3/ipv4-static-routing.h>
#include <ns3/ipv4.h>
#include <ns3/net-device.h>

namespace lanpeer::lan
{

namespace
{

ns3::Ptr<ns3::Ipv4StaticRouting>
StaticRoutingOf(ns3::Ptr<ns3::Node> node)
{
    return ns3::DynamicCast<ns3::Ipv4StaticRouting>(
        node->GetObject<ns3::Ipv4>()->GetRoutingProtocol());
}

} // namespace

bool
NodeLink::Holds(ns3::Ipv4Address other) const
{
    return mask.IsMatch(own, other) && other != own.CombineMask(mask) && other != broadcast;
}

std::vector<NodeLink>
LinksOf(ns3::Ptr<ns3::Node> node)
{
    std::vector<NodeLink> links;
    const auto ipv4 = node->GetObject<ns3::Ipv4>();
    for (std::uint32_t interface = 1; interface < ipv4->GetNInterfaces(); ++interface)
    {
        const auto device = ipv4->GetNetDevice(interface);
        if (device->IsBroadcast() && !device->IsPointToPoint() &&
            ipv4->GetNAddresses(interface) > 0)
        {
            const ns3::Ipv4InterfaceAddress address = ipv4->GetAddress(interface, 0);
            links.push_back({address.GetLocal(), address.GetBroadcast(), address.GetMask()});
        }
    }
    return links;
}

const NodeLink*
FindLink(const std::vector<NodeLink>& links, ns3::Ipv4Address address)
{
    const auto found = std::find_if(
        links.begin(), links.end(), [address](const NodeLink& its) { return its.Holds(address); });
    return found == links.end() ? nullptr : &*found;
}

RouteList
RoutesByGateways(ns3::Ptr<ns3::Node> node)
{
    RouteList routes;
    const auto routing = StaticRoutingOf(node);
    for (std::uint32_t i = 0; routing && i < routing->GetNRoutes(); ++i)
    {
        const ns3::Ipv4RoutingTableEntry route = routing->GetRoute(i);
        if (route.IsGateway())
        {
            routes.push_back(route);
        }
    }
    return routes;
}

void
RestoreRoutes(ns3::Ptr<ns3::Node> node, const RouteList& routes)
{
    for (const ns3::Ipv4RoutingTableEntry& route : routes)
    {
        StaticRoutingOf(node)->AddNetworkRouteTo(route.GetDestNetwork(),
                                                 route.GetDestNetworkMask(),
                                                 route.GetGateway(),
                                                 route.GetInterface());
    }
}

} // namespace lanpeer::lan
