#include "model/explore/explorer.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <string>

// Every interleaving of two nodes: any packet may overtake, any timer may run out at any time, and
// what the budgets allow goes wrong. Each lane is explored to its end, in each policy.

namespace lanpeer::explore
{
namespace
{

/// Two nodes; small bounds, so that what repeats needs not repeat often.
std::shared_ptr<const PeeringConfig>
ConfigOf(Policy policy)
{
    PeeringConfig config = PeeringConfig::Defaults(policy);
    config.internetRetries = 1;
    config.reasks = 1;
    config.downloadWaits = 1;
    config.uploadSlots = 1;
    config.helperOrigins = {"http://origin.test"};
    return std::make_shared<const PeeringConfig>(config);
}

enum class Who : std::uint8_t
{
    OneHoldsOneAsks,
    BothAsk,
    OneHoldsOneAsksTwice,  ///< two applications of one node, one of which may not wait
    WhoAsksHasNoAccess,    ///< as it is configured; the other may help
    WhoAsksFindsItHasNone, ///< it believes that it has
};

Lane
MakeLane(Policy policy, Who who, const Budgets& budgets)
{
    Lane lane;
    lane.name = std::string(ToString(policy));
    lane.configs = {ConfigOf(policy), ConfigOf(policy)};
    lane.budgets = budgets;
    lane.stateLimit = 20'000'000;
    lane.wants = {{1, {}}};
    switch (who)
    {
    case Who::OneHoldsOneAsks:
        lane.holders = {0};
        break;
    case Who::OneHoldsOneAsksTwice:
    {
        lane.holders = {0};
        RequestOptions impatient;
        impatient.mayWait = false;
        lane.wants.push_back({1, impatient});
        break;
    }
    case Who::BothAsk:
        lane.wants.push_back({0, {}});
        break;
    case Who::WhoAsksHasNoAccess:
    {
        PeeringConfig without = *lane.configs[1];
        without.internetAccess = false;
        lane.configs[1] = std::make_shared<const PeeringConfig>(without);
        break;
    }
    case Who::WhoAsksFindsItHasNone:
        lane.unreachable = {1};
        break;
    }
    return lane;
}

class Lanes : public testing::TestWithParam<Policy>
{
  protected:
    /// Explores a lane to its end; more than \p least states, or nothing was explored.
    static void Explore(Who who, const Budgets& budgets, std::size_t least)
    {
        RecordProperty("requirement", "R-SRV-3 R-SRV-4 R-SRV-5 R-HTTP-2 R-PKT-6 R-CLI-7");
        const Rules rules(MakeLane(GetParam(), who, budgets));
        const Report report = Explorer(rules).Run();
        EXPECT_TRUE(report.complete) << report.Told();
        EXPECT_GT(report.states, least);
        RecordProperty("states", std::to_string(report.states));
        std::printf(
            "%s: %s\n", std::string(ToString(GetParam())).c_str(), report.Summary().c_str());
    }
};

TEST_P(Lanes, OneHoldsOneAsksAndAllGoesWrong)
{
    Budgets budgets;
    budgets.losses = 2;
    budgets.duplicates = 1;
    budgets.failures = 1;
    budgets.refusals = 1;
    budgets.crashes = 1;
    budgets.halves = 1;
    budgets.verdicts = 1;
    budgets.forgeries = 1;
    Explore(Who::OneHoldsOneAsks, budgets, 1500);
}

TEST_P(Lanes, BothAskAndPacketsAreLost)
{
    Budgets budgets;
    budgets.losses = 2;
    Explore(Who::BothAsk, budgets, 100);
}

TEST_P(Lanes, BothAskAndAPacketComesTwice)
{
    Budgets budgets;
    budgets.duplicates = 1;
    Explore(Who::BothAsk, budgets, 100);
}

TEST_P(Lanes, BothAskAndATransferFails)
{
    Budgets budgets;
    budgets.failures = 1;
    budgets.losses = 1;
    Explore(Who::BothAsk, budgets, 100);
}

TEST_P(Lanes, BothAskAndAContentIsRefused)
{
    Budgets budgets;
    budgets.refusals = 1;
    Explore(Who::BothAsk, budgets, 100);
}

TEST_P(Lanes, BothAskAndOneCrashes)
{
    Budgets budgets;
    budgets.crashes = 1;
    Explore(Who::BothAsk, budgets, 100);
}

TEST_P(Lanes, BothAskAndPatienceEnds)
{
    Budgets budgets;
    budgets.patience = 1;
    budgets.losses = 1;
    Explore(Who::BothAsk, budgets, 100);
}

TEST_P(Lanes, BothAskAndADeadlinePasses)
{
    Budgets budgets;
    budgets.deadlines = 1;
    Explore(Who::BothAsk, budgets, 50);
}

TEST_P(Lanes, BothAskAndOneTakesItBack)
{
    Budgets budgets;
    budgets.cancels = 1;
    Explore(Who::BothAsk, budgets, 50);
}

TEST_P(Lanes, OneAsksTwiceAndTakesItBack)
{
    Budgets budgets;
    budgets.cancels = 2;
    budgets.losses = 1;
    budgets.failures = 1;
    Explore(Who::OneHoldsOneAsksTwice, budgets, 50);
}

TEST_P(Lanes, WhoAsksHasNoAccess)
{
    Budgets budgets;
    budgets.backOffs = 1;
    budgets.failures = 1;
    budgets.cancels = 1;
    Explore(Who::WhoAsksHasNoAccess, budgets, 3);
}

TEST_P(Lanes, WhoAsksFindsItHasNoAccess)
{
    Budgets budgets;
    budgets.backOffs = 1;
    Explore(Who::WhoAsksFindsItHasNone, budgets, 4);
}

#if !LANPEER_SANITIZE // minutes of the same code
TEST_P(Lanes, BothAskAndLossFailureAndCrashMeet)
{
    Budgets budgets;
    budgets.losses = 1;
    budgets.failures = 1;
    budgets.crashes = 1;
    Explore(Who::BothAsk, budgets, 1000);
}

TEST_P(Lanes, BothAskAndLossDuplicateFailureAndCrashMeet)
{
    Budgets budgets;
    // Under robust all four at once are more than 20 million states. It has them in the lane of
    // OneHoldsOneAsksAndAllGoesWrong; here a duplicate and a failure, above the other three.
    const bool large = GetParam() == Policy::Robust;
    budgets.duplicates = 1;
    budgets.failures = 1;
    budgets.losses = large ? 0 : 1;
    budgets.crashes = large ? 0 : 1;
    Explore(Who::BothAsk, budgets, 1000);
}
#endif

INSTANTIATE_TEST_SUITE_P(EveryPolicy,
                         Lanes,
                         testing::Values(Policy::Fig4a, Policy::Fig4b, Policy::Robust),
                         [](const testing::TestParamInfo<Policy>& lane)
                         { return std::string(ToString(lane.param)); });

} // namespace
} // namespace lanpeer::explore
