#include "analysis/metrics-json.h"
#include "analysis/regression/comparison-text.h"
#include "analysis/regression/comparison.h"
#include "analysis/results/result-store.h"
#include "tests/analysis/regression-samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

// Which figures got worse: judged, paired, read from files.

namespace lanpeer::regression
{
namespace
{

namespace fs = std::filesystem;
using analysis::Metrics;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Direction kLower = Direction::LowerIsBetter;
constexpr Direction kHigher = Direction::HigherIsBetter;
constexpr Direction kTold = Direction::Informational;

Figure
Count(std::uint64_t count)
{
    return count;
}

template <typename Function>
std::string
ErrorOf(Function function)
{
    try
    {
        function();
    }
    catch (const RunsError& error)
    {
        EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
        return error.what();
    }
    return "";
}

/// "copies worse" for what is not the same, in the order of the figures.
std::vector<std::string>
Told(const Comparison& comparison)
{
    std::vector<std::string> told;
    for (const ComparedFigure& figure : comparison.figures)
    {
        const std::string name(figure.metric->name);
        switch (figure.verdict)
        {
        case Verdict::Same:
            break;
        case Verdict::Worse:
            told.push_back(name + " worse");
            break;
        case Verdict::Better:
            told.push_back(name + " better");
            break;
        case Verdict::Changed:
            told.push_back(name + " changed");
            break;
        }
    }
    return told;
}

Comparison
CompareRuns(const std::vector<Metrics>& baseline,
            const std::vector<Metrics>& candidate,
            const ComparisonOptions& options = {})
{
    return Compare(SampleFile("a.json", baseline), SampleFile("b.json", candidate), options);
}

std::vector<std::string>
What(const std::vector<Unpaired>& unpaired)
{
    std::vector<std::string> what;
    for (const Unpaired& one : unpaired)
    {
        what.push_back(one.what);
    }
    return what;
}

TEST(RegressionJudge, CountsAreExact)
{
    EXPECT_EQ(Judge(kLower, Count(100), Count(100), 0), Verdict::Same);
    EXPECT_EQ(Judge(kLower, Count(100), Count(101), 0), Verdict::Worse);
    EXPECT_EQ(Judge(kLower, Count(100), Count(99), 0), Verdict::Better);
    EXPECT_EQ(Judge(kHigher, Count(100), Count(101), 0), Verdict::Better);
    EXPECT_EQ(Judge(kHigher, Count(100), Count(99), 0), Verdict::Worse);
    EXPECT_EQ(Judge(kTold, Count(100), Count(99), 0), Verdict::Changed);
    // More than a double can tell apart.
    EXPECT_EQ(Judge(kLower, Count(9007199254740992), Count(9007199254740993), 0), Verdict::Worse);
    EXPECT_EQ(Judge(kLower, Count(18446744073709551614U), Count(18446744073709551615U), 0),
              Verdict::Worse);
    EXPECT_EQ(Judge(kLower, Count(0), Count(1), 0), Verdict::Worse);
}

TEST(RegressionJudge, NumbersAreTheSameToAPartInABillion)
{
    EXPECT_EQ(Judge(kLower, 2.0, 2.0 + 1.9e-9, 0), Verdict::Same);
    EXPECT_EQ(Judge(kLower, 2.0, 2.0 + 2.1e-9, 0), Verdict::Worse);
    EXPECT_EQ(Judge(kLower, 2.0, 2.0 - 2.1e-9, 0), Verdict::Better);
    EXPECT_EQ(Judge(kHigher, -0.5, -0.6, 0), Verdict::Worse);
    EXPECT_EQ(Judge(kHigher, -0.5, -0.4, 0), Verdict::Better);
    EXPECT_EQ(Judge(kLower, 0.0, 1e-6, 0), Verdict::Worse);
}

TEST(RegressionJudge, ToleranceIsOfTheBaselineAndBothWays)
{
    EXPECT_EQ(Judge(kLower, Count(30), Count(33), 10), Verdict::Same);
    EXPECT_EQ(Judge(kLower, Count(30), Count(34), 10), Verdict::Worse);
    EXPECT_EQ(Judge(kLower, Count(30), Count(27), 10), Verdict::Same);
    EXPECT_EQ(Judge(kLower, Count(30), Count(26), 10), Verdict::Better);
    EXPECT_EQ(Judge(kHigher, -0.5, -0.54, 10), Verdict::Same);
    EXPECT_EQ(Judge(kHigher, -0.5, -0.56, 10), Verdict::Worse);
    EXPECT_EQ(Judge(kLower, Count(0), Count(1), 50), Verdict::Worse) << "half of nothing";
    EXPECT_EQ(Judge(kTold, 100.0, 104.0, 5), Verdict::Same);
}

TEST(RegressionJudge, WhatCanNoLongerBeMeasuredIsWorse)
{
    EXPECT_EQ(Judge(kLower, 4.0, Figure(), 1000), Verdict::Worse);
    EXPECT_EQ(Judge(kHigher, 0.8, Figure(), 1000), Verdict::Worse);
    EXPECT_EQ(Judge(kLower, Figure(), 4.0, 0), Verdict::Better);
    EXPECT_EQ(Judge(kLower, Figure(), Figure(), 0), Verdict::Same);
    EXPECT_EQ(Judge(kTold, 1.0, Figure(), 0), Verdict::Changed);
}

TEST(Regression, EachMetricHasItsDirection)
{
    Metrics worse = SampleRun(1);
    worse.internetBytes += 1;
    worse.catalogBytes += 1;
    worse.copies = 2.1;
    worse.savedFraction = 0.79;
    worse.served.maxBytes += 1;
    worse.packets.iHaveDuplicate += 1;
    worse.finishS.mean = 2.1;
    worse.finishS.p95 = 3.1;
    worse.finishS.last = std::nullopt; // a node failed
    worse.failures["no-internet"] = 1;
    worse.served.jain = 0.4;
    worse.events = 7;
    worse.wallS = 9.0; // never looked at
    EXPECT_THAT(Told(CompareRuns({SampleRun(1)}, {worse})),
                ElementsAre("internet_bytes worse",
                            "catalog_bytes worse",
                            "copies worse",
                            "saved_fraction worse",
                            "served.max_bytes worse",
                            "packets.i_have_duplicate worse",
                            "finish_s.mean worse",
                            "finish_s.p95 worse",
                            "finish_s.last worse",
                            "failures worse",
                            "served.jain changed",
                            "events changed"));
    const Comparison better = CompareRuns({worse}, {SampleRun(1)});
    EXPECT_EQ(better.Count(Verdict::Better), 10U);
    EXPECT_FALSE(better.IsWorse());
    EXPECT_TRUE(CompareRuns({SampleRun(1)}, {worse}).IsWorse());
}

TEST(Regression, TheUpdateServiceIsComparedWhereThereIsOne)
{
    Metrics before = SampleRun(1);
    before.updates.emplace();
    before.updates->outOfDateS.mean = 10.0;
    Metrics after = before;
    after.updates->outOfDateS.mean = 11.0;
    after.updates->missing = 1;
    EXPECT_THAT(Told(CompareRuns({before}, {after})),
                ElementsAre("updates.missing worse", "updates.out_of_date_s.mean worse"));
}

TEST(Regression, EqualRunsAreTheSameAndChosenMetricsAlone)
{
    Metrics other = SampleRun(2);
    other.internetBytes = 1;
    other.copies = 9.0;
    EXPECT_THAT(Told(CompareRuns({SampleRun(1)}, {SampleRun(1)})), IsEmpty());
    EXPECT_THAT(Told(CompareRuns({SampleRun(2)}, {other}, {0, {"copies"}})),
                ElementsAre("copies worse"));
    EXPECT_EQ(CompareRuns({SampleRun(1)}, {SampleRun(1)}).figures.size(), ComparedMetrics().size());
}

TEST(Regression, FiguresAreThoseOfTheJsonAndNamesStandOnce)
{
    Metrics run = SampleRun(1);
    run.failures = {{"no-internet", 2}, {"time-out", 3}};
    const std::vector<std::string> names = MetricNames();
    const std::vector<Figure> figures = FiguresOf(run);
    ASSERT_EQ(figures.size(), names.size());
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
    const auto figure = [&](const std::string& name)
    {
        const auto at = std::find(names.begin(), names.end(), name);
        return figures.at(static_cast<std::size_t>(at - names.begin()));
    };
    EXPECT_EQ(figure("internet_bytes"), Count(2000));
    EXPECT_EQ(figure("copies"), Figure(2.0)) << "a number, though a whole one";
    EXPECT_EQ(figure("served.max_bytes"), Count(4000));
    EXPECT_EQ(figure("failures"), Count(5));
    EXPECT_EQ(figure("updates.out_of_date_s.mean"), Figure()) << "nodes keep no update service";
}

TEST(Regression, RunsArePairedByWhatTheyAre)
{
    Metrics otherSeed = SampleRun(1);
    otherSeed.seed = 2;
    Metrics otherPolicy = SampleRun(1);
    otherPolicy.policy = "fig4b";
    const Comparison comparison = CompareRuns({SampleRun(1), SampleRun(2), otherPolicy},
                                              {otherSeed, SampleRun(2), SampleRun(1)});
    EXPECT_EQ(comparison.runs, 2U);
    EXPECT_THAT(Told(comparison), IsEmpty());
    EXPECT_THAT(What(comparison.missing), ElementsAre("a.json: office, fig4b, seed 1, run 1"));
    EXPECT_THAT(What(comparison.extra), ElementsAre("b.json: office, robust, seed 2, run 1"));
    EXPECT_TRUE(comparison.IsWorse()) << "for what is missing";
    EXPECT_FALSE(CompareRuns({SampleRun(1)}, {SampleRun(1), SampleRun(2)}).IsWorse());
}

TEST(Regression, RunsOfDifferentNodesAreNotCompared)
{
    Metrics fewer = SampleRun(1);
    fewer.nodes = 9;
    EXPECT_EQ(ErrorOf([&fewer] { CompareRuns({SampleRun(1)}, {fewer}); }),
              "office, robust, seed 1, run 1: cannot be compared: 10 nodes in a.json, 9 in b.json");
}

TEST(Regression, ChangeIsInPercentOfTheBaseline)
{
    const auto change = [](const Figure& before, const Figure& after)
    {
        return ChangePercent({nullptr, 0, 1, 1, before, after, Verdict::Same});
    };
    EXPECT_DOUBLE_EQ(change(Count(200), Count(150)).value(), -25.0);
    EXPECT_DOUBLE_EQ(change(-0.5, -0.6).value(), -20.0);
    EXPECT_EQ(change(Count(0), Count(1)), std::nullopt);
    EXPECT_EQ(change(1.0, Figure()), std::nullopt);
    EXPECT_EQ(change(Figure(), 1.0), std::nullopt);
}

class StoredRunsTest : public testing::Test
{
  protected:
    StoredRunsTest()
    {
        std::string pattern = (fs::temp_directory_path() / "lanpeer-runs-XXXXXX").string();
        m_folder = mkdtemp(pattern.data());
    }

    ~StoredRunsTest() override
    {
        fs::remove_all(m_folder);
    }

    std::string Write(const std::string& name, const std::string& text) const
    {
        fs::create_directories((m_folder / name).parent_path());
        std::ofstream(m_folder / name, std::ios::binary) << text;
        return (m_folder / name).string();
    }

    fs::path m_folder;
};

TEST_F(StoredRunsTest, ReadsAFileOrAFolder)
{
    const std::string text = analysis::ToJsonText({SampleRun(1), SampleRun(2)});
    const std::string file = Write("folder/b.json", text);
    Write("folder/a.json", analysis::ToJsonText({SampleRun(3)}));
    Write("folder/remake", "no runs");
    Write("folder/within/c.json", "not looked at");
    const RunSet one = LoadRuns(file);
    EXPECT_FALSE(one.isFolder);
    ASSERT_EQ(one.files.size(), 1U);
    EXPECT_EQ(one.files[0].name, "");
    EXPECT_EQ(one.files[0].runs.size(), 2U);
    const RunSet both = LoadRuns((m_folder / "folder").string());
    EXPECT_TRUE(both.isFolder);
    ASSERT_EQ(both.files.size(), 2U);
    EXPECT_EQ(both.files[0].name, "a");
    EXPECT_EQ(both.files[1].name, "b");
    EXPECT_EQ(both.files[1].file, file);
    EXPECT_EQ(both.files[1].runs[1].run, 2U);
}

TEST_F(StoredRunsTest, FilesOfFoldersArePairedByName)
{
    Metrics worse = SampleRun(1);
    worse.internetBytes += 1;
    Write("old/same.json", analysis::ToJsonText({SampleRun(1)}));
    Write("new/same.json", analysis::ToJsonText({worse}));
    Write("old/gone.json", analysis::ToJsonText({SampleRun(1)}));
    Write("new/come.json", analysis::ToJsonText({SampleRun(1)}));
    const RunSet before = LoadRuns((m_folder / "old").string());
    const RunSet after = LoadRuns((m_folder / "new").string());
    const Comparison comparison = Compare(before, after, {});
    EXPECT_THAT(Told(comparison), ElementsAre("internet_bytes worse"));
    EXPECT_THAT(What(comparison.missing), ElementsAre("gone.json"));
    EXPECT_THAT(What(comparison.extra), ElementsAre("come.json"));
    EXPECT_EQ(comparison.places.at(0).name, "same");
    const std::string file = (m_folder / "old/same.json").string();
    EXPECT_EQ(ErrorOf([&] { Compare(before, LoadRuns(file), {}); }),
              (m_folder / "old").string() + " is a folder and " + file +
                  " a file; expected two files, two folders or two sweeps");
}

/// A row of a sweep, of SampleRun().
analysis::StoredRun
RowOf(const std::string& nodes, const Metrics& run)
{
    analysis::StoredRun row;
    row.key = {"office", {{"lan.nodes", nodes}}, run.policy, run.seed, run.run};
    row.metrics = analysis::ToJson(run).dump();
    return row;
}

analysis::StoredRun
FailedRow(const std::string& nodes, std::uint64_t run)
{
    analysis::StoredRun row = RowOf(nodes, SampleRun(run));
    row.metrics.clear();
    row.exitCode = 139;
    row.errorText = "died";
    return row;
}

/// A sweep's folder as LoadRuns() reads it.
RunSet
Sweep(const fs::path& folder, const std::vector<analysis::StoredRun>& rows)
{
    fs::create_directories(folder);
    {
        using analysis::ResultStore;
        ResultStore store(folder / analysis::kStoreFile, ResultStore::Access::Write);
        for (const analysis::StoredRun& row : rows)
        {
            store.Add(row);
        }
    }
    return LoadRuns(folder.string());
}

TEST_F(StoredRunsTest, RunsOfSweepsArePairedByWhatWasSetToo)
{
    RecordProperty("requirement", "R-SIM-10");
    Metrics worse = SampleRun(1);
    worse.internetBytes += 1;
    const RunSet before =
        Sweep(m_folder / "old",
              {RowOf("5", SampleRun(1)), RowOf("10", SampleRun(1)), RowOf("10", SampleRun(2))});
    const RunSet after =
        Sweep(m_folder / "new",
              {RowOf("10", SampleRun(2)), RowOf("10", worse), RowOf("20", SampleRun(1))});
    EXPECT_TRUE(before.isSweep);
    const Comparison comparison = Compare(before, after, {});
    EXPECT_EQ(comparison.runs, 2U);
    EXPECT_THAT(Told(comparison), ElementsAre("internet_bytes worse"));
    EXPECT_THAT(What(comparison.missing),
                ElementsAre("lan.nodes=5: office, robust, seed 1, run 1"));
    EXPECT_TRUE(comparison.missing.front().place) << "no file to take away";
    EXPECT_THAT(What(comparison.extra), ElementsAre("lan.nodes=20"));
    EXPECT_EQ(PlaceText(comparison.places.at(1)), "lan.nodes=10 (office), robust");
    const std::string old = (m_folder / "old").string();
    EXPECT_EQ(AcceptText(comparison, before, after),
              "To accept a new baseline, with the reason in the commit message:\n\n    cp " +
                  (m_folder / "new").string() + "/sweep.sqlite " + old + "/\n");
    EXPECT_FALSE(Compare(before, LoadRuns(old), {}).IsWorse());
}

TEST_F(StoredRunsTest, RunsThatFailedAreMissingAndSaid)
{
    RecordProperty("requirement", "R-SIM-10");
    const RunSet before =
        Sweep(m_folder / "old",
              {RowOf("5", SampleRun(1)), FailedRow("5", 2), FailedRow("5", 3), FailedRow("7", 1)});
    const RunSet after =
        Sweep(m_folder / "new",
              {FailedRow("5", 1), RowOf("5", SampleRun(2)), FailedRow("5", 3), FailedRow("7", 2)});
    const Comparison comparison = Compare(before, after, {});
    EXPECT_EQ(comparison.runs, 0U);
    EXPECT_TRUE(comparison.IsWorse());
    const std::string text = ComparisonText(comparison);
    for (const std::string line :
         {"missing in the candidate: lan.nodes=5: office, robust, seed 1, run 1 (failed)\n",
          "only in the candidate, not compared: lan.nodes=5: office, robust, seed 1, run 2 "
          "(failed in the baseline)\n",
          "failed on both sides, not compared: lan.nodes=5: office, robust, seed 1, run 3\n"})
    {
        EXPECT_THAT(text, HasSubstr(line));
    }
    EXPECT_FALSE(Compare(before, before, {}).IsWorse()) << "with itself";
}

TEST_F(StoredRunsTest, SweepsAreNotComparedWithFilesAndBadOnesAreRefused)
{
    const RunSet sweep = Sweep(m_folder / "sweep", {RowOf("5", SampleRun(1))});
    const std::string file = Write("a.json", analysis::ToJsonText({SampleRun(1)}));
    EXPECT_EQ(ErrorOf([&] { Compare(LoadRuns(file), sweep, {}); }),
              (m_folder / "sweep").string() + " is a sweep and " + file +
                  " a file; expected two files, two folders or two sweeps");
    const std::string store = "/" + std::string(analysis::kStoreFile);
    EXPECT_EQ(ErrorOf([&] { Sweep(m_folder / "empty", {}); }),
              (m_folder / "empty").string() + store + ": holds no run");
    analysis::StoredRun row = RowOf("5", SampleRun(1));
    row.metrics = "{}";
    EXPECT_THAT(ErrorOf([&] { Sweep(m_folder / "odd", {row}); }),
                HasSubstr((m_folder / "odd").string() + store +
                          ": office, lan.nodes=5, robust, seed 1, run 1: is not what"));
    Write("text/sweep.sqlite", "not a database, but long enough to be read as if it were one");
    EXPECT_THAT(ErrorOf([&] { LoadRuns((m_folder / "text").string()); }),
                HasSubstr((m_folder / "text").string() + store + ": "));
}

TEST_F(StoredRunsTest, WhatIsNoMeasurementIsRefusedByName)
{
    const std::string good = analysis::ToJsonText({SampleRun(1)});
    std::string infinite = good;
    infinite.replace(infinite.find("0.8"), 3, "1e308");
    fs::create_directories(m_folder / "empty");
    const std::vector<std::pair<std::string, std::string>> cases{
        {(m_folder / "none.json").string(), "cannot be read: No such file or directory"},
        {(m_folder / "empty").string(), "is a folder without any .json, and without sweep.sqlite"},
        {Write("text.json", "hello"), "is not what `lanpeer-sim run --json` writes: not JSON"},
        {Write("void.json", ""), "is not what `lanpeer-sim run --json` writes: not JSON"},
        {Write("half.json", good.substr(0, good.size() / 2)),
         "is not what `lanpeer-sim run --json` writes: not JSON"},
        {Write("number.json", "7"), "is not what `lanpeer-sim run --json` writes: not an object"},
        {Write("other.json", R"({"scenario": "office"})"),
         "is not what `lanpeer-sim run --json` writes: policy: needs a value"},
        {Write("infinite.json", infinite),
         "is not what `lanpeer-sim run --json` writes: a figure that is not finite"},
        {Write("nothing.json", "[]"), "holds no run"},
        {Write("twice.json", analysis::ToJsonText({SampleRun(4), SampleRun(4)})),
         "holds a run twice: office, robust, seed 1, run 4"},
    };
    for (const auto& [path, message] : cases)
    {
        const std::string file = path;
        EXPECT_EQ(ErrorOf([&file] { LoadRuns(file); }), file + ": " + message);
    }
    fs::create_directories(m_folder / "folders/a.json");
    EXPECT_EQ(ErrorOf([this] { LoadRuns((m_folder / "folders").string()); }),
              (m_folder / "folders/a.json").string() + ": cannot be read: Is a directory");
    Write("bad/a.json", good);
    const std::string bad = Write("bad/b.json", "[");
    EXPECT_THAT(ErrorOf([this] { LoadRuns((m_folder / "bad").string()); }), HasSubstr(bad));
}

TEST_F(StoredRunsTest, NamesAreOneLineOfPlainText)
{
    Metrics run = SampleRun(1);
    run.scenario = "a\n::error::b\x1b[31m";
    const RunSet set = LoadRuns(Write("a.json", analysis::ToJsonText({run})));
    EXPECT_EQ(set.files[0].runs[0].scenario.find_first_of("\n\x1b"), std::string::npos);
}

} // namespace
} // namespace lanpeer::regression
