#pragma once

#include "model/lan/lan-addresses.h"

#include <ns3/arp-cache.h>
#include <ns3/ipv4-interface.h>
#include <ns3/ipv4-routing-helper.h>
#include <ns3/ipv4-static-routing.h>

namespace lanpeer::lan
{

/// The neighbour table of `lan.arp: static`: one ns3::ArpCache of permanent entries that all hosts
/// of the LAN look into.
///
/// ns-3 gives each interface a cache of its own, and nodes squared entries are gigabytes. But an
/// interface takes any cache, and looking up a permanent entry changes nothing in it. What one
/// cache cannot serve is a miss: the request would leave by the one device that the cache knows.
/// So nothing may be sent to an address of the LAN that no host has; NeighbourRouting sees to it.
class NeighbourTable
{
  public:
    /// All nodes of these addresses and the gateway, in all segments: no address is in two.
    explicit NeighbourTable(const LanAddresses& addresses);

    /// Makes that interface of the LAN look here.
    void Serve(ns3::Ptr<ns3::Ipv4Interface> interface) const;

  private:
    ns3::Ptr<ns3::ArpCache> m_cache;
};

/// Static routing that finds no route to an address of the LAN that no host has.
///
/// A socket that sends there is told "no route to host", which a real host says after three
/// requests have gone unanswered; what the gateway would forward there is dropped.
class NeighbourRouting : public ns3::Ipv4StaticRouting
{
  public:
    static ns3::TypeId GetTypeId();

    /// To be called before anything is sent.
    void SetAddresses(const LanAddresses& addresses);

    ns3::Ptr<ns3::Ipv4Route> RouteOutput(ns3::Ptr<ns3::Packet> packet,
                                         const ns3::Ipv4Header& header,
                                         ns3::Ptr<ns3::NetDevice> device,
                                         ns3::Socket::SocketErrno& error) override;
    bool RouteInput(ns3::Ptr<const ns3::Packet> packet,
                    const ns3::Ipv4Header& header,
                    ns3::Ptr<const ns3::NetDevice> device,
                    UnicastForwardCallback unicast,
                    MulticastForwardCallback multicast,
                    LocalDeliverCallback local,
                    ErrorCallback error) override;

  private:
    bool NobodyHas(ns3::Ipv4Address address) const;

    LanAddresses m_addresses{0};
};

/// For ns3::InternetStackHelper: NeighbourRouting on each node.
class NeighbourRoutingHelper : public ns3::Ipv4RoutingHelper
{
  public:
    explicit NeighbourRoutingHelper(const LanAddresses& addresses);

    NeighbourRoutingHelper* Copy() const override;
    ns3::Ptr<ns3::Ipv4RoutingProtocol> Create(ns3::Ptr<ns3::Node> node) const override;

  private:
    LanAddresses m_addresses;
};

} // namespace lanpeer::lan
