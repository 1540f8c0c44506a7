#pragma once

#include <ns3/ipv4-address.h>
#include <ns3/ipv4-routing-table-entry.h>
#include <ns3/node.h>
#include <vector>

namespace lanpeer::lan
{

/// An interface that a node peers on, with the subnet that it is in.
struct NodeLink
{
    ns3::Ipv4Address own;
    ns3::Ipv4Address broadcast; ///< directed, where "I need" goes
    ns3::Ipv4Mask mask;

    /// Is the address on this link, and one that a single node may have: neither its network's own
    /// nor its broadcast (R-SRV-7)?
    bool Holds(ns3::Ipv4Address other) const;
};

/// Every interface of the node's IP that can broadcast, in its order; the first address of each.
std::vector<NodeLink> LinksOf(ns3::Ptr<ns3::Node> node);

/// The one that an address is on, or nullptr.
const NodeLink* FindLink(const std::vector<NodeLink>& links, ns3::Ipv4Address address);

/// What a node finds its way by beyond its own subnets: ns-3 forgets the routes of an interface
/// that goes down, and brings only its own net back.
using RouteList = std::vector<ns3::Ipv4RoutingTableEntry>;
RouteList RoutesByGateways(ns3::Ptr<ns3::Node> node);
void RestoreRoutes(ns3::Ptr<ns3::Node> node, const RouteList& routes);

} // namespace lanpeer::lan
