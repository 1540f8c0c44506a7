#include "analysis/figure-names.h"

#include "analysis/metrics-json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace lanpeer::analysis
{

namespace
{

using Json = nlohmann::ordered_json;
using Figures = std::vector<std::pair<std::string, std::optional<double>>>;

/// What is counted by reason: its members differ from run to run.
bool
IsCountedByReason(const std::string& name)
{
    return name == "failures" || name == "refusals" || name == "dropped" ||
           name == "updates.checks";
}

double
Sum(const Json& counts)
{
    double sum = 0;
    for (const Json& count : counts)
    {
        sum += count.get<double>();
    }
    return sum;
}

void
Flatten(const Json& object, const std::string& prefix, Figures& figures)
{
    for (const auto& [key, value] : object.items())
    {
        const std::string name = prefix + key;
        if (IsCountedByReason(name))
        {
            figures.emplace_back(name, Sum(value));
        }
        else if (value.is_object())
        {
            Flatten(value, name + '.', figures);
        }
        else if (value.is_number() || value.is_null())
        {
            figures.emplace_back(
                name, value.is_null() ? std::nullopt : std::optional(value.get<double>()));
        }
    }
}

/// Gives a group that is null its members, so that they have names. \returns its name and a dot if
/// it was.
template <typename Group>
std::optional<std::string>
FillIn(std::optional<Group>& group, const std::string& name)
{
    if (group)
    {
        return std::nullopt;
    }
    group.emplace();
    return name + '.';
}

/// Of every run the same names, whatever groups it has.
Figures
AllOf(Metrics metrics)
{
    const std::optional<std::string> absent[] = {FillIn(metrics.adversaries, "adversaries"),
                                                 FillIn(metrics.proxy, "proxy"),
                                                 FillIn(metrics.updates, "updates"),
                                                 FillIn(metrics.faults, "faults")};
    Json object = ToJson(metrics);
    for (const char* const other : {"seed", "run", "wall_s"})
    {
        object.erase(other);
    }
    Figures figures;
    Flatten(object, "", figures);
    for (auto& [name, value] : figures)
    {
        for (const auto& prefix : absent)
        {
            if (prefix && name.rfind(*prefix, 0) == 0)
            {
                value.reset();
            }
        }
    }
    return figures;
}

} // namespace

const std::vector<std::string>&
FigureNames()
{
    static const std::vector<std::string> names = []
    {
        std::vector<std::string> list;
        for (const auto& [name, value] : AllOf(Metrics()))
        {
            list.push_back(name);
        }
        return list;
    }();
    return names;
}

std::vector<std::optional<double>>
FiguresOf(const Metrics& metrics)
{
    std::vector<std::optional<double>> values;
    for (const auto& [name, value] : AllOf(metrics))
    {
        values.push_back(value);
    }
    return values;
}

std::optional<double>
FigureOf(const Metrics& metrics, std::string_view name)
{
    const std::vector<std::string>& names = FigureNames();
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
    {
        throw std::invalid_argument("no figure of that name");
    }
    return FiguresOf(metrics)[static_cast<std::size_t>(found - names.begin())];
}

} // namespace lanpeer::analysis
