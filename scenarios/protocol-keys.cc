#include "scenarios/key-kinds.h"

#include <utility>

namespace lanpeer::scenario
{

namespace
{

/// "rules.wait" is on in fig4b and robust.
std::string
PoliciesWith(const Parameter& rule)
{
    std::vector<std::string> policies;
    for (const Policy policy : {Policy::Fig4a, Policy::Fig4b, Policy::Robust})
    {
        if (GetParameter(PeeringConfig::Defaults(policy), rule) != 0)
        {
            policies.emplace_back(ToString(policy));
        }
    }
    return JoinWords(policies, "and");
}

std::string_view
UnitText(Unit unit)
{
    switch (unit)
    {
    case Unit::Flag:
    case Unit::Count:
    case Unit::Port:
        return "";
    case Unit::Milliseconds:
        return "ms";
    case Unit::Seconds:
        return "s";
    }
    return "";
}

/// Of a row of either of the core's tables, Parameter or UpdateParameter, as are the next two.
template <typename Row>
std::string
PrintParameter(const Row& parameter, std::uint64_t value)
{
    return parameter.unit == Unit::Flag ? std::string(FlagText(value != 0))
                                        : fmt::format("{}", value);
}

template <typename Row>
std::uint64_t
ReadParameter(const Row& parameter, const Key& key, const Value& value)
{
    const Expected expected = key.Expectation();
    return parameter.unit == Unit::Flag ? std::uint64_t{ReadFlag(expected, value)}
                                        : ReadCount(expected, value, parameter.min, parameter.max);
}

/// All but how it is read and printed.
template <typename Row>
Key
ParameterKey(std::string_view group, const Row& parameter)
{
    const bool isFlag = parameter.unit == Unit::Flag;
    Key row;
    row.path = fmt::format("{}.{}", group, parameter.key);
    row.type = isFlag ? "flag" : "whole number";
    row.unit = UnitText(parameter.unit);
    row.allowed = isFlag ? "on or off" : fmt::format("{} to {}", parameter.min, parameter.max);
    row.meaning = parameter.meaning;
    return row;
}

/// A row of the protocol's table. What is set is remembered as set, even to its default.
Key
ProtocolKey(const Parameter& parameter)
{
    Key row = ParameterKey("protocol", parameter);
    row.read = [&parameter](const Key& key, const Value& value, Scenario& scenario)
    {
        scenario.protocol[std::string(parameter.key)] = ReadParameter(parameter, key, value);
    };
    row.print = [&parameter](const Scenario& scenario)
    {
        const auto found = scenario.protocol.find(parameter.key);
        return PrintParameter(
            parameter, found == scenario.protocol.end() ? parameter.defaultValue : found->second);
    };
    return row;
}

/// A rule's default is the policy's own, whichever that is.
Key
RuleKey(const Parameter& parameter)
{
    Key row = ProtocolKey(parameter);
    row.allowed = "on, off or policy";
    row.meaning += fmt::format("; policy: on in {}", PoliciesWith(parameter));
    row.read =
        [inner = row.read, &parameter](const Key& key, const Value& value, Scenario& scenario)
    {
        if (IsWord(value, "policy"))
        {
            scenario.protocol.erase(std::string(parameter.key));
            return;
        }
        inner(key, value, scenario);
    };
    row.print = [inner = row.print, &parameter](const Scenario& scenario)
    {
        return scenario.protocol.count(parameter.key) == 0 ? "policy" : inner(scenario);
    };
    return row;
}

} // namespace

std::vector<Key>
ProtocolKeys()
{
    std::vector<Key> rows;
    for (const Parameter& parameter : ParameterTable())
    {
        const bool isRule = parameter.key.rfind("rules.", 0) == 0;
        rows.push_back(isRule ? RuleKey(parameter) : ProtocolKey(parameter));
    }
    return rows;
}

std::vector<Key>
UpdateKeys()
{
    std::vector<Key> rows;
    for (const UpdateParameter& parameter : UpdateParameterTable())
    {
        Key row = ParameterKey("update", parameter);
        row.read = [&parameter](const Key& key, const Value& value, Scenario& scenario)
        {
            SetParameter(scenario.update, parameter, ReadParameter(parameter, key, value));
        };
        row.print = [&parameter](const Scenario& scenario)
        {
            return PrintParameter(parameter, GetParameter(scenario.update, parameter));
        };
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace lanpeer::scenario
