#pragma once

#include "model/lan/office-simulation.h"
#include "scenarios/processes/process-pool.h"
#include "scenarios/scenario.h"

#include <string>
#include <vector>

/// From a scenario to a simulation: what `run`, `sweep` and the others have in common.
namespace lanpeer::scenario
{

/// What is simulated of a scenario under one policy; seed, run and tape are still to be set.
lan::OfficeConfig OfficeOf(const Scenario& scenario, PolicyChoice policy);

/// What is written down of a run for other programs to show.
struct Shown
{
    std::string animFile;               ///< for NetAnim; empty: none
    std::string pcapPrefix;             ///< what the captures' names begin with; empty: none
    std::vector<std::string> pcapNodes; ///< lan::CapturePoints(); empty: all of them
};

/// Runs it once, in this process (one simulation per process: R-SIM-9), saying how far it is.
analysis::RunRecord RunOffice(const lan::OfficeConfig& office,
                              const processes::SayProgress& say,
                              const Shown& shown = {});

} // namespace lanpeer::scenario
