#include "scenarios/sweep/replicates.h"

#include "analysis/statistics.h"

#include <algorithm>
#include <cmath>

namespace lanpeer::scenario
{

namespace
{

using Figures = std::vector<std::optional<double>>;

std::vector<double>
Measured(const Figures& figures)
{
    std::vector<double> sample;
    for (const std::optional<double>& figure : figures)
    {
        if (figure)
        {
            sample.push_back(*figure);
        }
    }
    return sample;
}

double
TightHalfWidth(const UntilCi& until, double mean)
{
    return std::abs(mean) * until.percent / 100;
}

} // namespace

bool
IsTight(const std::optional<UntilCi>& until, const Figures& figures)
{
    const std::vector<double> sample = Measured(figures);
    if (!until || sample.empty())
    {
        return true;
    }
    const analysis::Summary summary = analysis::Summarize(sample);
    return summary.halfWidth && *summary.halfWidth <= TightHalfWidth(*until, summary.mean);
}

std::uint64_t
ReplicatesWanted(std::uint64_t runs,
                 const std::optional<UntilCi>& until,
                 const Figures& figures,
                 std::size_t failed)
{
    if (!until)
    {
        return runs;
    }
    constexpr std::uint64_t kFewest = 2; // of one no interval can be told
    const std::uint64_t first = std::min(std::max(runs, kFewest), until->runsMax);
    const std::uint64_t have = figures.size() + failed;
    if (have < first)
    {
        return first;
    }
    const bool isUseless = Measured(figures).empty() && !figures.empty(); // it is never measured
    if (isUseless || (!figures.empty() && IsTight(until, figures)) || have >= until->runsMax)
    {
        return have;
    }
    const analysis::Summary summary = analysis::Summarize(Measured(figures));
    const double tight = TightHalfWidth(*until, summary.mean);
    const double ratio = summary.halfWidth && tight > 0 ? *summary.halfWidth / tight : 2.0;
    const double expected = std::ceil(static_cast<double>(have) * ratio * ratio);
    const auto wanted =
        static_cast<std::uint64_t>(std::min(expected, static_cast<double>(2 * have)));
    return std::min(std::max(wanted, have + 1), until->runsMax);
}

} // namespace lanpeer::scenario
