#include "scenarios/listings.h"

#include "model/protocol/reason.h"
#include "model/settings/text.h"
#include "scenarios/key-table.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>

namespace lanpeer::scenario
{

using namespace settings;

namespace
{

using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

std::size_t
Width(const std::vector<Row>& rows, std::size_t column)
{
    std::size_t width = 0;
    for (const Row& row : rows)
    {
        width = std::max(width, row[column].size());
    }
    return width;
}

/// Columns two spaces apart, the last one ragged. The rows with the same first cell stand under it
/// as under a heading.
std::string
Grouped(const std::vector<Row>& rows)
{
    std::string text;
    std::string_view group = "\n";
    for (const Row& row : rows)
    {
        if (row[0] != group)
        {
            text += fmt::format("{}{}\n", text.empty() ? "" : "\n", row[0]);
            group = row[0];
        }
        std::string line = " ";
        for (std::size_t column = 1; column < row.size(); ++column)
        {
            const bool last = column + 1 == row.size();
            line += fmt::format(" {:<{}} ", row[column], last ? 0 : Width(rows, column));
        }
        text += line.erase(line.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

std::string
GroupOfPath(const std::string& path)
{
    const std::size_t dot = path.rfind('.');
    return dot == std::string::npos ? "(top)" : path.substr(0, dot);
}

/// What may stand there, and what will one day.
std::string
AllowedText(const Key& key)
{
    if (!key.built)
    {
        return key.allowed + " (else: not yet)";
    }
    return key.later.empty()
               ? key.allowed
               : fmt::format("{} (not yet: {})", key.allowed, JoinWords(key.later, "and"));
}

std::string
GroupTitle(ReasonGroup group)
{
    switch (group)
    {
    case ReasonGroup::Failure:
        return "failures: why a request failed";
    case ReasonGroup::Refusal:
        return "refusals: what a verifier refused";
    case ReasonGroup::Drop:
        return "dropped: why a packet was dropped";
    case ReasonGroup::Note:
        return "notes: what else is counted";
    }
    return "";
}

} // namespace

std::string
ListText(const std::vector<ShippedScenario>& scenarios)
{
    std::size_t width = 0;
    for (const ShippedScenario& scenario : scenarios)
    {
        width = std::max(width, scenario.name.size());
    }
    std::string text;
    for (const ShippedScenario& scenario : scenarios)
    {
        text += fmt::format("{:<{}}  {}\n", scenario.name, width, scenario.about);
    }
    return text;
}

std::string
KeysText()
{
    std::vector<Row> rows;
    for (const Key& key : KeyTable())
    {
        rows.push_back({GroupOfPath(key.path),
                        key.path,
                        key.Default(),
                        key.unit,
                        AllowedText(key),
                        key.meaning});
    }
    // One heading per group, wherever its rows stand in the table.
    std::stable_sort(rows.begin(),
                     rows.end(),
                     [](const Row& left, const Row& right)
                     { return (left[0] == "(top)") > (right[0] == "(top)"); });
    return Grouped(rows);
}

std::string
KeysJson()
{
    Json array = Json::array();
    for (const Key& key : KeyTable())
    {
        array.push_back({{"key", key.path},
                         {"default", key.Default()},
                         {"type", key.type},
                         {"unit", key.unit},
                         {"allowed", key.allowed},
                         {"built", key.built},
                         {"not_in_this_version", key.later},
                         {"meaning", key.meaning}});
    }
    return array.dump(2) + "\n";
}

std::string
ReasonsText()
{
    std::vector<Row> rows;
    for (const ReasonRow& row : ReasonTable())
    {
        rows.push_back({GroupTitle(row.group), std::string(row.name), std::string(row.meaning)});
    }
    return Grouped(rows);
}

std::string
ReasonsJson()
{
    Json array = Json::array();
    for (const ReasonRow& row : ReasonTable())
    {
        array.push_back(
            {{"reason", row.name}, {"group", ToString(row.group)}, {"meaning", row.meaning}});
    }
    return array.dump(2) + "\n";
}

} // namespace lanpeer::scenario
