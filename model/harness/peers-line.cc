#include "model/harness/peers-line.h"

#include "model/harness/trace-text.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace lanpeer::harness
{

namespace
{

constexpr std::uint64_t kMostPeers = 1000;

using Pair = std::pair<std::string, std::string>;

void
SetPolicy(PeeringConfig& config, std::string_view name)
{
    const auto policy = PolicyFromName(name);
    if (!policy)
    {
        throw ScriptError(fmt::format("\"{}\" is no policy", name));
    }
    SetRules(config, *policy);
}

void
SetKey(PeeringConfig& config, std::string_view key, std::string_view value)
{
    if (key == "policy")
    {
        SetPolicy(config, value);
        return;
    }
    const Parameter* parameter = FindParameter(key);
    if (parameter == nullptr)
    {
        throw ScriptError(fmt::format("\"{}\" is no key", key));
    }
    const std::uint64_t number = NumberFrom(key, value);
    if (number < parameter->min || number > parameter->max)
    {
        throw ScriptError(fmt::format("{}: from {} to {}", key, parameter->min, parameter->max));
    }
    SetParameter(config, *parameter, number);
}

/// Takes "n2." off the front. \returns the node, counted from 0, if it is there.
std::optional<std::size_t>
TakeNode(std::string_view& key, std::size_t nodes)
{
    const std::size_t dot = key.find('.');
    const bool one = key.size() > 1 && key[0] == 'n' && key[1] >= '0' && key[1] <= '9';
    if (!one || dot == std::string_view::npos)
    {
        return std::nullopt;
    }
    const std::uint64_t number = NumberFrom("node", key.substr(1, dot - 1));
    if (number < 1 || number > nodes)
    {
        throw ScriptError(fmt::format("there is no n{}", number));
    }
    key.remove_prefix(dot + 1);
    return number - 1;
}

void
SetAccess(std::vector<PeeringConfig>& configs, std::string_view nodes)
{
    if (nodes == "all")
    {
        return;
    }
    for (PeeringConfig& config : configs)
    {
        config.internetAccess = false;
    }
    if (nodes == "none")
    {
        return;
    }
    for (const std::string& node : SplitAtCommas(nodes))
    {
        const std::uint64_t number = NumberFrom("access", node);
        if (number < 1 || number > configs.size())
        {
            throw ScriptError(fmt::format("there is no n{}", number));
        }
        configs[number - 1].internetAccess = true;
    }
}

/// What is said of all nodes comes first, so that what is said of one overrides it.
void
SetKeys(std::vector<PeeringConfig>& configs, const std::vector<Pair>& pairs, bool ofOne)
{
    for (const auto& [name, value] : pairs)
    {
        std::string_view key = name;
        const auto node = TakeNode(key, configs.size());
        if (node.has_value() != ofOne)
        {
            continue;
        }
        for (std::size_t i = 0; i < configs.size(); ++i)
        {
            if (!node || *node == i)
            {
                SetKey(configs[i], key, value);
            }
        }
    }
}

} // namespace

PeersLine
ReadPeersLine(Arguments& words)
{
    const std::uint64_t nodes = words.Number("how many");
    if (nodes < 1 || nodes > kMostPeers)
    {
        throw ScriptError(fmt::format("from 1 to {} peers", kMostPeers));
    }
    PeeringConfig usual = PeeringConfig::Defaults();
    usual.helperOrigins = {std::string(kOrigin.substr(0, kOrigin.size() - 1))};
    std::vector<PeeringConfig> configs(nodes, usual);
    PeersLine line;
    std::vector<Pair> keys;
    while (const auto pair = words.Pair())
    {
        const auto& [name, value] = *pair;
        if (name == "holding")
        {
            const std::uint64_t holding = NumberFrom(name, value);
            if (holding > nodes)
            {
                throw ScriptError("holding=: there are not so many peers");
            }
            line.holding = static_cast<std::uint32_t>(holding);
        }
        else if (name == "access")
        {
            SetAccess(configs, value);
        }
        else
        {
            keys.push_back(*pair);
        }
    }
    words.End();
    SetKeys(configs, keys, false);
    SetKeys(configs, keys, true);
    for (const PeeringConfig& config : configs)
    {
        if (const auto error = CheckConfig(config))
        {
            throw ScriptError(fmt::format("{} {}", error->key, error->message));
        }
        line.configs.push_back(std::make_shared<const PeeringConfig>(config));
    }
    return line;
}

} // namespace lanpeer::harness
