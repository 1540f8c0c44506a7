#pragma once

#include "analysis/run-record.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace lanpeer::analysis
{

/// From a node's first ask to its whole set there (each resource when it was first found), in
/// microseconds, by node index; nullopt where it wanted nothing or did not come so far. The record
/// must be one that CheckRecord passes.
std::vector<std::optional<std::int64_t>> FinishTimesUs(const RunRecord& record);

} // namespace lanpeer::analysis
