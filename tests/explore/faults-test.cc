#include "model/explore/explorer.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

// Does the explorer see what is wrong? Worlds that do wrong on purpose: each is found, with the
// requirement it breaks and a story to retell.

namespace lanpeer::explore
{
namespace
{

Lane
OneHoldsOneAsks()
{
    Lane lane;
    lane.name = "faults";
    const auto config =
        std::make_shared<const PeeringConfig>(PeeringConfig::Defaults(Policy::Fig4a));
    lane.configs = {config, config};
    lane.holders = {0};
    lane.wants = {{1, {}}};
    return lane;
}

/// After a step of a kind at a host, the monitor is shown an action that the node did not take.
class Lying : public Rules
{
  public:
    Lying(TimerKind after, Action action)
        : Rules(OneHoldsOneAsks())
        , m_after(after)
        , m_action(std::move(action))
    {
    }

    void Take(State& state, const Step& step) const override
    {
        const TimerKey timer{static_cast<TimerKind>(step.detail), step.subject};
        Rules::Take(state, step);
        if (step.kind == StepKind::Fire && timer.kind == m_after)
        {
            state.monitor.Handled(state.world, step.host, TimerFired{timer}, {m_action});
        }
    }

  private:
    TimerKind m_after;
    Action m_action;
};

/// A timer that never runs out although its node waits for it.
class Forgetting : public Rules
{
  public:
    Forgetting()
        : Rules(OneHoldsOneAsks())
    {
    }

    void Take(State& state, const Step& step) const override
    {
        const TimerKey timer{static_cast<TimerKind>(step.detail), step.subject};
        if (step.kind == StepKind::Fire && timer.kind == TimerKind::ResponseWait)
        {
            state.world.At(step.host).timers.erase(timer);
            return;
        }
        Rules::Take(state, step);
    }
};

Report
Explored(const Rules& rules)
{
    return Explorer(rules).Run();
}

TEST(Explorer, FindsNothingInAWorldThatDoesRight)
{
    const Rules rules(OneHoldsOneAsks());
    const Report report = Explored(rules);
    EXPECT_TRUE(report.complete) << report.Told();
}

TEST(Explorer, FindsAnOfferOfWhatIsNotThere)
{
    RecordProperty("requirement", "R-HTTP-2");
    const Lying rules(TimerKind::ResponseWait, OfferCopy{std::string(kHref), "alias", 1000});
    const Report report = Explored(rules);
    EXPECT_FALSE(report.complete);
    ASSERT_TRUE(report.finding);
    EXPECT_NE(report.finding->violation.requirement.find("R-HTTP-2"), std::string::npos)
        << report.Told();
    EXPECT_FALSE(report.finding->story.empty());
}

TEST(Explorer, FindsARequestAnsweredTwice)
{
    RecordProperty("requirement", "R-CLI-7");
    const Lying rules(TimerKind::ResponseWait,
                      TellFailed{static_cast<AppRequestId>(1), Reason::NoInternet});
    const Report report = Explored(rules);
    EXPECT_FALSE(report.complete);
    ASSERT_TRUE(report.finding);
    EXPECT_NE(report.finding->violation.requirement.find("R-CLI-7"), std::string::npos)
        << report.Told();
}

TEST(Explorer, FindsARequestThatCanNeverEnd)
{
    RecordProperty("requirement", "R-CLI-7");
    const Report report = Explored(Forgetting());
    EXPECT_FALSE(report.complete);
    ASSERT_TRUE(report.finding);
    EXPECT_FALSE(report.finding->story.empty());
}

TEST(Explorer, FailsAtItsLimit)
{
    Lane lane = OneHoldsOneAsks();
    lane.stateLimit = 10;
    const Rules rules(lane);
    const Report report = Explored(rules);
    EXPECT_FALSE(report.complete);
    EXPECT_TRUE(report.finding);
}

} // namespace
} // namespace lanpeer::explore
