#include "analysis/table.h"
#include "sample-record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace lanpeer::analysis
{
namespace
{

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class TableTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-SIM-9");
    }
};

/// The sample as one run of a policy, with so many copies down the uplink.
Metrics
RunOf(const std::string& policy, std::uint64_t run, double copies)
{
    Metrics metrics = ComputeMetrics(SampleRecord());
    metrics.policy = policy;
    metrics.run = run;
    metrics.internetBytes = static_cast<std::uint64_t>(1500 * copies);
    metrics.copies = copies;
    return metrics;
}

/// The row of the text table that begins so; its runs of spaces as one.
std::string
RowOf(const std::string& table, const std::string& label)
{
    std::istringstream lines(table);
    for (std::string line; std::getline(lines, line);)
    {
        if (line.rfind(label, 0) == 0)
        {
            line.erase(std::unique(line.begin(),
                                   line.end(),
                                   [](char a, char b) { return a == ' ' && b == ' '; }),
                       line.end());
            return line;
        }
    }
    return "";
}

std::size_t
WidestLine(const std::string& table)
{
    std::istringstream lines(table);
    std::size_t widest = 0;
    for (std::string line; std::getline(lines, line);)
    {
        const auto columns =
            std::count_if(line.begin(),
                          line.end(),
                          [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
        widest = std::max(widest, static_cast<std::size_t>(columns));
    }
    return widest;
}

TEST_F(TableTest, FramesAreShownOnlyOfAMediumThatIsShared)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-8");
    Metrics onSwitch = RunOf("direct", 1, 3.0);
    onSwitch.lan = {};
    onSwitch.lan.frames = 70;
    onSwitch.lan.lost = 6;
    EXPECT_THAT(TextTable({onSwitch}), Not(HasSubstr("frames")));
    EXPECT_THAT(TextTable({onSwitch, RunOf("robust", 1, 1.2)}), HasSubstr("frames lost"));
}

TEST_F(TableTest, OneRunToTheByte)
{
    EXPECT_EQ(TextTable({RunOf("direct", 1, 3.0), RunOf("robust", 1, 1.2)}),
              "sample: 4 nodes, 1.50 kB of resources; 1 run: no interval can be given\n"
              "\n"
              "                          direct   robust\n"
              "Internet, kB                4.50     1.80\n"
              "Internet, copies            3.00     1.20\n"
              "saved fraction             0.550    0.550\n"
              "served, max, kB             1.50     1.50\n"
              "served, mean, B              625      625\n"
              "served, Jain's index       0.481    0.481\n"
              "\"I have\" sent                  5        5\n"
              "\"I have\" duplicate             2        2\n"
              "response delay mean, ms    400.0    400.0\n"
              "find mean, s               0.967    0.967\n"
              "frames                        70       70\n"
              "frames lost                    6        6\n"
              "collisions                     5        5\n"
              "back-offs                      4        4\n"
              "frames sent again              3        3\n"
              "finish mean, s              5.63     5.63\n"
              "finish p95, s              11.00    11.00\n"
              "finish last, s             11.00    11.00\n"
              "failures                       1        1\n");
}

TEST_F(TableTest, SeveralRunsAsMeanAndHalfWidth)
{
    // Copies 1, 2, 3: mean 2, half-width t(0.975, 2) * 1 / sqrt(3) = 4.3027 / 1.7321 = 2.484.
    const std::string table =
        TextTable({RunOf("robust", 1, 1.0), RunOf("robust", 2, 2.0), RunOf("robust", 3, 3.0)});
    EXPECT_THAT(table, HasSubstr("3 runs; mean ± half-width of its 95 % interval"));
    EXPECT_EQ(RowOf(table, "Internet, copies"), "Internet, copies 2.00 ± 2.48");
    EXPECT_EQ(RowOf(table, "Internet, kB"), "Internet, kB 3.00 ± 3.73"); // times 1.5
    EXPECT_EQ(RowOf(table, "failures"), "failures 1 ± 0");
}

TEST_F(TableTest, PoliciesStandInTheOrderOfTheirFirstRun)
{
    const std::string table = TextTable({RunOf("robust", 1, 1.0),
                                         RunOf("direct", 1, 4.0),
                                         RunOf("robust", 2, 1.0),
                                         RunOf("direct", 2, 4.0)});
    EXPECT_EQ(RowOf(table, "   "), " robust direct");
    EXPECT_EQ(RowOf(table, "Internet, copies"), "Internet, copies 1.00 ± 0.00 4.00 ± 0.00");
}

TEST_F(TableTest, UnequalNumbersOfRunsAreNamed)
{
    const std::string table =
        TextTable({RunOf("robust", 1, 1.0), RunOf("robust", 2, 1.0), RunOf("direct", 1, 4.0)});
    EXPECT_EQ(RowOf(table, "   "), " robust (n = 2) direct (n = 1)");
    EXPECT_EQ(RowOf(table, "Internet, copies"), "Internet, copies 1.00 ± 0.00 4.00");
    EXPECT_THAT(table, HasSubstr("(n = 1: none can be given)"));
}

TEST_F(TableTest, NullIsADashAndPartlyNullSaysHowMany)
{
    std::vector<Metrics> runs = {
        RunOf("robust", 1, 1.0), RunOf("robust", 2, 1.0), RunOf("robust", 3, 1.0)};
    runs[1].finishS.last = std::nullopt;
    EXPECT_EQ(RowOf(TextTable(runs), "finish last, s"), "finish last, s 11.00 ± 0.00 (2 of 3)");
    runs[2].finishS.last = std::nullopt;
    EXPECT_EQ(RowOf(TextTable(runs), "finish last, s"), "finish last, s 11.00 (1 of 3)");
    runs[0].finishS.last = std::nullopt;
    EXPECT_EQ(RowOf(TextTable(runs), "finish last, s"), "finish last, s -");
}

TEST_F(TableTest, UnitsFollowTheLargestOfTheRow)
{
    std::vector<Metrics> runs = {RunOf("direct", 1, 1.0), RunOf("robust", 1, 1.0)};
    runs[0].internetBytes = 111'800'000;
    runs[1].internetBytes = 2'236'000;
    EXPECT_EQ(RowOf(TextTable(runs), "Internet, MB"), "Internet, MB 111.80 2.24");
    runs[0].internetBytes = 1'118'000'000;
    EXPECT_EQ(RowOf(TextTable(runs), "Internet, GB"), "Internet, GB 1.12 0.00");
    runs[0].internetBytes = 999;
    runs[1].internetBytes = 0;
    EXPECT_EQ(RowOf(TextTable(runs), "Internet, B"), "Internet, B 999 0");
}

TEST_F(TableTest, NoNegativeZeroButNegativeFigures)
{
    std::vector<Metrics> runs = {RunOf("direct", 1, 1.0), RunOf("robust", 1, 1.0)};
    runs[0].savedFraction = -0.0001;
    runs[1].savedFraction = -0.25;
    EXPECT_EQ(RowOf(TextTable(runs), "saved fraction"), "saved fraction 0.000 -0.250");
}

TEST_F(TableTest, FourPoliciesOfLargeFiguresFit160Columns)
{
    std::vector<Metrics> runs;
    for (const char* policy : {"direct", "proxy", "fig4b", "robust"})
    {
        for (std::uint64_t run = 1; run <= 20; ++run)
        {
            Metrics metrics = RunOf(policy, run, 1000.0 * static_cast<double>(run));
            metrics.nodes = 5000;
            metrics.internetBytes = 999'000'000 * run;
            metrics.packets.iHave = 10'000'000 * run;
            metrics.finishS.last = 86'400.0 * static_cast<double>(run);
            runs.push_back(metrics);
        }
        runs.back().finishS.last = std::nullopt;
    }
    EXPECT_LE(WidestLine(TextTable(runs)), 160U);
}

TEST_F(TableTest, LargeFiguresNeedNoDecimals)
{
    const std::string table = TextTable({RunOf("direct", 1, 10'000.4), RunOf("robust", 1, 1.02)});
    EXPECT_EQ(RowOf(table, "Internet, copies"), "Internet, copies 10000 1.02");
}

TEST_F(TableTest, OnlyRunsOfOneScenario)
{
    std::vector<Metrics> runs = {RunOf("direct", 1, 1.0), RunOf("robust", 1, 1.0)};
    runs[1].resourceBytes =
        1000; // a run in which nobody came to ask for b: fits, but not the title
    EXPECT_THAT(TextTable(runs), StartsWith("sample: 4 nodes; 1 run"));
    EXPECT_THAT(TextTable(runs), Not(HasSubstr("of resources")));
    runs[1].nodes = 5;
    EXPECT_THROW(TextTable(runs), std::invalid_argument);
    runs[1].nodes = 4;
    runs[1].scenario = "other";
    EXPECT_THROW(TextTable(runs), std::invalid_argument);
    EXPECT_THROW(TextTable({}), std::invalid_argument);
}

} // namespace
} // namespace lanpeer::analysis
