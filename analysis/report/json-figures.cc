#include "analysis/report/json-figures.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <utility>

namespace lanpeer::report
{

using Json = nlohmann::ordered_json;

namespace
{

/// So many numbers of a kind at most, to keep the page small: each is about seven bytes.
constexpr std::size_t kMostCurveNumbers = 200000;
constexpr std::size_t kMostPairNumbers = 100000;
constexpr std::size_t kFewestCurvePoints = 6;

std::vector<double>
Sample(const Cell& cell, std::size_t measure, double divisor)
{
    std::vector<double> sample;
    for (const Replicate& run : cell.runs)
    {
        if (run.values[measure])
        {
            sample.push_back(*run.values[measure] / divisor);
        }
    }
    return sample;
}

using Point = std::optional<double>;

Point
LoadAt(const Replicate& run, std::size_t point)
{
    return run.load.empty() ? Point() : Point(run.load[point]);
}

Point
FinishAt(const Replicate& run, std::size_t point)
{
    return run.finish.empty() ? Point() : run.finish[point];
}

/// null when there is no point at all.
Json
CurveJson(const Cell& cell,
          const std::vector<std::size_t>& points,
          double divisor,
          Point (*at)(const Replicate&, std::size_t))
{
    Json means = Json::array();
    Json halfWidths = Json::array();
    bool any = false;
    for (const std::size_t point : points)
    {
        std::vector<double> sample;
        for (const Replicate& run : cell.runs)
        {
            if (const Point value = at(run, point))
            {
                sample.push_back(*value / divisor);
            }
        }
        if (sample.size() < cell.runs.size())
        {
            means.push_back(nullptr);
            halfWidths.push_back(nullptr);
            continue;
        }
        any = true;
        const analysis::Summary summary = analysis::Summarize(sample);
        means.push_back(Short(summary.mean));
        halfWidths.push_back(summary.halfWidth ? Short(*summary.halfWidth) : Json());
    }
    if (!any)
    {
        return nullptr;
    }
    return cell.runs.size() < 2 ? Json::array({means}) : Json::array({means, halfWidths});
}

/// Which points of curves are kept: all, or evenly fewer.
std::vector<std::size_t>
PointsFor(std::size_t count)
{
    const std::size_t n = std::clamp(count, kFewestCurvePoints, kCurvePoints);
    std::vector<std::size_t> points;
    for (std::size_t i = 0; i < n; ++i)
    {
        points.push_back(((i * (kCurvePoints - 1)) + ((n - 1) / 2)) / (n - 1));
    }
    return points;
}

const std::vector<std::size_t>&
PairMeasures()
{
    static const std::vector<std::size_t> measures = {MeasureAt("copies"),
                                                      MeasureAt("saved_fraction"),
                                                      MeasureAt("served.max_bytes"),
                                                      MeasureAt("packets.i_have_duplicate"),
                                                      MeasureAt("finish_s.mean"),
                                                      MeasureAt("finish_s.p95")};
    return measures;
}

using PairedRuns = std::vector<std::pair<const Replicate*, const Replicate*>>;

/// The runs of one seed and number, of either cell: both are in their order.
PairedRuns
PairsOf(const Cell& left, const Cell& right)
{
    const auto number = [](const Replicate& run)
    {
        return std::pair(run.seed, run.run);
    };
    PairedRuns pairs;
    auto other = right.runs.begin();
    for (const Replicate& run : left.runs)
    {
        while (other != right.runs.end() && number(*other) < number(run))
        {
            ++other;
        }
        if (other != right.runs.end() && number(*other) == number(run))
        {
            pairs.emplace_back(&run, &*other);
        }
    }
    return pairs;
}

/// [n, [figure...]] of one pair of cells.
Json
PairJson(const Cell& left, const Cell& right, const Units& units)
{
    const std::size_t runs = PairsOf(left, right).size();
    Json figures = Json::array();
    for (const std::size_t measure : PairMeasures())
    {
        auto [of, from] = PairedValues(left, right, measure);
        for (std::size_t i = 0; i < of.size(); ++i)
        {
            of[i] /= units.divisors[measure];
            from[i] /= units.divisors[measure];
        }
        figures.push_back(FigureJson(analysis::PairedDifference(of, from), runs));
    }
    return Json::array({runs, figures});
}

} // namespace

Json
Short(double value)
{
    if (!std::isfinite(value))
    {
        return nullptr;
    }
    std::array<char, 32> text{};
    const auto written =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 6);
    double rounded = 0;
    std::from_chars(text.data(), written.ptr, rounded);
    constexpr double kWholeBelow = 1e15;
    if (std::trunc(rounded) == rounded && std::abs(rounded) < kWholeBelow)
    {
        return static_cast<std::int64_t>(rounded); // "5", where a double would be "5.0"
    }
    return rounded;
}

std::pair<std::vector<double>, std::vector<double>>
PairedValues(const Cell& left, const Cell& right, std::size_t measure)
{
    std::pair<std::vector<double>, std::vector<double>> values;
    for (const auto& [one, other] : PairsOf(left, right))
    {
        if (one->values[measure] && other->values[measure])
        {
            values.first.push_back(*one->values[measure]);
            values.second.push_back(*other->values[measure]);
        }
    }
    return values;
}

analysis::Summary
SummaryOf(const Cell& cell, std::size_t measure, double divisor)
{
    return analysis::Summarize(Sample(cell, measure, divisor));
}

Json
FigureJson(const analysis::Summary& summary, std::size_t expected)
{
    if (summary.n == 0)
    {
        return nullptr;
    }
    Json figure = Json::array({Short(summary.mean)});
    if (summary.halfWidth || summary.n < expected)
    {
        figure.push_back(summary.halfWidth ? Short(*summary.halfWidth) : Json());
    }
    if (summary.n < expected)
    {
        figure.push_back(summary.n);
    }
    return figure;
}

Units
UnitsOf(const Sweep& sweep)
{
    Units units;
    double mostLoad = 0;
    for (std::size_t measure = 0; measure < Measures().size(); ++measure)
    {
        double most = 0;
        for (const Cell& cell : sweep.cells)
        {
            for (const Replicate& run : cell.runs)
            {
                most = std::max(most, run.values[measure].value_or(0));
                mostLoad = std::max(mostLoad, run.load.empty() ? 0 : run.load.front());
            }
        }
        const std::string& unit = Measures()[measure].unit;
        const ByteScale scale = unit == "B" ? ScaleOf(most) : ByteScale{1.0, unit};
        units.divisors.push_back(scale.divisor);
        units.names.push_back(scale.unit);
    }
    units.load = ScaleOf(mostLoad);
    return units;
}

Json
MeasuresJson(const Units& units)
{
    Json list = Json::array();
    for (std::size_t i = 0; i < Measures().size(); ++i)
    {
        const Measure& measure = Measures()[i];
        list.push_back({{"key", measure.key},
                        {"label", measure.label},
                        {"unit", units.names[i]},
                        {"decimals", measure.decimals},
                        {"better", measure.better}});
    }
    return list;
}

Json
CellsJson(const Sweep& sweep, const Units& units)
{
    Json list = Json::array();
    for (const Cell& cell : sweep.cells)
    {
        Json figures = Json::array();
        for (std::size_t measure = 0; measure < Measures().size(); ++measure)
        {
            figures.push_back(
                FigureJson(SummaryOf(cell, measure, units.divisors[measure]), cell.runs.size()));
        }
        list.push_back(Json::array({cell.setting, cell.policy, cell.runs.size(), figures}));
    }
    return list;
}

Json
CurvesJson(const Sweep& sweep, const Units& units, const Setting& usual)
{
    constexpr std::size_t kNumbersPerPoint = 4; // of two curves, means and half-widths
    const std::size_t fit =
        kMostCurveNumbers / std::max<std::size_t>(kNumbersPerPoint * sweep.cells.size(), 1);
    const bool onlyUsual = fit < kFewestCurvePoints;
    const std::vector<std::size_t> points = PointsFor(onlyUsual ? kCurvePoints : fit);
    Json shares = Json::array();
    for (const std::size_t point : points)
    {
        shares.push_back(point * 100 / (kCurvePoints - 1));
    }
    Json load = Json::array();
    Json finish = Json::array();
    for (const Cell& cell : sweep.cells)
    {
        const bool kept = !onlyUsual || cell.setting == usual;
        load.push_back(kept ? CurveJson(cell, points, units.load.divisor, LoadAt) : Json());
        finish.push_back(kept ? CurveJson(cell, points, 1.0, FinishAt) : Json());
    }
    return {{"shares", std::move(shares)},
            {"unit", units.load.unit},
            {"load", std::move(load)},
            {"finish", std::move(finish)},
            {"only_usual", onlyUsual}};
}

Json
PairsJson(const Sweep& sweep, const Units& units, const Setting& usual)
{
    Json pairs = Json::array();
    for (std::size_t left = 0; left < sweep.policies.size(); ++left)
    {
        for (std::size_t right = left + 1; right < sweep.policies.size(); ++right)
        {
            pairs.push_back({left, right});
        }
    }
    std::map<Setting, std::vector<const Cell*>> settings; // by policy
    for (const Cell& cell : sweep.cells)
    {
        auto& cells = settings[cell.setting];
        cells.resize(sweep.policies.size(), nullptr);
        cells[cell.policy] = &cell;
    }
    const std::size_t perSetting = 2 * pairs.size() * PairMeasures().size();
    const bool onlyUsual = settings.size() * perSetting > kMostPairNumbers;
    Json rows = Json::array();
    for (const auto& [setting, cells] : settings)
    {
        if (onlyUsual && setting != usual)
        {
            continue;
        }
        Json differences = Json::array();
        for (const Json& pair : pairs)
        {
            const Cell* const left = cells[pair[0].get<std::size_t>()];
            const Cell* const right = cells[pair[1].get<std::size_t>()];
            const bool both = left != nullptr && right != nullptr;
            differences.push_back(both ? PairJson(*left, *right, units) : Json());
        }
        rows.push_back(Json::array({setting, differences}));
    }
    return {{"measures", PairMeasures()},
            {"pairs", std::move(pairs)},
            {"rows", std::move(rows)},
            {"only_usual", onlyUsual}};
}

} // namespace lanpeer::report
