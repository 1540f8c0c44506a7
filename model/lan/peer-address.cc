#include "model/lan/peer-address.h"

#include <sstream>

namespace lanpeer::lan
{

PeerId
PeerOf(ns3::Ipv4Address address)
{
    return static_cast<PeerId>(address.Get());
}

ns3::Ipv4Address
AddressOf(PeerId peer)
{
    return ns3::Ipv4Address(static_cast<std::uint32_t>(peer));
}

std::string
TextOf(ns3::Ipv4Address address)
{
    std::ostringstream text;
    address.Print(text);
    return text.str();
}

} // namespace lanpeer::lan
