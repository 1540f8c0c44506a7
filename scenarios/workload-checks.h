#pragma once

#include "scenarios/scenario.h"

#include <optional>

/// Parts of CheckScenario().
namespace lanpeer::scenario
{

/// Traces say themselves who asks when, and for what; update services do so too, and are switched
/// on and off by their office hours.
std::optional<Contradiction> CheckAsking(const Scenario& scenario);

/// Nodes that something goes wrong with must be there.
std::optional<Contradiction> CheckFaults(const Scenario& scenario);

} // namespace lanpeer::scenario
