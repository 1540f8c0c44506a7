#include "analysis/metrics-json.h"
#include "analysis/metrics.h"
#include "scenarios/processes/run-in-processes.h"
#include "tests/lan/replicates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

// What a medium costs an office, and what segments do (R-SIM-2).

namespace lanpeer::lan
{
namespace
{

using analysis::Metrics;
using testing::SizeIs;

/// The metrics of several offices, a process each, in their order; without what differs between
/// equal runs.
std::vector<Metrics>
MetricsOf(const std::vector<OfficeConfig>& offices)
{
    const std::vector<std::string> texts = processes::RunInProcesses(
        offices.size(),
        0,
        [&offices](std::size_t index, const processes::SayProgress&)
        {
            OfficeSimulation simulation(offices[index]);
            analysis::RunRecord record = simulation.Run();
            record.wallUs = 0;
            return analysis::ToJsonText({analysis::ComputeMetrics(record)});
        });
    std::vector<Metrics> all;
    for (const std::string& text : texts)
    {
        all.push_back(analysis::MetricsFromJsonText(text).front());
    }
    return all;
}

OfficeConfig
On(Medium medium, Policy policy, std::uint32_t nodes, double windowS)
{
    OfficeConfig office = Spread(policy, nodes, windowS);
    office.network.medium = medium;
    return office;
}

/// Everybody found everything.
void
ExpectAllFound(const Metrics& metrics)
{
    EXPECT_TRUE(metrics.failures.empty());
    EXPECT_TRUE(metrics.finishS.last.has_value());
}

TEST(Media, SwitchAndHubAgreeOnCopiesWhereNothingIsLost)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-7");
    std::vector<OfficeConfig> offices;
    for (const Policy policy : {Policy::Robust, Policy::Fig4b})
    {
        for (const double windowS : {0.0, 20.0})
        {
            for (const Medium medium : {Medium::Switch, Medium::Hub})
            {
                offices.push_back(On(medium, policy, 10, windowS));
                offices.back().resources = FullUpdate();
                offices.back().resources.erase(offices.back().resources.begin()); // enough
            }
        }
    }
    const std::vector<Metrics> metrics = MetricsOf(offices);
    for (std::size_t i = 0; i < metrics.size(); i += 2)
    {
        const Metrics& onSwitch = metrics[i];
        const Metrics& onHub = metrics[i + 1];
        EXPECT_EQ(onSwitch.copies, onHub.copies) << i;
        ExpectAllFound(onSwitch);
        ExpectAllFound(onHub);
        EXPECT_EQ(onHub.lan.lost + onHub.lan.givenUp + onHub.lan.queueDrops, 0U);
        EXPECT_GT(onHub.lan.backOffs, 0U);
        EXPECT_EQ(onSwitch.lan.backOffs, 0U);
        EXPECT_LT(onHub.lan.frames, onSwitch.lan.frames) << "once, and not once per cable";
    }
    // And not because they always have one.
    EXPECT_EQ(metrics[0].copies, 1.0);
    EXPECT_EQ(metrics[4].copies, 10.0);
}

TEST(Media, WirelessLosesBroadcastsAndAllFinishNevertheless)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-8");
    std::vector<OfficeConfig> offices;
    for (const WifiMode mode : {WifiMode::AccessPoint, WifiMode::AdHoc})
    {
        for (const double loss : {0.0, 0.3})
        {
            offices.push_back(On(Medium::Wifi, Policy::Robust, 15, 10));
            offices.back().network.wifi.mode = mode;
            offices.back().network.loss = loss;
            offices.back().resources = {{"a.cab", 60'000}, {"b.cab", 30'000}};
        }
    }
    const std::vector<Metrics> metrics = MetricsOf(offices);
    for (std::size_t i = 0; i < metrics.size(); i += 2)
    {
        const Metrics& clear = metrics[i];
        const Metrics& lossy = metrics[i + 1];
        ExpectAllFound(clear);
        ExpectAllFound(lossy);
        EXPECT_GT(clear.lan.frames, 0U);
        EXPECT_GT(clear.lan.collisions, 0U) << "many want the air at once";
        EXPECT_GT(clear.lan.retries, 0U);
        EXPECT_GT(lossy.lan.lost, 2 * clear.lan.lost);
        EXPECT_GT(lossy.lan.retries, clear.lan.retries);
        // Who does not hear that it was found, answers; who hears no answer, asks once more.
        EXPECT_GT(lossy.packets.iNeed + lossy.packets.iHave,
                  clear.packets.iNeed + clear.packets.iHave);
    }
    // Through the access point everything takes the air twice.
    EXPECT_GT(metrics[0].lan.frames, metrics[2].lan.frames);
}

TEST(Media, NobodyAsksBeforeAllHaveJoinedALargeWirelessLan)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-4");
    // A node's turn to join comes after 4 ms: these take longer than the second before the first
    // asks.
    OfficeConfig office = On(Medium::Wifi, Policy::Robust, 230, 0);
    office.askers = [](const std::function<double()>&)
    {
        return std::vector<OfficeConfig::Asker>{{229, 1'000'000}, {0, 1'500'000}};
    };
    OfficeSimulation simulation(office);
    const std::int64_t readyUs = simulation.Network().ReadyAt().GetMicroSeconds();
    EXPECT_GT(readyUs, 1'000'000);
    const analysis::RunRecord record = simulation.Run();
    ASSERT_THAT(record.requests, SizeIs(2));
    EXPECT_EQ(record.requests[0].askedAtUs, readyUs);
    EXPECT_EQ(record.requests[1].askedAtUs, readyUs + 500'000);
    EXPECT_EQ(NotFound(record), 0);
    EXPECT_EQ(CopiesOf(record), 1);
}

/// Six nodes ask one after the other, a minute apart.
OfficeConfig
InTurn(Medium medium, std::uint32_t segments, std::uint32_t twoHomed)
{
    OfficeConfig office = FlashCrowd(Policy::Robust, 6);
    office.network.medium = medium;
    office.network.segments = segments;
    office.network.twoHomed = twoHomed;
    office.askers = [](const std::function<double()>&)
    {
        std::vector<OfficeConfig::Asker> askers;
        for (std::uint32_t node = 0; node < 6; ++node)
        {
            askers.push_back({node, 1'000'000 + node * 60'000'000LL});
        }
        return askers;
    };
    return office;
}

TEST(SegmentedOffice, EachSegmentFetchesACopyUnlessANodeSitsInBoth)
{
    RecordProperty("requirement", "R-SIM-2 R-SRV-7 R-PKT-5");
    for (const Medium medium : {Medium::Switch, Medium::Hub})
    {
        const std::vector<Metrics> metrics = MetricsOf({InTurn(medium, 1, 0),
                                                        InTurn(medium, 2, 0),
                                                        InTurn(medium, 3, 0),
                                                        InTurn(medium, 6, 0),
                                                        InTurn(medium, 2, 1),
                                                        InTurn(medium, 3, 2)});
        ASSERT_THAT(metrics, SizeIs(6));
        const std::vector<double> copies{1, 2, 3, 6, 1, 1};
        for (std::size_t i = 0; i < metrics.size(); ++i)
        {
            EXPECT_EQ(metrics[i].copies, copies[i]) << i;
            EXPECT_EQ(metrics[i].sources.peer, 6 - copies[i]) << i;
            ExpectAllFound(metrics[i]);
            EXPECT_TRUE(metrics[i].dropped.empty()) << "nothing came from elsewhere";
            EXPECT_TRUE(metrics[i].refusals.empty());
        }
        // A broadcast is heard by the other nodes of its segment. In one: the first asks twice
        // (once more before the Internet), says what it fetches, thrice; every other asks, is
        // answered by one, and says what it found.
        EXPECT_GT(metrics[0].packets.received, metrics[1].packets.received);
        EXPECT_GT(metrics[1].packets.received, metrics[2].packets.received);
        EXPECT_EQ(metrics[3].packets.received, 0U) << "nobody to hear";
    }
}

TEST(SegmentedOffice, WhoSitsInTwoServesBothAndSaysWhereByTheAddressThere)
{
    RecordProperty("requirement", "R-PKT-5 R-SIM-2");
    OfficeConfig office = InTurn(Medium::Switch, 2, 1);
    office.askers = [](const std::function<double()>&)
    {
        // The one that sits in both is node 2.
        return std::vector<OfficeConfig::Asker>{{2, 1'000'000}, {0, 61'000'000}, {4, 121'000'000}};
    };
    OfficeSimulation simulation(office);
    EXPECT_EQ(simulation.Network().Addresses().SegmentPlan().SecondOf(2), 1U);
    const analysis::RunRecord record = simulation.Run();
    ASSERT_THAT(record.transfers, SizeIs(3));
    EXPECT_EQ(record.transfers[0].from, analysis::Place::Internet());
    for (std::size_t i = 1; i < 3; ++i)
    {
        EXPECT_EQ(record.transfers[i].from, analysis::Place::AtNode(2));
        EXPECT_TRUE(record.transfers[i].completedTheCopy);
    }
    EXPECT_EQ(record.nodes[2].servedGets, 2U);
}

TEST(SegmentedOffice, WhoSitsInTwoAsksBoth)
{
    RecordProperty("requirement", "R-SIM-2");
    OfficeConfig office = InTurn(Medium::Switch, 2, 1);
    office.askers = [](const std::function<double()>&)
    {
        // Of the second segment; of both; of the first.
        return std::vector<OfficeConfig::Asker>{{4, 1'000'000}, {2, 61'000'000}, {0, 121'000'000}};
    };
    OfficeSimulation simulation(office);
    const analysis::RunRecord record = simulation.Run();
    ASSERT_THAT(record.transfers, SizeIs(3));
    EXPECT_EQ(record.transfers[0].from, analysis::Place::Internet());
    EXPECT_EQ(record.transfers[1].from, analysis::Place::AtNode(4));
    EXPECT_EQ(record.transfers[1].to, analysis::Place::AtNode(2));
    EXPECT_EQ(record.transfers[2].from, analysis::Place::AtNode(2));
    // Of node 4, of node 2 on both its interfaces, of node 0.
    EXPECT_EQ(record.packets.iNeed, 4U);
}

TEST(SegmentedOffice, WhoSitsInTwoDoesSoAgainAfterItWasOff)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-4");
    OfficeConfig office = InTurn(Medium::Switch, 2, 1);
    office.askers = [](const std::function<double()>&)
    {
        return std::vector<OfficeConfig::Asker>{{2, 1'000'000}, {5, 61'000'000}, {2, 121'000'000}};
    };
    OfficeSimulation simulation(office);
    ns3::Simulator::Schedule(ns3::Seconds(30), [&] { simulation.Application(2).SwitchOff(); });
    ns3::Simulator::Schedule(ns3::Seconds(40), [&] { simulation.Application(2).SwitchOn(); });
    const auto routes = [&]
    {
        return RoutesByGateways(simulation.Network().Node(2)).size();
    };
    EXPECT_EQ(routes(), 2U) << "to the other segments, and to the Internet";
    const analysis::RunRecord record = simulation.Run();
    EXPECT_EQ(routes(), 2U);
    ASSERT_THAT(record.transfers, SizeIs(2));
    EXPECT_EQ(record.transfers[1].from, analysis::Place::AtNode(2));
    EXPECT_EQ(record.transfers[1].to, analysis::Place::AtNode(5));
}

TEST(Media, SameSeedSameBytesOnEachOfThem)
{
    RecordProperty("requirement", "R-SIM-9");
    std::vector<OfficeConfig> offices;
    for (const Medium medium : {Medium::Switch, Medium::Hub, Medium::Wifi})
    {
        for (const std::uint64_t seed : {1, 1, 2})
        {
            offices.push_back(On(medium, Policy::Robust, 6, 5));
            offices.back().seed = seed;
            offices.back().network.segments = 2;
            offices.back().network.twoHomed = 1;
            offices.back().network.loss = 0.05;
            offices.back().network.arp = Arp::Cold;
        }
    }
    const std::vector<Metrics> metrics = MetricsOf(offices);
    for (std::size_t i = 0; i < metrics.size(); i += 3)
    {
        EXPECT_EQ(analysis::ToJsonText({metrics[i]}), analysis::ToJsonText({metrics[i + 1]})) << i;
        EXPECT_NE(metrics[i].events, metrics[i + 2].events) << i;
        EXPECT_GT(metrics[i].lan.lost, 0U) << i;
    }
}

} // namespace
} // namespace lanpeer::lan
