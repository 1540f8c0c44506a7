#pragma once

#include "analysis/report/report-model.h"
#include "analysis/results/stored-run.h"

#include <map>
#include <string>
#include <vector>

namespace lanpeer::report
{

/// A run of four nodes, those of analysis::SampleRecord(), that brought so many copies over the
/// Internet. Run 1 has a course in time.
analysis::StoredRun SampleRun(const std::map<std::string, std::string>& parameters,
                              const std::string& policy,
                              std::uint64_t run,
                              double copies);

/// 2 x 2 settings of lan.nodes and workload.holders, three policies, three runs: 36 rows in the
/// order of a store. Copies: direct 10, fig4a 4 + run, robust 1, each times lan.nodes / 10.
std::vector<analysis::StoredRun> SampleRuns();

/// The first run failed.
analysis::StoredRun FailedRun();

/// \p runs outlive it
RunSource SourceOf(const std::vector<analysis::StoredRun>& runs);

} // namespace lanpeer::report
