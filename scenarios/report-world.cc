#include "scenarios/report-world.h"

#include "scenarios/adversaries.h"
#include "scenarios/scenario-reader.h"
#include "scenarios/scenario.h"

#include <fmt/format.h>

#include <algorithm>

namespace lanpeer::scenario
{

namespace
{

std::optional<analysis::Arrivals>
ArrivalsOf(Arrival arrival)
{
    switch (arrival)
    {
    case Arrival::Simultaneous:
        return analysis::Arrivals::Simultaneous;
    case Arrival::Uniform:
        return analysis::Arrivals::Uniform;
    case Arrival::Poisson:
        return analysis::Arrivals::Poisson;
    case Arrival::Morning:
    case Arrival::Trace:
        break;
    }
    return std::nullopt;
}

/// Why the closed forms of copies do not hold; empty: they do.
std::string
WhyNoCopies(const Scenario& scenario, const PeeringConfig& config)
{
    const Workload& workload = scenario.workload;
    const bool ownRules =
        std::any_of(scenario.protocol.begin(),
                    scenario.protocol.end(),
                    [](const auto& set) { return set.first.rfind("rules.", 0) == 0; });
    if (workload.days > 0)
    {
        return "update services ask, again and again";
    }
    if (!ArrivalsOf(workload.arrival))
    {
        return fmt::format("arrivals of a {} have none", ToString(workload.arrival));
    }
    if (workload.holders > 0)
    {
        return "somebody holds it at the start";
    }
    if (workload.requesters)
    {
        return "not everybody asks";
    }
    if (workload.resources.size() > config.parallelRequests)
    {
        return fmt::format("a node asks for no more than {} resources at a time "
                           "(protocol.parallel_requests), and for the others later",
                           config.parallelRequests);
    }
    if (scenario.internet.kind != InternetNodes::Kind::All)
    {
        return "not everybody has Internet access";
    }
    if (HostileCount(scenario) > 0 || scenario.adversaries.gateway)
    {
        return "some nodes are hostile";
    }
    if (workload.rounds > 1)
    {
        return "several updates follow each other";
    }
    if (std::any_of(workload.resources.begin(),
                    workload.resources.end(),
                    [](const Resource& resource) { return resource.share < 1; }))
    {
        return "not everybody needs everything";
    }
    if (HasFaults(scenario))
    {
        return "things go wrong (faults, nodes that leave)";
    }
    if (scenario.lan.medium == Medium::Wifi)
    {
        return "broadcasts are lost in the air";
    }
    if (scenario.lan.loss > 0)
    {
        return "frames are lost";
    }
    return ownRules ? "rules are switched on or off by themselves" : "";
}

analysis::CopiesCase
CopiesCaseOf(const Scenario& scenario, const PeeringConfig& config)
{
    constexpr double kMsPerS = 1000;
    analysis::CopiesCase copies;
    copies.arrivals = *ArrivalsOf(scenario.workload.arrival);
    copies.nodes = scenario.lan.nodes;
    copies.windowMs = scenario.workload.windowS * kMsPerS;
    copies.delayMaxMs = static_cast<double>(config.responseDelayMs);
    copies.allowanceMs = static_cast<double>(config.transmissionAllowanceMs);
    return copies;
}

report::World
WorldOf(const Scenario& scenario)
{
    const Workload& workload = scenario.workload;
    const PeeringConfig config = ConfigFor(scenario, PolicyChoice::Robust);
    report::World world;
    world.nodes = scenario.lan.nodes;
    world.holders = workload.days > 0 ? 0 : workload.holders;
    world.askers = workload.days > 0 ? 0 : RequesterCount(scenario);
    world.atOnce = workload.arrival == Arrival::Simultaneous ||
                   (workload.windowS <= 0 && ArrivalsOf(workload.arrival));
    world.delayMs = static_cast<double>(config.responseDelayMs);
    world.latencyUs = scenario.lan.latencyUs;
    world.rateMbps = scenario.lan.rateMbps;
    world.lossPerCable = scenario.lan.loss;
    world.noCopies = WhyNoCopies(scenario, config);
    if (world.noCopies.empty())
    {
        world.copies = CopiesCaseOf(scenario, config);
    }
    world.uplinkKbps = UplinkOf(scenario).downKbps;
    for (const Resource& resource : workload.resources)
    {
        world.resourceBytes.push_back(static_cast<double>(resource.bytes));
    }
    return world;
}

} // namespace

std::optional<report::World>
ReportWorld(const std::string& scenarioText, const analysis::RunKey& key)
{
    try
    {
        ScenarioReader reader("scenario");
        reader.ReadText("scenario", scenarioText);
        for (const auto& [path, value] : key.parameters)
        {
            reader.Set(path + "=" + value);
        }
        const Scenario scenario = reader.Finish();
        // Each segment is a LAN of its own, and the closed forms know of one.
        return scenario.lan.segments == 1 ? std::optional(WorldOf(scenario)) : std::nullopt;
    }
    catch (const ScenarioError&)
    {
        return std::nullopt;
    }
}

} // namespace lanpeer::scenario
