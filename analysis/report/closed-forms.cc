#include "analysis/report/closed-forms.h"

#include "analysis/closed-form/lower-bounds.h"
#include "analysis/closed-form/response-delay.h"
#include "analysis/report/json-figures.h"
#include "analysis/report/measures.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
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
constexpr std::size_t kMostFlowNodes = 20000; ///< a tenth of a second or so

/// What is known of one setting.
struct Place
{
    Setting setting;
    World world;
};

/// What is told instead of a form, and in how many settings.
using Reasons = std::map<std::string, std::size_t>;

/// Takes what is drawn, and what is not.
class Forms
{
  public:
    explicit Forms(std::size_t settings)
        : m_settings(settings)
    {
    }

    void Add(const std::string& measure,
             Json policy,
             const std::string& name,
             const std::string& assumes,
             Json rows)
    {
        if (!rows.empty())
        {
            m_forms.push_back({{"measure", MeasureAt(measure)},
                               {"policy", std::move(policy)},
                               {"name", name},
                               {"assumes", assumes},
                               {"rows", std::move(rows)}});
        }
    }

    void AddNone(Json measure, const std::string& sentence)
    {
        m_none.push_back({std::move(measure), sentence});
    }

    /// \p what there is none of
    void Tell(const std::string& measure, const std::string& what, const Reasons& reasons)
    {
        for (const auto& [reason, settings] : reasons)
        {
            const std::string where =
                settings == m_settings ? std::string()
                                       : fmt::format(" in {} of {} settings", settings, m_settings);
            AddNone(MeasureAt(measure), fmt::format("No {}{}: {}.", what, where, reason));
        }
    }

    Json Take()
    {
        return {{"forms", std::move(m_forms)}, {"none", std::move(m_none)}};
    }

  private:
    std::size_t m_settings;
    Json m_forms = Json::array();
    Json m_none = Json::array();
};

/// Of all settings, or of the first too many.
std::vector<Setting>
SettingsOf(const Sweep& sweep)
{
    std::vector<Setting> settings;
    for (const Cell& cell : sweep.cells)
    {
        if (settings.empty() || settings.back() != cell.setting) // else of another policy
        {
            settings.push_back(cell.setting);
        }
        if (settings.size() > kMostSettings)
        {
            break;
        }
    }
    return settings;
}

std::vector<Place>
PlacesOf(const Sweep& sweep, const RunSource& source)
{
    std::vector<Place> places;
    for (const Cell& cell : sweep.cells)
    {
        const bool isNew = places.empty() || places.back().setting != cell.setting;
        if (const auto world = isNew ? source.world(cell.key) : std::nullopt)
        {
            places.push_back({cell.setting, *world});
        }
    }
    return places;
}

Json
Row(const Setting& setting, const Bounds& bounds)
{
    return Json::array({setting, Short(bounds.low), Short(bounds.high)});
}

/// Why nothing is said of answers there; nullptr: something is.
const char*
WhyNoAnswers(const World& world)
{
    if (world.holders == 0)
    {
        return "nobody holds it at the start, so that the number of holders grows from none";
    }
    if (world.askers != 1)
    {
        return "several nodes ask, and whoever has it by then answers too: the number of holders "
               "grows";
    }
    return world.lossPerCable >= 1 ? "every frame is lost" : nullptr;
}

void
AddAnswers(Forms& forms, const std::vector<Place>& places)
{
    Json delays = Json::array();
    Json answers = Json::array();
    Reasons reasons;
    bool isLossy = false;
    for (const auto& [setting, world] : places)
    {
        if (const char* const why = WhyNoAnswers(world))
        {
            ++reasons[why];
            continue;
        }
        const analysis::LossyAnswers expected = analysis::ExpectedAnswers(
            {world.holders, world.delayMs, 2 * WayMs(world), world.lossPerCable});
        isLossy = isLossy || world.lossPerCable > 0;
        delays.push_back(Row(setting, {expected.delayMs, expected.delayMs}));
        answers.push_back(Row(setting, {expected.sent, expected.sent}));
    }
    const std::string lost = isLossy ? "each cable loses frames on its own" : "nothing is lost";
    forms.Add("response_delay_ms.mean",
              nullptr,
              isLossy ? "closed form, with loss" : "closed form D/(k+1)",
              fmt::format("k holders each draw from 0 to D, one node asks, {}; the way of the two "
                          "packets comes on top",
                          lost),
              std::move(delays));
    forms.Add("i_have_per_i_need",
              nullptr,
              isLossy ? "closed form, with loss" : "closed form k w/D + 1 - (w/D)^k",
              fmt::format("k holders each draw from 0 to D, one node asks, {}; the “I found” "
                          "reaches the other holders a time w after the first “I have” was sent",
                          lost),
              std::move(answers));
    forms.Tell("response_delay_ms.mean", "closed form", reasons);
    forms.Tell("i_have_per_i_need", "closed form", reasons);
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
AddCopies(Forms& forms,
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
    Reasons reasons;
    bool exact = true;
    for (const auto& [setting, world] : places)
    {
        if (CellAt(sweep, setting, index) == nullptr)
        {
            continue;
        }
        if (!world.copies || world.resourceBytes.empty())
        {
            ++reasons[world.noCopies.empty() ? "nobody asks for anything" : world.noCopies];
            continue;
        }
        try
        {
            const Bounds bounds = CopiesOf(world, form);
            constexpr double kSame = 1e-6;
            exact = exact && bounds.high - bounds.low < kSame * bounds.high;
            rows.push_back(Row(setting, bounds));
        }
        catch (const std::invalid_argument&)
        {
            ++reasons["its numbers are outside of what the form takes"];
        }
    }
    forms.Add("copies",
              index,
              policy + (exact ? ", closed form" : ", bounds"),
              "everybody asks once and waits as long as it takes, nothing is lost or fails, and a "
              "packet takes no time but its way over the idle LAN. Measured copies are more where "
              "downloads on a slow line stand still for longer than "
              "protocol.download_stall_intervals: waiters take them for dead, and fetch too",
              std::move(rows));
    forms.Tell("copies", "closed form of " + policy, reasons);
}

double
AllBytes(const World& world)
{
    return std::accumulate(world.resourceBytes.begin(), world.resourceBytes.end(), 0.0);
}

void
AddLeastBytes(Forms& forms, const std::vector<Place>& places, const Units& units)
{
    const std::size_t inBytes = MeasureAt("internet_bytes");
    Json bytes = Json::array();
    Json copies = Json::array();
    Reasons reasons;
    for (const auto& [setting, world] : places)
    {
        std::vector<analysis::AskedResource> asked;
        for (const double size : world.resourceBytes)
        {
            asked.push_back({static_cast<std::uint64_t>(size), world.holders > 0});
        }
        const auto least = static_cast<double>(analysis::LeastInternetBytes(asked));
        if (world.askers == 0 || !(least > 0))
        {
            ++reasons[world.askers == 0 ? "what is asked for changes with time"
                                        : "somebody holds it at the start"];
            continue;
        }
        const double inUnit = least / units.divisors[inBytes];
        bytes.push_back(Row(setting, {inUnit, inUnit}));
        copies.push_back(Row(setting, {least / AllBytes(world), least / AllBytes(world)}));
    }
    constexpr const char* kName = "least: one copy of each";
    constexpr const char* kAssumes = "somebody is to have all of it";
    forms.Add("internet_bytes", nullptr, kName, kAssumes, std::move(bytes));
    forms.Add("copies", nullptr, kName, kAssumes, std::move(copies));
    forms.Tell("internet_bytes", "least that must come over the Internet", reasons);
    forms.Tell("copies", "least that must come over the Internet", reasons);
}

/// All that LeastFinishS() depends on.
using FlowKey =
    std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, double, double, double, double>;

FlowKey
FlowKeyOf(const World& world)
{
    const double smallest =
        *std::min_element(world.resourceBytes.begin(), world.resourceBytes.end());
    return {world.nodes,
            world.holders,
            world.askers,
            world.rateMbps,
            world.uplinkKbps,
            AllBytes(world),
            smallest};
}

double
LeastFinishOf(const FlowKey& key)
{
    const auto& [nodes, holders, askers, rateMbps, uplinkKbps, bytes, smallest] = key;
    constexpr double kKbpsPerMbps = 1000;
    analysis::FlowLan lan = analysis::EvenLan(nodes, holders, rateMbps, uplinkKbps / kKbpsPerMbps);
    for (std::size_t i = std::size_t{holders} + askers; i < lan.nodes.size(); ++i)
    {
        lan.nodes[i].wants = false; // they may help
    }
    return analysis::LeastFinishS(lan, bytes, smallest);
}

void
AddLeastFinish(Forms& forms, const std::vector<Place>& places)
{
    Json rows = Json::array();
    Reasons reasons;
    std::map<FlowKey, double> known;
    std::size_t nodes = 0; // of all flows so far
    for (const auto& [setting, world] : places)
    {
        if (!world.atOnce || world.askers == 0 || world.resourceBytes.empty())
        {
            ++reasons["nodes do not ask at one instant, and who asks later finds more of it there"];
            continue;
        }
        const FlowKey key = FlowKeyOf(world);
        auto found = known.find(key);
        if (found == known.end())
        {
            if (nodes + world.nodes > kMostFlowNodes)
            {
                ++reasons["there are too many large LANs to compute it for all"];
                continue;
            }
            nodes += world.nodes;
            found = known.emplace(key, LeastFinishOf(key)).first;
        }
        rows.push_back(Row(setting, {found->second, found->second}));
    }
    forms.Add("finish_s.last",
              nullptr,
              "least, by maximum flow",
              "all ask at one instant; cables and uplink carry bytes at their full rate, copies "
              "are offered when they are whole, and nobody waits for anything else",
              std::move(rows));
    forms.Tell("finish_s.last", "lower bound", reasons);
}

} // namespace

double
WayMs(const World& world)
{
    constexpr double kUsPerMs = 1000;
    return 2 * (world.latencyUs + (kPacketBits / world.rateMbps)) / kUsPerMs;
}

Json
ClosedFormsJson(const Sweep& sweep, const RunSource& source, const Units& units)
{
    const std::size_t settings = SettingsOf(sweep).size();
    const bool isTooMany = settings > kMostSettings;
    const std::vector<Place> places =
        source.world && !isTooMany ? PlacesOf(sweep, source) : std::vector<Place>();
    Forms forms(places.size());
    if (isTooMany)
    {
        forms.AddNone(nullptr,
                      fmt::format("No closed form and no bound is drawn: there are more than {} "
                                  "settings, and it would take too long.",
                                  kMostSettings));
    }
    else if (places.size() < settings)
    {
        forms.AddNone(
            nullptr,
            fmt::format("No closed form and no bound is drawn of {} of {} settings: their "
                        "scenario is not known, or is another version's.",
                        settings - places.size(),
                        settings));
    }
    AddAnswers(forms, places);
    AddLeastBytes(forms, places, units);
    AddCopies(forms, sweep, places, "fig4a", analysis::Fig4aCopies);
    AddCopies(forms, sweep, places, "fig4b", analysis::Fig4bCopies);
    AddCopies(forms, sweep, places, "robust", analysis::RobustCopies);
    AddLeastFinish(forms, places);
    return forms.Take();
}

} // namespace lanpeer::report
