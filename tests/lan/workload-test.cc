#include "analysis/metrics.h"
#include "tests/lan/replicates.h"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

// Workloads beyond "everybody asks once for everything" (R-SIM-4): some need only some, several
// updates in a row, laptops that leave in the middle of a transfer.

namespace lanpeer::lan
{
namespace
{

constexpr std::uint32_t kNodes = 12;
constexpr std::int64_t kSecondUs = 1'000'000;

analysis::Metrics
RunOf(const OfficeConfig& office)
{
    OfficeSimulation simulation(office);
    return analysis::ComputeMetrics(simulation.Run());
}

TEST(SomeNodesNeedOnlySome, AndEachResourceComesOnce)
{
    RecordProperty("requirement", "R-SIM-4");
    const auto runs =
        Replicates(1,
                   [](std::uint64_t) -> Figures
                   {
                       OfficeConfig office = FlashCrowd(Policy::Robust, kNodes, "fast");
                       office.resources = {{"a.cab", 100'000}, {"b.cab", 50'000}, {"c.cab", 7'000}};
                       office.askers = [](const std::function<double()>&)
                       {
                           std::vector<OfficeConfig::Asker> askers;
                           for (std::uint32_t node = 0; node < kNodes - 1; ++node)
                           {
                               // b only for every third; nobody needs c, and the last node nothing.
                               const std::int64_t atUs = (1 + 4 * node) * kSecondUs;
                               askers.push_back({node,
                                                 atUs,
                                                 node % 3 == 0 ? std::vector<std::uint32_t>{0, 1}
                                                               : std::vector<std::uint32_t>{0}});
                           }
                           return askers;
                       };
                       const analysis::Metrics metrics = RunOf(office);
                       return {static_cast<double>(metrics.resourceBytes),
                               metrics.copies.value_or(-1),
                               static_cast<double>(metrics.sources.internet + metrics.sources.peer),
                               metrics.finishS.last.value_or(-1)};
                   });
    EXPECT_EQ(runs[0][0], 150'000) << "what was asked for";
    EXPECT_EQ(runs[0][1], 1);
    EXPECT_EQ(runs[0][2], 11 + 4);
    EXPECT_GT(runs[0][3], 0) << "everybody has what it needs";
    EXPECT_LT(runs[0][3], 10);
}

TEST(SeveralUpdatesInARow, AreFetchedOnceEach)
{
    RecordProperty("requirement", "R-SIM-4 R-SIM-8");
    const auto runs = Replicates(
        1,
        [](std::uint64_t) -> Figures
        {
            OfficeConfig office = FlashCrowd(Policy::Robust, kNodes, "fast");
            office.resources = {
                {"a.cab", 30'000, 0}, {"a.cab~2", 30'000, 1}, {"a.cab~3", 30'000, 2}};
            office.askers = [](const std::function<double()>& uniform)
            {
                std::vector<OfficeConfig::Asker> askers;
                for (std::uint32_t round = 0; round < 3; ++round)
                {
                    for (std::uint32_t node = 0; node < kNodes; ++node)
                    {
                        const auto intoUs = static_cast<std::int64_t>(uniform() * 60e6);
                        askers.push_back({node, (1 + 1000 * round) * kSecondUs + intoUs, {round}});
                    }
                }
                return askers;
            };
            const analysis::Metrics metrics = RunOf(office);
            return {static_cast<double>(metrics.resourceBytes),
                    metrics.copies.value_or(-1),
                    static_cast<double>(metrics.sources.internet),
                    metrics.finishS.last.value_or(-1),
                    metrics.simulatedS};
        });
    EXPECT_EQ(runs[0][0], 90'000);
    EXPECT_GE(runs[0][1], 1);
    EXPECT_LE(runs[0][1], 2);
    EXPECT_GE(runs[0][2], 3) << "one of each round at least";
    EXPECT_GT(runs[0][3], 0);
    EXPECT_LT(runs[0][3], 60) << "a round's time, not that between rounds";
    EXPECT_GT(runs[0][4], 2000);
}

TEST(LaptopsThatLeaveInATransfer, GetItWhenTheyAreBack)
{
    RecordProperty("requirement", "R-SIM-4 R-CLI-7");
    for (const Policy policy : {Policy::Fig4a, Policy::Fig4b, Policy::Robust})
    {
        const auto runs = Replicates(
            1,
            [policy](std::uint64_t) -> Figures
            {
                OfficeConfig office = FlashCrowd(policy, kNodes);
                office.resources = LargeResource();
                office.faults = [](const std::function<double(std::uint32_t)>&)
                {
                    return FaultPlan{};
                };
                office.askers = [](const std::function<double()>& uniform)
                {
                    std::vector<OfficeConfig::Asker> askers;
                    // The first leaves in the middle of its transfer, others while they ask.
                    askers.push_back({0, kSecondUs});
                    askers.back().away = {6 * kSecondUs, 46 * kSecondUs};
                    for (std::uint32_t node = 1; node < kNodes; ++node)
                    {
                        const auto atUs =
                            4 * kSecondUs + static_cast<std::int64_t>(uniform() * 20e6);
                        askers.push_back({node, atUs});
                        if (node % 4 == 0)
                        {
                            askers.back().away = {atUs + kSecondUs / 10, atUs + 30 * kSecondUs};
                        }
                    }
                    // It is away when it should ask for the second time.
                    askers.push_back({0, askers[0].away->fromUs + kSecondUs});
                    return askers;
                };
                OfficeSimulation simulation(office);
                const analysis::RunRecord record = simulation.Run();
                const analysis::Metrics metrics = analysis::ComputeMetrics(record);
                return {static_cast<double>(metrics.finishS.last.has_value()),
                        static_cast<double>(record.faults->leaves),
                        NotFound(record) - static_cast<double>(record.faults->requestsLost),
                        metrics.copies.value_or(-1),
                        metrics.finishS.last.value_or(-1)};
            });
        EXPECT_EQ(runs[0][0], 1) << ToString(policy) << ": everybody has it";
        EXPECT_EQ(runs[0][1], 3);
        EXPECT_EQ(runs[0][2], 0);
        EXPECT_LE(runs[0][3], policy == Policy::Robust ? 3 : kNodes + 1);
        EXPECT_GT(runs[0][4], 40) << "being away counts";
    }
}

TEST(NobodyAsks, AndTheRunEndsAllTheSame)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-4");
    for (const Medium medium : {Medium::Switch, Medium::Hub, Medium::Wifi})
    {
        const auto runs = Replicates(1,
                                     [medium](std::uint64_t) -> Figures
                                     {
                                         OfficeConfig office = FlashCrowd(Policy::Robust, 3);
                                         office.network.medium = medium;
                                         office.askers = [](const std::function<double()>&)
                                         {
                                             return std::vector<OfficeConfig::Asker>();
                                         };
                                         return {RunOf(office).simulatedS};
                                     });
        EXPECT_LT(runs[0][0], 60) << ToString(medium) << ": access points never fall silent";
    }
}

TEST(WhatIsHeldAlready, EndsNoRunInWhichMoreIsAskedForAtOnce)
{
    RecordProperty("requirement", "R-SIM-4 R-CLI-7");
    const auto runs =
        Replicates(1,
                   [](std::uint64_t) -> Figures
                   {
                       OfficeConfig office = FlashCrowd(Policy::Robust, 2, "modem56k");
                       office.resources = {{"a.cab", 10'000}, {"b.cab", 200'000}};
                       office.askers = [](const std::function<double()>&)
                       {
                           return std::vector<OfficeConfig::Asker>{{1, kSecondUs, {0}},
                                                                   {1, 600 * kSecondUs, {0, 1}}};
                       };
                       const analysis::Metrics metrics = RunOf(office);
                       return {static_cast<double>(metrics.sources.internet),
                               static_cast<double>(metrics.sources.local)};
                   });
    EXPECT_EQ(runs[0][0], 2) << "b takes half a minute";
    EXPECT_EQ(runs[0][1], 1) << "a was there";
}

TEST(WhatIsAskedForTwice, IsOneRequestWhileItRuns)
{
    RecordProperty("requirement", "R-SIM-4 R-CLI-7");
    const auto runs = Replicates(
        1,
        [](std::uint64_t) -> Figures
        {
            OfficeConfig office = FlashCrowd(Policy::Robust, 3, "modem56k");
            office.resources = {{"a.cab", 200'000}};
            office.network.medium = Medium::Wifi; // where nothing else ends a run
            office.askers = [](const std::function<double()>&)
            {
                OfficeConfig::Asker twice{1, 2 * kSecondUs, {0}};
                twice.away = OfficeConfig::Asker::Absence{10 * kSecondUs, 20 * kSecondUs};
                // Once more while it is away.
                return std::vector<OfficeConfig::Asker>{
                    {1, kSecondUs, {0}}, twice, {1, 15 * kSecondUs, {0}}};
            };
            OfficeSimulation simulation(office);
            const analysis::RunRecord record = simulation.Run();
            const analysis::Metrics metrics = analysis::ComputeMetrics(record);
            return {static_cast<double>(record.requests.size()),
                    static_cast<double>(metrics.sources.internet)};
        });
    EXPECT_EQ(runs[0][0], 2) << "one that the power was lost over, one after it";
    EXPECT_EQ(runs[0][1], 1);
}

} // namespace
} // namespace lanpeer::lan
