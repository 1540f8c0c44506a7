#include "analysis/report/measures.h"

#include <algorithm>
#include <stdexcept>

namespace lanpeer::report
{

namespace
{

using analysis::Metrics;
using Value = std::optional<double>;

struct Source
{
    Measure measure;
    Value (*of)(const Metrics&);
};

double
Total(const analysis::ReasonCounts& counts)
{
    double total = 0;
    for (const auto& [reason, count] : counts)
    {
        total += static_cast<double>(count);
    }
    return total;
}

Value
Number(std::uint64_t count)
{
    return static_cast<double>(count);
}

/// Per "I need", re-asks included: what the closed form of [0021]-[0024] tells.
Value
AnswersPerAsk(const Metrics& m)
{
    return m.packets.iNeed == 0
               ? Value()
               : static_cast<double>(m.packets.iHave) / static_cast<double>(m.packets.iNeed);
}

Value
OutOfDateHours(const Metrics& m)
{
    constexpr double kHourS = 3600;
    return m.updates && m.updates->outOfDateS.mean ? Value(*m.updates->outOfDateS.mean / kHourS)
                                                   : Value();
}

/// The catalog belongs to the update service: 0 where there is none means nothing.
Value
CatalogBytes(const Metrics& m)
{
    return m.updates ? Number(m.catalogBytes) : Value();
}

const std::vector<Source>&
Sources()
{
    static const std::vector<Source> sources = {
        {{"internet_bytes", "Internet", "B", 2, -1},
         [](const Metrics& m)
         {
             return Number(m.internetBytes);
         }},
        {{"copies", "Internet, copies", "", 2, -1},
         [](const Metrics& m)
         {
             return m.copies;
         }},
        {{"saved_fraction", "saved fraction", "", 3, 1},
         [](const Metrics& m)
         {
             return m.savedFraction;
         }},
        {{"served.max_bytes", "served, most by one node", "B", 2, -1},
         [](const Metrics& m)
         {
             return Number(m.served.maxBytes);
         }},
        {{"served.mean_bytes", "served, mean of nodes", "B", 2, 0},
         [](const Metrics& m)
         {
             return Value(m.served.meanBytes);
         }},
        {{"served.jain", "served, Jain's index", "", 3, 1},
         [](const Metrics& m)
         {
             return m.served.jain;
         }},
        {{"packets.i_have", "“I have” sent", "", 1, -1},
         [](const Metrics& m)
         {
             return Number(m.packets.iHave);
         }},
        {{"packets.i_have_duplicate", "“I have” duplicate", "", 1, -1},
         [](const Metrics& m)
         {
             return Number(m.packets.iHaveDuplicate);
         }},
        {{"i_have_per_i_need", "“I have” per “I need”", "", 3, -1}, AnswersPerAsk},
        {{"response_delay_ms.mean", "response delay, mean", "ms", 1, -1},
         [](const Metrics& m)
         {
             return m.responseDelayMs.mean;
         }},
        {{"find_s.mean", "time to find, mean", "s", 2, -1},
         [](const Metrics& m)
         {
             return m.findS.mean;
         }},
        {{"finish_s.mean", "time to finish, mean", "s", 2, -1},
         [](const Metrics& m)
         {
             return m.finishS.mean;
         }},
        {{"finish_s.p95", "time to finish, 95 % of nodes", "s", 2, -1},
         [](const Metrics& m)
         {
             return m.finishS.p95;
         }},
        {{"finish_s.last", "time to finish, last node", "s", 2, -1},
         [](const Metrics& m)
         {
             return m.finishS.last;
         }},
        {{"catalog_bytes", "catalog", "B", 2, -1}, CatalogBytes},
        {{"updates.out_of_date_h.mean", "out of date, mean", "h", 2, -1}, OutOfDateHours},
        {{"failures", "failed requests", "", 1, -1},
         [](const Metrics& m)
         {
             return Value(Total(m.failures));
         }},
        {{"adversaries.packets_sent", "packets of hostile nodes", "", 1, 0},
         [](const Metrics& m)
         {
             return m.adversaries ? Number(m.adversaries->packetsSent) : Value();
         }},
        {{"adversaries.altered_received", "altered bodies received", "", 1, -1},
         [](const Metrics& m)
         {
             return m.adversaries ? Number(m.adversaries->alteredReceived) : Value();
         }},
        {{"adversaries.altered_installed", "altered bodies installed", "", 1, -1},
         [](const Metrics& m)
         {
             return m.adversaries ? Number(m.adversaries->alteredInstalled) : Value();
         }},
    };
    return sources;
}

} // namespace

const std::vector<Measure>&
Measures()
{
    static const std::vector<Measure> measures = []
    {
        std::vector<Measure> all;
        for (const Source& source : Sources())
        {
            all.push_back(source.measure);
        }
        return all;
    }();
    return measures;
}

std::size_t
MeasureAt(const std::string& key)
{
    const auto found = std::find_if(Measures().begin(),
                                    Measures().end(),
                                    [&key](const Measure& measure) { return measure.key == key; });
    if (found == Measures().end())
    {
        throw std::out_of_range("report: no measure " + key);
    }
    return static_cast<std::size_t>(found - Measures().begin());
}

std::vector<std::optional<double>>
ValuesOf(const analysis::Metrics& metrics)
{
    std::vector<std::optional<double>> values;
    for (const Source& source : Sources())
    {
        values.push_back(source.of(metrics));
    }
    return values;
}

ByteScale
ScaleOf(double mostBytes)
{
    for (const ByteScale& scale : {ByteScale{1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}})
    {
        if (mostBytes >= scale.divisor)
        {
            return scale;
        }
    }
    return {};
}

} // namespace lanpeer::report
