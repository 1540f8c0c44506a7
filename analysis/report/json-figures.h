#pragma once

#include "analysis/report/measures.h"
#include "analysis/report/sweep.h"
#include "analysis/statistics.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The statistics of a sweep as JSON arrays, small. A figure is `null` (nothing was measured),
/// `[mean]` (one run: no interval), `[mean, halfWidth]` of the 95 % interval (Student's t), or,
/// where fewer than the cell's runs could be measured, `[mean, halfWidth|null, n]`. Six significant
/// digits.
namespace lanpeer::report
{

/// Of the runs of a cell, in the unit of the report.
analysis::Summary SummaryOf(const Cell& cell, std::size_t measure, double divisor);

/// \param expected how many runs there are
nlohmann::ordered_json FigureJson(const analysis::Summary& summary, std::size_t expected);

/// A divisor per measure, and its unit: bytes are shown in one unit all over a report, each measure
/// its own.
struct Units
{
    std::vector<double> divisors;
    std::vector<std::string> names;
    ByteScale load; ///< of the curves
};

Units UnitsOf(const Sweep& sweep);

/// Measures as [{"key","label","unit","decimals","better"}].
nlohmann::ordered_json MeasuresJson(const Units& units);

/// Cells as [[setting...], policy, n, [figure for each measure]].
nlohmann::ordered_json CellsJson(const Sweep& sweep, const Units& units);

/// {"shares":[percent...],"unit","load":[...],"finish":[...]}: for each cell the means over its
/// runs at these shares and the half-widths, [[mean...],[halfWidth...]] (the latter absent for one
/// run), or null. Of many cells fewer shares are kept, of very many only the cells of `usual`. A
/// mean of `finish` is null where one of the runs did not come so far.
nlohmann::ordered_json CurvesJson(const Sweep& sweep, const Units& units, const Setting& usual);

/// {"measures":[index...],"pairs":[[policy, policy]...],"rows":[[[setting...],[[n, [figure for each
/// measure]] or null, of each pair]]...]}: differences, the first policy's minus the
/// second's, over the runs of equal seed and number. Of very many settings only `usual` is kept.
nlohmann::ordered_json PairsJson(const Sweep& sweep, const Units& units, const Setting& usual);

/// The values of a measure in the runs of equal seed and number of two cells, where both have it.
std::pair<std::vector<double>, std::vector<double>> PairedValues(const Cell& left,
                                                                 const Cell& right,
                                                                 std::size_t measure);

/// Six significant digits; null for what is not finite.
nlohmann::ordered_json Short(double value);

} // namespace lanpeer::report
