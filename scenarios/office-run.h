#pragma once

#include "model/lan/office-simulation.h"
#include "scenarios/processes/process-pool.h"
#include "scenarios/scenario.h"

/// From a scenario to a simulation: what `run`, `sweep` and the others have in common.
namespace lanpeer::scenario
{

/// What is simulated of a scenario under one policy; seed, run and tape are still to be set.
lan::OfficeConfig OfficeOf(const Scenario& scenario, PolicyChoice policy);

/// Runs it once, in this process (one simulation per process: R-SIM-9), saying how far it is.
analysis::RunRecord RunOffice(const lan::OfficeConfig& office, const processes::SayProgress& say);

} // namespace lanpeer::scenario
