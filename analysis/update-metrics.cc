#include "analysis/update-metrics.h"

#include "analysis/durations.h"
#include "analysis/run-record.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace lanpeer::analysis
{

namespace
{

constexpr double kUsPerS = 1e6;
constexpr std::int64_t kWeekUs = 7LL * 24 * 3600 * 1'000'000;

using Weeks = std::vector<std::uint64_t>;

Weeks
WeeksOf(const RunRecord& record)
{
    const std::int64_t weeks = (record.simulatedUs + kWeekUs - 1) / kWeekUs;
    return Weeks(static_cast<std::size_t>(std::max<std::int64_t>(weeks, 1)), 0);
}

/// What ends with the run's last microsecond belongs to its last week.
void
Count(Weeks& weeks, std::int64_t atUs, std::uint64_t bytes)
{
    const auto week = static_cast<std::size_t>(atUs / kWeekUs);
    weeks[std::min(week, weeks.size() - 1)] += bytes;
}

/// When each node had each release, or a later one of its product: by node, then by release.
using HadAt = std::vector<std::vector<std::optional<std::int64_t>>>;

HadAt
HadAtOf(const RunRecord& record)
{
    const UpdateRecord& updates = *record.updates;
    HadAt had(record.nodes.size(),
              std::vector<std::optional<std::int64_t>>(updates.releases.size()));
    for (const UpdateRecord::Installation& installation : updates.installations)
    {
        const std::string& product = updates.releases[installation.release].product;
        for (std::uint32_t earlier = 0; earlier <= installation.release; ++earlier)
        {
            std::optional<std::int64_t>& at = had[installation.node][earlier];
            if (!at && updates.releases[earlier].product == product)
            {
                at = installation.atUs;
            }
        }
    }
    return had;
}

using Periods = std::vector<std::vector<std::pair<std::int64_t, std::int64_t>>>;

Periods
OnByNode(const RunRecord& record)
{
    Periods on(record.nodes.size());
    for (const UpdateRecord::OnPeriod& period : record.updates->on)
    {
        on[period.node].emplace_back(period.fromUs, period.toUs);
    }
    return on;
}

std::int64_t
Overlap(const Periods::value_type& periods, std::int64_t fromUs, std::int64_t toUs)
{
    std::int64_t sumUs = 0;
    for (const auto& [onUs, offUs] : periods)
    {
        sumUs += std::max<std::int64_t>(0, std::min(offUs, toUs) - std::max(onUs, fromUs));
    }
    return sumUs;
}

UpdateMetrics::OutOfDate
FiguresOf(const Durations& durations)
{
    return {durations.Mean(), durations.Quantile(50), durations.Quantile(95), durations.Max()};
}

void
ComputeOutOfDate(const RunRecord& record, UpdateMetrics& metrics)
{
    const HadAt had = HadAtOf(record);
    const Periods on = OnByNode(record);
    Durations all(kUsPerS);
    Durations whileOn(kUsPerS);
    const std::size_t hostile = record.adversaries ? record.adversaries->nodes : 0;
    for (std::size_t node = 0; node + hostile < record.nodes.size(); ++node)
    {
        for (std::size_t release = 0; release < record.updates->releases.size(); ++release)
        {
            const std::int64_t fromUs = record.updates->releases[release].publishedAtUs;
            const std::int64_t toUs = had[node][release].value_or(record.simulatedUs);
            metrics.missing += had[node][release] ? 0 : 1;
            all.Add(toUs - fromUs);
            whileOn.Add(Overlap(on[node], fromUs, toUs));
        }
    }
    metrics.outOfDateS = FiguresOf(all);
    metrics.outOfDateOnS = FiguresOf(whileOn);
}

} // namespace

std::optional<UpdateMetrics>
ComputeUpdateMetrics(const RunRecord& record)
{
    if (!record.updates)
    {
        return std::nullopt;
    }
    UpdateMetrics metrics;
    metrics.releases = record.updates->releases.size();
    metrics.installations = record.updates->installations.size();
    metrics.checks = record.updates->checks;
    metrics.internetBytesByWeek = WeeksOf(record);
    metrics.catalogBytesByWeek = WeeksOf(record);
    for (const Transfer& transfer : record.transfers)
    {
        if (transfer.from.kind == Place::Kind::Internet)
        {
            Count(metrics.internetBytesByWeek, transfer.endedAtUs, transfer.bodyBytes);
        }
    }
    for (const UpdateRecord::CatalogArrival& catalog : record.updates->catalogs)
    {
        Count(metrics.catalogBytesByWeek, catalog.atUs, catalog.bodyBytes);
    }
    ComputeOutOfDate(record, metrics);
    return metrics;
}

} // namespace lanpeer::analysis
