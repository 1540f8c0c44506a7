#include "scenarios/lane-of-options.h"

#include "model/explore/named-lanes.h"
#include "model/settings/text.h"
#include "scenarios/command-line.h"
#include "scenarios/scenario-reader.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace lanpeer::scenario
{

using namespace settings;

namespace
{

using explore::Budget;
using explore::Budgets;
using explore::Lane;

struct FaultRow
{
    FaultOption option;
    Budget budget;
};

const std::vector<FaultRow>&
FaultRows()
{
    static const std::vector<FaultRow> rows{
        {{"--drops", "packets that are lost"}, &Budgets::losses},
        {{"--duplicates", "packets that arrive twice"}, &Budgets::duplicates},
        {{"--failures", "transfers that end badly, or stall"}, &Budgets::failures},
        {{"--refusals", "whole bodies that the verifier refuses"}, &Budgets::refusals},
        {{"--crashes", "nodes that crash; each may start again"}, &Budgets::crashes},
        {{"--cancels", "requests that their application takes back"}, &Budgets::cancels},
        {{"--deadlines", "requests whose deadline passes"}, &Budgets::deadlines},
        {{"--impatience", "requests whose longest wait for peers ends"}, &Budgets::patience},
        {{"--halves", "transfers that are seen when half is there"}, &Budgets::halves},
        {{"--verdicts", "bodies that are whole for a while before their verdict"},
         &Budgets::verdicts},
        {{"--back-offs", "rounds of nodes without Internet access"}, &Budgets::backOffs},
        {{"--forgeries", "strangers that end another's request without its key"},
         &Budgets::forgeries},
        {{"--pretences", "strangers that pretend to download"}, &Budgets::pretences},
    };
    return rows;
}

Policy
PolicyOf(const std::string& name)
{
    const auto policy = PolicyFromName(name);
    if (!policy)
    {
        throw UsageError(fmt::format("--policy: {} is none; expected fig4a, fig4b or robust; see "
                                     "lanpeer-sim explore --help",
                                     Quote(name)));
    }
    return *policy;
}

PeeringConfig
ConfigOf(const OwnLane& own)
{
    PeeringConfig config = explore::LaneConfig(PolicyOf(own.policy));
    ScenarioReader reader("explore");
    for (const std::string& set : own.sets)
    {
        if (set.rfind("protocol", 0) != 0)
        {
            throw UsageError(fmt::format("--set {}: expected protocol.KEY=VALUE; the rest of a "
                                         "lane are options, see lanpeer-sim explore --help",
                                         Quote(set)));
        }
        reader.Set(set);
    }
    reader.SetPolicies(own.policy); // a rule without what it needs is refused by name
    for (const auto& [key, value] : reader.Finish().protocol)
    {
        SetParameter(config, *FindParameter(key), value);
    }
    return config;
}

/// At most a bit each in what an exploration keeps of them.
constexpr std::uint32_t kMostAskers = 8;

std::uint32_t
AskersOf(const OwnLane& own)
{
    const std::uint32_t askers = own.askers.value_or(own.nodes - own.holders);
    if (askers > own.nodes || askers > kMostAskers)
    {
        throw UsageError(
            fmt::format("--askers: {} of {} nodes; expected at most as many", askers, own.nodes));
    }
    if (askers == 0)
    {
        throw UsageError(own.askers ? "--askers: nobody asks; expected at least 1"
                                    : "--holders: all hold it and nobody asks; expected fewer, or "
                                      "--askers");
    }
    return askers;
}

/// "3 nodes, 1 holds, 2 ask, robust, drops 1"
std::string
NameOf(const OwnLane& own, std::uint32_t askers)
{
    std::string name =
        fmt::format("{} nodes, {} hold, {} ask, {}", own.nodes, own.holders, askers, own.policy);
    if (own.withoutAccess > 0)
    {
        name += fmt::format(", {} without access", own.withoutAccess);
    }
    for (const Faults& faults : own.faults)
    {
        name += fmt::format(", {} {}", faults.option.substr(2), faults.count);
    }
    if (own.delayOrdered)
    {
        name += ", delay-ordered";
    }
    for (const std::string& set : own.sets)
    {
        name += ", " + OneLine(set);
    }
    return name;
}

} // namespace

const std::vector<FaultOption>&
FaultOptions()
{
    static const std::vector<FaultOption> options = []
    {
        std::vector<FaultOption> made;
        for (const FaultRow& row : FaultRows())
        {
            made.push_back(row.option);
        }
        return made;
    }();
    return options;
}

explore::Lane
MakeLane(const OwnLane& own)
{
    if (own.holders > own.nodes)
    {
        throw UsageError(fmt::format(
            "--holders: {} of {} nodes; expected at most as many", own.holders, own.nodes));
    }
    if (own.withoutAccess > own.nodes)
    {
        throw UsageError(fmt::format("--without-access: {} of {} nodes; expected at most as many",
                                     own.withoutAccess,
                                     own.nodes));
    }
    const std::uint32_t askers = AskersOf(own);
    const PeeringConfig config = ConfigOf(own);
    PeeringConfig without = config;
    without.internetAccess = false;
    Lane lane;
    lane.name = NameOf(own, askers);
    lane.delayOrdered = own.delayOrdered;
    for (std::uint32_t node = 0; node < own.nodes; ++node)
    {
        const bool access = node < own.nodes - own.withoutAccess;
        lane.configs.push_back(std::make_shared<const PeeringConfig>(access ? config : without));
        if (node < own.holders)
        {
            lane.holders.push_back(node);
        }
        if (node >= own.nodes - askers)
        {
            lane.wants.push_back({node, {}});
        }
    }
    for (const Faults& faults : own.faults)
    {
        for (const FaultRow& row : FaultRows())
        {
            if (row.option.option == faults.option)
            {
                lane.budgets.*row.budget = faults.count;
            }
        }
    }
    return lane;
}

} // namespace lanpeer::scenario
