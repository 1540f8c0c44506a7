#pragma once

#include "model/network/segments.h"
#include "model/network/uplink.h"
#include "model/network/wifi.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace lanpeer::lan
{

/// As many nodes as the LAN's /16 holds beside the gateway.
constexpr std::uint32_t kNodesMax = 65533;

/// What the frames travel over [0016] (key `lan.medium`).
enum class Medium : std::uint8_t
{
    Switch, ///< a full-duplex cable per host
    Hub,    ///< one half-duplex channel for all hosts of a segment
    Wifi,   ///< 802.11
};

std::string_view ToString(Medium medium);

/// What is in the neighbour tables at the start (key `lan.arp`).
enum class Arp : std::uint8_t
{
    Static, ///< every host and the switch know all addresses, for good: no ARP frames, no flooding
    Cold,   ///< ordinary ARP and a switch that learns
};

/// The LAN and its uplink (keys `lan.*`, `uplink.*`, `internet.*` of INTERFACES.md; R-SIM-2, -3).
struct LanNetworkConfig
{
    std::uint32_t nodes = 50; ///< the gateway and the origin come on top
    Medium medium = Medium::Switch;
    double rateMbps = 100; ///< of every cable, in each direction; of a hub: of all of it
    double latencyUs = 25; ///< one way, node to switch or hub, in us; not of Wifi
    double loss = 0;       ///< probability, per cable or receiver, and frame
    std::uint32_t queuePackets = 1000; ///< DropTail, on every device of the LAN, ports included
    std::uint32_t segments = 1;        ///< subnets with a medium each, joined by the gateway
    std::uint32_t twoHomed = 0;        ///< nodes with an interface in the next segment, too
    Wifi wifi;                         ///< with Medium::Wifi
    Arp arp = Arp::Static;
    bool arpJitter = false; ///< with Arp::Cold: a request waits 0 to 10 ms, as ns-3 likes it
    Uplink uplink;
    std::vector<bool> internet; ///< who has Internet access, by node index; empty: all
    /// Not a key: with Arp::Static, received broadcasts take ns-3's whole way, for those who need
    /// the traces of its IP, at twice the cost (ShortenBroadcastPath()).
    bool wholeBroadcastPath = false;

    /// Throws std::invalid_argument, with the key and what would be right, if a value is out of
    /// range.
    void Validate() const;

    Segments SegmentPlan() const
    {
        return Segments(nodes, segments, twoHomed);
    }

    /// Whether that node has Internet access.
    bool HasInternet(std::uint32_t node) const
    {
        return internet.empty() || internet[node];
    }
};

} // namespace lanpeer::lan
