#pragma once

#include "analysis/metrics.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lanpeer::regression
{

/// A figure of one run: nothing to measure (JSON's null), a count, or a number.
using Figure = std::variant<std::monostate, std::uint64_t, double>;

/// Which way a figure gets worse.
enum class Direction
{
    LowerIsBetter,
    HigherIsBetter,
    Informational, ///< no better, no worse: told when it changed
};

struct ComparedMetric
{
    std::string_view name; ///< its key in the JSON of a run: `served.max_bytes`
    Direction direction;
};

/// All that is compared, in the order of the tables.
const std::vector<ComparedMetric>& ComparedMetrics();

/// Their names, in that order.
std::vector<std::string> MetricNames();

/// The figures of a run, in the order of ComparedMetrics(), as its JSON has them (metrics-json.h);
/// of a map of reasons (`failures`) the sum. Throws std::invalid_argument as ToJson() does.
std::vector<Figure> FiguresOf(const analysis::Metrics& run);

} // namespace lanpeer::regression
