#pragma once

#include "analysis/regression/comparison.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lanpeer::regression
{

/// A run of `office`, `robust`, seed 1, 10 nodes, that has a figure for everything that is compared
/// but for the update service.
analysis::Metrics SampleRun(std::uint64_t run);

/// As LoadRuns() gives them: a file named itself.
RunSet SampleFile(const std::string& path, const std::vector<analysis::Metrics>& runs);

} // namespace lanpeer::regression
