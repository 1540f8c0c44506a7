#include "analysis/closed-form/internet-copies.h"
#include "analysis/statistics.h"
#include "tests/lan/replicates.h"

#include <gtest/gtest.h>

#include <algorithm>

// How many copies cross the uplink under each policy (R-SIM-7, R-SIM-8).

namespace lanpeer::lan
{
namespace
{

Figures
CopiesAndMissing(OfficeConfig office, std::uint64_t run)
{
    office.run = run;
    OfficeSimulation simulation(office);
    const analysis::RunRecord record = simulation.Run();
    return {CopiesOf(record), NotFound(record)};
}

class AtOneInstant : public testing::TestWithParam<std::uint32_t>
{
};

TEST_P(AtOneInstant, ThePatentFetchesOneCopyPerNode)
{
    RecordProperty("requirement", "R-CLI-3 R-CLI-4 R-SIM-7");
    for (const Policy policy : {Policy::Fig4a, Policy::Fig4b})
    {
        const auto runs =
            Replicates(3,
                       [policy](std::uint64_t run)
                       { return CopiesAndMissing(FlashCrowd(policy, GetParam()), run); });
        for (const Figures& run : runs)
        {
            EXPECT_EQ(run, (Figures{static_cast<double>(GetParam()), 0.0})) << ToString(policy);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Nodes, AtOneInstant, testing::Values(2U, 7U, 23U, 50U));

class AtOneInstantAllSixFiles : public testing::TestWithParam<std::uint32_t>
{
};

TEST_P(AtOneInstantAllSixFiles, ThePatentFetchesAtLeastOneCopyPerNode)
{
    RecordProperty("requirement", "R-CLI-3 R-CLI-4 R-SIM-7");
    const std::uint32_t nodes = GetParam();
    for (const Policy policy : {Policy::Fig4a, Policy::Fig4b})
    {
        const auto runs = Replicates(1,
                                     [policy, nodes](std::uint64_t run)
                                     {
                                         OfficeConfig office = FlashCrowd(policy, nodes, "fast");
                                         office.resources = FullUpdate();
                                         return CopiesAndMissing(office, run);
                                     });
        EXPECT_GE(runs[0][0], nodes) << ToString(policy);
        EXPECT_EQ(runs[0][1], 0) << ToString(policy);
    }
}

INSTANTIATE_TEST_SUITE_P(Nodes, AtOneInstantAllSixFiles, testing::Values(2U, 7U, 23U, 50U));

TEST(FarApart, EveryPolicyFetchesOneCopy)
{
    RecordProperty("requirement", "R-CLI-2 R-CLI-3 R-SRV-4 R-SIM-7");
    for (const Policy policy : {Policy::Fig4a, Policy::Fig4b, Policy::Robust})
    {
        const auto runs =
            Replicates(3,
                       [policy](std::uint64_t run)
                       {
                           OfficeConfig office = FlashCrowd(policy, 10);
                           office.resources = FullUpdate();
                           office.askers = [](const std::function<double()>&)
                           {
                               std::vector<OfficeConfig::Asker> askers;
                               for (std::uint32_t node = 0; node < 10; ++node)
                               {
                                   askers.push_back({node, 1'000'000 + node * 60'000'000LL});
                               }
                               return askers;
                           };
                           return CopiesAndMissing(office, run);
                       });
        for (const Figures& run : runs)
        {
            EXPECT_EQ(run, (Figures{1.0, 0.0})) << ToString(policy);
        }
    }
}

TEST(Robust, FetchesOneCopyAtOneInstant)
{
    RecordProperty("requirement", "R-CLI-8 R-CLI-9 R-SIM-7");
    const auto runs = Replicates(50,
                                 [](std::uint64_t run)
                                 { return CopiesAndMissing(FlashCrowd(Policy::Robust, 50), run); });
    const auto copies = Column(runs, 0);
    EXPECT_EQ(analysis::Median(copies), 1);
    EXPECT_LE(*std::max_element(copies.begin(), copies.end()), 3);
    EXPECT_EQ(Column(runs, 1), std::vector<double>(50, 0.0));
}

/// Twenty nodes ask within 0.3 s for a file that takes no time to speak of.
OfficeConfig
AlmostAtOnce(Policy policy)
{
    OfficeConfig office = Spread(policy, 20, 0.3, "fast");
    office.protocol.responseDelayMs = 200;
    office.network.latencyUs = 5000; // ties are likely: 10 ms from node to node
    return office;
}

TEST(ClosedForm, CopiesOfTheThreePoliciesAreAsSimulated)
{
    RecordProperty("requirement", "R-SIM-7 R-SIM-8");
    const auto copies = [](Policy policy, std::uint64_t runs)
    {
        return Column(Replicates(runs,
                                 [policy](std::uint64_t run)
                                 { return CopiesAndMissing(AlmostAtOnce(policy), run); }),
                      0);
    };
    analysis::CopiesCase what{analysis::Arrivals::Uniform, 20, 300, 200, 200};
    what.propagationMs = 10.02; // and the frame's time on two cables
    what.retrievalMs = 50;      // some round trips
    const auto robust = copies(Policy::Robust, 40);
    EXPECT_TRUE(analysis::AgreesWith(robust, analysis::RobustCopies(what).low));
    analysis::CopiesCase slower = what;
    slower.propagationMs *= 3;
    EXPECT_FALSE(analysis::AgreesWith(robust, analysis::RobustCopies(slower).low))
        << "the test could not tell three times the ties";
    // All ask within one wait of the first, and nobody hears of a copy before.
    EXPECT_EQ(analysis::Mean(copies(Policy::Fig4a, 2)), analysis::Fig4aCopies(what).low);
    what.sharing = 20;
    const analysis::Bounds fig4b = analysis::Fig4bCopies(what);
    const double mean = analysis::Mean(copies(Policy::Fig4b, 4));
    EXPECT_LE(fig4b.low, mean);
    EXPECT_GE(fig4b.high, mean);
}

/// A first client that downloads for some seconds; D and T such that there is time between them.
OfficeConfig
Straddling(Policy policy)
{
    OfficeConfig office = FlashCrowd(policy, 2);
    office.resources = LargeResource();
    office.protocol.transmissionAllowanceMs = 1000;
    office.protocol.responseDelayMs = 500;
    return office;
}

/// When the first client's download ends in each run, if nobody else is there; in us.
std::vector<double>
EndsOfTheFirstDownload(Policy policy, std::uint64_t runs)
{
    return Column(Replicates(runs,
                             [policy](std::uint64_t run) -> Figures
                             {
                                 OfficeConfig office = Straddling(policy);
                                 office.run = run;
                                 office.askers = [](const std::function<double()>&)
                                 {
                                     return std::vector<OfficeConfig::Asker>{{0, 1'000'000}};
                                 };
                                 OfficeSimulation simulation(office);
                                 const auto record = simulation.Run();
                                 return {static_cast<double>(*record.requests.at(0).endedAtUs)};
                             }),
                  0);
}

TEST(DownloadThatEndsInsideAWait, IsMissedByThePatentAndNotByUs)
{
    RecordProperty("requirement", "R-CLI-10 R-CLI-4");
    constexpr std::uint64_t kRuns = 10;
    for (const Policy policy : {Policy::Fig4b, Policy::Robust})
    {
        const std::vector<double> endsUs = EndsOfTheFirstDownload(policy, kRuns);
        const auto runs = Replicates(
            kRuns,
            [policy, &endsUs](std::uint64_t run) -> Figures
            {
                OfficeConfig office = Straddling(policy);
                office.run = run;
                // It ends halfway between D and D + T after the second one's "I need".
                const auto asksAtUs = static_cast<std::int64_t>(endsUs[run - 1]) - 1'000'000;
                office.askers = [asksAtUs](const std::function<double()>&)
                {
                    return std::vector<OfficeConfig::Asker>{{0, 1'000'000}, {1, asksAtUs}};
                };
                OfficeSimulation simulation(office);
                return {CopiesOf(simulation.Run())};
            });
        const double expected = policy == Policy::Robust ? 1 : 2;
        EXPECT_EQ(Column(runs, 0), std::vector<double>(kRuns, expected)) << ToString(policy);
    }
}

} // namespace
} // namespace lanpeer::lan
