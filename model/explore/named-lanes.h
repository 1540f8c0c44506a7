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
    Lane lane; ///< of the same name
};

/// All of them, in the order of the committed table of their counts (lane-counts.h).
const std::vector<NamedLane>& NamedLanes();

/// nullptr if there is none of that name.
const NamedLane* FindLane(std::string_view name);

} // namespace lanpeer::explore
