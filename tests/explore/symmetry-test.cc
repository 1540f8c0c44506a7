#include "model/explore/explorer.h"
#include "model/explore/named-lanes.h"
#include "model/harness/script.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

// One world stands for all that differ in the numbers of nodes that are alike: the same worlds are
// seen with the symmetry as without it, each once.

namespace lanpeer::explore
{
namespace
{

struct Case
{
    std::string name;
    Policy policy = Policy::Fig4a;
    std::uint32_t holders = 0;
    std::uint32_t askers = 0;
    Budgets budgets;
    std::size_t renamings = 1;
};

Budgets
ABitOfAll()
{
    Budgets budgets;
    budgets.losses = 1;
    budgets.duplicates = 1;
    budgets.failures = 1;
    budgets.crashes = 1;
    return budgets;
}

Budgets
ACrash()
{
    Budgets budgets;
    budgets.crashes = 1;
    return budgets;
}

void
PrintTo(const Case& one, std::ostream* out)
{
    *out << one.name;
}

class SymmetryCases : public testing::TestWithParam<Case>
{
  protected:
    static Lane LaneOf(bool symmetric)
    {
        Lane lane =
            HoldersAndAskers(LaneConfig(GetParam().policy), GetParam().holders, GetParam().askers);
        lane.budgets = GetParam().budgets;
        lane.symmetric = symmetric;
        return lane;
    }
};

TEST_P(SymmetryCases, SeesTheSameWorldsEachOnce)
{
    const Rules alike(LaneOf(true));
    const Rules apart(LaneOf(false));
    Explorer bySymmetry(alike);
    Explorer withoutIt(apart);
    const Report few = bySymmetry.Run();
    const Report all = withoutIt.Run();
    EXPECT_TRUE(few.complete) << few.Told();
    EXPECT_TRUE(all.complete) << all.Told();
    const std::set<std::uint64_t> seen = bySymmetry.Fingerprints();
    EXPECT_EQ(seen, withoutIt.Fingerprints());
    EXPECT_EQ(seen.size(), few.states) << "a world is seen under two numbers";
    EXPECT_LE(all.states, few.states * GetParam().renamings);
    if (GetParam().renamings > 1)
    {
        EXPECT_LT(few.states, all.states);
    }
    else
    {
        EXPECT_EQ(few.states, all.states);
    }
}

TEST_P(SymmetryCases, KnowsHowManyRenamingsThereAre)
{
    const Rules rules(LaneOf(true));
    Parts parts(rules);
    EXPECT_EQ(Symmetry(rules.TheLane(), parts).Size(), GetParam().renamings);
}

INSTANTIATE_TEST_SUITE_P(
    Lanes,
    SymmetryCases,
    testing::Values(Case{"two_ask", Policy::Fig4a, 0, 2, ABitOfAll(), 2},
                    Case{"one_holds_two_ask", Policy::Fig4a, 1, 2, ACrash(), 2},
                    Case{"two_hold_two_ask", Policy::Fig4a, 2, 2, {}, 4},
                    Case{"three_ask", Policy::Fig4a, 0, 3, {}, 6},
                    Case{"two_hold_one_asks", Policy::Robust, 2, 1, {}, 2},
                    Case{"who_waits_is_not_alike", Policy::Fig4b, 0, 2, {}, 1}),
    [](const testing::TestParamInfo<Case>& one) { return one.param.name; });

/// Renames twice, there and back: nothing is forgotten.
TEST(Renaming, ThereAndBackIsTheSame)
{
    Renaming renaming = SameNames();
    std::swap(renaming.hosts[0], renaming.hosts[2]);
    std::swap(renaming.hosts[1], renaming.hosts[2]);
    std::swap(renaming.wants[0], renaming.wants[1]);
    EXPECT_FALSE(renaming == SameNames());
    EXPECT_TRUE(renaming.Then(renaming.Inverse()) == SameNames());
    EXPECT_EQ(renaming.Wants(0b01), 0b10U);
}

/// The symmetry is of real worlds: a story of it can be retold as it stands.
TEST(Symmetry, TellsStoriesOfRealWorlds)
{
    Lane lane = HoldersAndAskers(LaneConfig(Policy::Fig4a), 1, 2);
    lane.strictness.foundBeforeNeed = true; // which the core does not promise
    const Rules rules(lane);
    const Report report = Explorer(rules).Run();
    ASSERT_TRUE(report.finding);
    EXPECT_EQ(report.finding->violation.requirement, "R-SRV-3");
    harness::Script script;
    for (const std::string& line : report.finding->story)
    {
        EXPECT_EQ(script.Run(line).error, "") << line;
    }
}

} // namespace
} // namespace lanpeer::explore
