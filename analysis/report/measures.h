#pragma once

#include "analysis/metrics.h"

#include <optional>
#include <string>
#include <vector>

namespace lanpeer::report
{

/// One figure of a run that a report shows: a column of the model's cells.
struct Measure
{
    std::string key;   ///< as in `run --json`, by path: "finish_s.p95"
    std::string label; ///< for people: "Internet, copies"
    std::string unit;  ///< "s", "ms", "B" (shown in the unit that fits the sweep) or empty
    int decimals = 2;
    int better = 0; ///< -1: less is better, 1: more is, 0: neither
};

/// In the order in which they are shown.
const std::vector<Measure>& Measures();

/// The place of a measure in Measures(). Throws std::out_of_range when there is none.
std::size_t MeasureAt(const std::string& key);

/// One value for each of Measures(); nullopt: there was nothing to measure.
std::vector<std::optional<double>> ValuesOf(const analysis::Metrics& metrics);

/// A unit for amounts of bytes up to this one.
struct ByteScale
{
    double divisor = 1.0;
    std::string unit = "B";
};

ByteScale ScaleOf(double mostBytes);

} // namespace lanpeer::report
