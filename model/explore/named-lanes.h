#pragma once

#include "model/explore/lane.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::explore
{

/// How the nodes of lanes are configured: a policy's defaults with small bounds, so that what
/// repeats needs not repeat often.
PeeringConfig LaneConfig(Policy policy);

/// A lane of alike nodes, of which the first hold and the others ask. Nothing goes wrong in it.
Lane HoldersAndAskers(const PeeringConfig& config, std::uint32_t holders, std::uint32_t askers);

/// Where a lane is explored. Each list holds those before it too.
enum class LaneList : std::uint8_t
{
    Sanitized, ///< by the tests, under the sanitizers too: seconds
    Tests,     ///< by the tests: minutes
    Long,      ///< by `lanpeer-sim explore --all` only
};

/// A lane that can be asked for by name.
struct NamedLane
{
    std::string name;  ///< what happens and the policy: "two-both-ask-loss.robust"
    std::string about; ///< one line
    LaneList list = LaneList::Sanitized;
    Policy policy = Policy::Robust;
    Lane lane; ///< of the same name
};

/// All of them, in the order of the committed table of their counts (lane-counts.h).
const std::vector<NamedLane>& NamedLanes();

/// nullptr if there is none of that name.
const NamedLane* FindLane(std::string_view name);

} // namespace lanpeer::explore
