#include "model/explore/explorer.h"
#include "model/explore/named-lanes.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

// The delay-ordered mode leaves out timers that overtake what is faster, and says that it does.

namespace lanpeer::explore
{
namespace
{

/// A world in which nobody may go to the Internet: that it happens is found.
class OnlyTheLan : public Rules
{
  public:
    using Rules::Rules;

    void Take(State& state, const Step& step) const override
    {
        Rules::Take(state, step);
        for (const auto& [id, transfer] : state.world.At(step.host).transfers)
        {
            if (!transfer.server)
            {
                throw std::runtime_error("to the Internet");
            }
        }
    }
};

Report
Explored(bool delayOrdered, const Budgets& budgets)
{
    Lane lane = HoldersAndAskers(LaneConfig(Policy::Fig4a), 1, 1);
    lane.delayOrdered = delayOrdered;
    lane.budgets = budgets;
    return Explorer(OnlyTheLan(lane)).Run();
}

TEST(DelayOrdered, PacketsAreFasterThanTheClientWait)
{
    RecordProperty("requirement", "R-CLI-1 R-CLI-3");
    EXPECT_TRUE(Explored(false, {}).finding); // an "I have" may take longer than D + T
    const Report report = Explored(true, {});
    EXPECT_TRUE(report.complete) << report.Told();
}

TEST(DelayOrdered, StillFindsWhatALossDoes)
{
    Budgets budgets;
    budgets.losses = 1;
    const Report report = Explored(true, budgets);
    ASSERT_TRUE(report.finding);
    EXPECT_NE(report.finding->violation.what.find("to the Internet"), std::string::npos);
}

TEST(DelayOrdered, SaysThatItIsAnUnderApproximation)
{
    EXPECT_NE(Explored(true, {}).Summary().find("under-approximation"), std::string::npos);
    EXPECT_EQ(Explored(false, {}).Summary().find("under-approximation"), std::string::npos);
}

TEST(DelayOrdered, SeesFewerStatesAndEveryRequestEnds)
{
    for (const Policy policy : {Policy::Fig4b, Policy::Robust})
    {
        Lane lane = HoldersAndAskers(LaneConfig(policy), 0, 2);
        const Report all = Explorer(Rules(lane)).Run();
        lane.delayOrdered = true;
        const Report few = Explorer(Rules(lane)).Run();
        EXPECT_TRUE(all.complete) << all.Told();
        EXPECT_TRUE(few.complete) << few.Told();
        EXPECT_LT(few.states, all.states);
    }
}

} // namespace
} // namespace lanpeer::explore
