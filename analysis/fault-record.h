#pragma once

#include <cstdint>

namespace lanpeer::analysis
{

/// What went wrong in one run because the scenario wanted it to (R-SIM-5, R-SIM-4): plain counts,
/// the figures of the JSON object "faults". Packets are counted at the hosts that they came to, a
/// broadcast at each.
struct FaultRecord
{
    std::uint64_t duplicated = 0;         ///< packets that came twice
    std::uint64_t reordered = 0;          ///< packets that were held, so that others overtook
    std::uint64_t corrupted = 0;          ///< packets altered behind Ethernet's check sum
    std::uint64_t corruptedDelivered = 0; ///< of them, those that no check sum caught
    std::uint64_t unheard = 0;            ///< packets to deaf nodes, broadcasts of mute ones
    std::uint64_t stormDropped = 0;       ///< broadcasts dropped by the switch's storm control
    std::uint64_t uplinkDropped = 0;      ///< packets lost on an uplink that was down
    std::int64_t uplinkDownUs = 0;        ///< how long it was down
    std::uint64_t fullDisks = 0;          ///< nodes that could keep nothing
    std::uint64_t crashes = 0;            ///< machines that lost power
    std::uint64_t leaves = 0;             ///< nodes that left after they had asked
    std::uint64_t requestsLost = 0;       ///< requests that ran when that happened: they never end
};

} // namespace lanpeer::analysis
