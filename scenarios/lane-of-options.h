#pragma once

#include "model/explore/lane.h"
#include "scenarios/explore.h"

namespace lanpeer::scenario
{

/// The lane that options describe. Throws UsageError or ScenarioError, naming what is wrong.
explore::Lane MakeLane(const OwnLane& own);

} // namespace lanpeer::scenario
