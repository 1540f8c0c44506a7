#pragma once

#include "analysis/metrics.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::analysis
{

/// The names of all figures that a run has as one number, as they stand in its JSON, groups joined
/// by dots: "copies", "served.jain", "finish_s.p95". What is counted by reason ("failures") counts
/// as its sum. Without `wall_s`, which equal runs do not share, and what `updates` has by week.
const std::vector<std::string>& FigureNames();

/// The figures of a run in the order of FigureNames(); nullopt: nothing to measure, as
/// of `updates` in a run without update services.
std::vector<std::optional<double>> FiguresOf(const Metrics& metrics);

/// One of them. Throws std::invalid_argument if there is none.
std::optional<double> FigureOf(const Metrics& metrics, std::string_view name);

} // namespace lanpeer::analysis
