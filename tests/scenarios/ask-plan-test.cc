#include "reading.h"

#include "scenarios/ask-plan.h"
#include "scenarios/trace-file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

// Who asks for what, when, and who leaves over it (R-SIM-4).

namespace lanpeer::scenario
{
namespace
{

using testing::ElementsAre;
using testing::SizeIs;

/// Counts what was drawn.
class Stream
{
  public:
    UniformSource Source()
    {
        return [this]
        {
            ++m_drawn;
            return std::uniform_real_distribution<double>(0, 1)(m_numbers);
        };
    }

    int Drawn() const
    {
        return m_drawn;
    }

  private:
    std::minstd_rand m_numbers{1};
    int m_drawn = 0;
};

std::vector<lan::Asker>
Plan(const Scenario& scenario)
{
    Stream stream;
    return PlanAsking(scenario, stream.Source());
}

TEST(AskPlan, WithoutMoreEachAsksForEverythingOnce)
{
    RecordProperty("requirement", "R-SIM-4 R-SIM-9");
    Stream stream;
    const auto askers = PlanAsking(Read("{lan.nodes: 5, workload.holders: 2}"), stream.Source());
    ASSERT_THAT(askers, SizeIs(3));
    EXPECT_EQ(stream.Drawn(), 3) << "the instants and nothing else";
    for (std::uint32_t i = 0; i < 3; ++i)
    {
        EXPECT_EQ(askers[i].node, 2 + i);
        EXPECT_THAT(askers[i].resources, ElementsAre(0, 1, 2, 3, 4, 5));
        EXPECT_FALSE(askers[i].away);
    }
}

TEST(AskPlan, EachRoundHasResourcesAndInstantsOfItsOwn)
{
    RecordProperty("requirement", "R-SIM-4");
    const Scenario scenario = Read(R"(
lan.nodes: 2
workload: {rounds: 3, round_every_s: 100, window_s: 10, resources: [{name: a, bytes: 1}, {name: b, bytes: 2}]}
)");
    std::vector<std::string> names;
    for (const Resource& resource : AskedResources(scenario))
    {
        names.push_back(resource.name);
    }
    EXPECT_THAT(names, ElementsAre("a", "b", "a~2", "b~2", "a~3", "b~3"));
    const auto askers = Plan(scenario);
    ASSERT_THAT(askers, SizeIs(6));
    for (std::size_t i = 0; i < askers.size(); ++i)
    {
        const auto round = static_cast<std::uint32_t>(i / 2);
        EXPECT_EQ(askers[i].node, i % 2);
        EXPECT_THAT(askers[i].resources, ElementsAre(2 * round, 2 * round + 1));
        EXPECT_GE(askers[i].atUs, 1'000'000 + round * 100'000'000);
        EXPECT_LT(askers[i].atUs, 11'000'000 + round * 100'000'000);
    }
    EXPECT_NE(askers[2].atUs - askers[0].atUs, 100'000'000) << "drawn anew";
}

TEST(AskPlan, AShareOfTheRequestersNeedsAResource)
{
    RecordProperty("requirement", "R-SIM-4");
    const std::string file = R"(
lan.nodes: 2000
workload: {resources: [{name: a, bytes: 1, share: 0.25}, {name: b, bytes: 2, share: SHARE}]}
)";
    const auto withShare = [&file](std::string share)
    {
        std::string text = file;
        text.replace(text.find("SHARE"), 5, share);
        return Plan(Read(text));
    };
    std::size_t both = 0;
    const auto all = withShare("1");
    ASSERT_THAT(all, SizeIs(2000));
    for (const lan::Asker& asker : all)
    {
        both += asker.resources.size() == 2 ? 1 : 0;
        EXPECT_EQ(asker.resources.back(), 1U) << "everybody needs b";
    }
    EXPECT_NEAR(static_cast<double>(both), 500, 4 * std::sqrt(2000 * 0.25 * 0.75));
    // Who needs neither does not ask.
    const auto some = withShare("0.5");
    EXPECT_NEAR(static_cast<double>(some.size()), 1250, 4 * std::sqrt(2000 * 0.375 * 0.625));
    EXPECT_EQ(all[7].atUs, Plan(Read("lan.nodes: 2000"))[7].atUs) << "shares leave arrivals alone";
}

TEST(AskPlan, LaptopsLeaveAfterTheyAskedAndComeBack)
{
    RecordProperty("requirement", "R-SIM-4");
    const std::string file = "{lan.nodes: 1000, workload: {leave_within_s: 3, away_max_s: 5, "
                             "leave_share: ";
    const auto few = Plan(Read(file + "0.2}}"));
    const auto many = Plan(Read(file + "0.6}}"));
    std::size_t left = 0;
    for (std::size_t i = 0; i < few.size(); ++i)
    {
        if (!few[i].away)
        {
            continue;
        }
        ++left;
        EXPECT_GE(few[i].away->fromUs, few[i].atUs);
        EXPECT_LE(few[i].away->fromUs, few[i].atUs + 3'000'000);
        EXPECT_GE(few[i].away->toUs, few[i].away->fromUs);
        EXPECT_LE(few[i].away->toUs, few[i].away->fromUs + 5'000'000);
        ASSERT_TRUE(many[i].away) << "more are those and some besides";
        EXPECT_EQ(many[i].away->toUs, few[i].away->toUs);
    }
    EXPECT_NEAR(static_cast<double>(left), 200, 4 * std::sqrt(1000 * 0.2 * 0.8));
}

TEST(AskPlan, ATraceIsFollowedAndItsAsksOfOneInstantAreOne)
{
    RecordProperty("requirement", "R-SIM-4");
    Scenario scenario = Read("{workload.arrival: trace, workload.trace: t.csv}");
    scenario.workload.trace = {{500, 3, 0}, {500, 3, 2}, {500, 1, 0}, {7, 4, 5}};
    Stream stream;
    const auto askers = PlanAsking(scenario, stream.Source());
    EXPECT_EQ(stream.Drawn(), 0);
    ASSERT_THAT(askers, SizeIs(3));
    EXPECT_EQ(askers[0].node, 4U);
    EXPECT_EQ(askers[0].atUs, 1'000'007);
    EXPECT_EQ(askers[1].node, 1U);
    EXPECT_EQ(askers[2].node, 3U);
    EXPECT_EQ(askers[2].atUs, 1'000'500);
    EXPECT_THAT(askers[2].resources, ElementsAre(0, 2));
}

} // namespace
} // namespace lanpeer::scenario
