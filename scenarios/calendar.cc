#include "scenarios/calendar.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>

namespace lanpeer::scenario
{

namespace
{

constexpr std::int64_t kMinuteUs = 60'000'000;
constexpr std::int64_t kDayMinutes = 24 * 60;
constexpr std::int64_t kDayUs = kDayMinutes * kMinuteUs;
constexpr double kHourUs = 3.6e9;
constexpr int kWeekdays = 5; // of the seven that begin with a Monday
constexpr int kWeek = 7;

/// A whole number from \p min to \p max, each as likely.
std::int64_t
DrawWhole(std::int64_t min, std::int64_t max, const UniformSource& uniform)
{
    const auto count = static_cast<double>(max - min + 1);
    return std::min(max, min + static_cast<std::int64_t>(uniform() * count));
}

/// "0101031412", ten digits of a minute as in the names of [0058].
std::string
VersionAt(std::int64_t atUs)
{
    const auto atS = static_cast<std::int64_t>(lan::kRunBeginsS) + atUs / 1'000'000;
    return fmt::format("{:%y%m%d%H%M}", fmt::gmtime(static_cast<std::time_t>(atS)));
}

std::vector<lan::UpdatePlan::Release>
DrawReleases(const ReleasedProduct& product, std::int64_t endUs, const UniformSource& uniform)
{
    std::vector<lan::UpdatePlan::Release> releases = {
        {product.name, VersionAt(-kMinuteUs), product.bytes, -kMinuteUs}};
    // The run begins somewhere between two releases.
    std::int64_t day =
        DrawWhole(0, DrawWhole(product.daysMin, product.daysMax, uniform) - 1, uniform);
    while (true)
    {
        const std::int64_t atUs = day * kDayUs + DrawWhole(0, kDayMinutes - 1, uniform) * kMinuteUs;
        if (atUs >= endUs)
        {
            return releases;
        }
        releases.push_back({product.name, VersionAt(atUs), product.bytes, atUs});
        day += DrawWhole(product.daysMin, product.daysMax, uniform);
    }
}

void
DrawOfficeHours(const Workload& workload,
                std::uint32_t node,
                lan::UpdatePlan& plan,
                const UniformSource& uniform)
{
    const double spreadUs = workload.hoursSpreadH * kHourUs;
    const auto around = [spreadUs, &uniform](double hour)
    {
        return std::llround(hour * kHourUs + (2 * uniform() - 1) * spreadUs);
    };
    for (std::uint32_t day = 0; day < workload.days; ++day)
    {
        if (day % kWeek >= kWeekdays)
        {
            continue;
        }
        const std::int64_t dayUs = day * kDayUs;
        const std::int64_t onUs = around(workload.onAtH);
        const std::int64_t offUs = around(workload.offAtH);
        plan.on.push_back({node, dayUs + onUs, dayUs + offUs});
    }
}

} // namespace

lan::UpdatePlan
PlanUpdates(const Scenario& scenario, const UniformSource& uniform)
{
    const Workload& workload = scenario.workload;
    lan::UpdatePlan plan;
    plan.catalogBytes = workload.catalogBytes;
    plan.endUs = workload.days * kDayUs;
    for (const ReleasedProduct& product : workload.releases)
    {
        const auto releases = DrawReleases(product, plan.endUs, uniform);
        plan.releases.insert(plan.releases.end(), releases.begin(), releases.end());
    }
    std::stable_sort(plan.releases.begin(),
                     plan.releases.end(),
                     [](const auto& a, const auto& b) { return a.atUs < b.atUs; });
    for (std::uint32_t node = 0; node < scenario.lan.nodes; ++node)
    {
        if (workload.officeHours)
        {
            DrawOfficeHours(workload, node, plan, uniform);
        }
        else
        {
            plan.on.push_back({node, 0, plan.endUs});
        }
    }
    std::stable_sort(plan.on.begin(),
                     plan.on.end(),
                     [](const auto& a, const auto& b) { return a.fromUs < b.fromUs; });
    return plan;
}

} // namespace lanpeer::scenario
