#pragma once

namespace lanpeer::timing
{

/// How long the packets of one request are under way from one node to another over the switch: two
/// cables, the frame's time on each and half the latency on each. In ms.
struct PacketTimes
{
    double needMs = 0;  ///< "I need"
    double haveMs = 0;  ///< "I have"
    double foundMs = 0; ///< "I found"

    /// From "I need" sent to "I have" heard, without the drawn delay.
    double RoundTripMs() const
    {
        return needMs + haveMs;
    }

    /// w: from "I have" sent to "I found" heard by the other holders.
    double CancelWindowMs() const
    {
        return haveMs + foundMs;
    }
};

/// With packets of the usual length (rules of `robust`, identifiers as nodes draw them), on cables
/// of `rateMbps` in Mb/s. \param latencyMs one way, from node to node
PacketTimes TimesOn(double latencyMs, double rateMbps);

} // namespace lanpeer::timing
