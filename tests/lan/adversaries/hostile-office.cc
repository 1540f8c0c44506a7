#include "tests/lan/adversaries/hostile-office.h"

#include "analysis/metrics.h"
#include "scenarios/processes/run-in-processes.h"

#include <algorithm>
#include <cstring>

namespace lanpeer::lan
{

namespace
{

OfficeConfig
OfficeOf(const HostileOffice& hostile, const std::string& policy)
{
    const Policy rules = policy == "robust"  ? Policy::Robust
                         : policy == "fig4b" ? Policy::Fig4b
                                             : Policy::Fig4a;
    OfficeConfig office = FlashCrowd(rules, hostile.nodes);
    office.policy = policy;
    office.protocol.peering = policy != "direct" && policy != "proxy";
    if (policy == "proxy")
    {
        office.proxy.emplace();
    }
    office.resources = hostile.resources;
    office.holders = hostile.holders;
    office.adversaries.count = hostile.hostile;
    office.adversaries.kinds = hostile.kinds;
    office.adversaries.packetsPerS = hostile.packetsPerS;
    office.adversaries.gateway = hostile.gateway;
    office.askers = [hostile](const std::function<double()>& /*uniform*/)
    {
        std::vector<OfficeConfig::Asker> askers;
        for (std::uint32_t node = hostile.holders; node < hostile.nodes - hostile.hostile; ++node)
        {
            askers.push_back({node, 1'000'000});
        }
        return askers;
    };
    if (hostile.also)
    {
        hostile.also(office);
    }
    return office;
}

double
Sum(const analysis::ReasonCounts& counts, const std::vector<std::string>& reasons)
{
    double sum = 0;
    for (const auto& [reason, count] : counts)
    {
        const bool isOne = std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
        sum += isOne || reasons.empty() ? static_cast<double>(count) : 0;
    }
    return sum;
}

Outcome
OutcomeOf(const analysis::RunRecord& record)
{
    constexpr double kUsPerS = 1e6;
    const analysis::Metrics metrics = analysis::ComputeMetrics(record);
    Outcome outcome;
    outcome.notFound = NotFound(record);
    outcome.copies = metrics.copies.value_or(-1);
    for (const analysis::Request& request : record.requests)
    {
        const std::int64_t tookUs = request.endedAtUs.value_or(0) - request.askedAtUs;
        outcome.lastS = std::max(outcome.lastS, static_cast<double>(tookUs) / kUsPerS);
    }
    outcome.found = static_cast<double>(metrics.sources.peer);
    const analysis::AdversaryRecord adversaries =
        metrics.adversaries.value_or(analysis::AdversaryRecord());
    outcome.packetsSent = static_cast<double>(adversaries.packetsSent);
    outcome.servedBytes = static_cast<double>(adversaries.servedBytes);
    outcome.offered = static_cast<double>(adversaries.alteredOffered);
    outcome.received = static_cast<double>(adversaries.alteredReceived);
    outcome.installed = static_cast<double>(adversaries.alteredInstalled);
    outcome.reflected = static_cast<double>(adversaries.reflected);
    outcome.refusals = Sum(record.refusals, {});
    outcome.stalls = static_cast<double>(record.stalls);
    outcome.overBudget = Sum(record.dropped, {"source-budget", "total-budget"});
    outcome.simulatedS = metrics.simulatedS;
    outcome.events = static_cast<double>(metrics.events);
    return outcome;
}

} // namespace

const std::vector<std::string>&
PeeringPolicies()
{
    static const std::vector<std::string> policies = {"fig4a", "fig4b", "robust"};
    return policies;
}

const std::vector<std::string>&
AllPolicies()
{
    static const std::vector<std::string> policies = {
        "direct", "proxy", "fig4a", "fig4b", "robust"};
    return policies;
}

Outcome
RunHostile(const HostileOffice& hostile, const std::string& policy, std::uint64_t run)
{
    const std::vector<std::string> results = processes::RunInProcesses(
        1,
        1,
        [&](std::size_t /*index*/, const processes::SayProgress&)
        {
            OfficeConfig office = OfficeOf(hostile, policy);
            office.run = run;
            OfficeSimulation simulation(office);
            const Outcome outcome = OutcomeOf(simulation.Run());
            return std::string(reinterpret_cast<const char*>(&outcome), sizeof outcome);
        });
    Outcome outcome;
    std::memcpy(&outcome, results.at(0).data(), sizeof outcome);
    return outcome;
}

Outcome
RunPeaceful(HostileOffice hostile, const std::string& policy, std::uint64_t run)
{
    hostile.kinds = {AdversaryKind::Silent};
    return RunHostile(hostile, policy, run);
}

} // namespace lanpeer::lan
