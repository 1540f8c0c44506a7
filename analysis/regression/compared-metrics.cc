#include "analysis/regression/compared-metrics.h"

#include <optional>

namespace lanpeer::regression
{

namespace
{

using analysis::Metrics;

Figure
Optional(const std::optional<double>& value)
{
    return value ? Figure(*value) : Figure();
}

Figure
Total(const analysis::ReasonCounts& counts)
{
    std::uint64_t total = 0;
    for (const auto& [reason, count] : counts)
    {
        total += count;
    }
    return total;
}

/// Where nodes keep no update service there is nothing to measure.
Figure
MissingReleases(const Metrics& m)
{
    return m.updates ? Figure(m.updates->missing) : Figure();
}

Figure
OutOfDate(const Metrics& m)
{
    return m.updates ? Optional(m.updates->outOfDateS.mean) : Figure();
}

} // namespace

const std::vector<ComparedMetric>&
ComparedMetrics()
{
    constexpr Direction kLower = Direction::LowerIsBetter;
    constexpr Direction kHigher = Direction::HigherIsBetter;
    constexpr Direction kTold = Direction::Informational;
    static const std::vector<ComparedMetric> metrics = {
        {"internet_bytes",
         kLower,
         [](const Metrics& m) -> Figure
         {
             return m.internetBytes;
         }},
        {"catalog_bytes",
         kLower,
         [](const Metrics& m) -> Figure
         {
             return m.catalogBytes;
         }},
        {"copies",
         kLower,
         [](const Metrics& m)
         {
             return Optional(m.copies);
         }},
        {"saved_fraction",
         kHigher,
         [](const Metrics& m)
         {
             return Optional(m.savedFraction);
         }},
        {"served.max_bytes",
         kLower,
         [](const Metrics& m) -> Figure
         {
             return m.served.maxBytes;
         }},
        {"packets.i_have_duplicate",
         kLower,
         [](const Metrics& m) -> Figure
         {
             return m.packets.iHaveDuplicate;
         }},
        {"finish_s.mean",
         kLower,
         [](const Metrics& m)
         {
             return Optional(m.finishS.mean);
         }},
        {"finish_s.p95",
         kLower,
         [](const Metrics& m)
         {
             return Optional(m.finishS.p95);
         }},
        {"finish_s.last",
         kLower,
         [](const Metrics& m)
         {
             return Optional(m.finishS.last);
         }},
        {"updates.missing", kLower, MissingReleases},
        {"updates.out_of_date_s.mean", kLower, OutOfDate},
        {"failures",
         kLower,
         [](const Metrics& m)
         {
             return Total(m.failures);
         }},
        {"resource_bytes",
         kTold,
         [](const Metrics& m) -> Figure
         {
             return m.resourceBytes;
         }},
        {"uplink_bytes",
         kTold,
         [](const Metrics& m) -> Figure
         {
             return m.uplinkBytes;
         }},
        {"served.jain",
         kTold,
         [](const Metrics& m)
         {
             return Optional(m.served.jain);
         }},
        {"packets.i_need",
         kTold,
         [](const Metrics& m) -> Figure
         {
             return m.packets.iNeed;
         }},
        {"packets.i_have",
         kTold,
         [](const Metrics& m) -> Figure
         {
             return m.packets.iHave;
         }},
        {"packets.sent_bytes",
         kTold,
         [](const Metrics& m) -> Figure
         {
             return m.packets.sentBytes;
         }},
        {"response_delay_ms.mean",
         kTold,
         [](const Metrics& m)
         {
             return Optional(m.responseDelayMs.mean);
         }},
        {"find_s.mean",
         kTold,
         [](const Metrics& m)
         {
             return Optional(m.findS.mean);
         }},
        {"stalls",
         kTold,
         [](const Metrics& m) -> Figure
         {
             return m.stalls;
         }},
        {"refusals",
         kTold,
         [](const Metrics& m)
         {
             return Total(m.refusals);
         }},
        {"dropped",
         kTold,
         [](const Metrics& m)
         {
             return Total(m.dropped);
         }},
        {"events",
         kTold,
         [](const Metrics& m) -> Figure
         {
             return m.events;
         }},
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

} // namespace lanpeer::regression
