#include "scenarios/office-run.h"

#include "model/lan/animation/animation.h"
#include "model/lan/capture.h"
#include "scenarios/adversaries.h"
#include "scenarios/arrival.h"
#include "scenarios/calendar.h"

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
    for (const Resource& resource : scenario.workload.resources)
    {
        office.resources.push_back({resource.name, resource.bytes});
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
    const Workload& workload = scenario.workload;
    const std::uint32_t first = FirstRequester(scenario);
    const std::uint32_t count = RequesterCount(scenario);
    office.askers = [workload, first, count](const std::function<double()>& uniform)
    {
        std::vector<lan::OfficeConfig::Asker> askers;
        std::uint32_t node = first;
        for (const std::int64_t atUs :
             AskTimesUs(workload.arrival, workload.windowS, count, uniform))
        {
            askers.push_back({node++, atUs});
        }
        return askers;
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
