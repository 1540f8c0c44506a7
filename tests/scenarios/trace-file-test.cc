#include "reading.h"

#include "scenarios/scenario-file.h"
#include "scenarios/trace-file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <unistd.h>

// The file of workload.trace (R-SIM-4): what it says, and every mistake in its one line.

namespace lanpeer::scenario
{
namespace
{

namespace fs = std::filesystem;
using testing::SizeIs;

const char* const kScenario = "{lan.nodes: 4, workload.resources: [{name: a.cab, bytes: 10}, "
                              "{name: \"0\", bytes: 20}, {name: c, bytes: 30}]}";

std::vector<TraceAsk>
Trace(const std::string& text)
{
    return ReadTrace("t.csv", text, Read(kScenario));
}

std::string
TraceError(const std::string& text)
{
    try
    {
        Trace(text);
    }
    catch (const ScenarioError& error)
    {
        return error.what();
    }
    return "";
}

TEST(TraceFile, LinesMayStandInAnyOrder)
{
    RecordProperty("requirement", "R-SIM-4");
    const auto asks = Trace("time,node,resource\r\n2.5,3,a.cab\r\n\r\n0,1,2\n1e-6,0,0");
    ASSERT_THAT(asks, SizeIs(3));
    EXPECT_EQ(asks[0].node, 1U);
    EXPECT_EQ(asks[0].resource, 2U) << "by index";
    EXPECT_EQ(asks[1].atUs, 1);
    EXPECT_EQ(asks[1].resource, 1U) << "a name goes before an index";
    EXPECT_EQ(asks[2].atUs, 2'500'000);
    EXPECT_EQ(asks[2].resource, 0U);
}

TEST(TraceFile, HostileNodesAskForNothing)
{
    RecordProperty("requirement", "R-SIM-4 R-SIM-6");
    const Scenario scenario = Read("{lan.nodes: 5, adversaries.count: 2}");
    EXPECT_EQ(ReadTrace("t.csv", "time,node,resource\n0,2,0\n", scenario).size(), 1U);
    EXPECT_THROW(ReadTrace("t.csv", "time,node,resource\n0,3,0\n", scenario), ScenarioError);
}

TEST(TraceFile, EveryMistakeNamesFileLineAndColumn)
{
    RecordProperty("requirement", "R-SIM-4");
    const std::string head = "time,node,resource\n0,0,c\n";
    const std::vector<std::pair<std::string, std::string>> mistakes = {
        {"", "t.csv:1: no ask; expected time,node,resource and a line for each"},
        {"time,node,resource\n",
         "t.csv:1: no ask; expected time,node,resource and a line for each"},
        {"node,time\n", "t.csv:1: 'node,time': is no header; expected time,node,resource"},
        {"\n0,0,c\n", "t.csv:2: '0,0,c': is no header; expected time,node,resource"},
        {head + "1,2", "t.csv:3: '1,2': 2 columns; expected time,node,resource"},
        {head + "1,2,c,", "t.csv:3: '1,2,c,': 4 columns; expected time,node,resource"},
        {head + "x", "t.csv:3: 'x': 1 column; expected time,node,resource"},
        {head + "-1,2,c", "t.csv:3: time: '-1' is out of bounds; expected 0 to 31536000"},
        {head + "soon,2,c", "t.csv:3: time: 'soon' is not a number; expected 0 to 31536000"},
        {head + "\n1,4,c", "t.csv:4: node: '4' is out of bounds; expected 0 to 3"},
        {head + "1, 2,c", "t.csv:3: node: ' 2' is not a whole number; expected 0 to 3"},
        {head + "1,2,d",
         "t.csv:3: resource: 'd' is none of workload.resources; expected a name of theirs or 0 to "
         "2"},
        {head + "1,2,3",
         "t.csv:3: resource: '3' is none of workload.resources; expected a name of theirs or 0 to "
         "2"},
        {head + "1,2,99999999999",
         "t.csv:3: resource: '99999999999' is none of workload.resources; expected a name of "
         "theirs or 0 to 2"},
        {head + "1,2,\x1b",
         "t.csv:3: resource: '\\x1b' is none of workload.resources; expected a name of theirs or 0 "
         "to 2"},
    };
    for (const auto& [text, line] : mistakes)
    {
        EXPECT_EQ(TraceError(text), line) << text;
        EXPECT_TRUE(IsOneLine(line));
    }
}

TEST(TraceFile, HasAsManyAsksAsThereMayBe)
{
    RecordProperty("requirement", "R-SIM-4");
    std::string text = "time,node,resource\n";
    for (std::size_t i = 0; i < kTraceAsksMax; ++i)
    {
        text += "0,0,c\n";
    }
    EXPECT_EQ(TraceError(text), "");
    EXPECT_EQ(TraceError(text + "0,0,c"), "t.csv:1000002: expected at most 1000000 asks");
}

class TraceOfAScenario : public testing::Test
{
  protected:
    void SetUp() override
    {
        m_before = fs::current_path();
        m_folder = fs::temp_directory_path() / ("lanpeer-trace-" + std::to_string(getpid()));
        fs::create_directories(m_folder / "below");
        fs::current_path(m_folder);
    }

    void TearDown() override
    {
        fs::current_path(m_before);
        fs::remove_all(m_folder);
    }

    static void Write(const std::string& name, const std::string& text)
    {
        std::ofstream(name, std::ios::binary) << text;
    }

    static std::string LoadError(const std::vector<std::string>& sets = {})
    {
        try
        {
            LoadScenario({"below/s.yaml", sets, std::nullopt});
        }
        catch (const ScenarioError& error)
        {
            return error.what();
        }
        return "";
    }

    fs::path m_before;
    fs::path m_folder;
};

TEST_F(TraceOfAScenario, IsFoundFromTheScenariosFolderOrFromHere)
{
    RecordProperty("requirement", "R-SIM-4");
    Write("below/s.yaml", "workload:\n  arrival: trace\n  trace: t.csv\n");
    Write("below/t.csv", "time,node,resource\n1,2,3\n");
    Write("t.csv", "time,node,resource\n4,5,0\n4,6,0\n");
    const Scenario beside = LoadScenario({"below/s.yaml", {}, std::nullopt});
    EXPECT_THAT(beside.workload.trace, SizeIs(1));
    EXPECT_EQ(beside.workload.traceFile, "below/t.csv");
    const Scenario here = LoadScenario({"below/s.yaml", {"workload.trace=t.csv"}, std::nullopt});
    EXPECT_THAT(here.workload.trace, SizeIs(2));
    const Scenario none =
        LoadScenario({"below/s.yaml", {"workload={arrival: uniform, trace: none}"}, std::nullopt});
    EXPECT_THAT(none.workload.trace, SizeIs(0));
}

TEST_F(TraceOfAScenario, IsMissedInOneLine)
{
    RecordProperty("requirement", "R-SIM-4");
    Write("below/s.yaml", "workload:\n  arrival: trace\n  trace: t.csv\n");
    EXPECT_EQ(LoadError(),
              "below/s.yaml:3: workload.trace: 'below/t.csv' cannot be read: No such file or "
              "directory; expected a CSV file");
    EXPECT_EQ(LoadError({"workload.trace=below"}),
              "--set workload.trace=below: 'below' cannot be read: not a file; expected a CSV "
              "file");
    Write("below/t.csv", "time,node,resource\n1,50,3\n");
    EXPECT_EQ(LoadError(), "below/t.csv:2: node: '50' is out of bounds; expected 0 to 49");
    EXPECT_EQ(LoadError({"lan.nodes=51"}), "");
}

} // namespace
} // namespace lanpeer::scenario
