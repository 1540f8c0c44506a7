#include "scenarios/fault-drawing.h"

#include "scenarios/adversaries.h"
#include "scenarios/arrival.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace lanpeer::scenario
{

namespace
{

/// Which draws are whose.
enum Part : std::uint32_t
{
    kDeaf,
    kMute,
    kFullDisks,
    kCrashes,
    kCrashTimes,
};

std::int64_t
Microseconds(double seconds)
{
    return std::llround(seconds * 1e6);
}

/// So many of the nodes, in the order of their indices.
std::vector<std::uint32_t>
DrawNodes(std::uint32_t count, std::uint32_t nodes, Part part, const PartSource& uniform)
{
    if (count == 0)
    {
        return {};
    }
    std::vector<std::pair<double, std::uint32_t>> ranks;
    for (std::uint32_t node = 0; node < nodes; ++node)
    {
        ranks.emplace_back(uniform(part), node);
    }
    std::sort(ranks.begin(), ranks.end());
    std::vector<std::uint32_t> drawn;
    for (std::uint32_t i = 0; i < count; ++i)
    {
        drawn.push_back(ranks[i].second);
    }
    std::sort(drawn.begin(), drawn.end());
    return drawn;
}

std::vector<lan::FaultPlan::Crash>
DrawCrashes(const FaultSettings& faults, std::uint32_t nodes, const PartSource& uniform)
{
    const auto crashing = DrawNodes(faults.crashes, nodes, kCrashes, uniform);
    std::vector<lan::FaultPlan::Crash> crashes;
    for (std::uint32_t node = 0; !crashing.empty() && node < nodes; ++node)
    {
        const std::int64_t atUs =
            kFirstAskUs + Microseconds(uniform(kCrashTimes) * faults.crashWithinS);
        if (std::binary_search(crashing.begin(), crashing.end(), node))
        {
            lan::FaultPlan::Crash crash{node, atUs, std::nullopt};
            if (faults.restartAfterS)
            {
                crash.backAtUs = atUs + Microseconds(*faults.restartAfterS);
            }
            crashes.push_back(crash);
        }
    }
    return crashes;
}

} // namespace

lan::FaultPlan
PlanFaults(const Scenario& scenario, const PartSource& uniform)
{
    const FaultSettings& faults = scenario.faults;
    const std::uint32_t nodes = HonestCount(scenario);
    lan::FaultPlan plan;
    plan.links = {faults.duplication,
                  faults.reordering,
                  faults.reorderingMaxMs,
                  faults.corruption,
                  faults.corruptionUnseen};
    plan.deaf = DrawNodes(faults.deaf, nodes, kDeaf, uniform);
    plan.mute = DrawNodes(faults.mute, nodes, kMute, uniform);
    plan.fullDisks = DrawNodes(faults.fullDisks, nodes, kFullDisks, uniform);
    plan.crashes = DrawCrashes(faults, nodes, uniform);
    for (const FaultSettings::Outage& outage : faults.uplinkDown)
    {
        const std::int64_t fromUs = kFirstAskUs + Microseconds(outage.fromS);
        plan.uplinkDown.push_back({fromUs, fromUs + Microseconds(outage.forS)});
    }
    plan.stormControlPps = faults.stormControlPps;
    return plan;
}

} // namespace lanpeer::scenario
