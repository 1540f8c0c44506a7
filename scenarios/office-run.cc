#include "scenarios/office-run.h"

#include "model/lan/animation/animation.h"
#include "model/lan/capture.h"
#include "scenarios/adversaries.h"
#include "scenarios/ask-plan.h"
#include "scenarios/calendar.h"
#include "scenarios/fault-drawing.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::scenario
{

lan::OfficeConfig
OfficeOf(const Scenario& scenario, PolicyChoice policy)
{
    lan::OfficeConfig office;
    office.scenario = scenario.name;
    office.policy = std::string(ToString(policy));
    office.network = NetworkOf(scenario);
    office.protocol = ConfigFor(scenario, policy);
    office.adversaries = AdversariesOf(scenario);
    if (policy == PolicyChoice::Proxy)
    {
        office.proxy = {scenario.proxy.collapse};
    }
    const auto perRound = static_cast<std::uint32_t>(scenario.workload.resources.size());
    for (const Resource& resource : AskedResources(scenario))
    {
        const auto round = static_cast<std::uint32_t>(office.resources.size()) / perRound;
        office.resources.push_back({resource.name, resource.bytes, round});
    }
    if (HasFaults(scenario))
    {
        office.faults = [scenario](const PartSource& uniform)
        {
            return PlanFaults(scenario, uniform);
        };
    }
    office.holders = scenario.workload.holders;
    if (scenario.workload.days > 0)
    {
        office.updates = {scenario.update,
                          [scenario](const std::function<double()>& uniform)
                          {
                              return PlanUpdates(scenario, uniform);
                          }};
        return office;
    }
    office.askers = [scenario](const UniformSource& uniform)
    {
        return PlanAsking(scenario, uniform);
    };
    return office;
}

analysis::RunRecord
RunOffice(const lan::OfficeConfig& office, const processes::SayProgress& say, const Shown& shown)
{
    lan::OfficeSimulation simulation(office);
    if (!shown.pcapPrefix.empty())
    {
        lan::CapturePackets(simulation.Network(), shown.pcapPrefix, shown.pcapNodes);
    }
    std::optional<lan::Animation> animation; // ends before the simulation does
    if (!shown.animFile.empty())
    {
        animation.emplace(simulation.Network(), shown.animFile);
        for (std::uint32_t node = 0; node < office.network.nodes; ++node)
        {
            animation->Watch(node, &simulation.Application(node));
        }
    }
    double said = 0;
    simulation.SetProgress(
        [&say, &said](std::size_t ended, std::size_t all)
        {
            const double progress = static_cast<double>(ended) / static_cast<double>(all);
            if (progress - said >= 0.01)
            {
                said = progress;
                say(progress);
            }
        });
    return simulation.Run();
}

} // namespace lanpeer::scenario
