#include "model/network/lan-network-config.h"

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

} // namespace

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
    Require(internet.empty() || internet.size() == nodes,
            "internet.nodes must name nodes of 0 to lan.nodes - 1");
}

} // namespace lanpeer::lan
