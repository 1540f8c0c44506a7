#include "scenarios/sweep/sweep-file.h"

#include "model/settings/text.h"
#include "scenarios/scenario-file.h"
#include "scenarios/sweep/replicates.h"
#include "scenarios/sweep/run-spec.h"
#include "scenarios/sweep/sweep-plan.h"
#include "scenarios/yaml-file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

// What a sweep's file says, and which runs follow from it.

namespace lanpeer::scenario
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;

Sweep
Read(const std::string& text)
{
    Sweep sweep = ReadSweep("s.yaml", text);
    sweep.name = "s";
    return sweep;
}

std::string
ErrorOf(const std::string& text)
{
    try
    {
        CellsOf(Read(text));
    }
    catch (const ScenarioError& error)
    {
        return error.what();
    }
    return "";
}

/// "lan.nodes=5 robust", a line for each cell.
std::vector<std::string>
CellTexts(const std::string& text)
{
    std::vector<std::string> texts;
    for (const Cell& cell : CellsOf(Read(text)))
    {
        std::string line;
        for (const auto& [path, value] : cell.parameters)
        {
            line += path + "=" + value + " ";
        }
        texts.push_back(line + cell.policy);
    }
    return texts;
}

TEST(SweepFile, EveryCombinationUnderEveryPolicy)
{
    RecordProperty("requirement", "R-SIM-10");
    EXPECT_THAT(CellTexts("scenario: office\n"
                          "axes:\n"
                          "  lan.nodes: [5, 10]\n"
                          "  uplink.preset: [isdn, dsl]\n"
                          "policy: [direct, robust]\n"),
                ElementsAre("lan.nodes=5 uplink.preset=isdn direct",
                            "lan.nodes=5 uplink.preset=isdn robust",
                            "lan.nodes=5 uplink.preset=dsl direct",
                            "lan.nodes=5 uplink.preset=dsl robust",
                            "lan.nodes=10 uplink.preset=isdn direct",
                            "lan.nodes=10 uplink.preset=isdn robust",
                            "lan.nodes=10 uplink.preset=dsl direct",
                            "lan.nodes=10 uplink.preset=dsl robust"));
}

TEST(SweepFile, WhatIsNotSaidIsTheScenarios)
{
    const Sweep sweep = Read("scenario: office\n");
    EXPECT_EQ(sweep.policies, std::vector<PolicyChoice>{PolicyChoice::Robust});
    EXPECT_EQ(sweep.runs, 5U);
    EXPECT_EQ(sweep.seed, 1U);
    EXPECT_FALSE(sweep.untilCi);
    EXPECT_EQ(CellsOf(sweep).size(), 1U);
}

TEST(SweepFile, FiltersLeaveOut)
{
    const std::string axes = "scenario: office\n"
                             "axes: {lan.nodes: [5, 10, 20], workload.window_s: [1, 60]}\n"
                             "policy: [direct, robust]\n";
    EXPECT_THAT(CellTexts(axes + "skip: [{lan.nodes: {above: 5}, policy: direct}, "
                                 "{workload.window_s: 1}]"),
                ElementsAre("lan.nodes=5 workload.window_s=60 direct",
                            "lan.nodes=5 workload.window_s=60 robust",
                            "lan.nodes=10 workload.window_s=60 robust",
                            "lan.nodes=20 workload.window_s=60 robust"));
    EXPECT_THAT(CellTexts(axes + "only: [{lan.nodes: [5, 20], workload.window_s: {below: 60}, "
                                 "policy: robust}]"),
                ElementsAre("lan.nodes=5 workload.window_s=1 robust",
                            "lan.nodes=20 workload.window_s=1 robust"));
    EXPECT_THAT(CellTexts(axes + "only: [{lan.nodes: {at_least: 10, at_most: 10}}]\n"
                                 "skip: [{policy: direct}]"),
                ElementsAre("lan.nodes=10 workload.window_s=1 robust",
                            "lan.nodes=10 workload.window_s=60 robust"));
}

std::vector<std::string>
ValuesOf(const std::string& path, const std::string& range)
{
    return Read("scenario: office\naxes: {" + path + ": " + range + "}\n").axes.front().values;
}

TEST(SweepFile, Ranges)
{
    EXPECT_THAT(ValuesOf("lan.nodes", "{from: 10, to: 40, step: 15}"),
                ElementsAre("10", "25", "40"));
    EXPECT_THAT(ValuesOf("lan.loss", "{from: 0, to: 0.3, step: 0.1}"),
                ElementsAre("0", "0.1", "0.2", "0.3"));
    EXPECT_THAT(ValuesOf("lan.nodes", "{from: 1, to: 1000, points: 4, scale: log}"),
                ElementsAre("1", "10", "100", "1000"));
    EXPECT_THAT(ValuesOf("lan.nodes", "{from: 1, to: 3, points: 5}"), ElementsAre("1", "2", "3"));
    EXPECT_THAT(ValuesOf("workload.window_s", "{from: 1, to: 2, points: 3}"),
                ElementsAre("1", "1.5", "2"));
}

TEST(SweepFile, ValuesMayBeAnyYaml)
{
    EXPECT_THAT(ValuesOf("internet.nodes", "[all, 2, [0, 1]]"), ElementsAre("all", "2", "[0, 1]"));
}

TEST(SweepFile, EveryMistakeHasItsLine)
{
    const std::vector<std::pair<std::string, std::string>> mistakes = {
        {"", "s.yaml:1: nothing is not a map; expected keys such as scenario and axes"},
        {"axes: {lan.nodes: [5]}\n", "s.yaml:1: scenario: is missing; expected a name or a file"},
        {"scenario: office\naxes:\n  lan.node: [5]\n",
         "s.yaml:3: lan.node: unknown key; did you mean lan.nodes?"},
        {"scenario: office\naxes:\n  lan.nodes: [5, abc]\n",
         "s.yaml:3: lan.nodes: 'abc' is not a whole number; expected 1 to 65533"},
        {"scenario: office\naxes:\n  lan.nodes: [5, 5]\n", "s.yaml:3: lan.nodes: 5 stands twice"},
        {"scenario: office\naxes:\n  lan.nodes: 5\n",
         "s.yaml:3: lan.nodes: '5' is not what an axis has; expected a list such as [10, 20], or "
         "{from: 10, to: 100, step: 10}"},
        {"scenario: office\naxes:\n  policy: [direct]\n",
         "s.yaml:3: policy: is no axis of its own; expected `policy: [...]` beside `axes`"},
        {"scenario: office\naxes:\n  lan.nodes: {from: 5, to: 1, step: 1}\n",
         "s.yaml:3: lan.nodes: `to` is not above `from`"},
        {"scenario: office\naxes:\n  lan.nodes: {from: 1, to: 5}\n",
         "s.yaml:3: lan.nodes: neither `step` nor `points`; expected one of them"},
        {"scenario: office\naxes:\n  lan.loss: {from: 0, to: 1, points: 3, scale: log}\n",
         "s.yaml:3: lan.loss: a logarithmic scale needs `points`, and `from` above 0"},
        {"scenario: office\naxes: {lan.nodes: [5]}\nset: {lan.nodes: 6}\n",
         "s.yaml:1: lan.nodes: stands in `set` and in `axes`"},
        {"scenario: office\npolicy: [robustly]\n",
         "s.yaml:2: policy: 'robustly' is not one of its words; expected direct, proxy, fig4a, "
         "fig4b, robust or a list"},
        {"scenario: office\nruns: 0\n",
         "s.yaml:2: runs: '0' is out of bounds; expected 1 to 1000000"},
        {"scenario: office\nrun: 3\n", "s.yaml:2: run: unknown key; did you mean runs?"},
        {"scenario: office\nskip: [{lan.nodes: 5}]\n",
         "s.yaml:2: skip: 'lan.nodes' is no axis; expected policy"},
        {"scenario: office\naxes: {lan.nodes: [5, 6]}\nskip: [{lan.nodes: 7}]\n",
         "s.yaml:3: skip.lan.nodes: '7' is no value of that axis; expected 5 or 6"},
        {"scenario: office\nskip: [{}]\n",
         "s.yaml:2: skip: a filter without conditions fits everything"},
        {"scenario: office\naxes: {lan.nodes: [5]}\nskip: [{lan.nodes: 5}]\n",
         "s: `skip` and `only` leave nothing to run"},
        {"scenario: office\nuntil_ci: {percent: 0}\n",
         "s.yaml:2: until_ci.percent: '0' is out of bounds; expected above 0 to 100"},
        {"scenario: office\nuntil_ci: {metric: finish}\n",
         "s.yaml:2: until_ci.metric: 'finish' is not one of its words; expected a figure of the "
         "JSON such as "
         "finish_s.p95"},
        {"scenario: no-such\n", "no-such: no such scenario and no such file; expected"},
        {"a: b: c\n", "s.yaml:1: "},
        {"scenario: office\naxes: {lan.nodes: [5]}\nset: {workload.holders: 9}\n",
         "s: of office lan.nodes=5 workload.holders=9: "},
    };
    for (const auto& [text, line] : mistakes)
    {
        const std::string error = ErrorOf(text);
        EXPECT_EQ(error.substr(0, line.size()), line) << text;
        EXPECT_EQ(settings::WholeLine(error), error) << text;
    }
}

TEST(SweepFile, AFileBesideItIsFoundFromAnywhere)
{
    const Sweep sweep = ReadSweep("some/folder/s.yaml", "scenario: mine.yaml\npolicy: [robust]\n");
    EXPECT_EQ(sweep.scenario, "mine.yaml");
    EXPECT_EQ(sweep.scenarioFile, "some/folder/mine.yaml");
}

TEST(SweepFile, ThoseThatComeWithTheProgramAreGood)
{
    const auto names = YamlNames(ScenarioFolder() / "sweeps");
    EXPECT_GE(names.size(), 4U);
    for (const std::string& name : names)
    {
        const Sweep sweep = LoadSweep(name);
        EXPECT_FALSE(CellsOf(sweep).empty()) << name;
        EXPECT_EQ(std::count(sweep.about.begin(), sweep.about.end(), '\n'), 3) << name;
    }
}

TEST(SweepFile, TheReadmesIsGood)
{
    std::ifstream file(LANPEER_SOURCE_DIR "/README.md");
    std::ostringstream text;
    text << file.rdbuf();
    const std::string readme = text.str();
    const std::size_t axes = readme.find("\naxes:\n");
    ASSERT_NE(axes, std::string::npos);
    const std::string fence = "```yaml\n";
    const std::size_t begin = readme.rfind(fence, axes) + fence.size();
    const Sweep sweep = Read(readme.substr(begin, readme.find("```", axes) - begin));
    EXPECT_EQ(sweep.axes.size(), 2U);
    EXPECT_EQ(CellsOf(sweep).size(), 20U); // 3 x 4 under two policies, less 4 that are skipped
}

TEST(RunSpecs, AreTypedAsTheyAreRun)
{
    const RunSpec spec{"my office.yaml",
                       {{"lan.nodes", "5"}, {"workload.resources", "[{name: a'b, bytes: 1}]"}},
                       "robust",
                       7,
                       3,
                       true};
    EXPECT_EQ(CommandFor(spec),
              "lanpeer-sim run 'my office.yaml' --set lan.nodes=5 "
              "--set 'workload.resources=[{name: a'\\''b, bytes: 1}]' --policy robust --seed 7 "
              "--run 3 --json -");
    const RunSpec back = RunSpecFromJson(ToJson(spec));
    EXPECT_EQ(ToJson(back), ToJson(spec));
    EXPECT_EQ(back.parameters, spec.parameters);
    EXPECT_THROW(RunSpecFromJson("{}"), std::invalid_argument);
    const RunTexts texts = Parted(Joined({"metrics", "nodes", ""}));
    EXPECT_EQ(texts.metrics, "metrics");
    EXPECT_EQ(texts.nodes, "nodes");
    EXPECT_EQ(texts.replay, "");
    EXPECT_THROW(Parted("one line"), std::invalid_argument);
}

using Figures = std::vector<std::optional<double>>;

TEST(Replicates, AreAsManyAsAskedWithoutAnInterval)
{
    EXPECT_EQ(ReplicatesWanted(5, std::nullopt, {}, 0), 5U);
    EXPECT_EQ(ReplicatesWanted(5, std::nullopt, Figures(5, 1.0), 0), 5U);
}

TEST(Replicates, GoOnUntilTheIntervalIsTight)
{
    RecordProperty("requirement", "R-SIM-10");
    const UntilCi until{"copies", 5, 100};
    EXPECT_EQ(ReplicatesWanted(1, until, {}, 0), 2U);
    EXPECT_EQ(ReplicatesWanted(3, until, Figures(2, 1.0), 0), 3U);
    EXPECT_EQ(ReplicatesWanted(3, until, Figures(3, 1.0), 0), 3U); // no spread at all
    // Mean 10, half-width 2.48 of 0.5 that would do: 25 times as many, but doubled at most.
    EXPECT_EQ(ReplicatesWanted(3, until, {9.0, 10.0, 11.0}, 0), 6U);
    // Half-width 0.26 for 0.1 at n = 4: the root says 27, doubled at most says 8.
    EXPECT_EQ(ReplicatesWanted(2, UntilCi{"copies", 1, 5}, {9.0, 10.0, 11.0, 10.0}, 0),
              5U); // runs_max
    EXPECT_EQ(ReplicatesWanted(2, UntilCi{"copies", 1, 4}, {9.0, 10.0, 11.0, 10.0}, 0), 4U);
    EXPECT_EQ(ReplicatesWanted(2, until, {std::nullopt, std::nullopt}, 0),
              2U);                                             // nothing to measure
    EXPECT_EQ(ReplicatesWanted(2, until, {1.0, -1.0}, 0), 4U); // a mean of 0 is never that tight
    EXPECT_EQ(ReplicatesWanted(2, until, {0.0, 0.0}, 0), 2U);
}

TEST(Replicates, AFailedRunStopsNoCell)
{
    const UntilCi until{"copies", 5, 10};
    EXPECT_EQ(ReplicatesWanted(2, until, {5.0}, 1), 4U); // of one no interval can be told
    EXPECT_EQ(ReplicatesWanted(2, until, {}, 2), 4U);
    EXPECT_EQ(ReplicatesWanted(2, until, {}, 10), 10U);
    EXPECT_EQ(ReplicatesWanted(2, until, {5.0, 5.0}, 1), 3U);
    EXPECT_TRUE(IsTight(until, {5.0, 5.0}));
    EXPECT_FALSE(IsTight(until, {5.0}));
    EXPECT_FALSE(IsTight(until, {5.0, 6.0}));
    EXPECT_TRUE(IsTight(until, {std::nullopt, std::nullopt})); // nothing to measure
    EXPECT_TRUE(IsTight(std::nullopt, {5.0, 6.0}));
}

TEST(Replicates, GrowByWhatTheRootOfTheirNumberLetsExpect)
{
    // Half-width 0.6 of 0.5: 1.44 times as many are expected to do.
    Figures figures;
    for (int i = 0; i < 20; ++i)
    {
        figures.push_back(10.0 + (i % 2 == 0 ? 1.25 : -1.25));
    }
    EXPECT_EQ(ReplicatesWanted(2, UntilCi{"copies", 5, 100}, figures, 0), 29U);
}

TEST(SweepFile, AnotherTraceOfTheSameNameIsAnotherScenario)
{
    RecordProperty("requirement", "R-SIM-4 R-SIM-10");
    const std::filesystem::path folder = testing::TempDir() + "sweep-of-a-trace";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "mine.yaml") << "workload: {arrival: trace, trace: mine.csv}\n";
    const auto textWith = [&folder](const std::string& asks)
    {
        std::ofstream(folder / "mine.csv") << "time,node,resource\n" << asks;
        return ScenarioText(
            ReadSweep(folder / "s.yaml", "scenario: mine.yaml\naxes: {lan.nodes: [3, 5]}\n"));
    };
    const std::string before = textWith("0,1,0\n1,2,0\n");
    EXPECT_THAT(before, HasSubstr("mine.csv"));
    EXPECT_EQ(textWith("1,2,0\n0,1,0\n"), before) << "the same asks";
    EXPECT_NE(textWith("0,1,0\n2,2,0\n"), before);
    std::filesystem::remove_all(folder);
}

} // namespace
} // namespace lanpeer::scenario
