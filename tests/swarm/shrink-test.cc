#include "tests/swarm/bound.h"
#include "tests/swarm/run.h"
#include "tests/swarm/setting.h"
#include "tests/swarm/shrink.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

// A run that goes wrong: it is seen, made smaller, and run again from what the command names.

namespace lanpeer::swarm
{
namespace
{

constexpr std::uint64_t kSeed = 7;

/// The origin sends a byte more than it should of the first resource, which those who get it offer.
Setting
Sabotaged(Setting setting)
{
    Resource more = setting.resources.front();
    ++more.bytes;
    setting.resources.push_back(more);
    setting.holders.push_back(0);
    return setting;
}

/// A seed of which that has to be seen.
Setting
DrawSuitable(std::uint64_t& seed)
{
    for (;; ++seed)
    {
        const Setting setting = Sabotaged(DrawSetting(seed));
        const Outcome outcome = swarm::Run(setting, false).Go();
        if (setting.wants.size() > 5 && setting.mishaps.size() > 3 && outcome.violation &&
            outcome.violatedUs > 0)
        {
            return setting;
        }
    }
}

std::string
RequirementOf(const Setting& setting)
{
    const Outcome outcome = swarm::Run(setting, false).Go();
    return outcome.violation ? outcome.violation->requirement : "none";
}

TEST(Shrink, LeavesWhatStillFailsTheSameWay)
{
    std::uint64_t seed = kSeed;
    const Setting failing = DrawSuitable(seed);
    const Violation violation = *swarm::Run(failing, false).Go().violation;
    EXPECT_EQ(violation.requirement, "R-HTTP-2") << violation.what;

    std::size_t left = 0;
    std::size_t runs = 0;
    const auto told = [&left, &runs](std::size_t stillThere, std::size_t done)
    {
        left = stillThere;
        runs = done;
    };
    const Setting smallest = Shrink(failing, violation, told);
    EXPECT_EQ(left, Droppable(smallest).size());
    EXPECT_GT(runs, 0U);
    EXPECT_LT(left, Droppable(failing).size());
    EXPECT_EQ(RequirementOf(smallest), violation.requirement);

    // None of what is left can be left out.
    for (const std::string& name : Droppable(smallest))
    {
        Setting without = smallest;
        EXPECT_TRUE(!Drop(without, name) || RequirementOf(without) != violation.requirement)
            << name;
    }

    // What the command line gives by --seed and --without is the same again.
    Setting again = Sabotaged(DrawSetting(seed));
    for (const std::string& name : smallest.dropped)
    {
        EXPECT_TRUE(Drop(again, name)) << name;
    }
    EXPECT_EQ(Told(again), Told(smallest));
    const Outcome first = swarm::Run(smallest, true).Go();
    const Outcome second = swarm::Run(again, true).Go();
    EXPECT_EQ(first.trace, second.trace);
    EXPECT_EQ(first.digest, second.digest);
    ASSERT_TRUE(second.violation);
    EXPECT_EQ(second.violation->what, first.violation->what);
    EXPECT_NE(second.trace.find("VIOLATED R-HTTP-2"), std::string::npos);
}

TEST(Drop, LeavesOutWhatIsNamedAndNothingElse)
{
    for (std::uint64_t seed = 1; seed <= 50; ++seed)
    {
        const Setting whole = DrawSetting(seed);
        for (const std::string& name : Droppable(whole))
        {
            Setting without = whole;
            if (!Drop(without, name))
            {
                EXPECT_EQ(name.rfind("change:", 0), 0U) << name; // no such node would start
                EXPECT_EQ(Told(without), Told(whole));
                continue;
            }
            EXPECT_EQ(without.dropped, std::vector<std::string>{name});
            EXPECT_NE(Told(without), Told(whole)) << name;
            const std::vector<std::string> left = Droppable(without);
            EXPECT_EQ(std::count(left.begin(), left.end(), name), 0) << name;
            EXPECT_FALSE(Drop(without, name)) << name << " is left out twice";
        }
    }
}

TEST(Drop, KnowsWhatIsNotThere)
{
    Setting setting = DrawSetting(kSeed);
    const std::string told = Told(setting);
    for (const char* name : {"",
                             "rain",
                             "node:0",
                             "node:99",
                             "want:",
                             "want:0",
                             "want:x",
                             "want:-1",
                             "mishap:999",
                             "change:999",
                             "liar:99",
                             "node:99999999999999999999"})
    {
        EXPECT_FALSE(Drop(setting, name)) << name;
    }
    EXPECT_EQ(Told(setting), told);
    EXPECT_TRUE(setting.dropped.empty());
}

/// With a node goes what it wants, and what happens to it.
TEST(Drop, TakesTheWantsOfANodeAlong)
{
    Setting setting = DrawSetting(kSeed);
    ASSERT_TRUE(Drop(setting, "node:1"));
    EXPECT_TRUE(std::none_of(setting.wants.begin(),
                             setting.wants.end(),
                             [](const Want& want) { return want.host == 0; }));
    EXPECT_FALSE(swarm::Run(setting, false).Go().violation);
}

/// A node alone, of a policy, with a change.
Setting
OneNode(Policy policy, const std::string& key, std::uint64_t value)
{
    Setting setting;
    Node node;
    node.policy = policy;
    setting.nodes = {node};
    setting.changes = {{1, std::nullopt, key, value}};
    setting.resources = {{"http://origin.test/r1", 1'000'000, true}};
    setting.holders = {0};
    return setting;
}

std::uint64_t
BoundOf(const Setting& setting, std::uint64_t requests)
{
    return BoundUs(setting, harness::World(ConfigsOf(setting)), 0, requests);
}

TEST(Bound, GrowsWithTheRequestsUpToTheDeadline)
{
    const Setting two = OneNode(Policy::Fig4a, "parallel_requests", 2);
    EXPECT_EQ(BoundOf(two, 0), 0U);
    EXPECT_EQ(BoundOf(two, 1), BoundOf(two, 2));
    EXPECT_EQ(BoundOf(two, 3), 2 * BoundOf(two, 2));
    const std::uint64_t deadlineUs = ConfigsOf(two).front()->requestDeadlineS * kSecondUs;
    EXPECT_EQ(BoundOf(two, 1'000'000), deadlineUs);
    EXPECT_LT(BoundOf(two, 1), deadlineUs);
}

TEST(Bound, CountsWhatANodeWaitsFor)
{
    const auto of = [](const std::string& key, std::uint64_t value)
    {
        return BoundOf(OneNode(Policy::Robust, key, value), 1);
    };
    const std::uint64_t second = kSecondUs;
    EXPECT_EQ(of("longest_wait_s", 30) - of("longest_wait_s", 10), 20 * second);
    EXPECT_EQ(of("access_retry_s", 60) - of("access_retry_s", 10), 50 * second);
    EXPECT_EQ(of("internet_stall_ms", 90'000) - of("internet_stall_ms", 60'000), 30 * second);
    EXPECT_GT(of("reasks", 3), of("reasks", 0));
    EXPECT_GT(of("response_delay_ms", 500), of("response_delay_ms", 50));
}

/// Without access and with rule `helper` it goes on asking.
TEST(Bound, IsTheDeadlineWhereThereIsNoAccess)
{
    Setting setting = OneNode(Policy::Robust, "request_deadline_s", 400);
    setting.nodes.front().access = false;
    EXPECT_EQ(BoundOf(setting, 1), 400 * kSecondUs);
    EXPECT_FALSE(MustFind(setting, harness::World(ConfigsOf(setting)), 0, "http://origin.test/r1"));
}

} // namespace
} // namespace lanpeer::swarm
