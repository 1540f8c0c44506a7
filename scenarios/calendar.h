#pragma once

#include "model/network/update-plan.h"
#include "scenarios/arrival.h"
#include "scenarios/scenario.h"

namespace lanpeer::scenario
{

/// The days of an office, from Monday 2001-01-01 on (lan::kRunBeginsS): what is released when, and
/// who is switched on when.
///
/// - Each product's first release is the minute before the run begins, installed everywhere; each
///   one after it follows the one before by a time drawn uniformly from its `days`, and comes out
///   at a minute of the day that is drawn uniformly: publishers have other office hours.
/// - A node is on from a time drawn uniformly around `workload.on_at_h` to one around
///   `workload.off_at_h`, both by at most `workload.hours_spread_h`, Monday to Friday, each day
///   anew; without office hours from the beginning to the end.
///
/// Draws the releases first, so that they are the same for any number of nodes, and of each node
/// and day two numbers. To the microsecond, by arithmetic that is the same on every CPU
/// (arrival.h).
///
/// Expects workload.days of at least 1.
lan::UpdatePlan PlanUpdates(const Scenario& scenario, const UniformSource& uniform);

} // namespace lanpeer::scenario
