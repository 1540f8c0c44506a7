#include "scenarios/ask-plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

namespace lanpeer::scenario
{

namespace
{

std::int64_t
Microseconds(double seconds)
{
    return std::llround(seconds * 1e6);
}

std::vector<lan::Asker>
DrawArrivals(const Scenario& scenario, const UniformSource& uniform)
{
    const Workload& workload = scenario.workload;
    const auto perRound = static_cast<std::uint32_t>(workload.resources.size());
    std::vector<lan::Asker> askers;
    for (std::uint32_t round = 0; round < workload.rounds; ++round)
    {
        std::vector<std::uint32_t> its(perRound);
        std::iota(its.begin(), its.end(), round * perRound);
        const std::int64_t beginsUs = Microseconds(round * workload.roundEveryS);
        std::uint32_t node = FirstRequester(scenario);
        for (const std::int64_t atUs :
             AskTimesUs(workload.arrival, workload.windowS, RequesterCount(scenario), uniform))
        {
            askers.push_back({node++, beginsUs + atUs, its, std::nullopt});
        }
    }
    return askers;
}

/// Takes from each asker what it does not need.
void
DrawNeeds(const Workload& workload, std::vector<lan::Asker>& askers, const UniformSource& uniform)
{
    for (lan::Asker& asker : askers)
    {
        const auto isNotNeeded = [&workload, &uniform](std::uint32_t resource)
        {
            const double share = workload.resources[resource % workload.resources.size()].share;
            return share < 1 && uniform() >= share;
        };
        std::vector<std::uint32_t> needed;
        for (const std::uint32_t resource : asker.resources)
        {
            if (!isNotNeeded(resource))
            {
                needed.push_back(resource);
            }
        }
        asker.resources = std::move(needed);
    }
    askers.erase(std::remove_if(askers.begin(),
                                askers.end(),
                                [](const lan::Asker& asker) { return asker.resources.empty(); }),
                 askers.end());
}

void
DrawAbsences(const Workload& workload,
             std::vector<lan::Asker>& askers,
             const UniformSource& uniform)
{
    if (workload.leaveShare <= 0)
    {
        return;
    }
    for (lan::Asker& asker : askers)
    {
        // All three by everyone: a greater share only adds to those who leave.
        const bool leaves = uniform() < workload.leaveShare;
        const std::int64_t fromUs = asker.atUs + Microseconds(uniform() * workload.leaveWithinS);
        const std::int64_t toUs = fromUs + Microseconds(uniform() * workload.awayMaxS);
        if (leaves)
        {
            asker.away = lan::Asker::Absence{fromUs, toUs};
        }
    }
}

std::vector<lan::Asker>
AskersOfTrace(const Workload& workload)
{
    std::map<std::pair<std::int64_t, std::uint32_t>, std::vector<std::uint32_t>> asks;
    for (const TraceAsk& ask : workload.trace)
    {
        asks[{kFirstAskUs + ask.atUs, ask.node}].push_back(ask.resource);
    }
    std::vector<lan::Asker> askers;
    for (const auto& [when, resources] : asks)
    {
        askers.push_back({when.second, when.first, resources, std::nullopt});
    }
    return askers;
}

} // namespace

std::vector<Resource>
AskedResources(const Scenario& scenario)
{
    std::vector<Resource> resources;
    for (std::uint32_t round = 0; round < scenario.workload.rounds; ++round)
    {
        for (const Resource& resource : scenario.workload.resources)
        {
            resources.push_back(resource);
            if (round > 0)
            {
                resources.back().name += fmt::format("~{}", round + 1);
            }
        }
    }
    return resources;
}

std::vector<lan::Asker>
PlanAsking(const Scenario& scenario, const UniformSource& uniform)
{
    const Workload& workload = scenario.workload;
    std::vector<lan::Asker> askers = workload.arrival == Arrival::Trace
                                         ? AskersOfTrace(workload)
                                         : DrawArrivals(scenario, uniform);
    DrawNeeds(workload, askers, uniform);
    DrawAbsences(workload, askers, uniform);
    return askers;
}

} // namespace lanpeer::scenario
