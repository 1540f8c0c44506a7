#include "reading.h"

#include "scenarios/command-line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

namespace lanpeer::scenario
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;

using Arguments = std::vector<std::string>;

TimingCommand
ParseTiming(Arguments arguments)
{
    arguments.insert(arguments.begin(), "timing");
    return std::get<TimingCommand>(ParseCommandLine(arguments));
}

std::string
RefusalOf(Arguments arguments)
{
    try
    {
        ParseTiming(std::move(arguments));
    }
    catch (const UsageError& error)
    {
        EXPECT_TRUE(IsOneLine(error.what())) << error.what();
        return error.what();
    }
    return "";
}

TEST(TimingCommandLine, Defaults)
{
    RecordProperty("requirement", "R-SIM-8");
    const TimingCommand command = ParseTiming({});
    EXPECT_EQ(command.question.nodes, 50U);
    EXPECT_THAT(command.question.holders, ElementsAre(1, 3, 10, 49));
    EXPECT_TRUE(command.question.delaysMs.empty());
    EXPECT_FALSE(command.question.allowanceMs);
    EXPECT_EQ(command.question.duplicates, 1.0);
    EXPECT_EQ(command.question.falseTimeOut, 0.01);
    EXPECT_EQ(command.question.runs, 10U);
    EXPECT_EQ(command.parallel, 0U);
    EXPECT_FALSE(command.json);
    EXPECT_THAT(ParseTiming({"--nodes", "4"}).question.holders, ElementsAre(1, 3));
    EXPECT_THAT(ParseTiming({"--nodes", "2"}).question.holders, ElementsAre(1));
}

TEST(TimingCommandLine, Everything)
{
    RecordProperty("requirement", "R-SIM-8");
    const TimingCommand command = ParseTiming({"--nodes",      "200",         "--holders",
                                               "20",           "--holders=5", "--holders",
                                               "20",           "--delay",     "500",
                                               "--delay=100",  "--allowance", "50",
                                               "--latency",    "2.5",         "--spread",
                                               "7.5",          "--loss",      "1e-3",
                                               "--duplicates", "0.1",         "--false-timeout",
                                               "0.005",        "--runs",      "7",
                                               "--seed",       "9",           "--json",
                                               "t.json",       "-j",          "3"});
    EXPECT_EQ(command.question.nodes, 200U);
    EXPECT_THAT(command.question.holders, ElementsAre(5, 20));
    EXPECT_THAT(command.question.delaysMs, ElementsAre(500, 100));
    EXPECT_EQ(command.question.allowanceMs, 50.0);
    EXPECT_EQ(command.question.latencyMs, 2.5);
    EXPECT_EQ(command.question.spreadMs, 7.5);
    EXPECT_EQ(command.question.loss, 1e-3);
    EXPECT_EQ(command.question.duplicates, 0.1);
    EXPECT_EQ(command.question.falseTimeOut, 0.005);
    EXPECT_EQ(command.question.runs, 7U);
    EXPECT_EQ(command.question.seed, 9U);
    EXPECT_EQ(command.json, "t.json");
    EXPECT_EQ(command.parallel, 3U);
}

TEST(TimingCommandLine, WhatIsWrongIsSaidInOneLine)
{
    RecordProperty("requirement", "R-SIM-8");
    EXPECT_THAT(RefusalOf({"--nodes", "1"}),
                HasSubstr("--nodes: '1' is out of bounds; expected 2 to"));
    EXPECT_THAT(RefusalOf({"--nodes", "10", "--holders", "10"}), HasSubstr("expected 1 to 9"));
    EXPECT_THAT(RefusalOf({"--holders", "many"}), HasSubstr("--holders"));
    EXPECT_THAT(RefusalOf({"--loss", "1"}), HasSubstr("--loss"));
    EXPECT_THAT(RefusalOf({"--false-timeout", "0"}), HasSubstr("expected 1e-06 to 0.5"));
    EXPECT_THAT(RefusalOf({"--latency", "-1"}), HasSubstr("--latency"));
    EXPECT_THAT(RefusalOf({"--spread", "-1"}), HasSubstr("--spread"));
    EXPECT_THAT(RefusalOf({"--allowance", "50"}), HasSubstr("--allowance needs --delay"));
    EXPECT_THAT(RefusalOf({"--runs", "1"}), HasSubstr("--runs"));
    EXPECT_THAT(RefusalOf({"--json", ""}), HasSubstr("--json: has no value"));
    EXPECT_THAT(RefusalOf({"--delays", "5"}), HasSubstr("(did you mean --delay?)"));
    EXPECT_THAT(RefusalOf({"office"}), HasSubstr("'office' was not expected"));
}

TEST(TimingCommandLine, HelpShowsHow)
{
    const auto help = std::get<HelpCommand>(ParseCommandLine({"timing", "--help"}));
    for (const char* const part : {"--false-timeout", "Examples:", "protocol.response_delay_ms"})
    {
        EXPECT_THAT(help.text, HasSubstr(part));
    }
}

} // namespace
} // namespace lanpeer::scenario
