#include "scenarios/adversaries.h"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace lanpeer::scenario
{

namespace
{

/// The keys that say how many nodes are honest; the first one is the likeliest culprit.
std::vector<std::string>
KeysOf(const char* first)
{
    return {first, "adversaries.count", "adversaries.share", "lan.nodes"};
}

} // namespace

std::uint32_t
HostileCount(const Scenario& scenario)
{
    const Adversaries& adversaries = scenario.adversaries;
    return adversaries.count > 0
               ? adversaries.count
               : static_cast<std::uint32_t>(std::llround(adversaries.share * scenario.lan.nodes));
}

std::uint32_t
HonestCount(const Scenario& scenario)
{
    return scenario.lan.nodes - HostileCount(scenario);
}

lan::AdversaryConfig
AdversariesOf(const Scenario& scenario)
{
    lan::AdversaryConfig adversaries;
    adversaries.count = HostileCount(scenario);
    adversaries.kinds = scenario.adversaries.kinds;
    adversaries.packetsPerS = scenario.adversaries.packetsPerS;
    adversaries.bytesPerS = scenario.adversaries.bytesPerS;
    adversaries.gateway = scenario.adversaries.gateway;
    return adversaries;
}

std::optional<Contradiction>
CheckAdversaries(const Scenario& scenario)
{
    const Adversaries& adversaries = scenario.adversaries;
    const std::uint64_t hostile = HostileCount(scenario);
    if (hostile == 0 && !adversaries.gateway &&
        (adversaries.share > 0 || adversaries.kinds != Adversaries().kinds))
    {
        return Contradiction{{"adversaries.share", "adversaries.kind", "lan.nodes"},
                             "of lan.nodes none is hostile; expected adversaries.count at least 1 "
                             "or a larger adversaries.share"};
    }
    if (adversaries.count > 0 && adversaries.share > 0)
    {
        return Contradiction{{"adversaries.share", "adversaries.count"},
                             "adversaries.share and adversaries.count both say how many nodes are "
                             "hostile; expected one of them"};
    }
    if (hostile >= scenario.lan.nodes)
    {
        return Contradiction{KeysOf("adversaries.count"),
                             fmt::format("{} hostile nodes of {}; expected at least one that is "
                                         "honest",
                                         hostile,
                                         scenario.lan.nodes)};
    }
    const std::uint64_t honest = HonestCount(scenario);
    const std::uint64_t busy =
        scenario.workload.holders + std::uint64_t{scenario.workload.requesters.value_or(0)};
    if (busy > honest)
    {
        std::vector<std::string> keys = KeysOf("workload.requesters");
        keys.insert(keys.begin() + 1, "workload.holders");
        return Contradiction{std::move(keys),
                             fmt::format("{} holders and requesters of {} honest nodes; expected "
                                         "their sum at most that",
                                         busy,
                                         honest)};
    }
    const InternetNodes& internet = scenario.internet;
    if (hostile > 0 && internet.kind == InternetNodes::Kind::Highest && internet.count > honest)
    {
        return Contradiction{KeysOf("internet.nodes"),
                             fmt::format("{} with Internet access of {} honest nodes; expected "
                                         "internet.nodes at most that",
                                         internet.count,
                                         honest)};
    }
    return std::nullopt;
}

} // namespace lanpeer::scenario
