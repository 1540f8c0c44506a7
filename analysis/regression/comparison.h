#pragma once

#include "analysis/regression/compared-metrics.h"
#include "analysis/regression/stored-runs.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::regression
{

/// Doubles that differ by less, of the baseline's, are the same.
constexpr double kRelative = 1e-9;

struct ComparisonOptions
{
    double tolerancePercent = 0.0;    ///< of the baseline's figure, in either direction; at least 0
    std::vector<std::string> metrics; ///< of MetricNames(); none: all
};

enum class Verdict
{
    Same,    ///< or within the tolerance
    Worse,   ///< also what could be measured and no longer can
    Better,  ///< also what can be measured now
    Changed, ///< of an informational metric
};

/// Runs that both sides should have, as far as they are told apart in what is printed.
struct Place
{
    std::string name; ///< StoredRuns::name
    std::string file; ///< the baseline's; of what is extra, the candidate's
    std::string scenario;
    std::string policy;
};

/// One figure of one run beside the baseline's.
struct ComparedFigure
{
    const ComparedMetric* metric; ///< of ComparedMetrics(), which outlives all
    std::size_t place;            ///< into Comparison::places
    std::uint64_t seed;
    std::uint64_t run;
    Figure baseline;
    Figure candidate;
    Verdict verdict;
};

/// What one side has and the other has not, a line of it: "a.json", or "a.json: office, robust,
/// seed 1, run 2"; of a sweep, "lan.nodes=20: office, robust, seed 1, run 2 (failed)".
struct Unpaired
{
    std::string what;
    std::string file;                 ///< its path, on the side that has it
    std::optional<std::size_t> place; ///< into Comparison::places; none: a whole file
};

struct Comparison
{
    std::vector<Place> places; ///< the baseline's, in its order
    std::vector<ComparedFigure> figures;
    std::vector<Unpaired> missing; ///< in the candidate
    std::vector<Unpaired> extra;   ///< in the candidate; no place
    std::vector<Unpaired> failed;  ///< on both sides; no place
    std::size_t runs = 0;          ///< pairs

    std::size_t Count(Verdict verdict) const;

    /// Something got worse, or is missing in the candidate.
    bool IsWorse() const;
};

/// The change from the baseline, in percent of it; std::nullopt where that means nothing: from or
/// to nothing to measure, and from 0.
std::optional<double> ChangePercent(const ComparedFigure& figure);

/// Pairs the runs by file, scenario, policy, seed and run, those of sweeps by what was set in the
/// scenario in place of the file, and judges each of their figures. `wall_s` is no figure of the
/// simulation and never looked at. A run that failed counts as one that its side has not. Throws
/// RunsError: files, folders and sweeps against each other, or a pair of runs with different
/// numbers of nodes.
Comparison Compare(const RunSet& baseline,
                   const RunSet& candidate,
                   const ComparisonOptions& options);

/// One pair of figures. Counts are compared exactly, numbers to kRelative, both within the
/// tolerance.
Verdict Judge(Direction direction,
              const Figure& baseline,
              const Figure& candidate,
              double tolerancePercent);

} // namespace lanpeer::regression
