#pragma once

#include "model/protocol/types.h"

#include <ns3/ipv4-address.h>
#include <string>

namespace lanpeer::lan
{

/// The core's opaque peer number of an address: the address itself.
PeerId PeerOf(ns3::Ipv4Address address);

/// The address of a peer.
ns3::Ipv4Address AddressOf(PeerId peer);

/// An address as URLs and packets have it: "10.1.0.1".
std::string TextOf(ns3::Ipv4Address address);

} // namespace lanpeer::lan
