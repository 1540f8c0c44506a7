#include "analysis/report/closed-forms.h"

#include "analysis/closed-form/response-delay.h"
#include "analysis/report/json-figures.h"
#include "analysis/report/measures.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <optional>
#include <string>

namespace lanpeer::report
{

using Json = nlohmann::ordered_json;

namespace
{

constexpr double kDelayMs = 2000;    ///< [0021]
constexpr double kLatencyUs = 25;    ///< key lan.latency_us
constexpr double kRateMbps = 100;    ///< key lan.rate_mbps
constexpr double kPacketBits = 2400; ///< about an "I have" or "I found" with its heads
constexpr double kMostHolders = 65533;

/// A number that the sweep sets at that setting, for all or on an axis; nullopt: not, or no number.
std::optional<double>
SetTo(const Sweep& sweep, const Setting& setting, const std::string& path)
{
    for (std::size_t axis = 0; axis < sweep.axes.size(); ++axis)
    {
        if (sweep.axes[axis].path == path)
        {
            return NumberOf(sweep.axes[axis].values[setting[axis]]);
        }
    }
    const auto fixed = sweep.fixed.find(path);
    return fixed == sweep.fixed.end() ? std::nullopt : NumberOf(fixed->second);
}

double
CancelWindowMs(const Sweep& sweep, const Setting& setting)
{
    constexpr double kUsPerMs = 1000;
    const double latencyUs = SetTo(sweep, setting, "lan.latency_us").value_or(kLatencyUs);
    const double rateMbps = SetTo(sweep, setting, "lan.rate_mbps").value_or(kRateMbps);
    return 4 * (latencyUs + (kPacketBits / rateMbps)) / kUsPerMs;
}

} // namespace

Json
ClosedFormsJson(const Sweep& sweep)
{
    Json delays = Json::array();
    Json answers = Json::array();
    const Setting* last = nullptr;
    for (const Cell& cell : sweep.cells)
    {
        const Setting& setting = cell.setting;
        if (last != nullptr && *last == setting)
        {
            continue; // of another policy
        }
        last = &setting;
        const auto holders = SetTo(sweep, setting, "workload.holders");
        const double delayMs =
            SetTo(sweep, setting, "protocol.response_delay_ms").value_or(kDelayMs);
        if (!holders || *holders < 1 || *holders > kMostHolders || delayMs < 0)
        {
            continue;
        }
        const auto k = static_cast<std::uint32_t>(*holders);
        delays.push_back(
            Json::array({setting, Short(analysis::ExpectedResponseDelayMs(k, delayMs))}));
        answers.push_back(Json::array(
            {setting,
             Short(analysis::ExpectedIHaves(k, CancelWindowMs(sweep, setting), delayMs))}));
    }
    Json forms = Json::array();
    if (!delays.empty())
    {
        forms.push_back({{"measure", MeasureAt("response_delay_ms.mean")},
                         {"name", "closed form D/(k+1)"},
                         {"assumes",
                          "k holders that each draw from 0 to D, one asker, nothing lost; the way "
                          "of the two packets comes on top"},
                         {"rows", std::move(delays)}});
        forms.push_back({{"measure", MeasureAt("i_have_per_i_need")},
                         {"name", "closed form k w/D + 1 - (w/D)^k"},
                         {"assumes",
                          "k holders, one asker, nothing lost; the “I found” reaches the other "
                          "holders a time w after the first “I have” was sent"},
                         {"rows", std::move(answers)}});
    }
    return forms;
}

} // namespace lanpeer::report
