#include "scenarios/sweep/replicates.h"

#include "analysis/statistics.h"

#include <algorithm>
#include <cmath>

namespace lanpeer::scenario
{

std::uint64_t
ReplicatesWanted(std::uint64_t runs,
                 const std::optional<UntilCi>& until,
                 const std::vector<std::optional<double>>& figures)
{
    if (!until)
    {
        return runs;
    }
    constexpr std::uint64_t kFewest = 2; // of one no interval can be told
    const std::uint64_t first = std::min(std::max(runs, kFewest), until->runsMax);
    const std::uint64_t have = figures.size();
    if (have < first)
    {
        return first;
    }
    std::vector<double> sample;
    for (const std::optional<double>& figure : figures)
    {
        if (figure)
        {
            sample.push_back(*figure);
        }
    }
    const analysis::Summary summary = analysis::Summarize(sample);
    if (!summary.halfWidth)
    {
        return have; // nothing that more of them would tell
    }
    const double tight = std::abs(summary.mean) * until->percent / 100;
    if (*summary.halfWidth <= tight)
    {
        return have;
    }
    const double ratio = tight > 0 ? *summary.halfWidth / tight : 2.0;
    const double expected = std::ceil(static_cast<double>(have) * ratio * ratio);
    const auto wanted =
        static_cast<std::uint64_t>(std::min(expected, static_cast<double>(2 * have)));
    return std::max(have, std::min(std::max(wanted, have + 1), until->runsMax));
}

} // namespace lanpeer::scenario
