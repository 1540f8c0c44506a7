#include "model/network/lan-network-config.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace lanpeer::lan
{

namespace
{

void
Require(bool holds, const std::string& message)
{
    if (!holds)
    {
        throw std::invalid_argument(message);
    }
}

// Comparisons that also refuse what is not a number.

bool
Between(double value, double min, double max)
{
    return value >= min && value <= max;
}

void
CheckSegments(const LanNetworkConfig& config)
{
    const std::uint32_t most = std::min(config.nodes, kSegmentsMax);
    Require(config.segments >= 1 && config.segments <= most,
            "lan.segments must be 1 to " + std::to_string(most));
    const std::uint32_t mostTwoHomed = Segments::TwoHomedMax(config.nodes, config.segments);
    Require(config.twoHomed <= mostTwoHomed,
            "lan.two_homed must be 0 to " + std::to_string(mostTwoHomed));
}

void
CheckWifi(const LanNetworkConfig& config)
{
    Require(Between(config.wifi.roomM, 1, 1e4), "lan.wifi.room_m must be 1 to 10000");
    const std::vector<double>& rates = BroadcastRates(config.wifi.standard);
    Require(std::find(rates.begin(), rates.end(), config.wifi.broadcastMbps) != rates.end(),
            "lan.wifi.broadcast_mbps must be a basic rate of lan.wifi.standard");
    const std::uint32_t perSegment = (config.nodes + config.segments - 1) / config.segments;
    Require(config.medium != Medium::Wifi || perSegment <= kStationsMax / 2,
            "lan.nodes must be at most " + std::to_string(kStationsMax / 2) +
                " in a segment of lan.medium wifi");
}

} // namespace

std::string_view
ToString(Medium medium)
{
    switch (medium)
    {
    case Medium::Switch:
        return "switch";
    case Medium::Hub:
        return "hub";
    case Medium::Wifi:
        return "wifi";
    }
    return "";
}

void
LanNetworkConfig::Validate() const
{
    // The bounds keep every time within what ns-3 can hold, and far from what makes sense.
    Require(nodes >= 1 && nodes <= kNodesMax,
            "lan.nodes must be 1 to " + std::to_string(kNodesMax));
    Require(Between(rateMbps, 0.001, 1e6), "lan.rate_mbps must be 0.001 to 1000000");
    Require(Between(latencyUs, 0, 1e9), "lan.latency_us must be 0 to 1000000000");
    Require(Between(loss, 0, 1), "lan.loss must be 0 to 1");
    Require(queuePackets >= 1, "lan.queue_packets must be at least 1");
    Require(Between(uplink.downKbps, 0.1, 1e9), "uplink.down_kbps must be 0.1 to 1000000000");
    Require(Between(uplink.upKbps, 0.1, 1e9), "uplink.up_kbps must be 0.1 to 1000000000");
    Require(Between(uplink.latencyMs, 0, 1e6), "uplink.latency_ms must be 0 to 1000000");
    Require(uplink.queuePackets >= 1, "uplink.queue_packets must be at least 1");
    CheckSegments(*this);
    CheckWifi(*this);
    Require(internet.empty() || internet.size() == nodes,
            "internet.nodes must name nodes of 0 to lan.nodes - 1");
}

} // namespace lanpeer::lan
