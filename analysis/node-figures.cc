#include "analysis/node-figures.h"

#include "analysis/finish-times.h"
#include "analysis/metrics-json.h"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace lanpeer::analysis
{

using Json = nlohmann::ordered_json;

NodeFigures
ComputeNodeFigures(const RunRecord& record)
{
    CheckRecord(record);
    constexpr double kUsPerS = 1e6;
    NodeFigures figures;
    for (const NodeRecord& node : record.nodes)
    {
        figures.servedBytes.push_back(node.servedBodyBytes);
        figures.wanted.push_back(!node.wanted.empty());
    }
    for (const auto& finishUs : FinishTimesUs(record))
    {
        figures.finishS.push_back(finishUs ? std::optional(static_cast<double>(*finishUs) / kUsPerS)
                                           : std::nullopt);
    }
    return figures;
}

std::string
ToJsonText(const NodeFigures& figures)
{
    Json finish = Json::array();
    for (const std::optional<double>& seconds : figures.finishS)
    {
        finish.push_back(seconds ? Json(RoundedForJson(*seconds)) : Json(nullptr));
    }
    Json object;
    object["served_bytes"] = figures.servedBytes;
    object["finish_s"] = std::move(finish);
    if (!figures.wanted.empty())
    {
        object["wanted"] = std::vector<int>(figures.wanted.begin(), figures.wanted.end());
    }
    return object.dump();
}

NodeFigures
NodeFiguresFromJsonText(std::string_view text)
{
    NodeFigures figures;
    try
    {
        const Json object = Json::parse(text);
        object.at("served_bytes").get_to(figures.servedBytes);
        for (const Json& seconds : object.at("finish_s"))
        {
            figures.finishS.push_back(seconds.is_null() ? std::nullopt
                                                        : std::optional(seconds.get<double>()));
        }
        for (const Json& wanted : object.value("wanted", Json::array()))
        {
            figures.wanted.push_back(wanted.get<int>() != 0);
        }
    }
    catch (const Json::exception&)
    {
        throw std::invalid_argument("figures by node: not as they were written");
    }
    return figures;
}

} // namespace lanpeer::analysis
