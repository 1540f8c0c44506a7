#include "scenarios/lan-checks.h"

#include "model/settings/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace lanpeer::scenario
{

std::optional<Contradiction>
CheckArp(const Scenario& scenario)
{
    if (scenario.lan.arpJitter && scenario.lan.arp != Arp::Cold)
    {
        return Contradiction{{"lan.arp_jitter", "lan.arp"},
                             "lan.arp_jitter needs lan.arp cold; expected both or neither"};
    }
    return std::nullopt;
}

std::optional<Contradiction>
CheckSegments(const Scenario& scenario)
{
    const Lan& lan = scenario.lan;
    if (lan.segments > lan.nodes)
    {
        return Contradiction{{"lan.segments", "lan.nodes"},
                             fmt::format("{} segments of {} nodes; expected lan.segments at most "
                                         "lan.nodes",
                                         lan.segments,
                                         lan.nodes)};
    }
    const std::uint32_t most = lan::Segments::TwoHomedMax(lan.nodes, lan.segments);
    if (lan.twoHomed > most)
    {
        return Contradiction{{"lan.two_homed", "lan.segments", "lan.nodes"},
                             fmt::format("{} with {} of lan.segments and {} of lan.nodes; "
                                         "expected {}",
                                         lan.twoHomed,
                                         lan.segments,
                                         lan.nodes,
                                         lan.segments < 2 ? "lan.segments at least 2"
                                                          : fmt::format("at most {}", most))};
    }
    return std::nullopt;
}

std::optional<Contradiction>
CheckWifi(const Scenario& scenario)
{
    const lan::Wifi& wifi = scenario.lan.wifi;
    if (scenario.lan.medium != Medium::Wifi)
    {
        const lan::Wifi none;
        const char* const key = wifi.mode != none.mode           ? "lan.wifi.mode"
                                : wifi.standard != none.standard ? "lan.wifi.standard"
                                : wifi.broadcastMbps != none.broadcastMbps
                                    ? "lan.wifi.broadcast_mbps"
                                : wifi.roomM != none.roomM ? "lan.wifi.room_m"
                                                           : nullptr;
        return key == nullptr
                   ? std::nullopt
                   : std::optional(Contradiction{
                         {key, "lan.medium"},
                         fmt::format("{} needs lan.medium wifi; expected both or neither", key)});
    }
    const std::vector<double>& rates = lan::BroadcastRates(wifi.standard);
    if (std::find(rates.begin(), rates.end(), wifi.broadcastMbps) == rates.end())
    {
        std::vector<std::string> words;
        for (const double rate : rates)
        {
            words.push_back(fmt::format("{}", rate));
        }
        return Contradiction{{"lan.wifi.broadcast_mbps", "lan.wifi.standard"},
                             fmt::format("{} is no basic rate of 802.11{}; expected {}",
                                         wifi.broadcastMbps,
                                         ToString(wifi.standard),
                                         settings::JoinWords(words))};
    }
    const std::uint32_t most = lan::kStationsMax / 2;
    if ((scenario.lan.nodes + scenario.lan.segments - 1) / scenario.lan.segments > most)
    {
        return Contradiction{
            {"lan.nodes", "lan.medium", "lan.segments"},
            fmt::format("{} nodes in the air; expected at most {} in each of lan.segments",
                        scenario.lan.nodes,
                        most)};
    }
    return std::nullopt;
}

std::optional<Contradiction>
CheckInternet(const Scenario& scenario)
{
    const std::uint64_t nodes = scenario.lan.nodes;
    const InternetNodes& internet = scenario.internet;
    if (internet.kind == InternetNodes::Kind::Highest && internet.count > nodes)
    {
        return Contradiction{{"internet.nodes", "lan.nodes"},
                             fmt::format("{} with Internet access of {} nodes; expected "
                                         "internet.nodes at most lan.nodes",
                                         internet.count,
                                         nodes)};
    }
    if (internet.kind == InternetNodes::Kind::Listed)
    {
        for (const std::uint32_t index : internet.indices)
        {
            if (index >= nodes)
            {
                return Contradiction{
                    {"internet.nodes", "lan.nodes"},
                    fmt::format(
                        "no node {} among {} nodes; expected 0 to {}", index, nodes, nodes - 1)};
            }
        }
    }
    return std::nullopt;
}

} // namespace lanpeer::scenario
