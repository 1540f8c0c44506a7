#pragma once

#include "scenarios/sweep/run-spec.h"
#include "scenarios/sweep/sweep-file.h"

#include <map>
#include <string>
#include <vector>

namespace lanpeer::scenario
{

/// A combination of the axes' values under one policy: what replicates are replicates of.
struct Cell
{
    std::map<std::string, std::string> parameters; ///< of `set` and of the axes, by path
    std::string policy;
    double guess = 1; ///< of what a run costs, in no unit: nodes and bytes say so
};

/// Every cell that no filter leaves out, in the order of the file: the last axis changes fastest,
/// and policies within it. Throws ScenarioError where values do not go together, naming the sweep's
/// file and the combination, and if nothing is left.
std::vector<Cell> CellsOf(const Sweep& sweep);

/// The run of a cell.
RunSpec SpecOf(const Sweep& sweep, const Cell& cell, std::uint64_t run);
analysis::RunKey KeyOf(const Sweep& sweep, const Cell& cell, std::uint64_t run);

/// The scenario without axes, as the keys that are not at their defaults, and a digest of its trace:
/// what must not change between two sessions of one sweep. Traces that are an axis are not in it.
std::string ScenarioText(const Sweep& sweep);

} // namespace lanpeer::scenario
