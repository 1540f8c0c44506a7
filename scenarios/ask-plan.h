#pragma once

#include "model/network/asker.h"
#include "scenarios/arrival.h"
#include "scenarios/scenario.h"

#include <string>
#include <vector>

namespace lanpeer::scenario
{

/// The resources of all rounds, in the order of the rounds. Each round has its own, under names of
/// their own: "NAME", "NAME~2", "NAME~3" (a name of a scenario has no '~').
std::vector<Resource> AskedResources(const Scenario& scenario);

/// Who asks for which of AskedResources() when, and who leaves over it (R-SIM-4).
///
/// The arrivals of every round are drawn first, then who needs which of the resources that only a
/// share needs, then who leaves, and for how long: none of the three depends on those behind it,
/// and what is not asked for draws nothing. A requester that needs nothing in a round does not ask
/// in it. A trace draws nothing but who leaves; its asks of one node at one instant are one.
std::vector<lan::Asker> PlanAsking(const Scenario& scenario, const UniformSource& uniform);

} // namespace lanpeer::scenario
