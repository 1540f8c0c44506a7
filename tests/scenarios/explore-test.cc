#include "model/explore/lane-counts.h"
#include "model/explore/named-lanes.h"
#include "model/harness/script-file.h"
#include "reading.h"
#include "scenarios/command-line.h"
#include "scenarios/explore-output.h"
#include "scenarios/explore.h"
#include "scenarios/figure-files.h"
#include "scenarios/lane-of-options.h"
#include "scenarios/scenario-reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// `lanpeer-sim explore`: what its command line means, and what it writes.

namespace lanpeer::scenario
{
namespace
{

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

using Arguments = std::vector<std::string>;

ExploreCommand
Parse(Arguments arguments)
{
    arguments.insert(arguments.begin(), "explore");
    return std::get<ExploreCommand>(ParseCommandLine(arguments));
}

explore::Lane
LaneOf(const Arguments& arguments)
{
    return MakeLane(Parse(arguments).own);
}

/// The one line that is printed instead.
std::string
UseErrorOf(const Arguments& arguments)
{
    try
    {
        Explore(Parse(arguments));
    }
    catch (const UsageError& error)
    {
        EXPECT_TRUE(IsOneLine(error.what())) << error.what();
        return error.what();
    }
    catch (const ScenarioError& error)
    {
        EXPECT_TRUE(IsOneLine(error.what())) << error.what();
        return error.what();
    }
    return "";
}

std::string
ReadAll(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// What a command does.
struct Done
{
    int exitCode = 0;
    std::string out;
};

Done
DoneBy(const Arguments& arguments)
{
    testing::internal::CaptureStdout();
    const int exitCode = Explore(Parse(arguments));
    return {exitCode, testing::internal::GetCapturedStdout()};
}

class ExploreTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        std::string pattern = (fs::temp_directory_path() / "lanpeer-explore-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        m_folder = pattern;
    }

    void TearDown() override
    {
        fs::remove_all(m_folder);
    }

    std::string In(const std::string& name) const
    {
        return (m_folder / name).string();
    }

    fs::path m_folder;
};

TEST_F(ExploreTest, ALaneIsMadeOfOptions)
{
    const explore::Lane usual = LaneOf({});
    EXPECT_EQ(usual.configs.size(), 2U);
    EXPECT_THAT(usual.holders, IsEmpty());
    EXPECT_EQ(usual.wants.size(), 2U);
    EXPECT_EQ(usual.budgets.Fields(), explore::Budgets{}.Fields());
    EXPECT_EQ(*usual.configs[0], explore::LaneConfig(Policy::Robust));

    const explore::Lane lane = LaneOf({"--nodes",
                                       "4",
                                       "--holders=2",
                                       "--askers",
                                       "1",
                                       "--without-access",
                                       "1",
                                       "--policy",
                                       "fig4b",
                                       "--set",
                                       "protocol.reasks=2",
                                       "--set",
                                       "protocol.response_delay_ms=500"});
    EXPECT_EQ(lane.configs.size(), 4U);
    EXPECT_THAT(lane.holders, ElementsAre(0U, 1U));
    ASSERT_EQ(lane.wants.size(), 1U);
    EXPECT_EQ(lane.wants[0].host, 3U);
    EXPECT_TRUE(lane.configs[2]->internetAccess);
    EXPECT_FALSE(lane.configs[3]->internetAccess);
    for (const auto& config : lane.configs)
    {
        EXPECT_TRUE(config->wait);
        EXPECT_FALSE(config->lock);
        EXPECT_EQ(config->reasks, 2U);
        EXPECT_EQ(config->responseDelayMs, 500U);
        EXPECT_EQ(config->internetRetries, 1U) << "small, unless set";
    }
}

TEST_F(ExploreTest, EachFaultHasItsBudget)
{
    const std::vector<std::pair<const char*, explore::Budget>> faults{
        {"--drops", &explore::Budgets::losses},
        {"--duplicates", &explore::Budgets::duplicates},
        {"--failures", &explore::Budgets::failures},
        {"--refusals", &explore::Budgets::refusals},
        {"--crashes", &explore::Budgets::crashes},
        {"--cancels", &explore::Budgets::cancels},
        {"--deadlines", &explore::Budgets::deadlines},
        {"--impatience", &explore::Budgets::patience},
        {"--halves", &explore::Budgets::halves},
        {"--verdicts", &explore::Budgets::verdicts},
        {"--back-offs", &explore::Budgets::backOffs},
        {"--forgeries", &explore::Budgets::forgeries},
        {"--pretences", &explore::Budgets::pretences}};
    EXPECT_EQ(FaultOptions().size(), faults.size());
    for (const auto& [option, budget] : faults)
    {
        explore::Budgets expected;
        expected.*budget = 3;
        EXPECT_EQ(LaneOf({option, "3"}).budgets.Fields(), expected.Fields()) << option;
    }
}

TEST_F(ExploreTest, WrongUseHasOneLine)
{
    const std::string see = "; see lanpeer-sim explore --help";
    EXPECT_EQ(UseErrorOf({"--nodes", "1"}), "--nodes: '1' is out of bounds; expected 2 to 8");
    EXPECT_EQ(UseErrorOf({"--drops", "x"}),
              "--drops: 'x' is not a whole number; expected 0 to 255");
    EXPECT_EQ(UseErrorOf({"--limit", "0"}),
              "--limit: '0' is out of bounds; expected 1 to 4294967295");
    EXPECT_EQ(UseErrorOf({"--holders", "3"}), "--holders: 3 of 2 nodes; expected at most as many");
    EXPECT_THAT(UseErrorOf({"--holders", "2"}), StartsWith("--holders: all hold it"));
    EXPECT_EQ(UseErrorOf({"--askers", "3"}), "--askers: 3 of 2 nodes; expected at most as many");
    EXPECT_EQ(UseErrorOf({"--without-access", "3"}),
              "--without-access: 3 of 2 nodes; expected at most as many");
    EXPECT_EQ(UseErrorOf({"--policy", "fig5"}),
              "--policy: 'fig5' is none; expected fig4a, fig4b or robust" + see);
    EXPECT_EQ(UseErrorOf({"--set", "lan.nodes=3"}),
              "--set 'lan.nodes=3': expected protocol.KEY=VALUE; the rest of a lane are options, "
              "see lanpeer-sim explore --help");
    EXPECT_EQ(UseErrorOf({"--set", "protocol.reask=1"}),
              "--set protocol.reask=1: unknown key; did you mean protocol.reasks?");
    EXPECT_THAT(UseErrorOf({"--policy", "fig4a", "--set", "protocol.rules.straddle=on"}),
                HasSubstr("rules.straddle needs rules.wait"));
    EXPECT_EQ(UseErrorOf({"two-both-ask-los.robust"}),
              "'two-both-ask-los.robust': unknown lane (did you mean two-both-ask-loss.robust?); "
              "see lanpeer-sim explore --list");
    EXPECT_THAT(UseErrorOf({"--all", "--drops", "1"}), StartsWith("--all and --drops do not go"));
    EXPECT_THAT(UseErrorOf({"two-no-access.fig4a", "--nodes", "3"}),
                StartsWith("'two-no-access.fig4a' and --nodes do not go"));
    EXPECT_EQ(UseErrorOf({"--list", "--json", "-"}), "--list and --json do not go together");
    EXPECT_EQ(UseErrorOf({"--story", "x", "--json", "./x"}),
              "--json and --story name the same file; expected two");
    EXPECT_EQ(UseErrorOf({"--story", ""}), "--story: has no value" + see);
    EXPECT_EQ(UseErrorOf({"--drop", "1"}),
              "'--drop' was not expected (did you mean --drops?)" + see);
}

TEST_F(ExploreTest, HelpNamesEveryOptionAndHasExamplesThatAreRight)
{
    const std::string text = std::get<HelpCommand>(ParseCommandLine({"explore", "--help"})).text;
    for (const FaultOption& fault : FaultOptions())
    {
        EXPECT_THAT(text, HasSubstr(std::string(fault.option)));
    }
    EXPECT_THAT(text, HasSubstr("Exit code 0"));
    EXPECT_NO_THROW(LaneOf({"--holders", "1", "--drops", "2", "--crashes", "1"}));
    EXPECT_NO_THROW(
        LaneOf({"--nodes", "3", "--holders", "1", "--policy", "fig4b", "--duplicates", "1"}));
    EXPECT_NO_THROW(LaneOf({"--set", "protocol.rules.pause=false", "--failures", "1"}));
    EXPECT_NE(explore::FindLane("two-both-ask-loss.robust"), nullptr);
}

TEST_F(ExploreTest, ListsTheNamedLanes)
{
    const Done done = DoneBy({"--list"});
    EXPECT_EQ(done.exitCode, 0);
    EXPECT_EQ(done.out, LanesText());
    for (const explore::NamedLane& lane : explore::NamedLanes())
    {
        EXPECT_THAT(done.out, HasSubstr(lane.name + " "));
        EXPECT_THAT(done.out, HasSubstr(lane.about + "\n"));
    }
}

TEST_F(ExploreTest, ExploresNamedLanesAndCountsThem)
{
    RecordProperty("requirement", "R-SRV-3 R-CLI-7");
    const Done done = DoneBy({"two-both-ask-loss.fig4a",
                              "two-no-access.fig4a",
                              "--table",
                              In("counts.md"),
                              "--story",
                              In("story.txt"),
                              "--json",
                              In("found.json")});
    EXPECT_EQ(done.exitCode, 0);
    EXPECT_THAT(done.out, HasSubstr("two-both-ask-loss.fig4a: "));
    EXPECT_FALSE(fs::exists(In("story.txt"))) << "nothing is wrong";
    const auto committed =
        explore::ReadCounts(ReadAll(fs::path(LANPEER_SOURCE_DIR) / "results" / "explore.md"));
    const auto counts = explore::ReadCounts(ReadAll(In("counts.md")));
    ASSERT_EQ(counts.size(), 2U);
    const auto json = nlohmann::json::parse(ReadAll(In("found.json")));
    ASSERT_EQ(json.size(), 2U);
    for (std::size_t i = 0; i < counts.size(); ++i)
    {
        EXPECT_EQ(counts[i], explore::FindCount(committed, counts[i].lane));
        EXPECT_EQ(json[i].at("lane"), counts[i].lane);
        EXPECT_EQ(json[i].at("states"), counts[i].states);
        EXPECT_EQ(json[i].at("transitions"), counts[i].transitions);
        EXPECT_EQ(json[i].at("depth"), counts[i].depth);
        EXPECT_EQ(json[i].at("complete"), true);
        EXPECT_TRUE(json[i].at("violation").is_null());
    }
}

TEST_F(ExploreTest, OnlyJsonOnStandardOutput)
{
    const Done done = DoneBy({"--policy", "fig4a", "--json", "-"});
    EXPECT_EQ(done.exitCode, 0);
    const auto json = nlohmann::json::parse(done.out);
    ASSERT_EQ(json.size(), 1U);
    EXPECT_EQ(json[0].at("lane"), "2 nodes, 0 hold, 2 ask, fig4a");
}

TEST_F(ExploreTest, FailsAtItsLimit)
{
    const Done done =
        DoneBy({"--limit", "100", "--json", In("found.json"), "--story", In("s.txt")});
    EXPECT_EQ(done.exitCode, 1);
    EXPECT_THAT(done.out, HasSubstr("NOT COMPLETE"));
    EXPECT_THAT(done.out, HasSubstr("# limit: more than 100 states\n"));
    const auto json = nlohmann::json::parse(ReadAll(In("found.json")));
    EXPECT_EQ(json[0].at("complete"), false);
    EXPECT_EQ(json[0].at("violation").at("requirement"), "limit");
    EXPECT_FALSE(fs::exists(In("s.txt"))) << "no story leads to too many states";
}

TEST_F(ExploreTest, WritesNothingWhereItCannot)
{
    EXPECT_THROW(Explore(Parse({"--table", In("none/x.md")})), std::runtime_error);
    EXPECT_THROW(Explore(Parse({"nope", "--table", In("x.md")})), UsageError);
    EXPECT_TRUE(fs::is_empty(m_folder));
}

/// A strict reading of R-SRV-3 that the core does not keep: a violation to tell of.
explore::Lane
OfAStrictLane()
{
    explore::Lane lane = LaneOf({"--nodes", "3", "--holders", "2"});
    lane.strictness.foundBeforeNeed = true;
    lane.name = "strict";
    return lane;
}

TEST_F(ExploreTest, AStoryIsATestAsItStands)
{
    const explore::Rules rules(OfAStrictLane());
    const ExploredLane explored{"strict", explore::Explorer(rules).Run()};
    ASSERT_TRUE(explored.report.finding);
    const std::string text = StoryText("strict", *explored.report.finding);
    EXPECT_THAT(text, HasSubstr("# requirement: R-SRV-"));
    EXPECT_THAT(text, HasSubstr("\n----\n"));
    EXPECT_THAT(text, HasSubstr("received i_need"));
    // What the golden tests do with a script.
    const auto parsed = harness::ParseScript(text);
    ASSERT_TRUE(std::holds_alternative<harness::ScriptFile>(parsed));
    const auto run = harness::RunScript(std::get<harness::ScriptFile>(parsed));
    ASSERT_TRUE(std::holds_alternative<harness::ScriptRun>(run));
    EXPECT_EQ(harness::RenderScript(std::get<harness::ScriptRun>(run).file), text);
    // And the other outputs.
    EXPECT_THAT(ReportText(explored), HasSubstr("# R-SRV-"));
    const auto json = nlohmann::json::parse(ReportsJson({explored}));
    EXPECT_EQ(json[0].at("violation").at("story").size(), explored.report.finding->story.size());
}

TEST_F(ExploreTest, DrawsTheFigures)
{
    RecordProperty("requirement", "R-CLI-14");
    std::vector<std::string> said;
    const std::vector<std::string> drawn{"fig3", "fig4a", "fig4b"};
    const std::string differences = WriteFigures(
        In("figures"), drawn, [&said](const std::string& what) { said.push_back(what); });
    EXPECT_EQ(differences, "");
    EXPECT_THAT(said, testing::Contains("fig4a: two-both-ask-loss.fig4a"));
    const fs::path committed = fs::path(LANPEER_SOURCE_DIR) / "results" / "figures";
    for (const std::string& name : drawn)
    {
        EXPECT_EQ(ReadAll(In("figures/" + name + ".dot")), ReadAll(committed / (name + ".dot")));
        EXPECT_THAT(ReadAll(committed / (name + ".svg")), HasSubstr("</svg>"));
        if (const std::string drawnHere = In("figures/" + name + ".svg"); fs::exists(drawnHere))
        {
            EXPECT_EQ(ReadAll(drawnHere), ReadAll(committed / (name + ".svg"))) << name;
        }
    }
    EXPECT_EQ(ReadAll(In("figures/additions.md")), ReadAll(committed / "additions.md"));
    EXPECT_THROW(WriteFigures("/dev/null/figures", drawn, [](const std::string&) {}),
                 std::runtime_error);
}

} // namespace
} // namespace lanpeer::scenario
