#include "tests/swarm/run.h"
#include "tests/swarm/setting.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>

// 2,000 seeds, in parts that run side by side.

namespace lanpeer::swarm
{
namespace
{

constexpr std::uint64_t kSeeds = 2000;
constexpr std::uint64_t kParts = 8;

class Swarm : public testing::TestWithParam<std::uint64_t>
{
};

TEST_P(Swarm, EndsWellWhateverGoesWrong)
{
    RecordProperty("requirement",
                   "R-SIM-5 R-PKT-5 R-PKT-6 R-PKT-7 R-SRV-2 R-SRV-3 R-SRV-4 R-SRV-5 "
                   "R-CLI-1 R-CLI-2 R-CLI-4 R-CLI-5 R-CLI-7 R-CLI-8 R-CLI-9 R-CLI-11 R-CLI-12 "
                   "R-CLI-13 R-HTTP-2 L2 L6 L8");
    const std::uint64_t first = GetParam() * (kSeeds / kParts) + 1;
    std::uint64_t requests = 0;
    std::uint64_t slowest = 0;
    std::uint64_t slowestAfter = 0;
    for (std::uint64_t seed = first; seed < first + kSeeds / kParts; ++seed)
    {
        const Outcome outcome = swarm::Run(DrawSetting(seed), false).Go();
        EXPECT_FALSE(outcome.violation)
            << outcome.violation->requirement << ": " << outcome.violation->what
            << "\nagain: build/bin/swarm --seed " << seed;
        requests += outcome.requests;
        slowest = std::max(slowest, outcome.slowest);
        slowestAfter = std::max(slowestAfter, outcome.slowestAfter);
    }
    EXPECT_GT(requests, kSeeds / kParts) << "hardly anything was asked for";
    RecordProperty("slowest_per_mille_of_bound", std::to_string(slowest));
    RecordProperty("slowest_per_mille_of_bound_after", std::to_string(slowestAfter));
}

INSTANTIATE_TEST_SUITE_P(Seeds,
                         Swarm,
                         testing::Range<std::uint64_t>(0, kParts),
                         [](const testing::TestParamInfo<std::uint64_t>& part)
                         {
                             const std::uint64_t each = kSeeds / kParts;
                             return fmt::format(
                                 "{}to{}", part.param * each + 1, (part.param + 1) * each);
                         });

/// A failure that is told of by its seed can be looked at again.
TEST(SwarmRuns, AreTheSameAgain)
{
    std::set<std::uint64_t> digests;
    constexpr std::uint64_t kSome = 40;
    for (std::uint64_t seed = 0; seed < kSome; ++seed)
    {
        const Setting setting = DrawSetting(seed);
        EXPECT_EQ(Told(setting), Told(DrawSetting(seed)));
        const Outcome first = swarm::Run(setting, false).Go();
        const Outcome second = swarm::Run(setting, true).Go();
        EXPECT_EQ(first.digest, second.digest) << seed;
        EXPECT_EQ(first.events, second.events) << seed;
        EXPECT_EQ(first.slowest, second.slowest) << seed;
        EXPECT_EQ(first.slowestAfter, second.slowestAfter) << seed;
        EXPECT_TRUE(first.trace.empty());
        EXPECT_FALSE(second.trace.empty());
        digests.insert(first.digest);
    }
    EXPECT_EQ(digests.size(), kSome) << "different runs have the same digest";
}

} // namespace
} // namespace lanpeer::swarm
