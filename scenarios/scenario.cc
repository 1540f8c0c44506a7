#include "scenarios/scenario.h"

#include "scenarios/adversaries.h"
#include "scenarios/lan-checks.h"
#include "scenarios/workload-checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace lanpeer::scenario
{

namespace
{

constexpr std::string_view kRules = "rules.";

bool
IsRule(std::string_view protocolKey)
{
    return protocolKey.substr(0, kRules.size()) == kRules;
}

PeeringConfig
PolicyDefaults(PolicyChoice policy)
{
    switch (policy)
    {
    case PolicyChoice::Direct: // no rule is on, least of all a pause before the Internet
    case PolicyChoice::Proxy:
    case PolicyChoice::Fig4a:
        return PeeringConfig::Defaults(Policy::Fig4a);
    case PolicyChoice::Fig4b:
        return PeeringConfig::Defaults(Policy::Fig4b);
    case PolicyChoice::Robust:
        return PeeringConfig::Defaults(Policy::Robust);
    }
    throw std::invalid_argument("policy: no such value");
}

PeeringConfig
UncheckedConfigFor(const Scenario& scenario, PolicyChoice policy)
{
    const bool peering = policy != PolicyChoice::Direct && policy != PolicyChoice::Proxy;
    PeeringConfig config = PolicyDefaults(policy);
    config.peering = peering;
    for (const auto& [key, value] : scenario.protocol)
    {
        const Parameter* parameter = FindParameter(key);
        if (parameter == nullptr)
        {
            throw std::invalid_argument("protocol." + key + ": unknown key");
        }
        if (peering || !IsRule(key))
        {
            SetParameter(config, *parameter, value);
        }
    }
    return config;
}

/// Without holders the first copy comes from the Internet; somebody has to reach it, be it a helper
/// that asks for nothing itself (R-CLI-12). That some requests fail is a result, that all must is a
/// mistake.
std::optional<Contradiction>
CheckFirstCopy(const Scenario& scenario)
{
    const std::vector<bool> access = InternetAccess(scenario);
    const auto honest = access.begin() + HonestCount(scenario); // the others help nobody
    const bool anyAccess = std::find(access.begin(), honest, true) != honest;
    // The proxy is on the LAN: whoever has no access of his own has that.
    const bool onlyProxy = scenario.policies == std::vector{PolicyChoice::Proxy};
    if (anyAccess || onlyProxy || scenario.workload.holders > 0 || RequesterCount(scenario) == 0)
    {
        return std::nullopt;
    }
    return Contradiction{{"internet.nodes", "workload.holders", "workload.requesters"},
                         "nobody has Internet access and nobody holds anything; expected "
                         "internet.nodes or workload.holders at least 1"};
}

/// What CheckConfig() objects to under one of the policies, blamed on those of the keys it names
/// that were set: every policy's own rules go together, so the policy is only the occasion.
std::optional<Contradiction>
CheckRules(const Scenario& scenario)
{
    for (const PolicyChoice policy : scenario.policies)
    {
        const std::optional<ConfigError> error = CheckConfig(UncheckedConfigFor(scenario, policy));
        if (!error)
        {
            continue;
        }
        Contradiction contradiction;
        for (const auto& [key, value] : scenario.protocol)
        {
            if (key == error->key || error->message.find(key) != std::string::npos)
            {
                contradiction.keys.push_back("protocol." + key);
            }
        }
        if (contradiction.keys.empty())
        {
            contradiction.keys.emplace_back("policy");
        }
        const bool needs = error->message.rfind("needs ", 0) == 0;
        contradiction.message = fmt::format("{} {} (policy {}){}",
                                            error->key,
                                            error->message,
                                            ToString(policy),
                                            needs ? "; expected both or neither" : "");
        return contradiction;
    }
    return std::nullopt;
}

} // namespace

bool
operator==(const Resource& left, const Resource& right)
{
    return left.name == right.name && left.bytes == right.bytes && left.share == right.share;
}

bool
operator==(const FaultSettings::Outage& left, const FaultSettings::Outage& right)
{
    return left.fromS == right.fromS && left.forS == right.forS;
}

bool
operator==(const ReleasedProduct& left, const ReleasedProduct& right)
{
    return left.name == right.name && left.bytes == right.bytes && left.daysMin == right.daysMin &&
           left.daysMax == right.daysMax;
}

const std::vector<ReleasedProduct>&
RegularReleases()
{
    static const std::vector<ReleasedProduct> products = {
        {"dat", 910000, 7, 7},
        {"engine", 580000, 61, 91},
        {"product", 725000, 42, 56},
    };
    return products;
}

const std::vector<Resource>&
FullUpdate()
{
    static const std::vector<Resource> files = {
        {"Myavdat.0104060900.cab", 910000},
        {"Myxtrdat.0104060900.cab", 16000},
        {"Mycioagt.0104060900.cab", 370000},
        {"Vsasap.0104060900.cab", 360000},
        {"Vseng9x.0104060900.cab", 240000},
        {"Vsengine.0104060900.cab", 340000},
    };
    return files;
}

std::string_view
ToString(Arp arp)
{
    switch (arp)
    {
    case Arp::Static:
        return "static";
    case Arp::Cold:
        return "cold";
    }
    return "";
}

std::string_view
ToString(Arrival arrival)
{
    switch (arrival)
    {
    case Arrival::Simultaneous:
        return "simultaneous";
    case Arrival::Uniform:
        return "uniform";
    case Arrival::Morning:
        return "morning";
    case Arrival::Poisson:
        return "poisson";
    case Arrival::Trace:
        return "trace";
    }
    return "";
}

std::string_view
ToString(PolicyChoice policy)
{
    switch (policy)
    {
    case PolicyChoice::Direct:
        return "direct";
    case PolicyChoice::Proxy:
        return "proxy";
    case PolicyChoice::Fig4a:
        return "fig4a";
    case PolicyChoice::Fig4b:
        return "fig4b";
    case PolicyChoice::Robust:
        return "robust";
    }
    return "";
}

std::uint32_t
FirstRequester(const Scenario& scenario)
{
    return scenario.workload.holders;
}

std::uint32_t
RequesterCount(const Scenario& scenario)
{
    return scenario.workload.requesters.value_or(HonestCount(scenario) - scenario.workload.holders);
}

std::vector<bool>
InternetAccess(const Scenario& scenario)
{
    const InternetNodes& internet = scenario.internet;
    std::vector<bool> access(scenario.lan.nodes, internet.kind == InternetNodes::Kind::All);
    switch (internet.kind)
    {
    case InternetNodes::Kind::All:
        break;
    case InternetNodes::Kind::Highest:
    {
        const auto honest = access.begin() + HonestCount(scenario);
        std::fill(honest - internet.count, honest, true);
    }
    break;
    case InternetNodes::Kind::Listed:
        for (const std::uint32_t index : internet.indices)
        {
            access.at(index) = true;
        }
        break;
    }
    return access;
}

lan::Uplink
UplinkOf(const Scenario& scenario)
{
    const Uplink& set = scenario.uplink;
    std::optional<lan::Uplink> uplink = lan::FindUplinkPreset(set.preset);
    if (!uplink)
    {
        throw std::invalid_argument("uplink.preset: no such preset");
    }
    uplink->downKbps = set.downKbps.value_or(uplink->downKbps);
    uplink->upKbps = set.upKbps.value_or(uplink->upKbps);
    uplink->latencyMs = set.latencyMs.value_or(uplink->latencyMs);
    uplink->queuePackets = set.queuePackets.value_or(uplink->queuePackets);
    return *uplink;
}

lan::LanNetworkConfig
NetworkOf(const Scenario& scenario)
{
    lan::LanNetworkConfig network;
    network.nodes = scenario.lan.nodes;
    network.medium = scenario.lan.medium;
    network.wifi = scenario.lan.wifi;
    network.segments = scenario.lan.segments;
    network.twoHomed = scenario.lan.twoHomed;
    network.rateMbps = scenario.lan.rateMbps;
    network.latencyUs = scenario.lan.latencyUs;
    network.loss = scenario.lan.loss;
    network.queuePackets = scenario.lan.queuePackets;
    network.arp = scenario.lan.arp;
    network.arpJitter = scenario.lan.arpJitter;
    network.uplink = UplinkOf(scenario);
    network.internet = InternetAccess(scenario);
    return network;
}

PeeringConfig
ConfigFor(const Scenario& scenario, PolicyChoice policy)
{
    const PeeringConfig config = UncheckedConfigFor(scenario, policy);
    if (const auto error = CheckConfig(config))
    {
        throw std::invalid_argument("protocol." + error->key + ": " + error->message);
    }
    return config;
}

std::optional<Contradiction>
CheckScenario(const Scenario& scenario)
{
    // Each may rely on those before it.
    for (const auto check : {CheckArp,
                             CheckSegments,
                             CheckWifi,
                             CheckWorkload,
                             CheckDays,
                             CheckAsking,
                             CheckAdversaries,
                             CheckFaults,
                             CheckInternet,
                             CheckFirstCopy,
                             CheckRules})
    {
        if (auto contradiction = check(scenario))
        {
            return contradiction;
        }
    }
    return std::nullopt;
}

} // namespace lanpeer::scenario
