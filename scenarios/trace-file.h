#pragma once

#include "scenarios/scenario.h"

#include <cstddef>
#include <string>
#include <vector>

namespace lanpeer::scenario
{

/// Bounds of a trace's file: what is above them is refused, not read.
constexpr std::size_t kTraceBytesMax = 64U << 20;
constexpr std::size_t kTraceAsksMax = 1000000;

/// Reads a trace: CSV without quotes, the header `time,node,resource`, then a line per ask in any
/// order. The time is in seconds from when nodes begin to ask, the node an index, the resource a
/// name of `workload.resources` or, where none is called so, an index among them. Empty lines and
/// a carriage return at the end of lines are passed over. Throws ScenarioError, which names file,
/// line and column ("trace.csv:3: node: ...").
/// \returns the asks in the order of time, then of the file
std::vector<TraceAsk> ReadTrace(const std::string& fileName,
                                const std::string& text,
                                const Scenario& scenario);

/// The trace that the scenario names, if it does, from its file. Throws std::runtime_error with why
/// it cannot be read, and as ReadTrace() does.
void LoadTrace(Scenario& scenario);

} // namespace lanpeer::scenario
