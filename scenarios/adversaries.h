#pragma once

#include "scenarios/scenario.h"

#include <cstdint>
#include <optional>

namespace lanpeer::scenario
{

/// How many nodes are hostile, and how many are not: those have the lower indices.
std::uint32_t HostileCount(const Scenario& scenario);
std::uint32_t HonestCount(const Scenario& scenario);

/// The hostile nodes as those who build them take them.
lan::AdversaryConfig AdversariesOf(const Scenario& scenario);

/// \returns what of the keys `adversaries.*` does not go together, or with the workload and the
///          nodes with Internet access
std::optional<Contradiction> CheckAdversaries(const Scenario& scenario);

} // namespace lanpeer::scenario
