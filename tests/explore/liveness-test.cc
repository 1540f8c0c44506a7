#include "model/explore/explorer.h"
#include "model/explore/liveness.h"
#include "model/explore/named-lanes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

// What the graph of all states tells: which requests can never end, and where nodes may go round
// for ever.

namespace lanpeer::explore
{
namespace
{

/// Two nodes that ask are alike, so that requests 1 and 2 may change their numbers.
struct TwoAlike
{
    Rules rules{HoldersAndAskers(LaneConfig(Policy::Fig4a), 0, 2)};
    Parts parts{rules};
    Symmetry symmetry{rules.TheLane(), parts};
};

constexpr std::uint32_t kFirst = 1; // bits of requests
constexpr std::uint32_t kSecond = 2;
constexpr RenamingId kSame = 0;
constexpr RenamingId kSwapped = 1;

TEST(FindTrap, FindsTheStateThatARequestCannotLeave)
{
    const TwoAlike two;
    StateGraph graph(true);
    graph.AddState(kFirst);
    graph.AddEdge(1, true, kSame);
    graph.AddState(kFirst);
    const auto trap = FindTrap(graph, two.symmetry);
    ASSERT_TRUE(trap);
    EXPECT_EQ(trap->state, 0U);
    EXPECT_EQ(trap->request, kFirst);
    EXPECT_FALSE(trap->dead);
}

TEST(FindTrap, KnowsARequestByItsNumberThere)
{
    const TwoAlike two;
    StateGraph graph(true);
    graph.AddState(kFirst); // is the second one there, which has ended
    graph.AddEdge(1, true, kSwapped);
    graph.AddState(kFirst);
    const auto trap = FindTrap(graph, two.symmetry);
    ASSERT_TRUE(trap);
    EXPECT_EQ(trap->state, 1U);
    EXPECT_TRUE(trap->dead);
}

TEST(FindTrap, CountsOnNothingThatDoesNotHappenByItself)
{
    const TwoAlike two;
    StateGraph graph(true);
    graph.AddState(kSecond);
    graph.AddEdge(1, false, kSame); // a packet arrives, which may be lost
    graph.AddState(0);
    ASSERT_TRUE(FindTrap(graph, two.symmetry));
    StateGraph timer(true);
    timer.AddState(kSecond);
    timer.AddEdge(1, true, kSame);
    timer.AddState(0);
    EXPECT_FALSE(FindTrap(timer, two.symmetry));
}

TEST(FindCircles, FindsThoseInWhichARequestRuns)
{
    StateGraph graph(false);
    graph.AddState(kFirst); // 0 -> 1 -> 2 -> 1, 2 -> 3 -> 4 -> 3
    graph.AddEdge(1, true, kSame);
    graph.AddState(kFirst);
    graph.AddEdge(2, true, kSame);
    graph.AddState(kFirst);
    graph.AddEdge(1, false, kSame);
    graph.AddEdge(3, true, kSame);
    graph.AddState(0);
    graph.AddEdge(4, true, kSame);
    graph.AddState(0);
    graph.AddEdge(3, true, kSame);
    const auto circles = FindCircles(graph);
    ASSERT_EQ(circles.size(), 1U);
    EXPECT_EQ(circles.front(), (std::vector<StateGraph::State>{1, 2}));
}

TEST(FindCircles, FindsAStateThatLeadsToItself)
{
    StateGraph graph(false);
    graph.AddState(kFirst);
    graph.AddEdge(0, true, kSame);
    graph.AddEdge(1, true, kSame);
    graph.AddState(0);
    EXPECT_EQ(FindCircles(graph).size(), 1U);
}

/// Nodes that want something have two timers more, each of which starts the other.
class Circling : public Rules
{
  public:
    /// \param mute while the second one runs, the client wait does not run out
    Circling(std::uint32_t askers, bool mute)
        : Rules(HoldersAndAskers(LaneConfig(Policy::Fig4a), 0, askers))
        , m_mute(mute)
    {
    }

    void StepsAt(const harness::Host& host,
                 std::uint8_t number,
                 std::vector<Step>& steps) const override
    {
        Rules::StepsAt(host, number, steps);
        if (m_mute && host.timers.count({TimerKind::HelpDelay, 2}) != 0)
        {
            steps.erase(std::remove_if(steps.begin(),
                                       steps.end(),
                                       [](const Step& step)
                                       {
                                           return step.kind == StepKind::Fire &&
                                                  static_cast<TimerKind>(step.detail) ==
                                                      TimerKind::ResponseWait;
                                       }),
                        steps.end());
        }
    }

    void Take(State& state, const Step& step) const override
    {
        auto& timers = state.world.At(step.host).timers;
        const TimerKey timer{static_cast<TimerKind>(step.detail), step.subject};
        if (step.kind == StepKind::Fire && timer.kind == TimerKind::HelpDelay)
        {
            timers.erase(timer);
            timers[{TimerKind::HelpDelay, 3 - timer.subject}] = {0, 1, 0};
            return;
        }
        Rules::Take(state, step);
        if (step.kind == StepKind::Want)
        {
            timers[{TimerKind::HelpDelay, 1}] = {0, 1, 0};
        }
    }

  private:
    bool m_mute;
};

TEST(Explorer, FindsACircleThatNobodyMustLeave)
{
    RecordProperty("requirement", "R-CLI-7");
    const Circling rules(1, true);
    const Report report = Explorer(rules).Run();
    ASSERT_TRUE(report.finding);
    EXPECT_EQ(report.finding->violation.requirement, "R-CLI-7");
    EXPECT_NE(report.finding->violation.what.find("circle"), std::string::npos) << report.Told();
    EXPECT_FALSE(report.finding->story.empty());
}

TEST(Explorer, FindsACircleOfNodesThatAreAlike)
{
    RecordProperty("requirement", "R-CLI-7");
    const Circling rules(2, true);
    const Report report = Explorer(rules).Run();
    ASSERT_TRUE(report.finding);
    EXPECT_NE(report.finding->violation.what.find("circle"), std::string::npos) << report.Told();
}

/// The client wait runs all the while, so it runs out.
TEST(Explorer, LetsBeACircleThatSomebodyLeaves)
{
    RecordProperty("requirement", "R-CLI-7");
    for (const std::uint32_t askers : {1U, 2U})
    {
        const Circling rules(askers, false);
        const Report report = Explorer(rules).Run();
        EXPECT_TRUE(report.complete) << report.Told();
        EXPECT_GT(report.circles, 0U);
    }
}

} // namespace
} // namespace lanpeer::explore
