#pragma once

#include "scenarios/scenario.h"

#include <optional>

/// Parts of CheckScenario(): keys `lan.*` and `internet.*`. Each may rely on those before it.
namespace lanpeer::scenario
{

std::optional<Contradiction> CheckArp(const Scenario& scenario);
std::optional<Contradiction> CheckSegments(const Scenario& scenario);

/// What only 802.11 has means nothing elsewhere, and was surely meant to mean something.
std::optional<Contradiction> CheckWifi(const Scenario& scenario);

std::optional<Contradiction> CheckInternet(const Scenario& scenario);

} // namespace lanpeer::scenario
