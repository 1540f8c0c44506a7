#include "scenarios/key-kinds.h"

#include <string>

namespace lanpeer::scenario
{

namespace
{

// The bounds keep every figure within what the simulation can hold, and far from what makes sense.
constexpr std::uint64_t kQueueMax = 1000000;
constexpr double kKbpsMin = 0.1;
constexpr double kKbpsMax = 1e9;

} // namespace

std::vector<Key>
LanKeys()
{
    std::vector<Key> rows;
    // clang-format off
    rows.push_back(CountKey("lan.nodes", "", [](auto& s) -> auto& { return s.lan.nodes; }, 1, kNodesMax,
                            "nodes of the LAN; the gateway and the origin come on top"));
    rows.push_back(WordKey("lan.medium", [](auto& s) -> auto& { return s.lan.medium; },
                           std::vector{Medium::Switch, Medium::Hub, Medium::Wifi}, {},
                           "what the frames travel over [0016]"));
    rows.push_back(NumberKey("lan.rate_mbps", "Mb/s", [](auto& s) -> auto& { return s.lan.rateMbps; }, 0.001, 1e6,
                             "rate of every cable, in each direction; of a hub, all together; not of wifi"));
    rows.push_back(NumberKey("lan.latency_us", "us", [](auto& s) -> auto& { return s.lan.latencyUs; }, 0, 1e9,
                             "one way, node to switch or hub; not of wifi"));
    rows.push_back(NumberKey("lan.loss", "", [](auto& s) -> auto& { return s.lan.loss; }, 0, 1,
                             "probability that a link loses a frame"));
    rows.push_back(CountKey("lan.segments", "", [](auto& s) -> auto& { return s.lan.segments; }, 1, lan::kSegmentsMax,
                            "subnets of lan.medium each, in blocks of nodes; a router joins them, broadcasts end there"));
    rows.push_back(CountKey("lan.two_homed", "", [](auto& s) -> auto& { return s.lan.twoHomed; }, 0, kNodesMax,
                            "nodes with an interface in the next segment, too: the last ones of each segment in turn"));
    rows.push_back(CountKey("lan.queue_packets", "packets", [](auto& s) -> auto& { return s.lan.queuePackets; }, 1, kQueueMax,
                            "room of every device's queue"));
    rows.push_back(WordKey("lan.arp", [](auto& s) -> auto& { return s.lan.arp; },
                           std::vector{Arp::Static, Arp::Cold}, {},
                           "static: all addresses known at the start; cold: none"));
    rows.push_back(FlagKey("lan.arp_jitter", [](auto& s) -> auto& { return s.lan.arpJitter; },
                           "ARP requests wait 0 to 10 ms; needs lan.arp cold"));
    rows.push_back(WordKey("lan.wifi.mode", [](auto& s) -> auto& { return s.lan.wifi.mode; },
                           std::vector{lan::WifiMode::AccessPoint, lan::WifiMode::AdHoc}, {},
                           "ap: by the gateway, which is the access point; adhoc: directly"));
    rows.push_back(WordKey("lan.wifi.standard", [](auto& s) -> auto& { return s.lan.wifi.standard; },
                           std::vector{lan::WifiStandard::B, lan::WifiStandard::G, lan::WifiStandard::N}, {},
                           "802.11b, g or n, at 2.4 GHz"));
    rows.push_back(NumberKey("lan.wifi.broadcast_mbps", "Mb/s", [](auto& s) -> auto& { return s.lan.wifi.broadcastMbps; }, 1, 24,
                             "basic rate of broadcasts: 1, 2, 5.5 or 11; with g and n also 6, 12 or 24"));
    rows.push_back(NumberKey("lan.wifi.room_m", "m", [](auto& s) -> auto& { return s.lan.wifi.roomM; }, 1, 10000,
                             "side of the square in which nodes are, the gateway amid them; 50 m are bridged"));
    // clang-format on
    return rows;
}

std::vector<Key>
UplinkKeys()
{
    std::vector<Key> rows;
    const auto down = [](auto& s) -> auto&
    {
        return s.uplink.downKbps;
    };
    const auto up = [](auto& s) -> auto&
    {
        return s.uplink.upKbps;
    };
    const auto latency = [](auto& s) -> auto&
    {
        return s.uplink.latencyMs;
    };
    const auto queue = [](auto& s) -> auto&
    {
        return s.uplink.queuePackets;
    };
    const std::string word = "preset"; // the figure of uplink.preset
    // clang-format off
    rows.push_back(PresetKey());
    rows.push_back(OrWord(NumberKey("uplink.down_kbps", "kb/s", down, kKbpsMin, kKbpsMax, "rate towards the LAN"), down, word));
    rows.push_back(OrWord(NumberKey("uplink.up_kbps", "kb/s", up, kKbpsMin, kKbpsMax, "rate towards the Internet"), up, word));
    rows.push_back(OrWord(NumberKey("uplink.latency_ms", "ms", latency, 0, 1e6, "one way, gateway to origin"), latency, word));
    rows.push_back(OrWord(CountKey("uplink.queue_packets", "packets", queue, 1, kQueueMax, "room of the queue at either end"), queue, word));
    // clang-format on
    rows.push_back(InternetNodesKey());
    return rows;
}

} // namespace lanpeer::scenario
