#pragma once

#include <ns3/ipv4-address.h>
#include <ns3/node.h>

namespace lanpeer::lan
{

/// Lets a host of the LAN take broadcast datagrams from its device straight to UDP.
///
/// A broadcast costs a simulation one reception per host, and ns-3's IP makes more than half of it:
/// it builds and destroys four callbacks for each packet to learn that it is for this host. Here
/// that is known. All else takes ns-3's way: other protocols, other addresses, fragments, an
/// interface that is down. What UDP and its sockets see is the same, at the same time; of the
/// traces only those of ns3::Ipv4L3Protocol for received broadcasts remain silent.
///
/// Not for hosts with ordinary ARP, where IP refreshes its neighbours by what it receives.
/// \param node a host with one device, whose interface of IP has the index 1
/// \param broadcast the directed broadcast address of its subnet
void ShortenBroadcastPath(ns3::Ptr<ns3::Node> node, ns3::Ipv4Address broadcast);

} // namespace lanpeer::lan
