#include "analysis/results/run-key.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <system_error>

namespace lanpeer::analysis
{

namespace
{

using Json = nlohmann::ordered_json;

/// \returns less than, equal to or more than 0
int
Compare(const std::string& left, const std::string& right)
{
    const auto leftNumber = NumberOf(left);
    const auto rightNumber = NumberOf(right);
    if (leftNumber && rightNumber && *leftNumber != *rightNumber)
    {
        return *leftNumber < *rightNumber ? -1 : 1;
    }
    if (leftNumber.has_value() != rightNumber.has_value())
    {
        return leftNumber ? -1 : 1; // numbers before words
    }
    return left.compare(right);
}

} // namespace

std::optional<double>
NumberOf(const std::string& text)
{
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    const bool isNumber = !text.empty() && error == std::errc() && at == end;
    return isNumber && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::string
Describe(const MadeBy& by)
{
    return fmt::format("commit {}{}, sources {}, ns-3 {}, {}",
                       by.commit,
                       by.dirty ? " with changes" : "",
                       by.sources,
                       by.ns3,
                       by.compiler);
}

void
SortPolicies(std::vector<std::string>& policies)
{
    static const std::vector<std::string> order = {
        "direct", "proxy", "fig4a", "fig4b", "robust", "coop"};
    const auto place = [](const std::string& policy)
    {
        return std::find(order.begin(), order.end(), policy) - order.begin();
    };
    std::stable_sort(policies.begin(),
                     policies.end(),
                     [&place](const std::string& left, const std::string& right)
                     { return place(left) < place(right); });
}

std::string
ParametersJson(const std::map<std::string, std::string>& parameters)
{
    Json object = Json::object();
    for (const auto& [path, value] : parameters)
    {
        object[path] = value;
    }
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::map<std::string, std::string>
ParametersFromJson(const std::string& text)
{
    std::map<std::string, std::string> parameters;
    try
    {
        const Json object = Json::parse(text);
        for (const auto& [path, value] : object.items())
        {
            parameters[path] = value.get<std::string>();
        }
    }
    catch (const Json::exception&)
    {
        throw std::invalid_argument("parameters: not as they were written");
    }
    return parameters;
}

bool
ComesBefore(const RunKey& left, const RunKey& right)
{
    if (left.scenario != right.scenario)
    {
        return left.scenario < right.scenario;
    }
    auto mine = left.parameters.begin();
    auto theirs = right.parameters.begin();
    for (; mine != left.parameters.end() && theirs != right.parameters.end(); ++mine, ++theirs)
    {
        if (mine->first != theirs->first)
        {
            return mine->first < theirs->first;
        }
        if (const int order = Compare(mine->second, theirs->second); order != 0)
        {
            return order < 0;
        }
    }
    if (mine != left.parameters.end() || theirs != right.parameters.end())
    {
        return mine == left.parameters.end();
    }
    return std::tie(left.policy, left.seed, left.run) <
           std::tie(right.policy, right.seed, right.run);
}

std::string
Describe(const RunKey& key)
{
    std::string text = key.scenario;
    for (const auto& [path, value] : key.parameters)
    {
        text += fmt::format(", {}={}", path, value);
    }
    return text + fmt::format(", {}, seed {}, run {}", key.policy, key.seed, key.run);
}

} // namespace lanpeer::analysis
