#include "scenarios/workload-checks.h"

#include "scenarios/adversaries.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace lanpeer::scenario
{

namespace
{

constexpr std::size_t kAskedResourcesMax = 100000;
constexpr double kDayH = 24;
constexpr double kRoundsForS = 3660.0 * 24 * 3600;

} // namespace

bool
HasFaults(const Scenario& scenario)
{
    const FaultSettings& faults = scenario.faults;
    return faults.duplication > 0 || faults.reordering > 0 || faults.corruption > 0 ||
           faults.deaf > 0 || faults.mute > 0 || faults.crashes > 0 || faults.fullDisks > 0 ||
           faults.stormControlPps || !faults.uplinkDown.empty() || scenario.workload.leaveShare > 0;
}

std::optional<Contradiction>
CheckWorkload(const Scenario& scenario)
{
    const std::uint64_t nodes = scenario.lan.nodes;
    const std::uint64_t holders = scenario.workload.holders;
    if (holders > nodes)
    {
        return Contradiction{{"workload.holders", "lan.nodes"},
                             fmt::format("{} holders of {} nodes; expected workload.holders at "
                                         "most lan.nodes",
                                         holders,
                                         nodes)};
    }
    const std::uint64_t requesters = scenario.workload.requesters.value_or(0);
    if (holders + requesters > nodes)
    {
        return Contradiction{
            {"workload.requesters", "workload.holders", "lan.nodes"},
            fmt::format("{} requesters and {} holders of {} nodes; expected their sum at most "
                        "lan.nodes",
                        requesters,
                        holders,
                        nodes)};
    }
    return std::nullopt;
}

std::optional<Contradiction>
CheckDays(const Scenario& scenario)
{
    const Workload& workload = scenario.workload;
    if (workload.days == 0)
    {
        return std::nullopt;
    }
    if (workload.holders > 0 || workload.requesters)
    {
        return Contradiction{
            {workload.holders > 0 ? "workload.holders" : "workload.requesters", "workload.days"},
            "with workload.days every node keeps itself up to date; expected neither "
            "workload.holders nor workload.requesters"};
    }
    if (workload.officeHours && (workload.onAtH < workload.hoursSpreadH ||
                                 workload.onAtH + 2 * workload.hoursSpreadH >= workload.offAtH ||
                                 workload.offAtH + workload.hoursSpreadH >= kDayH))
    {
        return Contradiction{
            {"workload.on_at_h", "workload.off_at_h", "workload.hours_spread_h"},
            "nodes must come on and go off on one day; expected workload.hours_spread_h at most "
            "workload.on_at_h, less than half the time between the two, and less than what is left "
            "of the day"};
    }
    return std::nullopt;
}

std::optional<Contradiction>
CheckAsking(const Scenario& scenario)
{
    const Workload& workload = scenario.workload;
    const bool isTrace = workload.arrival == Arrival::Trace;
    if (isTrace == workload.traceFile.empty())
    {
        return Contradiction{{isTrace ? "workload.arrival" : "workload.trace",
                              isTrace ? "workload.trace" : "workload.arrival"},
                             "workload.arrival trace needs workload.trace, and the other way "
                             "round; expected both or neither"};
    }
    const bool anyShare = std::any_of(workload.resources.begin(),
                                      workload.resources.end(),
                                      [](const Resource& resource) { return resource.share < 1; });
    const std::vector<std::pair<const char*, bool>> drawn = {
        {"workload.requesters", workload.requesters.has_value()},
        {"workload.rounds", workload.rounds > 1},
        {"workload.resources", anyShare},
    };
    for (const auto& [key, isSet] : drawn)
    {
        if (isTrace && isSet)
        {
            return Contradiction{{key, "workload.arrival"},
                                 "a trace says itself who asks for what and when; expected neither "
                                 "workload.requesters, workload.rounds nor a share of a resource"};
        }
    }
    if (workload.rounds * workload.resources.size() > kAskedResourcesMax)
    {
        return Contradiction{{"workload.rounds", "workload.resources"},
                             fmt::format("{} rounds of {} resources; expected at most {} resources "
                                         "in all",
                                         workload.rounds,
                                         workload.resources.size(),
                                         kAskedResourcesMax)};
    }
    if ((workload.rounds - 1) * workload.roundEveryS > kRoundsForS)
    {
        return Contradiction{{"workload.rounds", "workload.round_every_s"},
                             fmt::format("the last of {} rounds begins after more than {} s; "
                                         "expected fewer, or sooner",
                                         workload.rounds,
                                         kRoundsForS)};
    }
    const std::vector<std::pair<const char*, bool>> ofAskers = {
        {"workload.arrival", isTrace},
        {"workload.rounds", workload.rounds > 1},
        {"workload.leave_share", workload.leaveShare > 0},
        {"faults.crashes", scenario.faults.crashes > 0},
    };
    for (const auto& [key, isSet] : ofAskers)
    {
        if (workload.days > 0 && isSet)
        {
            return Contradiction{
                {key, "workload.days"},
                fmt::format("with workload.days nodes ask when their schedule says, and are "
                            "switched off by their office hours; expected no {}",
                            key)};
        }
    }
    return std::nullopt;
}

std::optional<Contradiction>
CheckFaults(const Scenario& scenario)
{
    const std::uint32_t nodes = HonestCount(scenario); // those that are hostile have none
    const FaultSettings& faults = scenario.faults;
    const std::vector<std::pair<const char*, std::uint32_t>> counts = {
        {"faults.deaf", faults.deaf},
        {"faults.mute", faults.mute},
        {"faults.crashes", faults.crashes},
        {"faults.full_disks", faults.fullDisks},
    };
    for (const auto& [key, count] : counts)
    {
        if (count > nodes)
        {
            return Contradiction{
                {key, "lan.nodes", "adversaries.count", "adversaries.share"},
                fmt::format("{} of {} honest nodes; expected {} at most that", count, nodes, key)};
        }
    }
    if (faults.stormControlPps && scenario.lan.medium != Medium::Switch)
    {
        return Contradiction{{"faults.storm_control_pps", "lan.medium"},
                             "only a switch has storm control; expected lan.medium switch"};
    }
    return std::nullopt;
}

} // namespace lanpeer::scenario
