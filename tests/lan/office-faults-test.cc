#include "analysis/metrics-json.h"
#include "analysis/metrics.h"
#include "tests/lan/replicates.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

// Offices in which something goes wrong, for a while or for good: every request of an honest node
// ends, and who can have everything has it (R-SIM-5, R-CLI-7). What went wrong is counted.

namespace lanpeer::lan
{
namespace
{

constexpr std::uint32_t kNodes = 12;
constexpr std::int64_t kSecondUs = 1'000'000;

using Uniform = std::function<double(std::uint32_t part)>;

OfficeConfig
With(OfficeConfig office, const FaultPlan& plan)
{
    office.faults = [plan](const Uniform&)
    {
        return plan;
    };
    return office;
}

/// What one run gave, by name.
enum Column : std::size_t
{
    kCopies,
    kAborted,    ///< of them, what came by transfers that did not complete one
    kUnfinished, ///< nodes that have not all they wanted
    kNotFound,   ///< requests that did not end found
    kLost,       ///< of them, those that a machine lost power over
    kInternet,   ///< requests found on the Internet
    kStalls,
    kRefusals,
    kDropped, ///< packets, by the nodes
    kEvents,
    kLastS,
    kFirstFault ///< the figures of FaultRecord, in its order
};

double
Sum(const analysis::ReasonCounts& counts)
{
    double sum = 0;
    for (const auto& [reason, count] : counts)
    {
        sum += static_cast<double>(count);
    }
    return sum;
}

Figures
FiguresOf(const analysis::RunRecord& record)
{
    const analysis::Metrics metrics = analysis::ComputeMetrics(record);
    std::vector<std::size_t> missing;
    for (const analysis::NodeRecord& node : record.nodes)
    {
        missing.push_back(node.wanted.size());
    }
    std::set<std::pair<std::uint32_t, std::uint32_t>> found;
    for (const analysis::Request& request : record.requests)
    {
        if (analysis::IsFound(request.end) && found.insert({request.node, request.resource}).second)
        {
            --missing[request.node];
        }
    }
    const auto unfinished =
        std::count_if(missing.begin(), missing.end(), [](std::size_t left) { return left > 0; });
    const analysis::FaultRecord faults = record.faults.value_or(analysis::FaultRecord{});
    double aborted = 0;
    for (const analysis::Transfer& transfer : record.transfers)
    {
        const bool counts =
            transfer.from == analysis::Place::Internet() && !transfer.completedTheCopy;
        aborted += counts ? static_cast<double>(transfer.bodyBytes) : 0;
    }
    return {metrics.copies.value_or(-1),
            aborted / static_cast<double>(metrics.resourceBytes),
            static_cast<double>(unfinished),
            NotFound(record),
            static_cast<double>(faults.requestsLost),
            static_cast<double>(metrics.sources.internet),
            static_cast<double>(metrics.stalls),
            Sum(metrics.refusals),
            Sum(metrics.dropped),
            static_cast<double>(metrics.events),
            metrics.finishS.last.value_or(-1),
            static_cast<double>(faults.duplicated),
            static_cast<double>(faults.reordered),
            static_cast<double>(faults.corrupted),
            static_cast<double>(faults.corruptedDelivered),
            static_cast<double>(faults.unheard),
            static_cast<double>(faults.stormDropped),
            static_cast<double>(faults.uplinkDropped),
            static_cast<double>(faults.uplinkDownUs),
            static_cast<double>(faults.fullDisks),
            static_cast<double>(faults.crashes)};
}

Figures
RunOnce(const OfficeConfig& office)
{
    return Replicates(1,
                      [&office](std::uint64_t run)
                      {
                          OfficeConfig its = office;
                          its.run = run;
                          OfficeSimulation simulation(its);
                          return FiguresOf(simulation.Run());
                      })
        .at(0);
}

class FaultyOffice : public testing::TestWithParam<Policy>
{
};

TEST_P(FaultyOffice, EverybodyFinishesOverLinksThatDoubleHoldAndAlter)
{
    RecordProperty("requirement", "R-SIM-5 R-SIM-9 R-CLI-7");
    FaultPlan plan;
    plan.links = {0.05, 0.05, 20, 0.03, 0.01};
    OfficeConfig office = With(Spread(GetParam(), kNodes, 10, "fast"), plan);
    office.resources = {{"a.cab", 60'000}, {"b.cab", 16'000}};
    const Figures run = RunOnce(office);
    EXPECT_EQ(run[kUnfinished], 0);
    EXPECT_EQ(run[kNotFound], 0);
    EXPECT_LE(run[kCopies], kNodes) << "no worse than without peering";
    for (std::size_t fault = kFirstFault; fault < kFirstFault + 3; ++fault)
    {
        EXPECT_GT(run[fault], 20) << fault - kFirstFault;
    }
    EXPECT_EQ(run, RunOnce(office)) << "same seed, same figures";
}

TEST_P(FaultyOffice, EverybodyFinishesThoughTheUplinkIsDownAtFirst)
{
    RecordProperty("requirement", "R-SIM-3 R-SIM-5 R-CLI-7");
    FaultPlan plan;
    plan.uplinkDown = {{0, 60 * kSecondUs}};
    OfficeConfig office = With(Spread(GetParam(), kNodes, 20), plan);
    office.resources = LargeResource();
    const Figures run = RunOnce(office);
    EXPECT_EQ(run[kUnfinished], 0);
    EXPECT_LE(run[kCopies], kNodes + 0.5);
    EXPECT_GT(run[kFirstFault + 6], 0) << "packets were lost on it";
    EXPECT_EQ(run[kFirstFault + 7], 60e6);
}

TEST_P(FaultyOffice, EverybodyFinishesThoughTheUplinkIsDownForLong)
{
    RecordProperty("requirement", "R-SIM-3 R-SIM-5 R-CLI-7");
    // Five minutes: longer than a transfer waits for a byte. It is resumed where it stopped.
    FaultPlan plan;
    plan.uplinkDown = {{7 * kSecondUs, 307 * kSecondUs}};
    OfficeConfig office = With(FlashCrowd(GetParam(), kNodes), plan);
    office.resources = LargeResource();
    const Figures run = RunOnce(office);
    EXPECT_EQ(run[kUnfinished], 0);
    EXPECT_GT(run[kStalls], 0);
    EXPECT_LE(run[kCopies], kNodes + 0.1) << "what has come is not fetched again, but for the "
                                             "quarter of a second that was not told of";
    EXPECT_GT(run[kLastS], 300);
}

/// Node 0 asks first and is in the middle of its transfer when it loses power.
OfficeConfig
FetcherThatCrashes(Policy policy, std::optional<std::int64_t> backAtUs)
{
    FaultPlan plan;
    plan.crashes = {{0, 7 * kSecondUs, backAtUs}};
    OfficeConfig office = With(FlashCrowd(policy, kNodes), plan);
    office.resources = LargeResource();
    office.askers = [](const std::function<double()>& uniform)
    {
        std::vector<OfficeConfig::Asker> askers = {{0, kSecondUs}};
        for (std::uint32_t node = 1; node < kNodes; ++node)
        {
            askers.push_back(
                {node, 6 * kSecondUs + static_cast<std::int64_t>(uniform() * 500'000)});
        }
        return askers;
    };
    return office;
}

TEST_P(FaultyOffice, EverybodyFinishesThoughTheFetchingNodeLosesPower)
{
    RecordProperty("requirement", "R-SIM-5 R-CLI-7 R-CLI-8");
    const Figures run = RunOnce(FetcherThatCrashes(GetParam(), 20 * kSecondUs));
    EXPECT_EQ(run[kUnfinished], 0) << "it has asked again, and got it";
    EXPECT_EQ(run[kNotFound], 1) << "the one that it lost";
    EXPECT_EQ(run[kLost], 1);
    EXPECT_EQ(run[kFirstFault + 9], 1);
    EXPECT_GT(run[kCopies], 1) << "a part was lost with it";
    EXPECT_GT(run[kAborted], 0.1);
    EXPECT_LT(run[kAborted], 0.9);
    if (GetParam() == Policy::Robust)
    {
        EXPECT_DOUBLE_EQ(run[kCopies] - run[kAborted], 1) << "what had come when the power went "
                                                             "explains the rest";
        EXPECT_EQ(run[kInternet], 1);
    }
}

TEST(DamageOnTheWayToAHelper, IsRefusedByWhoAsked)
{
    RecordProperty("requirement", "R-SIM-5 R-CLI-12");
    // Nobody verifies at the helper: what it hands on is what came, damage and all.
    const auto runs = Replicates(
        6,
        [](std::uint64_t run) -> Figures
        {
            FaultPlan plan;
            plan.links.corruption = 0.05;
            plan.links.corruptionUnseen = 1;
            OfficeConfig office = With(FlashCrowd(Policy::Robust, 2, "fast"), plan);
            office.network.internet = {false, true};
            office.resources = {{"a.cab", 60'000}};
            office.askers = [](const std::function<double()>&)
            {
                return std::vector<OfficeConfig::Asker>{{0, kSecondUs}};
            };
            office.run = run;
            OfficeSimulation simulation(office);
            const analysis::RunRecord record = simulation.Run();
            const auto isDamaged = [&simulation](std::uint32_t node)
            {
                const auto held = simulation.Application(node).Held(simulation.Href(0));
                return held && held->descriptor.find("/damaged") != std::string::npos ? 1.0 : 0.0;
            };
            return {isDamaged(0), isDamaged(1), NotFound(record)};
        });
    double damaged = 0;
    for (const Figures& run : runs)
    {
        EXPECT_EQ(run[0], 0) << "the asker took it";
        damaged += run[1];
        EXPECT_LE(run[1], run[2]) << "it was found though the only copy is bad";
    }
    EXPECT_GT(damaged, 0);
}

TEST_P(FaultyOffice, EverybodyFinishesWhenManyFaultsAreOver)
{
    RecordProperty("requirement", "R-SIM-5 R-CLI-7");
    FaultPlan plan;
    plan.links = {0.02, 0.02, 20, 0.01, 0};
    plan.uplinkDown = {{4 * kSecondUs, 15 * kSecondUs}, {25 * kSecondUs, 30 * kSecondUs}};
    plan.stormControlPps = 20;
    for (std::uint32_t node = 0; node < 6; ++node)
    {
        const std::int64_t atUs = (2 + 5 * node) * kSecondUs;
        plan.crashes.push_back({2 * node, atUs, atUs + 8 * kSecondUs});
        // It crashes again while it is still off, and is back when both are over.
        plan.crashes.push_back({2 * node, atUs + 4 * kSecondUs, atUs + 20 * kSecondUs});
    }
    OfficeConfig office = With(Spread(GetParam(), kNodes, 30), plan);
    office.network.loss = 0.01;
    office.resources = {{"a.cab", 400'000}, {"b.cab", 16'000}, {"c.cab", 100'000}};
    const Figures run = RunOnce(office);
    EXPECT_EQ(run[kUnfinished], 0);
    EXPECT_GT(run[kLost], 0);
    EXPECT_EQ(run[kNotFound], run[kLost]) << "all that were not lost were found";
    EXPECT_EQ(run[kFirstFault + 9], 6) << "who is off cannot lose power once more";
    EXPECT_LE(run[kCopies], GetParam() == Policy::Robust ? 4 : kNodes + 1);
}

INSTANTIATE_TEST_SUITE_P(Policies,
                         FaultyOffice,
                         testing::Values(Policy::Fig4a, Policy::Fig4b, Policy::Robust),
                         [](const auto& named) { return std::string(ToString(named.param)); });

TEST(UplinkDownForThreeSeconds, CostsTimeAndNoCopy)
{
    RecordProperty("requirement", "R-SIM-3 R-SIM-5 R-CLI-8");
    // Less than the five intervals without progress after which others leave the fetching node.
    OfficeConfig office = FlashCrowd(Policy::Robust, kNodes);
    office.resources = LargeResource();
    const Figures without = RunOnce(office);
    FaultPlan plan;
    plan.uplinkDown = {{7 * kSecondUs, 10 * kSecondUs}};
    const Figures with = RunOnce(With(office, plan));
    EXPECT_EQ(with[kCopies], 1);
    EXPECT_EQ(with[kStalls], 0) << "the connection has survived";
    EXPECT_GT(with[kLastS], without[kLastS] + 2);
    EXPECT_GT(with[kFirstFault + 6], 0);
}

TEST(DamageThatNoCheckSumSees, IsDroppedOrRefusedAndNeverTaken)
{
    RecordProperty("requirement", "R-SIM-5 R-CLI-7 R-CLI-8");
    const auto runs = Replicates(
        1,
        [](std::uint64_t) -> Figures
        {
            FaultPlan plan;
            plan.links.corruption = 0.02;
            plan.links.corruptionUnseen = 1;
            OfficeConfig office = With(Spread(Policy::Robust, kNodes, 60, "fast"), plan);
            office.resources = {{"a.cab", 60'000}};
            OfficeSimulation simulation(office);
            const analysis::RunRecord record = simulation.Run();
            const analysis::Metrics metrics = analysis::ComputeMetrics(record);
            const auto refused = metrics.failures.find("content-refused");
            return {static_cast<double>(record.faults->corruptedDelivered),
                    Sum(metrics.dropped),
                    Sum(metrics.refusals),
                    NotFound(record),
                    refused == metrics.failures.end() ? 0 : static_cast<double>(refused->second),
                    Sum(metrics.failures)};
        });
    EXPECT_GT(runs[0][0], 20);
    EXPECT_GT(runs[0][1], 0) << "packets that the codec found damaged";
    EXPECT_GT(runs[0][2], 0) << "bodies that the verifier found damaged";
    EXPECT_EQ(runs[0][3], runs[0][5]) << "every request has ended";
    EXPECT_EQ(runs[0][4], runs[0][5]) << "nothing else failed";
    EXPECT_LT(runs[0][3], kNodes) << "a good copy is found among the bad ones";
}

TEST(MachineThatStaysOff, IsMissedByNobody)
{
    RecordProperty("requirement", "R-SIM-5 R-CLI-7");
    const Figures run = RunOnce(FetcherThatCrashes(Policy::Robust, std::nullopt));
    EXPECT_EQ(run[kUnfinished], 1) << "itself";
    EXPECT_EQ(run[kNotFound], 1);
    EXPECT_EQ(run[kInternet], 1);
    EXPECT_DOUBLE_EQ(run[kCopies] - run[kAborted], 1);
}

TEST(FullDisks, FailTheirOwnersAndNobodyElse)
{
    RecordProperty("requirement", "R-SIM-5 R-CLI-7");
    FaultPlan plan;
    plan.fullDisks = {0, 4, 5};
    OfficeConfig office = With(Spread(Policy::Robust, kNodes, 30), plan);
    office.resources = {{"a.cab", 300'000}, {"b.cab", 1'000}};
    office.run = 1;
    const auto runs =
        Replicates(1,
                   [&office](std::uint64_t) -> Figures
                   {
                       OfficeSimulation simulation(office);
                       const analysis::RunRecord record = simulation.Run();
                       double served = 0;
                       for (const std::uint32_t node : {0, 4, 5})
                       {
                           served += static_cast<double>(record.nodes[node].servedBodyBytes);
                       }
                       const auto failures = analysis::ComputeMetrics(record).failures;
                       const auto full = failures.find("store-failed");
                       return {NotFound(record),
                               full == failures.end() ? 0.0 : static_cast<double>(full->second),
                               served,
                               CopiesOf(record)};
                   });
    EXPECT_EQ(runs[0][0], 6) << "two requests of three nodes";
    EXPECT_EQ(runs[0][1], 6) << "for that reason";
    EXPECT_EQ(runs[0][2], 0) << "they have nothing to offer";
    EXPECT_LE(runs[0][3], 2) << "one, and what was begun in vain";
}

TEST(StormControl, CostsTimeOrCopiesButNoRequest)
{
    RecordProperty("requirement", "R-SIM-5 R-CLI-7");
    FaultPlan plan;
    plan.stormControlPps = 2;
    OfficeConfig office = FlashCrowd(Policy::Robust, kNodes);
    office.resources = {{"a", 9000}, {"b", 8000}, {"c", 7000}, {"d", 6000}, {"e", 5000}};
    office.holders = 2;
    office.askers = [](const std::function<double()>&)
    {
        std::vector<OfficeConfig::Asker> askers;
        for (std::uint32_t node = 2; node < kNodes; ++node)
        {
            askers.push_back({node, kSecondUs});
        }
        return askers;
    };
    const Figures without = RunOnce(office);
    const Figures with = RunOnce(With(office, plan));
    EXPECT_EQ(without[kCopies], 0);
    EXPECT_GT(with[kFirstFault + 5], 0) << "broadcasts dropped";
    EXPECT_EQ(with[kUnfinished], 0);
    EXPECT_EQ(with[kNotFound], 0);
    EXPECT_LE(with[kCopies], kNodes);
}

TEST(DeafAndMuteNodes, HelpThemselvesAndHurtNobodyElse)
{
    RecordProperty("requirement", "R-SIM-5 R-CLI-3 R-CLI-7");
    RecordProperty("attack", "U3");
    for (const Policy policy : {Policy::Fig4a, Policy::Fig4b, Policy::Robust})
    {
        FaultPlan plan;
        plan.deaf = {3, 8};
        plan.mute = {5, 6, 8};
        OfficeConfig office = With(FlashCrowd(policy, kNodes, "fast"), plan);
        office.askers = [](const std::function<double()>&)
        {
            std::vector<OfficeConfig::Asker> askers;
            for (std::uint32_t node = 0; node < kNodes; ++node)
            {
                askers.push_back({node, (1 + 6 * node) * kSecondUs});
            }
            return askers;
        };
        const Figures run = RunOnce(office);
        EXPECT_EQ(run[kUnfinished], 0) << ToString(policy);
        // Nobody hears or answers those four: each takes a copy of its own, from the Internet.
        EXPECT_EQ(run[kInternet], 1 + 4) << ToString(policy);
        EXPECT_GT(run[kFirstFault + 4], 0);
    }
}

} // namespace
} // namespace lanpeer::lan
