#include "analysis/regression/compared-metrics.h"

#include "analysis/metrics-json.h"

#include <nlohmann/json.hpp>

namespace lanpeer::regression
{

namespace
{

using Json = nlohmann::ordered_json;

Figure
FigureIn(const Json& value)
{
    if (value.is_object())
    {
        std::uint64_t total = 0;
        for (const auto& count : value)
        {
            total += count.get<std::uint64_t>();
        }
        return total;
    }
    if (value.is_number_integer())
    {
        return value.get<std::uint64_t>();
    }
    return value.is_null() ? Figure() : Figure(value.get<double>());
}

/// \param path keys with dots between; of a group that is null all is
Figure
FigureAt(const Json& object, std::string_view path)
{
    const std::size_t dot = path.find('.');
    const Json& value = object.at(std::string(path.substr(0, dot)));
    const bool isGroup = dot != std::string_view::npos && !value.is_null();
    return isGroup ? FigureAt(value, path.substr(dot + 1)) : FigureIn(value);
}

} // namespace

const std::vector<ComparedMetric>&
ComparedMetrics()
{
    static const std::vector<ComparedMetric> metrics = {
        {"internet_bytes", Direction::LowerIsBetter},
        {"catalog_bytes", Direction::LowerIsBetter},
        {"copies", Direction::LowerIsBetter},
        {"saved_fraction", Direction::HigherIsBetter},
        {"served.max_bytes", Direction::LowerIsBetter},
        {"packets.i_have_duplicate", Direction::LowerIsBetter},
        {"finish_s.mean", Direction::LowerIsBetter},
        {"finish_s.p95", Direction::LowerIsBetter},
        {"finish_s.last", Direction::LowerIsBetter},
        {"updates.missing", Direction::LowerIsBetter},
        {"updates.out_of_date_s.mean", Direction::LowerIsBetter},
        {"failures", Direction::LowerIsBetter},
        {"resource_bytes", Direction::Informational},
        {"uplink_bytes", Direction::Informational},
        {"served.jain", Direction::Informational},
        {"packets.i_need", Direction::Informational},
        {"packets.i_have", Direction::Informational},
        {"packets.sent_bytes", Direction::Informational},
        {"response_delay_ms.mean", Direction::Informational},
        {"find_s.mean", Direction::Informational},
        {"stalls", Direction::Informational},
        {"refusals", Direction::Informational},
        {"dropped", Direction::Informational},
        {"events", Direction::Informational},
    };
    return metrics;
}

std::vector<std::string>
MetricNames()
{
    std::vector<std::string> names;
    for (const ComparedMetric& metric : ComparedMetrics())
    {
        names.emplace_back(metric.name);
    }
    return names;
}

std::vector<Figure>
FiguresOf(const analysis::Metrics& run)
{
    const Json json = analysis::ToJson(run);
    std::vector<Figure> figures;
    for (const ComparedMetric& metric : ComparedMetrics())
    {
        figures.push_back(FigureAt(json, metric.name));
    }
    return figures;
}

} // namespace lanpeer::regression
