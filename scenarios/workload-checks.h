#pragma once

#include "scenarios/scenario.h"

#include <optional>

/// Parts of CheckScenario(): keys `workload.*` and `faults.*`. Each may rely on those before it.
namespace lanpeer::scenario
{

std::optional<Contradiction> CheckWorkload(const Scenario& scenario);

/// What update services ask for, they say themselves, and they hold nothing but what they fetched.
std::optional<Contradiction> CheckDays(const Scenario& scenario);

/// Traces say themselves who asks when, and for what; update services do so too, and are switched
/// on and off by their office hours.
std::optional<Contradiction> CheckAsking(const Scenario& scenario);

/// Nodes that something goes wrong with must be there.
std::optional<Contradiction> CheckFaults(const Scenario& scenario);

} // namespace lanpeer::scenario
