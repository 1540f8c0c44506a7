#pragma once

#include "model/network/fault-plan.h"
#include "scenarios/scenario.h"

#include <cstdint>
#include <functional>

namespace lanpeer::scenario
{

/// Draws uniformly from [0, 1), each part of a plan from a stream of its own.
using PartSource = std::function<double(std::uint32_t part)>;

/// What goes wrong, with the nodes and instants that are left to chance (R-SIM-5, U3). A fault's
/// draws depend on no other, and more nodes of one kind are those of fewer and some besides: every
/// node draws a rank (and an instant), and the lowest ranks are hit.
lan::FaultPlan PlanFaults(const Scenario& scenario, const PartSource& uniform);

} // namespace lanpeer::scenario
