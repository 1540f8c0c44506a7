#include "analysis/report/sweep.h"

#include "analysis/metrics-json.h"
#include "analysis/node-figures.h"
#include "analysis/report/measures.h"
#include "analysis/results/run-key.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <stdexcept>
#include <string_view>
#include <tuple>

namespace lanpeer::report
{

namespace
{

constexpr std::size_t kFailuresShown = 5;
constexpr const char* kScenarioAxis = "scenario";

/// Words that have an order of their own: uplinks by their speed.
constexpr std::array<std::string_view, 6> kWordOrder = {
    "modem56k", "isdn", "dsl", "t1", "cable", "fast"};

/// What people call what is often varied.
struct Name
{
    std::string_view path;
    std::string_view label;
    std::string_view unit;
};

constexpr std::array<Name, 16> kNames = {{
    {"lan.nodes", "number of nodes", ""},
    {"lan.latency_us", "latency of a cable", "us"},
    {"lan.loss", "loss of a cable", ""},
    {"lan.rate_mbps", "rate of a cable", "Mb/s"},
    {"uplink.preset", "uplink", ""},
    {"uplink.down_kbps", "uplink", "kb/s"},
    {"internet.nodes", "nodes with Internet access", ""},
    {"workload.arrival", "arrival", ""},
    {"workload.window_s", "arrival window", "s"},
    {"workload.holders", "holders at the start", ""},
    {"workload.requesters", "nodes that ask", ""},
    {"workload.resources", "resources", ""},
    {"protocol.response_delay_ms", "response delay D", "ms"},
    {"protocol.transmission_allowance_ms", "allowance T", "ms"},
    {"protocol.upload_slots", "upload slots", ""},
    {"protocol.longest_wait_s", "longest wait", "s"},
}};

Axis
NamedAxis(const std::string& path)
{
    for (const Name& name : kNames)
    {
        if (name.path == path)
        {
            return {path, std::string(name.label), std::string(name.unit), {}, {}};
        }
    }
    return {path, path, "", {}, {}};
}

template <std::size_t N>
std::size_t
PlaceIn(const std::array<std::string_view, N>& order, std::string_view word)
{
    return static_cast<std::size_t>(std::find(order.begin(), order.end(), word) - order.begin());
}

/// The place, among `n` sorted ones, of the one at that point of a curve.
std::size_t
RankAt(std::size_t point, std::size_t n)
{
    return ((point * (n - 1)) + ((kCurvePoints - 1) / 2)) / (kCurvePoints - 1);
}

std::vector<double>
LoadCurve(const std::vector<std::uint64_t>& servedBytes)
{
    std::vector<std::uint64_t> sorted = servedBytes;
    std::sort(sorted.rbegin(), sorted.rend());
    std::vector<double> curve;
    for (std::size_t point = 0; point < kCurvePoints && !sorted.empty(); ++point)
    {
        curve.push_back(static_cast<double>(sorted[RankAt(point, sorted.size())]));
    }
    return curve;
}

/// \param wanted how many nodes wanted something
std::vector<std::optional<double>>
FinishCurve(const std::vector<std::optional<double>>& finishS, std::size_t wanted)
{
    std::vector<double> sorted;
    for (const std::optional<double>& seconds : finishS)
    {
        if (seconds)
        {
            sorted.push_back(*seconds);
        }
    }
    std::sort(sorted.begin(), sorted.end());
    wanted = std::max(wanted, sorted.size());
    std::vector<std::optional<double>> curve;
    for (std::size_t point = 0; point < kCurvePoints && wanted > 0; ++point)
    {
        // Nearest rank, as all quantiles here; at 0 % the first of them.
        const std::size_t part = ((point * wanted) + kCurvePoints - 2) / (kCurvePoints - 1);
        const std::size_t rank = std::max<std::size_t>(part, 1);
        curve.push_back(rank <= sorted.size() ? std::optional(sorted[rank - 1]) : std::nullopt);
    }
    return curve;
}

Replicate
ReplicateOf(const analysis::StoredRun& run)
{
    const std::vector<analysis::Metrics> all = analysis::MetricsFromJsonText(run.metrics);
    if (all.size() != 1)
    {
        throw std::invalid_argument("not the metrics of one run");
    }
    Replicate replicate;
    replicate.seed = run.key.seed;
    replicate.run = run.key.run;
    replicate.values = ValuesOf(all.front());
    if (!run.nodes.empty())
    {
        const auto figures = analysis::NodeFiguresFromJsonText(run.nodes);
        replicate.load = LoadCurve(figures.servedBytes);
        const auto wanted = static_cast<std::size_t>(
            std::count(figures.wanted.begin(), figures.wanted.end(), true));
        // Of older records who did not come so far is not told from who wanted nothing, but by
        // `last`.
        const bool allCame = all.front().finishS.last.has_value();
        const std::size_t perhaps = allCame ? 0 : figures.finishS.size();
        replicate.finish = FinishCurve(figures.finishS, figures.wanted.empty() ? perhaps : wanted);
    }
    return replicate;
}

/// Numbers by their value, then words: those with an order of their own by it, others by name; at
/// last what was not set.
auto
OrderOf(const std::string& value)
{
    const std::optional<double> number = analysis::NumberOf(value);
    return std::make_tuple(value == kNotSet,
                           !number.has_value(),
                           number.value_or(0.0),
                           PlaceIn(kWordOrder, value),
                           value);
}

double
DistanceFromTheMiddle(const Axis& axis, std::size_t at)
{
    const auto middle = static_cast<double>(axis.values.size() / 2);
    return std::abs(static_cast<double>(at) - middle) / static_cast<double>(axis.values.size());
}

} // namespace

std::string
ValueOf(const analysis::RunKey& key, const std::string& path)
{
    if (path == kScenarioAxis)
    {
        return key.scenario;
    }
    const auto found = key.parameters.find(path);
    return found == key.parameters.end() ? kNotSet : found->second;
}

void
SweepReader::Take(const analysis::StoredRun& run)
{
    ++m_sweep.rows;
    if (run.exitCode != 0)
    {
        ++m_sweep.failed;
        if (m_sweep.failures.size() < kFailuresShown)
        {
            m_sweep.failures.push_back({m_sweep.rows,
                                        analysis::Describe(run.key),
                                        run.exitCode,
                                        run.errorText,
                                        run.command});
        }
        return;
    }
    ++m_sweep.done;
    if (m_sweep.firstCommand.empty())
    {
        m_sweep.firstCommand = run.command;
    }
    try
    {
        m_rows.push_back({run.key, ReplicateOf(run)});
    }
    catch (const std::invalid_argument& error)
    {
        throw std::invalid_argument(fmt::format("row {}: {}", m_sweep.rows, error.what()));
    }
}

void
SweepReader::FindAxes()
{
    std::set<std::string> paths = {kScenarioAxis};
    for (const Row& row : m_rows)
    {
        for (const auto& [path, value] : row.key.parameters)
        {
            paths.insert(path);
        }
    }
    for (const std::string& path : paths)
    {
        std::set<std::string> values;
        for (const Row& row : m_rows)
        {
            values.insert(ValueOf(row.key, path));
        }
        Axis axis = NamedAxis(path);
        axis.values.assign(values.begin(), values.end());
        if (path == kScenarioAxis)
        {
            m_sweep.scenarios = axis.values;
        }
        if (axis.values.size() < 2)
        {
            if (path != kScenarioAxis && !axis.values.empty())
            {
                m_sweep.fixed.emplace(path, axis.values.front());
            }
            continue;
        }
        std::sort(axis.values.begin(),
                  axis.values.end(),
                  [](const std::string& left, const std::string& right)
                  { return OrderOf(left) < OrderOf(right); });
        if (analysis::NumberOf(axis.values.back()))
        {
            for (const std::string& value : axis.values)
            {
                axis.numbers.push_back(*analysis::NumberOf(value));
            }
        }
        m_sweep.axes.push_back(std::move(axis));
    }
}

void
SweepReader::FindPolicies()
{
    std::set<std::string> names;
    for (const Row& row : m_rows)
    {
        names.insert(row.key.policy);
    }
    m_sweep.policies.assign(names.begin(), names.end());
    analysis::SortPolicies(m_sweep.policies);
}

void
SweepReader::FillCells()
{
    std::map<std::pair<Setting, std::size_t>, Cell> cells;
    for (Row& row : m_rows)
    {
        Cell& cell = cells[*PlaceOf(m_sweep, row.key)];
        cell.runs.push_back(std::move(row.replicate));
        cell.key = std::move(row.key);
    }
    for (auto& [place, cell] : cells)
    {
        std::vector<Replicate>& runs = cell.runs;
        std::sort(runs.begin(),
                  runs.end(),
                  [](const Replicate& left, const Replicate& right)
                  { return std::tie(left.seed, left.run) < std::tie(right.seed, right.run); });
        std::tie(cell.setting, cell.policy) = place;
        m_sweep.cells.push_back(std::move(cell));
    }
}

Sweep
SweepReader::Finish()
{
    FindAxes();
    FindPolicies();
    FillCells();
    m_rows.clear();
    return std::move(m_sweep);
}

std::optional<std::pair<Setting, std::size_t>>
PlaceOf(const Sweep& sweep, const analysis::RunKey& key)
{
    Setting setting;
    for (const Axis& axis : sweep.axes)
    {
        const auto value =
            std::find(axis.values.begin(), axis.values.end(), ValueOf(key, axis.path));
        if (value == axis.values.end())
        {
            return std::nullopt;
        }
        setting.push_back(static_cast<std::size_t>(value - axis.values.begin()));
    }
    const auto policy = std::find(sweep.policies.begin(), sweep.policies.end(), key.policy);
    if (policy == sweep.policies.end())
    {
        return std::nullopt;
    }
    return std::pair(setting, static_cast<std::size_t>(policy - sweep.policies.begin()));
}

Setting
UsualSetting(const Sweep& sweep, std::optional<std::size_t> free)
{
    std::map<Setting, std::size_t> counts;
    for (const Cell& cell : sweep.cells)
    {
        Setting setting = cell.setting;
        if (free)
        {
            setting[*free] = 0;
        }
        ++counts[setting];
    }
    const auto badness = [&sweep, free](const std::pair<const Setting, std::size_t>& counted)
    {
        double distance = 0;
        for (std::size_t axis = 0; axis < sweep.axes.size(); ++axis)
        {
            const bool isFree = free && *free == axis;
            distance += isFree ? 0 : DistanceFromTheMiddle(sweep.axes[axis], counted.first[axis]);
        }
        return std::pair(-static_cast<double>(counted.second), distance);
    };
    return std::min_element(counts.begin(),
                            counts.end(),
                            [&badness](const auto& left, const auto& right)
                            { return badness(left) < badness(right); })
        ->first;
}

const Cell*
CellAt(const Sweep& sweep, const Setting& setting, std::size_t policy)
{
    const auto wanted = std::tie(setting, policy);
    const auto found = std::lower_bound(sweep.cells.begin(),
                                        sweep.cells.end(),
                                        wanted,
                                        [](const Cell& cell, const auto& place)
                                        { return std::tie(cell.setting, cell.policy) < place; });
    const bool isIt =
        found != sweep.cells.end() && std::tie(found->setting, found->policy) == wanted;
    return isIt ? &*found : nullptr;
}

} // namespace lanpeer::report
