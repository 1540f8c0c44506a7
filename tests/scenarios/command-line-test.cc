#include "reading.h"

#include "scenarios/command-line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lanpeer::scenario
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using Arguments = std::vector<std::string>;

RunCommand
ParseRun(Arguments arguments)
{
    arguments.insert(arguments.begin(), "run");
    return std::get<RunCommand>(ParseCommandLine(arguments));
}

std::string
UsageErrorOf(const Arguments& arguments)
{
    try
    {
        ParseCommandLine(arguments);
    }
    catch (const UsageError& error)
    {
        EXPECT_TRUE(IsOneLine(error.what())) << error.what();
        return error.what();
    }
    return "";
}

TEST(CommandLineTest, RunWithDefaults)
{
    RecordProperty("requirement", "R-SIM-7 R-SIM-9");
    const RunCommand command = ParseRun({"office"});
    EXPECT_EQ(command.scenario, "office");
    EXPECT_TRUE(command.sets.empty());
    EXPECT_FALSE(command.policies);
    EXPECT_EQ(command.seed, 1U);
    EXPECT_EQ(command.firstRun, 1U);
    EXPECT_EQ(command.lastRun, 1U);
    EXPECT_FALSE(command.json);
    EXPECT_FALSE(command.tape);
}

TEST(CommandLineTest, RunWithEverything)
{
    RecordProperty("requirement", "R-SIM-7 R-SIM-9");
    const RunCommand command = ParseRun({"--set",
                                         "lan.nodes=5",
                                         "--policy",
                                         "direct,robust",
                                         "office",
                                         "--set=workload.resources=[{name: a, bytes: 1}]",
                                         "--seed",
                                         "4294967295",
                                         "--runs",
                                         "20",
                                         "--json",
                                         "-",
                                         "--tape=a.tape",
                                         "--graph",
                                         "a.dot"});
    EXPECT_EQ(command.scenario, "office");
    EXPECT_THAT(command.sets,
                ElementsAre("lan.nodes=5", "workload.resources=[{name: a, bytes: 1}]"));
    EXPECT_EQ(command.policies, "direct,robust");
    EXPECT_EQ(command.seed, 4294967295U);
    EXPECT_EQ(command.firstRun, 1U);
    EXPECT_EQ(command.lastRun, 20U);
    EXPECT_EQ(command.json, "-");
    EXPECT_EQ(command.tape, "a.tape");
    EXPECT_EQ(command.graph, "a.dot");
}

TEST(CommandLineTest, OneSetDoesNotSwallowWhatFollows)
{
    RecordProperty("requirement", "R-SIM-4 R-SIM-7");
    const RunCommand command = ParseRun({"--set", "lan.nodes=5", "office"});
    EXPECT_EQ(command.scenario, "office");
    EXPECT_THAT(command.sets, ElementsAre("lan.nodes=5"));
    // A value is the value, whatever it looks like.
    EXPECT_THAT(ParseRun({"office", "--set", "[a,b]"}).sets, ElementsAre("[a,b]"));
    EXPECT_THAT(ParseRun({"office", "--set", "lan.nodes=-5"}).sets, ElementsAre("lan.nodes=-5"));
    EXPECT_THAT(ParseRun({"office", "--set", "about=a, 'b' \"c\" {d}"}).sets,
                ElementsAre("about=a, 'b' \"c\" {d}"));
}

TEST(CommandLineTest, OneRunOrSeveral)
{
    RecordProperty("requirement", "R-SIM-9");
    const RunCommand command = ParseRun({"office", "--run", "7"});
    EXPECT_EQ(command.firstRun, 7U);
    EXPECT_EQ(command.lastRun, 7U);
    EXPECT_EQ(UsageErrorOf({"run", "office", "--run", "2", "--runs", "3"}),
              "--run excludes --runs; see lanpeer-sim run --help");
}

TEST(CommandLineTest, OtherCommands)
{
    RecordProperty("requirement", "R-SIM-8");
    EXPECT_TRUE(std::holds_alternative<ListCommand>(ParseCommandLine({"list"})));
    EXPECT_FALSE(std::get<KeysCommand>(ParseCommandLine({"keys"})).json);
    EXPECT_TRUE(std::get<KeysCommand>(ParseCommandLine({"keys", "--json"})).json);
    EXPECT_FALSE(std::get<ReasonsCommand>(ParseCommandLine({"reasons"})).json);
    EXPECT_TRUE(std::get<ReasonsCommand>(ParseCommandLine({"reasons", "--json"})).json);
}

TEST(CommandLineTest, CompareWithDefaultsAndWithEverything)
{
    const auto parse = [](Arguments arguments)
    {
        arguments.insert(arguments.begin(), "compare");
        return std::get<CompareCommand>(ParseCommandLine(arguments));
    };
    const CompareCommand plain = parse({"a", "b"});
    EXPECT_EQ(plain.baseline, "a");
    EXPECT_EQ(plain.candidate, "b");
    EXPECT_EQ(plain.tolerancePercent, 0);
    EXPECT_TRUE(plain.metrics.empty());
    EXPECT_FALSE(plain.junit);
    EXPECT_FALSE(plain.github);
    const CompareCommand command = parse({"--metric",
                                          "copies,failures",
                                          "a",
                                          "--tolerance=2.5%",
                                          "--metric",
                                          "finish_s.last",
                                          "b",
                                          "--junit",
                                          "x.xml",
                                          "--github"});
    EXPECT_EQ(command.baseline, "a") << "no option swallows what follows";
    EXPECT_EQ(command.candidate, "b");
    EXPECT_EQ(command.tolerancePercent, 2.5);
    EXPECT_THAT(command.metrics, ElementsAre("copies", "failures", "finish_s.last"));
    EXPECT_EQ(command.junit, "x.xml");
    EXPECT_TRUE(command.github);
    EXPECT_EQ(parse({"a", "a"}).candidate, "a") << "with itself";
    const std::string help = std::get<HelpCommand>(ParseCommandLine({"compare", "--help"})).text;
    EXPECT_THAT(help, HasSubstr("Examples:\n  lanpeer-sim compare "));
    EXPECT_THAT(help, HasSubstr("packets.i_have_duplicate"));
}

TEST(CommandLineTest, CompareWrongUseHasOneLine)
{
    const std::string see = "; see lanpeer-sim compare --help";
    const std::string tolerance = "; expected 0 to 1000 (percent)";
    EXPECT_EQ(UsageErrorOf({"compare", "a"}), "CANDIDATE is required" + see);
    EXPECT_EQ(UsageErrorOf({"compare", "a", "b", "c"}), "'c' was not expected" + see);
    EXPECT_EQ(UsageErrorOf({"compare", "a", "b", "--tolerance", "x"}),
              "--tolerance: 'x' is not a number" + tolerance);
    EXPECT_EQ(UsageErrorOf({"compare", "a", "b", "--tolerance=-1"}),
              "--tolerance: '-1' is out of bounds" + tolerance);
    EXPECT_EQ(UsageErrorOf({"compare", "a", "b", "--metric", "copes"}),
              "--metric: 'copes' is not compared (did you mean copies?)" + see);
    EXPECT_EQ(UsageErrorOf({"compare", "a", "b", "--junit", "./b"}),
              "--junit and CANDIDATE name the same file; expected two");
    EXPECT_EQ(UsageErrorOf({"compare", "a", "b", "--junit", "a"}),
              "--junit and BASELINE name the same file; expected two");
}

TEST(CommandLineTest, HelpHasExamplesThatAreRight)
{
    RecordProperty("requirement", "R-SIM-7");
    for (const Arguments& arguments : {Arguments{"--help"}, Arguments{"run", "-h"}})
    {
        const std::string text = std::get<HelpCommand>(ParseCommandLine(arguments)).text;
        EXPECT_THAT(text, HasSubstr("Examples:\n"));
        EXPECT_THAT(text, HasSubstr("lanpeer-sim run office"));
    }
    const std::string run = std::get<HelpCommand>(ParseCommandLine({"run", "--help"})).text;
    for (const char* const option : {"SCENARIO",
                                     "--policy",
                                     "--set",
                                     "--seed",
                                     "--run",
                                     "--runs",
                                     "--json",
                                     "--tape",
                                     "--graph",
                                     "FILE.POLICY.RUN"})
    {
        EXPECT_THAT(run, HasSubstr(option));
    }
    // As they stand in the help; the shell's quotes are gone.
    EXPECT_EQ(ErrorOf("{}", {"protocol.rules={lock: off, pause: off}"}), "");
    EXPECT_EQ(ErrorOf("{}", {"protocol.response_delay_ms=500"}), "");
    EXPECT_EQ(ErrorOf("{}", {"workload.resources=[{name: a.cab, bytes: 16000}]"}), "");
    EXPECT_EQ(ErrorOf("{}", {"lan.nodes=200", "uplink.preset=isdn"}, "direct,fig4a,fig4b,robust"),
              "");
}

TEST(CommandLineTest, EachCommandOfSweepsShowsExamplesOfItsOwn)
{
    RecordProperty("requirement", "R-SIM-10");
    for (const std::string command : {"sweep", "merge", "table", "csv", "report"})
    {
        const std::string text = std::get<HelpCommand>(ParseCommandLine({command, "--help"})).text;
        EXPECT_THAT(text, HasSubstr("Examples:\n  lanpeer-sim " + command)) << command;
        EXPECT_THAT(text, Not(HasSubstr("lanpeer-sim run office"))) << command;
    }
}

/// As messages list them.
const std::string kCommands =
    "run, list, keys, reasons, explore, compare, sweep, merge, table, csv, report or timing";

TEST(CommandLineTest, Captures)
{
    RecordProperty("requirement", "R-SIM-1");
    const auto run = std::get<RunCommand>(ParseCommandLine(
        {"run", "fig1", "--pcap", "seen/x", "--pcap-nodes", "0,3,gateway", "--anim", "x.xml"}));
    EXPECT_EQ(run.pcap, "seen/x");
    EXPECT_EQ(run.pcapNodes, (std::vector<std::string>{"0", "3", "gateway"}));
    EXPECT_EQ(run.anim, "x.xml");
    EXPECT_EQ(UsageErrorOf({"run", "fig1", "--anim", "x", "--tape", "./x"}),
              "--anim and --tape name the same file; expected two");
    EXPECT_THAT(UsageErrorOf({"run", "fig1", "--pcap-nodes", "0"}), HasSubstr("needs --pcap"));
}

TEST(CommandLineTest, WhatIsNotBuiltIsAbsentFromHelp)
{
    RecordProperty("requirement", "R-SIM-7");
    const std::string help = std::get<HelpCommand>(ParseCommandLine({"--help"})).text +
                             std::get<HelpCommand>(ParseCommandLine({"run", "--help"})).text;
    EXPECT_THAT(help, Not(HasSubstr("coop")));
    EXPECT_THAT(help, HasSubstr("proxy"));
}

TEST(CommandLineTest, Sweep)
{
    RecordProperty("requirement", "R-SIM-10");
    const auto sweep = std::get<SweepCommand>(ParseCommandLine({"sweep",
                                                                "mine.yaml",
                                                                "-j",
                                                                "3",
                                                                "--out",
                                                                "there",
                                                                "--until-ci",
                                                                "5%",
                                                                "--metric",
                                                                "copies",
                                                                "--runs-max",
                                                                "50",
                                                                "--retry-failed"}));
    EXPECT_EQ(sweep.sweep, "mine.yaml");
    EXPECT_EQ(sweep.parallel, 3U);
    EXPECT_EQ(sweep.out, "there");
    EXPECT_EQ(sweep.untilCiPercent, 5.0);
    EXPECT_EQ(sweep.untilCiMetric, "copies");
    EXPECT_EQ(sweep.runsMax, 50U);
    EXPECT_TRUE(sweep.retryFailed);
    EXPECT_FALSE(sweep.dryRun);
    const auto plain = std::get<SweepCommand>(ParseCommandLine({"sweep", "mine.yaml"}));
    EXPECT_EQ(plain.parallel, 0U);
    EXPECT_EQ(plain.out, std::nullopt);
    EXPECT_EQ(plain.untilCiPercent, std::nullopt);
    const auto merge =
        std::get<MergeCommand>(ParseCommandLine({"merge", "into", "one", "another"}));
    EXPECT_EQ(merge.into, "into");
    EXPECT_THAT(merge.from, testing::ElementsAre("one", "another"));
    const auto table = std::get<TableCommand>(ParseCommandLine({"table", "d"}));
    EXPECT_THAT(table.figures, testing::ElementsAre("copies", "finish_s.p95"));
    const auto one = std::get<TableCommand>(
        ParseCommandLine({"table", "d", "--figure", "served.jain", "--figure", "copies"}));
    EXPECT_THAT(one.figures, testing::ElementsAre("served.jain", "copies"));
    EXPECT_EQ(std::get<CsvCommand>(ParseCommandLine({"csv", "d", "-o", "f"})).file, "f");
}

TEST(CommandLineTest, SweepsWrongUseHasOneLine)
{
    const std::string see = "; see lanpeer-sim sweep --help";
    EXPECT_EQ(UsageErrorOf({"sweep"}), "SWEEP is required" + see);
    EXPECT_EQ(UsageErrorOf({"sweep", "s", "-j", "0"}),
              "--jobs: '0' is out of bounds; expected 1 to 4096");
    EXPECT_EQ(UsageErrorOf({"sweep", "s", "--until-ci", "much"}),
              "--until-ci: 'much' is not a number; expected above 0 to 100 %");
    EXPECT_EQ(UsageErrorOf({"sweep", "s", "--until-ci", "0%"}),
              "--until-ci: '0' is out of bounds; expected above 0 to 100 %");
    EXPECT_EQ(UsageErrorOf({"table", "d", "--figure", "copis"}),
              "--figure: 'copis' is no figure of a run; did you mean copies?");
    EXPECT_EQ(UsageErrorOf({"merge", "into"}), "FROM is required; see lanpeer-sim merge --help");
    EXPECT_EQ(UsageErrorOf({"csv"}), "DIR is required; see lanpeer-sim csv --help");
}

TEST(CommandLineTest, WrongUseHasOneLine)
{
    RecordProperty("requirement", "R-SIM-7");
    const std::string see = "; see lanpeer-sim run --help";
    EXPECT_EQ(UsageErrorOf({}),
              "a command is missing; expected " + kCommands + "; see lanpeer-sim --help");
    EXPECT_EQ(UsageErrorOf({"rum"}),
              "'rum': unknown command; expected " + kCommands + "; see lanpeer-sim --help");
    EXPECT_EQ(UsageErrorOf({""}),
              "'': unknown command; expected " + kCommands + "; see lanpeer-sim --help");
    EXPECT_EQ(UsageErrorOf({"run"}), "SCENARIO is required" + see);
    EXPECT_EQ(UsageErrorOf({"run", "a", "b"}), "'b' was not expected" + see);
    EXPECT_EQ(UsageErrorOf({"run", "a", "--sed", "5"}),
              "'--sed' was not expected (did you mean --set?)" + see);
    EXPECT_EQ(UsageErrorOf({"run", "a", "--plicy=fig4a"}),
              "'--plicy=fig4a' was not expected (did you mean --policy?)" + see);
    EXPECT_EQ(UsageErrorOf({"run", "a", "--zzz"}), "'--zzz' was not expected" + see);
    EXPECT_EQ(UsageErrorOf({"list", "office"}),
              "'office' was not expected; see lanpeer-sim list --help");
    EXPECT_NE(UsageErrorOf({"run", "a", "--set"}), "");
    EXPECT_NE(UsageErrorOf({"run", "a", "--seed", "1", "--seed", "2"}), "");
    EXPECT_NE(UsageErrorOf({"--seed", "1", "run", "a"}), "");
    EXPECT_NE(UsageErrorOf({"list", "run", "a"}), "");
    EXPECT_EQ(UsageErrorOf({"run", "a", "--json="}), "--json: 1 required FILE|- missing" + see);
    EXPECT_EQ(UsageErrorOf({"run", "a", "--policy", ""}), "--policy: has no value" + see);
    EXPECT_EQ(UsageErrorOf({"run", "a", "--json", "x", "--tape", "x"}),
              "--tape and --json name the same file; expected two");
    EXPECT_EQ(UsageErrorOf({"run", "a", "--graph", "x", "--json", "./x"}),
              "--graph and --json name the same file; expected two");
    EXPECT_EQ(UsageErrorOf({"run", "a", "--graph", "x", "--tape", "y/../x"}),
              "--graph and --tape name the same file; expected two");
    EXPECT_NE(UsageErrorOf({"run", "a\nb\x1b", "c\nd\x1b"}), "");
}

TEST(CommandLineTest, NumbersAreReadLikeThoseOfKeys)
{
    RecordProperty("requirement", "R-SIM-9");
    const auto error = [](const std::string& option, const std::string& value)
    {
        return UsageErrorOf({"run", "a", option, value});
    };
    EXPECT_EQ(error("--seed", "x"), "--seed: 'x' is not a whole number; expected 1 to 4294967295");
    EXPECT_EQ(error("--seed", "0"), "--seed: '0' is out of bounds; expected 1 to 4294967295");
    EXPECT_EQ(error("--seed", "4294967296"),
              "--seed: '4294967296' is out of bounds; expected 1 to 4294967295");
    EXPECT_EQ(error("--seed", "-1"), "--seed: '-1' is out of bounds; expected 1 to 4294967295");
    EXPECT_EQ(error("--run", "1.5"),
              "--run: '1.5' is not a whole number; expected 1 to 4294967295");
    EXPECT_EQ(error("--runs", "0"), "--runs: '0' is out of bounds; expected 1 to 1000000");
    EXPECT_EQ(error("--runs", "1000001"),
              "--runs: '1000001' is out of bounds; expected 1 to 1000000");
}

} // namespace
} // namespace lanpeer::scenario
