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
    std::string_view name; ///< its key in the JSON, as metrics-json.h writes it: `served.max_bytes`
    Direction direction;
    Figure (*of)(const analysis::Metrics&);
};

/// All that is compared, in the order of the tables. Maps of reasons (`failures`) are compared by
/// their sum.
const std::vector<ComparedMetric>& ComparedMetrics();

/// Their names, in that order.
std::vector<std::string> MetricNames();

} // namespace lanpeer::regression
