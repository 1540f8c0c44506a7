#pragma once

#include "scenarios/ranks/mpi-job.h"
#include "scenarios/sweep/run-spec.h"

#include <chrono>
#include <functional>
#include <string>

namespace lanpeer::scenario
{

/// Of a rank that is not 0: does the runs that rank 0 hands it, each in a process of its own, so
/// that a run that crashes is all that does. Returns when rank 0 says that this was all.
///
/// \param sameEverywhere throws what would keep it from doing runs: rank 0 is told of it
/// \param silence rank 0 says nothing for so long: ends the job
void ServeRuns(MpiJob& job,
               const DoRun& doRun,
               const std::function<std::string()>& sameEverywhere,
               std::chrono::milliseconds silence);

} // namespace lanpeer::scenario
