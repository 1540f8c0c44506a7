#include "analysis/report/report-model.h"

#include "analysis/report/closed-forms.h"
#include "analysis/report/expected-spread.h"
#include "analysis/report/findings.h"
#include "analysis/report/json-figures.h"
#include "analysis/report/run-replay.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <utility>

namespace lanpeer::report
{

using Json = nlohmann::ordered_json;
using analysis::StoredRun;

namespace
{

/// Bytes of the courses in time that a page takes, to stay small.
constexpr std::size_t kMostReplayBytes = 1200000;
constexpr std::size_t kRowsNamed = 10;

/// What the sweep's file says of itself; empty if it says nothing, or cannot be read.
std::string
AboutOf(const std::string& sweepText)
{
    try
    {
        const YAML::Node sweep = YAML::Load(sweepText);
        return sweep.IsMap() && sweep["about"] ? sweep["about"].as<std::string>() : std::string();
    }
    catch (const YAML::Exception&)
    {
        return {};
    }
}

Json
AxesJson(const Sweep& sweep)
{
    Json list = Json::array();
    for (std::size_t i = 0; i < sweep.axes.size(); ++i)
    {
        const Axis& axis = sweep.axes[i];
        list.push_back({{"path", axis.path},
                        {"label", axis.label},
                        {"unit", axis.unit},
                        {"values", axis.values},
                        {"numbers", axis.numbers},
                        {"usual", UsualSetting(sweep, i)}});
    }
    return list;
}

Json
FailuresJson(const Sweep& sweep)
{
    Json list = Json::array();
    for (const Failure& failure : sweep.failures)
    {
        list.push_back({{"row", failure.row},
                        {"what", failure.what},
                        {"exit_code", failure.exitCode},
                        {"stderr", failure.errorText},
                        {"command", failure.command}});
    }
    return list;
}

Json
MakersJson(const RunSource& source)
{
    Json list = Json::array();
    for (const analysis::MadeBy& by : source.makers)
    {
        list.push_back({{"commit", by.commit},
                        {"dirty", by.dirty},
                        {"ns3", by.ns3},
                        {"compiler", by.compiler}});
    }
    return list;
}

Json
FixedJson(const Sweep& sweep)
{
    Json list = Json::array();
    for (const auto& [path, value] : sweep.fixed)
    {
        list.push_back({path, value});
    }
    return list;
}

/// A run that can be replayed.
struct Course
{
    std::size_t row = 0;
    std::pair<Setting, std::size_t> place;
    std::string text;
    std::string command;
    analysis::RunKey key;
};

/// The runs to replay: the first with a course of each policy in one setting, which is that of
/// `replayRow`, else the usual one, else the first that has any.
class CourseChooser
{
  public:
    CourseChooser(const Sweep& sweep, Setting usual, std::optional<std::size_t> replayRow)
        : m_sweep(sweep)
        , m_usual(std::move(usual))
        , m_replayRow(replayRow)
    {
    }

    void Take(const StoredRun& run)
    {
        ++m_row;
        const auto place = PlaceOf(m_sweep, run.key);
        if (run.exitCode != 0 || run.replay.empty() || !place)
        {
            return;
        }
        if (m_rowsNamed.size() < kRowsNamed)
        {
            m_rowsNamed.push_back(m_row);
        }
        if (m_replayRow == m_row)
        {
            m_chosen = Course{m_row, *place, run.replay, run.command, run.key};
        }
        const bool isUsual = place->first == m_usual;
        const bool isFirst = m_first.empty() || m_first.front().place.first == place->first;
        for (auto& [wanted, courses] :
             {std::pair(isUsual, &m_ofUsual), std::pair(isFirst, &m_first)})
        {
            if (wanted && (courses->empty() || courses->back().place.second != place->second))
            {
                courses->push_back({m_row, *place, run.replay, run.command, run.key});
            }
        }
    }

    /// Throws ReportError when the row that was asked for has none.
    std::vector<Course> Chosen() const
    {
        if (!m_replayRow)
        {
            return m_ofUsual.empty() ? m_first : m_ofUsual;
        }
        if (m_chosen)
        {
            return {*m_chosen};
        }
        std::string rows;
        for (const std::size_t row : m_rowsNamed)
        {
            rows += fmt::format("{}{}", rows.empty() ? "" : ", ", row);
        }
        throw ReportError(fmt::format("row {} has no course in time to replay; {}{}",
                                      *m_replayRow,
                                      rows.empty() ? "no row has" : "expected one of " + rows,
                                      m_rowsNamed.size() == kRowsNamed ? " and so on" : ""));
    }

  private:
    const Sweep& m_sweep;
    Setting m_usual;
    std::optional<std::size_t> m_replayRow;
    std::size_t m_row = 0;
    std::vector<Course> m_ofUsual;
    std::vector<Course> m_first;
    std::optional<Course> m_chosen;
    std::vector<std::size_t> m_rowsNamed;
};

/// What is expected of `robust`, until its run ended, or if there is none the last that ended:
/// others may take ten times as long, and the steps would be as coarse.
Json
SpreadJson(const RunSource& source, const std::vector<Course>& courses, const Json& runs)
{
    double endS = 0;
    for (const Json& run : runs)
    {
        const auto ranS = run.at("end_s").get<double>();
        if (run.value("policy", "") == "robust")
        {
            endS = ranS;
            break;
        }
        endS = std::max(endS, ranS);
    }
    const auto world =
        courses.empty() || !source.world ? std::nullopt : source.world(courses.front().key);
    return world ? ExpectedSpreadJson(*world, endS) : Json({{"none", ""}});
}

/// {"setting":"in words","runs":[...],"too_long":[policy...],"spread":ExpectedSpreadJson()}
Json
ReplaysJson(const RunSource& source,
            const Sweep& sweep,
            const Setting& usual,
            std::optional<std::size_t> replayRow)
{
    CourseChooser chooser(sweep, usual, replayRow);
    source.each(true, [&chooser](const StoredRun& run) { chooser.Take(run); });
    const std::vector<Course> courses = chooser.Chosen();
    Json runs = Json::array();
    Json tooLong = Json::array();
    std::size_t bytes = 0;
    for (const Course& course : courses)
    {
        if (bytes + course.text.size() > kMostReplayBytes && !replayRow)
        {
            tooLong.push_back(sweep.policies[course.place.second]);
            continue;
        }
        bytes += course.text.size();
        try
        {
            runs.push_back(RunReplayJson(course.text, course.row, course.command));
        }
        catch (const std::invalid_argument& error)
        {
            throw std::invalid_argument(fmt::format("row {}: {}", course.row, error.what()));
        }
    }
    const bool any = !courses.empty();
    Json spread = SpreadJson(source, courses, runs);
    return {{"setting", any ? Words(sweep, courses.front().place.first) : ""},
            {"spread", std::move(spread)},
            {"runs", std::move(runs)},
            {"too_long", std::move(tooLong)}};
}

} // namespace

Json
BuildModel(const RunSource& source, std::optional<std::size_t> replayRow)
{
    SweepReader reader;
    source.each(false, [&reader](const StoredRun& run) { reader.Take(run); });
    const Sweep sweep = reader.Finish();
    if (sweep.rows == 0)
    {
        throw ReportError("has no run; expected at least one");
    }
    const Setting usual = sweep.cells.empty() ? Setting() : UsualSetting(sweep);
    const Units units = UnitsOf(sweep);
    Json model;
    model["name"] = source.name;
    model["about"] = AboutOf(source.sweepText);
    model["sweep"] = source.sweepText;
    model["command"] = source.command;
    model["first_command"] = sweep.firstCommand;
    model["rows"] = sweep.rows;
    model["done"] = sweep.done;
    model["failed"] = sweep.failed;
    model["made_by"] = MakersJson(source);
    model["scenarios"] = sweep.scenarios;
    model["policies"] = sweep.policies;
    model["axes"] = AxesJson(sweep);
    model["fixed"] = FixedJson(sweep);
    model["usual"] = usual;
    model["measures"] = MeasuresJson(units);
    model["cells"] = CellsJson(sweep, units);
    model["curves"] = CurvesJson(sweep, units, usual);
    model["pairs"] = PairsJson(sweep, units, usual);
    Json forms = ClosedFormsJson(sweep, source, units);
    model["closed_forms"] = std::move(forms["forms"]);
    model["no_closed_form"] = std::move(forms["none"]);
    model["replays"] = ReplaysJson(source, sweep, usual, replayRow);
    model["findings"] = Findings(sweep, units, usual);
    model["failures"] = FailuresJson(sweep);
    return model;
}

} // namespace lanpeer::report
