#include "analysis/report/closed-forms.h"

#include "analysis/closed-form/response-delay.h"
#include "analysis/report/json-figures.h"
#include "analysis/report/measures.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace lanpeer::report
{

using Json = nlohmann::ordered_json;
using analysis::Bounds;
using analysis::CopiesCase;

namespace
{

constexpr double kPacketBits = 2400; ///< about an "I have" or "I found" with its heads
constexpr std::size_t kMostSettings = 500;

/// What is known of one setting.
struct Place
{
    Setting setting;
    World world;
};

std::vector<Place>
PlacesOf(const Sweep& sweep, const RunSource& source)
{
    std::vector<Place> places;
    std::optional<Setting> last;
    for (const Cell& cell : sweep.cells)
    {
        if (!source.world || last == cell.setting)
        {
            continue; // of another policy
        }
        last = cell.setting;
        if (const std::optional<World> world = source.world(cell.key))
        {
            places.push_back({cell.setting, *world});
        }
        if (places.size() > kMostSettings)
        {
            return {};
        }
    }
    return places;
}

/// One way over the LAN: two cables, two sendings.
double
WayMs(const World& world)
{
    constexpr double kUsPerMs = 1000;
    return 2 * (world.latencyUs + (kPacketBits / world.rateMbps)) / kUsPerMs;
}

Json
Row(const Setting& setting, const Bounds& bounds)
{
    return Json::array({setting, Short(bounds.low), Short(bounds.high)});
}

void
AddForm(Json& forms,
        const std::string& measure,
        Json policy,
        const std::string& name,
        const std::string& assumes,
        Json rows)
{
    if (!rows.empty())
    {
        forms.push_back({{"measure", MeasureAt(measure)},
                         {"policy", std::move(policy)},
                         {"name", name},
                         {"assumes", assumes},
                         {"rows", std::move(rows)}});
    }
}

void
AddAnswers(Json& forms, const std::vector<Place>& places)
{
    Json delays = Json::array();
    Json answers = Json::array();
    for (const auto& [setting, world] : places)
    {
        if (world.holders > 0)
        {
            const double delay = analysis::ExpectedResponseDelayMs(world.holders, world.delayMs);
            delays.push_back(Row(setting, {delay, delay}));
            const double sent =
                analysis::ExpectedIHaves(world.holders, 2 * WayMs(world), world.delayMs);
            answers.push_back(Row(setting, {sent, sent}));
        }
    }
    AddForm(forms,
            "response_delay_ms.mean",
            nullptr,
            "closed form D/(k+1)",
            "k holders that each draw from 0 to D, one asker, nothing lost; the way of the two "
            "packets comes on top",
            std::move(delays));
    AddForm(forms,
            "i_have_per_i_need",
            nullptr,
            "closed form k w/D + 1 - (w/D)^k",
            "k holders, one asker, nothing lost; the “I found” reaches the other holders a time w "
            "after the first “I have” was sent",
            std::move(answers));
}

/// In the mean over the resources, by their bytes.
Bounds
CopiesOf(const World& world, Bounds (*form)(const CopiesCase&))
{
    const double all = std::accumulate(world.resourceBytes.begin(), world.resourceBytes.end(), 0.0);
    Bounds bounds;
    for (const double bytes : world.resourceBytes)
    {
        CopiesCase of = *world.copies;
        of.propagationMs = std::min(WayMs(world), of.delayMaxMs + of.allowanceMs);
        of.retrievalMs = bytes * 8 / world.uplinkKbps;
        of.sharing = static_cast<std::uint32_t>(std::clamp(of.nodes * all / bytes, 1.0, 1e9));
        const Bounds one = form(of);
        bounds.low += one.low * bytes / all;
        bounds.high += one.high * bytes / all;
    }
    return bounds;
}

void
AddCopies(Json& forms,
          const Sweep& sweep,
          const std::vector<Place>& places,
          const std::string& policy,
          Bounds (*form)(const CopiesCase&))
{
    const auto found = std::find(sweep.policies.begin(), sweep.policies.end(), policy);
    if (found == sweep.policies.end())
    {
        return;
    }
    const auto index = static_cast<std::size_t>(found - sweep.policies.begin());
    Json rows = Json::array();
    bool exact = true;
    for (const auto& [setting, world] : places)
    {
        if (world.copies && !world.resourceBytes.empty() &&
            CellAt(sweep, setting, index) != nullptr)
        {
            try
            {
                const Bounds bounds = CopiesOf(world, form);
                constexpr double kSame = 1e-6;
                exact = exact && bounds.high - bounds.low < kSame * bounds.high;
                rows.push_back(Row(setting, bounds));
            }
            catch (const std::invalid_argument&)
            {
                continue; // the form does not go so far
            }
        }
    }
    AddForm(forms,
            "copies",
            index,
            policy + (exact ? ", closed form" : ", bounds"),
            "everybody asks once and waits as long as it takes (on slow lines nodes give up), "
            "nothing is "
            "lost or fails, packets take no time",
            std::move(rows));
}

} // namespace

Json
ClosedFormsJson(const Sweep& sweep, const RunSource& source)
{
    const std::vector<Place> places = PlacesOf(sweep, source);
    Json forms = Json::array();
    AddAnswers(forms, places);
    AddCopies(forms, sweep, places, "fig4a", analysis::Fig4aCopies);
    AddCopies(forms, sweep, places, "fig4b", analysis::Fig4bCopies);
    AddCopies(forms, sweep, places, "robust", analysis::RobustCopies);
    return forms;
}

} // namespace lanpeer::report
