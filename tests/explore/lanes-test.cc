#include "model/explore/explorer.h"
#include "model/explore/lane-counts.h"
#include "model/explore/named-lanes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

// The named lanes, each explored to its end. How many states it has is held to the committed
// table: a change of the core that adds or takes away a single one is seen.

namespace lanpeer::explore
{

void
PrintTo(const NamedLane& lane, std::ostream* out)
{
    *out << lane.name;
}

void
PrintTo(const LaneCount& count, std::ostream* out)
{
    *out << count.lane << ": " << count.states << " states, " << count.transitions
         << " transitions, depth " << count.depth << (count.complete ? "" : ", not complete")
         << (count.delayOrdered ? ", delay-ordered" : "");
}

namespace
{

/// Those that are explored here.
std::vector<NamedLane>
TestedLanes()
{
#if LANPEER_SANITIZE // the rest is minutes of the same code
    constexpr LaneList kLast = LaneList::Sanitized;
#else
    constexpr LaneList kLast = LaneList::Tests;
#endif
    std::vector<NamedLane> tested;
    for (const NamedLane& lane : NamedLanes())
    {
        if (lane.list <= kLast)
        {
            tested.push_back(lane);
        }
    }
    return tested;
}

const std::vector<LaneCount>&
CommittedCounts()
{
    static const std::vector<LaneCount> counts = []
    {
        std::ifstream file(LANPEER_SOURCE_DIR "/results/explore.md");
        return ReadCounts(std::string(std::istreambuf_iterator<char>(file), {}));
    }();
    return counts;
}

std::string
RequirementsOf(const Lane& lane)
{
    const bool waits = lane.configs.front()->wait;
    return std::string("R-SRV-3 R-SRV-4 R-SRV-5 R-HTTP-2 R-PKT-6 R-CLI-1 R-CLI-7") +
           (waits ? " R-CLI-4 R-CLI-5" : "");
}

/// An "I found" of a stranger (L2), downloads that are none (L6, L7), a packet that comes once more
/// at any later time (L8).
std::string
AttacksOf(const Lane& lane)
{
    return std::string(lane.budgets.forgeries > 0 ? "L2 " : "") +
           (lane.budgets.pretences > 0 ? "L6 L7 " : "") + (lane.budgets.duplicates > 0 ? "L8" : "");
}

class Lanes : public testing::TestWithParam<NamedLane>
{
};

TEST_P(Lanes, IsExploredToItsEnd)
{
    const Lane& lane = GetParam().lane;
    RecordProperty("requirement", RequirementsOf(lane));
    RecordProperty("attack", AttacksOf(lane));
    const Rules rules(lane);
    const Report report = Explorer(rules).Run();
    EXPECT_TRUE(report.complete) << report.Told();
    if (lane.configs.size() == 3)
    {
        EXPECT_LE(report.BytesPerState(), 200.0);
    }
    RecordProperty("states", std::to_string(report.states));
    std::printf("%s: %s\n", lane.name.c_str(), report.Summary().c_str());
    const auto committed = FindCount(CommittedCounts(), lane.name);
    ASSERT_TRUE(committed) << lane.name << " is not in results/explore.md: renew it by\n"
                           << "  lanpeer-sim explore --all --table results/explore.md";
    EXPECT_EQ(CountOf(lane.name, report), *committed);
}

INSTANTIATE_TEST_SUITE_P(EachLane,
                         Lanes,
                         testing::ValuesIn(TestedLanes()),
                         [](const testing::TestParamInfo<NamedLane>& lane)
                         {
                             std::string name = lane.param.name;
                             std::replace_if(
                                 name.begin(),
                                 name.end(),
                                 [](unsigned char letter) { return std::isalnum(letter) == 0; },
                                 '_');
                             return name;
                         });

TEST(LaneCounts, TheTableListsTheNamedLanesInTheirOrder)
{
    std::vector<std::string> named;
    for (const NamedLane& lane : NamedLanes())
    {
        named.push_back(lane.name);
        EXPECT_EQ(lane.name, lane.lane.name);
        EXPECT_FALSE(lane.about.empty());
        EXPECT_EQ(FindLane(lane.name), &lane);
    }
    std::vector<std::string> counted;
    for (const LaneCount& count : CommittedCounts())
    {
        counted.push_back(count.lane);
        EXPECT_TRUE(count.complete) << count.lane;
    }
    EXPECT_EQ(counted, named);
}

TEST(LaneCounts, AreReadAsTheyWereWritten)
{
    const std::vector<LaneCount> counts{{"a.fig4a", 3, 5, 2, true, false},
                                        {"b.robust", 7, 11, 4, false, false},
                                        {"c.fig4b", 8, 12, 5, true, true},
                                        {"d.fig4b", 9, 13, 6, false, true}};
    EXPECT_EQ(ReadCounts(CountsMarkdown(counts)), counts);
    EXPECT_TRUE(ReadCounts(CountsMarkdown({})).empty());
    EXPECT_FALSE(FindCount(counts, "c"));
    EXPECT_TRUE(
        ReadCounts("| e.fig4a | 3 | 5 | 2 | perhaps |\n| f.fig4a | 3 | 5 | yes |\n").empty());
}

} // namespace
} // namespace lanpeer::explore
