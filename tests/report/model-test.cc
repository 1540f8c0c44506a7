#include "analysis/report/json-figures.h"
#include "analysis/report/measures.h"
#include "analysis/report/page.h"
#include "analysis/report/report-model.h"
#include "analysis/report/sweep.h"
#include "tests/report/sample-sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

// What a report says of a sweep: all of its statistics, before anything is drawn.

namespace lanpeer::report
{
namespace
{

using analysis::StoredRun;
using Json = nlohmann::ordered_json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class ReportModel : public testing::Test
{
  protected:
    ReportModel()
    {
        RecordProperty("requirement", "R-SIM-10");
    }

    static Json Model(const std::vector<StoredRun>& runs)
    {
        return BuildModel(SourceOf(runs), std::nullopt);
    }

    static std::string Complaint(const std::vector<StoredRun>& runs, std::optional<std::size_t> row)
    {
        try
        {
            BuildModel(SourceOf(runs), row);
        }
        catch (const ReportError& error)
        {
            return error.what();
        }
        return "";
    }

    /// The figure of a cell.
    static Json Figure(const Json& model,
                       const std::vector<std::size_t>& setting,
                       std::size_t policy,
                       const std::string& measure)
    {
        for (const Json& cell : model["cells"])
        {
            if (cell[0] == Json(setting) && cell[1] == policy)
            {
                return cell[3][MeasureAt(measure)];
            }
        }
        return "no such cell";
    }
};

TEST_F(ReportModel, HasAxesPoliciesAndCells)
{
    const Json model = Model(SampleRuns());
    EXPECT_EQ(model["rows"], 36);
    EXPECT_EQ(model["done"], 36);
    EXPECT_EQ(model["policies"], Json({"direct", "fig4a", "robust"}));
    EXPECT_EQ(model["axes"].size(), 2U);
    EXPECT_EQ(model["axes"][0]["path"], "lan.nodes");
    EXPECT_EQ(model["axes"][0]["label"], "number of nodes");
    EXPECT_EQ(model["axes"][0]["numbers"], Json({10.0, 20.0}));
    EXPECT_EQ(model["axes"][1]["path"], "workload.holders");
    EXPECT_EQ(model["cells"].size(), 12U);
    EXPECT_EQ(model["scenarios"], Json({"office"}));
}

TEST_F(ReportModel, GivesMeansWithTheirIntervals)
{
    const Json model = Model(SampleRuns());
    // 5, 6, 7: standard deviation 1, t of 2 degrees of freedom 4.303, by sqrt(3).
    const Json figure = Figure(model, {0, 0}, 1, "copies");
    ASSERT_EQ(figure.size(), 2U);
    EXPECT_EQ(figure[0], 6);
    EXPECT_NEAR(figure[1].get<double>(), 4.30265 / std::sqrt(3.0), 1e-4);
    EXPECT_EQ(Figure(model, {1, 1}, 2, "copies"), Json({2, 0}));
}

TEST_F(ReportModel, OrdersValuesByWhatTheyAre)
{
    std::vector<StoredRun> runs;
    for (const char* const value : {"all", "9", "10", "1"})
    {
        runs.push_back(SampleRun({{"internet.nodes", value}}, "robust", 1, 1));
    }
    for (const char* const value : {"fast", "isdn", "dsl"})
    {
        runs.push_back(
            SampleRun({{"internet.nodes", "1"}, {"uplink.preset", value}}, "robust", 1, 1));
    }
    const Json axes = Model(runs)["axes"];
    EXPECT_EQ(axes[0]["values"], Json({"1", "9", "10", "all"}));
    EXPECT_TRUE(axes[0]["numbers"].empty());
    EXPECT_EQ(axes[1]["values"], Json({"isdn", "dsl", "fast", "(not set)"}));
}

TEST_F(ReportModel, OneRunHasNoInterval)
{
    const Json model = Model({SampleRun({}, "robust", 1, 1)});
    EXPECT_TRUE(model["axes"].empty());
    EXPECT_EQ(Figure(model, {}, 0, "copies"), Json::array({1}));
    EXPECT_EQ(model["curves"]["load"][0].size(), 1U); // means alone
    EXPECT_TRUE(model["pairs"]["pairs"].empty());
    EXPECT_THAT(model["findings"][0].get<std::string>(), HasSubstr("robust 1.00."));
}

TEST_F(ReportModel, SaysWhereOnlySomeRunsWereMeasured)
{
    std::vector<StoredRun> runs = {SampleRun({}, "robust", 1, 1), SampleRun({}, "robust", 2, 1)};
    Json metrics = Json::parse(runs[1].metrics);
    metrics["response_delay_ms"]["mean"] = nullptr;
    runs[1].metrics = metrics.dump();
    const Json model = Model(runs);
    EXPECT_EQ(Figure(model, {}, 0, "response_delay_ms.mean"), Json({400, nullptr, 1}));
    EXPECT_EQ(Figure(model, {}, 0, "updates.out_of_date_h.mean"), nullptr);
}

TEST_F(ReportModel, TheFinishCurveIsOfThoseThatWantedSomething)
{
    std::vector<StoredRun> runs = {SampleRun({}, "robust", 2, 1)};
    // Two of five asked, one of them in vain.
    Json metrics = Json::parse(runs[0].metrics);
    metrics["finish_s"]["last"] = nullptr;
    runs[0].metrics = metrics.dump();
    runs[0].nodes = R"({"served_bytes":[9,0,0,0,0],"finish_s":[null,5,null,null,null],)"
                    R"("wanted":[0,1,1,0,0]})";
    const auto half = [](const Json& model)
    {
        const Json& means = model["curves"]["finish"][0][0];
        return std::count(means.begin(), means.end(), 5);
    };
    EXPECT_EQ(half(Model(runs)), 26); // 0, 2, ... 50 %
    runs[0].nodes = R"({"served_bytes":[9,0,0,0,0],"finish_s":[null,5,null,null,null]})";
    EXPECT_EQ(half(Model(runs)), 11) << "who wanted something is not known: 20 % of all";
}

TEST_F(ReportModel, PairsRunsOfOneNumber)
{
    std::vector<StoredRun> runs = SampleRuns();
    runs.erase(runs.begin() + 12); // run 1 of fig4a at the second setting
    runs.erase(runs.begin());      // run 1 of direct at the first
    const Json pairs = Model(runs)["pairs"];
    EXPECT_EQ(pairs["pairs"], Json::parse("[[0,1],[0,2],[1,2]]"));
    const std::size_t finish = static_cast<std::size_t>(
        std::find(pairs["measures"].begin(), pairs["measures"].end(), MeasureAt("finish_s.mean")) -
        pairs["measures"].begin());
    // Runs 2 and 3 of both: 15 s more each time, although the runs differ.
    EXPECT_EQ(pairs["rows"][0][1][1][0], 2);
    EXPECT_EQ(pairs["rows"][0][1][1][1][finish], Json({5, 0}));
    EXPECT_EQ(pairs["rows"][1][1][1][0], 3);
    EXPECT_EQ(pairs["rows"][1][1][0][0], 2);
    EXPECT_EQ(pairs["rows"][1][1][0][1][finish], Json({5, 0}));
}

TEST_F(ReportModel, DrawsClosedFormsWhereHoldersAreKnown)
{
    const std::vector<StoredRun> runs = SampleRuns();
    const Json forms = Model(runs)["closed_forms"];
    ASSERT_EQ(forms.size(), 4U); // fig4a and robust have one of copies
    EXPECT_EQ(forms[0]["measure"], MeasureAt("response_delay_ms.mean"));
    EXPECT_EQ(forms[0]["rows"][0], Json::parse("[[0,0],1000,1000]")); // 2000 / (1 + 1)
    EXPECT_EQ(forms[0]["rows"][1], Json::parse("[[0,1],500,500]"));   // 2000 / (3 + 1)
    EXPECT_EQ(forms[1]["measure"], MeasureAt("i_have_per_i_need"));
    EXPECT_EQ(forms[2]["name"], "fig4a, closed form");
    EXPECT_EQ(forms[2]["rows"][0], Json::parse("[[0,0],4,4]")); // all at once: a copy for each
    EXPECT_EQ(forms[3]["policy"], 2);
    EXPECT_LT(forms[3]["rows"][0][1].get<double>(), 1.01);
    RunSource unknown = SourceOf(runs);
    unknown.world = nullptr;
    EXPECT_TRUE(BuildModel(unknown, std::nullopt)["closed_forms"].empty());
}

TEST_F(ReportModel, TellsWhoGotWhatFromWhom)
{
    const Json replays = Model(SampleRuns())["replays"];
    ASSERT_EQ(replays["runs"].size(), 3U); // of each policy
    ASSERT_TRUE(replays["spread"].contains("points"));
    const Json& run = replays["runs"][2];
    EXPECT_EQ(run["policy"], "robust");
    EXPECT_EQ(run["end_s"], 31);
    const Json& tree = run["trees"][0]; // a.cab
    EXPECT_EQ(tree["from"], Json({-1, 0, 1, nullptr}));
    EXPECT_EQ(tree["depth"], Json({1, 2, 3, nullptr}));
    EXPECT_EQ(tree["at"], Json({3, 10.6, 31, nullptr}));
    EXPECT_EQ(tree["max_depth"], 3);
    EXPECT_EQ(tree["mean_depth"], 2);
}

TEST_F(ReportModel, TheUplinkCarriesAllBytesAsEvenlyAsItCan)
{
    std::vector<StoredRun> runs = {SampleRun({}, "robust", 1, 1)};
    Json course = Json::parse(runs[0].replay);
    // The second runs beside the first's first half: an even line gives the first its second half.
    course["transfers"] = Json::parse("[[0,10,-1,0,0,1000,true],[0,5,-1,1,0,500,true],"
                                      "[2,3,0,2,0,9999,true]]");
    course["asks"] = Json::array();
    runs[0].replay = course.dump();
    const Json uplink = Model(runs)["replays"]["runs"][0]["uplink"];
    double kilobits = 0;
    double most = 0;
    for (const Json& kbps : uplink["kbps"])
    {
        kilobits += kbps.get<double>() * uplink["step_s"].get<double>();
        most = std::max(most, kbps.get<double>());
    }
    EXPECT_NEAR(kilobits, 12, 0.01); // 1500 bytes
    EXPECT_NEAR(most, 1.2, 0.02);    // in 10 s
}

TEST_F(ReportModel, ReplaysTheRowThatIsAskedFor)
{
    const std::vector<StoredRun> runs = SampleRuns();
    const Json replays = BuildModel(SourceOf(runs), 4)["replays"];
    ASSERT_EQ(replays["runs"].size(), 1U);
    EXPECT_EQ(replays["runs"][0]["row"], 4);
    EXPECT_EQ(replays["runs"][0]["policy"], "fig4a");
    EXPECT_EQ(replays["runs"][0]["command"], runs[3].command);
    EXPECT_EQ(Complaint(runs, 2),
              "row 2 has no course in time to replay; expected one of 1, 4, 7, 10, 13, 16, 19, 22, "
              "25, 28 and so on");
    EXPECT_THAT(Complaint(runs, 99), HasSubstr("row 99 has no course in time"));
}

TEST_F(ReportModel, WithoutReplaysHasNone)
{
    std::vector<StoredRun> runs = SampleRuns();
    for (StoredRun& run : runs)
    {
        run.replay.clear();
    }
    EXPECT_TRUE(Model(runs)["replays"]["runs"].empty());
    EXPECT_EQ(Complaint(runs, 1), "row 1 has no course in time to replay; no row has");
}

TEST_F(ReportModel, OfFailedRunsOnlyShowsThese)
{
    std::vector<StoredRun> runs(7, FailedRun());
    const Json model = Model(runs);
    EXPECT_EQ(model["failed"], 7);
    EXPECT_EQ(model["failures"].size(), 5U);
    EXPECT_EQ(model["failures"][0]["stderr"], "killed by signal 11");
    EXPECT_EQ(model["failures"][0]["exit_code"], 139);
    EXPECT_TRUE(model["cells"].empty());
    EXPECT_TRUE(model["findings"].empty());
}

TEST_F(ReportModel, WithoutRunsSaysSo)
{
    EXPECT_EQ(Complaint({}, std::nullopt), "has no run; expected at least one");
}

TEST_F(ReportModel, NamesTheRowThatIsDamaged)
{
    std::vector<StoredRun> runs = SampleRuns();
    runs[5].metrics = "{}";
    EXPECT_THAT([&runs] { Model(runs); },
                testing::ThrowsMessage<std::invalid_argument>(HasSubstr("row 6: ")));
    runs = SampleRuns();
    runs.resize(3);
    runs[0].replay =
        R"({"nodes":1,"resources":[{}],"held":[],"asks":[],"transfers":[[0,1,-1,7,0,1,true]]})";
    EXPECT_THAT([&runs] { Model(runs); },
                testing::ThrowsMessage<std::invalid_argument>(HasSubstr("row 1: ")));
}

TEST_F(ReportModel, FindingsAreMadeOfTheFigures)
{
    const Json findings = Model(SampleRuns())["findings"];
    std::vector<std::string> texts;
    for (const Json& finding : findings)
    {
        texts.push_back(finding.get<std::string>());
    }
    const std::string space = "\u00a0";
    EXPECT_THAT(texts,
                Contains("Copies of the whole set that came over the Internet (at number of nodes" +
                         space + "20, holders at the start" + space + "3): robust 2.00" + space +
                         "±" + space + "0.00, fig4a 12.00" + space + "±" + space +
                         "4.97, direct 20.00" + space + "±" + space + "0.00."));
    EXPECT_THAT(texts, Contains(HasSubstr("by number of nodes, 10 → 20: direct 10.00")));
}

/// The sentence of the findings that has this in it.
std::string
Sentence(const Json& model, const std::string& part)
{
    for (const Json& finding : model["findings"])
    {
        const auto text = finding.get<std::string>();
        if (text.find(part) != std::string::npos)
        {
            return text;
        }
    }
    return "";
}

TEST_F(ReportModel, FindingsSayWhoIsLater)
{
    const std::string s = "\u00a0";
    const auto run = [](const std::string& policy, std::uint64_t number, double finishS)
    {
        StoredRun made = SampleRun({}, policy, number, 1);
        Json metrics = Json::parse(made.metrics);
        metrics["finish_s"]["mean"] = finishS;
        made.metrics = metrics.dump();
        return made;
    };
    for (const double robust : {13.0, 7.0})
    {
        std::vector<StoredRun> runs;
        for (std::uint64_t number = 1; number <= 3; ++number)
        {
            runs.push_back(run("fig4b", number, 10 + static_cast<double>(number)));
            runs.push_back(run("robust", number, robust + static_cast<double>(number)));
        }
        const Json model = Model(runs);
        EXPECT_EQ(Sentence(model, "run for run"),
                  "In the mean time to finish robust is 3.00" + s + "±" + s + "0.00" + s + "s " +
                      (robust > 10 ? "later" : "sooner") + " than fig4b, run for run.");
        // The table, fig4b − robust, has the sign of that.
        const Json& pairs = model["pairs"];
        const auto finish = std::find(pairs["measures"].begin(),
                                      pairs["measures"].end(),
                                      MeasureAt("finish_s.mean")) -
                            pairs["measures"].begin();
        EXPECT_EQ(pairs["rows"][0][1][0][1][static_cast<std::size_t>(finish)][0], 10 - robust);
    }
    std::vector<StoredRun> open;
    for (std::uint64_t number = 1; number <= 2; ++number)
    {
        open.push_back(run("fig4b", number, 10));
        open.push_back(run("robust", number, number == 1 ? 9 : 12));
    }
    EXPECT_THAT(Sentence(Model(open), "Whether"),
                HasSubstr("Whether fig4b and robust differ in the mean time to finish, 2 runs do "
                          "not tell: the paired difference, fig4b − robust, is −0.50"));
}

TEST_F(ReportModel, OfEqualRunsIsEqual)
{
    EXPECT_EQ(Model(SampleRuns()).dump(), Model(SampleRuns()).dump());
}

/// One run, as if it had been made with so many numbers of nodes.
Sweep
ManyCells(std::size_t cells)
{
    SweepReader reader;
    reader.Take(SampleRun({}, "robust", 2, 1));
    Sweep sweep = reader.Finish();
    Axis axis;
    axis.path = "lan.nodes";
    const Cell one = sweep.cells.front();
    sweep.cells.assign(cells, one);
    for (std::size_t i = 0; i < cells; ++i)
    {
        axis.values.push_back(std::to_string(i));
        axis.numbers.push_back(static_cast<double>(i));
        sweep.cells[i].setting = {i};
    }
    sweep.axes = {axis};
    return sweep;
}

TEST_F(ReportModel, StaysSmallForManyCells)
{
    // What grows with the cells. Of 8,000 all curves are kept, of 9,000 those of one setting.
    for (const std::size_t count : {8000, 9000})
    {
        const Sweep sweep = ManyCells(count);
        const Units units = UnitsOf(sweep);
        const Json cells = CellsJson(sweep, units);
        const Json curves = CurvesJson(sweep, units, {0});
        EXPECT_EQ(cells.size(), count);
        EXPECT_EQ(curves["only_usual"], count == 9000);
        const Json rest = {sweep.axes[0].values, sweep.axes[0].numbers};
        const std::size_t bytes = cells.dump().size() + curves.dump().size() + rest.dump().size() +
                                  PairsJson(sweep, units, {0}).dump().size();
        EXPECT_LT(bytes, 2'500'000U) << count; // with ECharts below 5 MB
    }
}

TEST_F(ReportModel, NothingInItEndsItsScript)
{
    std::vector<StoredRun> runs = SampleRuns();
    for (StoredRun& run : runs)
    {
        run.key.parameters["lan.name"] = "</script><script>alert('1')</script>\"&\xff";
    }
    runs.push_back(FailedRun());
    runs.back().errorText = "<!--<script>\xc3";
    RunSource source = SourceOf(runs);
    source.name = "</title><img src=x onerror=alert(1)>\xfe\"'";
    source.sweepText = "about: \"</script>\"\n";
    const std::string text = EscapedForScript(BuildModel(source, std::nullopt));
    EXPECT_EQ(text.find('<'), std::string::npos);
    const Json back = Json::parse(text);
    EXPECT_EQ(back["about"], "</script>");
    EXPECT_THAT(back["fixed"].dump(), HasSubstr("</script><script>alert('1')</script>"));
    EXPECT_EQ(EscapedForHtml(source.name).find_first_of("<>\"'"), std::string::npos);
}

} // namespace
} // namespace lanpeer::report
