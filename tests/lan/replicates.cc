#include "tests/lan/replicates.h"

#include "analysis/metrics.h"
#include "scenarios/processes/run-in-processes.h"

#include <cstring>

namespace lanpeer::lan
{

std::vector<Figures>
Replicates(std::uint64_t runs, const std::function<Figures(std::uint64_t run)>& one)
{
    const std::vector<std::string> results = processes::RunInProcesses(
        runs,
        0,
        [&one](std::size_t index, const processes::SayProgress&)
        {
            const Figures figures = one(index + 1);
            return std::string(reinterpret_cast<const char*>(figures.data()),
                               figures.size() * sizeof(double));
        });
    std::vector<Figures> all;
    for (const std::string& bytes : results)
    {
        Figures figures(bytes.size() / sizeof(double));
        std::memcpy(figures.data(), bytes.data(), bytes.size());
        all.push_back(figures);
    }
    return all;
}

std::vector<double>
Column(const std::vector<Figures>& runs, std::size_t figure)
{
    std::vector<double> column;
    for (const Figures& figures : runs)
    {
        column.push_back(figures.at(figure));
    }
    return column;
}

namespace
{

constexpr std::int64_t kFirstAskUs = 1'000'000;

OfficeConfig
Office(Policy policy, std::uint32_t nodes, const std::string& preset)
{
    OfficeConfig office;
    office.scenario = "test";
    office.policy = std::string(ToString(policy));
    office.protocol = PeeringConfig::Defaults(policy);
    office.network.nodes = nodes;
    office.network.uplink = *FindUplinkPreset(preset);
    office.resources = SmallResource();
    return office;
}

} // namespace

OfficeConfig
FlashCrowd(Policy policy, std::uint32_t nodes, const std::string& preset)
{
    return Spread(policy, nodes, 0, preset);
}

OfficeConfig
Spread(Policy policy, std::uint32_t nodes, double windowS, const std::string& preset)
{
    OfficeConfig office = Office(policy, nodes, preset);
    office.askers = [nodes, windowS](const std::function<double()>& uniform)
    {
        std::vector<OfficeConfig::Asker> askers;
        for (std::uint32_t node = 0; node < nodes; ++node)
        {
            const double atUs = uniform() * windowS * 1e6;
            askers.push_back({node, kFirstAskUs + static_cast<std::int64_t>(atUs)});
        }
        return askers;
    };
    return office;
}

std::vector<OfficeConfig::Resource>
SmallResource()
{
    return {{"Myxtrdat.0104060900.cab", 16'000}};
}

std::vector<OfficeConfig::Resource>
LargeResource()
{
    return {{"Myavdat.0104060900.cab", 910'000}};
}

std::vector<OfficeConfig::Resource>
FullUpdate()
{
    return {{"Myavdat.0104060900.cab", 910'000},
            {"Myxtrdat.0104060900.cab", 16'000},
            {"Mycioagt.0104060900.cab", 370'000},
            {"Vsasap.0104060900.cab", 360'000},
            {"Vseng9x.0104060900.cab", 240'000},
            {"Vsengine.0104060900.cab", 340'000}};
}

double
CopiesOf(const analysis::RunRecord& record)
{
    return analysis::ComputeMetrics(record).copies.value_or(-1);
}

double
NotFound(const analysis::RunRecord& record)
{
    double count = 0;
    for (const analysis::Request& request : record.requests)
    {
        count += analysis::IsFound(request.end) ? 0 : 1;
    }
    return count;
}

} // namespace lanpeer::lan
