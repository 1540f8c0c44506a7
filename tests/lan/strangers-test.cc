#include "analysis/metrics.h"
#include "tests/lan/fake-peer.h"
#include "tests/lan/replicates.h"

#include <gtest/gtest.h>

#include <ns3/simulator.h>
#include <string>
#include <vector>

// What strangers on the LAN can do to a request: every one ends all the same (R-CLI-7).

namespace lanpeer::lan
{
namespace
{

/// One node that asks at 1 s, and a stranger.
OfficeConfig
OneNode(Policy policy)
{
    OfficeConfig office = FlashCrowd(policy, 1, "fast");
    office.resources = SmallResource();
    return office;
}

double
Seconds(const analysis::Request& request)
{
    return static_cast<double>(*request.endedAtUs - request.askedAtUs) / 1e6;
}

ServicePacket
Answer(const ServicePacket& need)
{
    ServicePacket answer;
    answer.kind = PacketKind::IHave;
    answer.node = *NodeId::Parse("stranger");
    answer.id = need.id;
    answer.to = need.node;
    answer.href = need.href;
    answer.location = Location{"nothing-is-there", 6515};
    answer.size = 16'000;
    return answer;
}

TEST(IHaveThatLeadsNowhere, EndsAtTheInternet)
{
    RecordProperty("requirement", "R-CLI-7 R-CLI-8");
    for (const Policy policy : {Policy::Fig4a, Policy::Fig4b, Policy::Robust})
    {
        const auto runs = Replicates(
            2,
            [policy](std::uint64_t run) -> Figures
            {
                OfficeConfig office = OneNode(policy);
                office.run = run;
                OfficeSimulation simulation(office);
                FakePeer stranger(simulation.Network());
                stranger.OnPacket(
                    [&stranger](const ServicePacket& packet, ns3::Ipv4Address from)
                    {
                        if (packet.kind == PacketKind::INeed)
                        {
                            stranger.SendTo(from, Answer(packet));
                        }
                    });
                const analysis::RunRecord record = simulation.Run();
                return {NotFound(record), CopiesOf(record), Seconds(record.requests.at(0))};
            });
        for (const Figures& run : runs)
        {
            EXPECT_EQ(run[0], 0) << ToString(policy);
            EXPECT_EQ(run[1], 1) << ToString(policy);
            EXPECT_LT(run[2], 60) << ToString(policy);
        }
    }
}

/// A stranger that answers every "I need" by "I am downloading" and tells of progress every second;
/// \p grows: of more bytes each time.
Figures
WithEndlessDownload(Policy policy, std::uint64_t run, bool grows)
{
    OfficeConfig office = OneNode(policy);
    office.run = run;
    OfficeSimulation simulation(office);
    FakePeer stranger(simulation.Network());
    ServicePacket progress;
    progress.kind = PacketKind::Downloading;
    progress.node = *NodeId::Parse("stranger");
    progress.href = simulation.Href(0);
    progress.received = 1;
    std::function<void()> tell = [&]
    {
        *progress.received += grows ? 1 : 0;
        stranger.Broadcast(progress);
        ns3::Simulator::Schedule(ns3::Seconds(1), tell);
    };
    ns3::Simulator::Schedule(ns3::Seconds(1), tell);
    const analysis::RunRecord record = simulation.Run();
    return {NotFound(record), CopiesOf(record), Seconds(record.requests.at(0))};
}

TEST(DownloadThatStalls, CountsAsSilenceWhenItDoesNotGrow)
{
    RecordProperty("requirement", "R-CLI-4 R-CLI-7");
    RecordProperty("attack", "L6");
    for (const Policy policy : {Policy::Fig4b, Policy::Robust})
    {
        const auto runs = Replicates(
            2, [policy](std::uint64_t run) { return WithEndlessDownload(policy, run, false); });
        for (const Figures& run : runs)
        {
            EXPECT_EQ(run[0], 0) << ToString(policy);
            EXPECT_EQ(run[1], 1) << ToString(policy);
            EXPECT_LT(run[2], 60) << ToString(policy);
        }
    }
}

TEST(DownloadThatNeverEnds, HoldsARequestForTheLongestWaitAtMost)
{
    RecordProperty("requirement", "R-CLI-7 R-CLI-9");
    RecordProperty("attack", "L6");
    for (const Policy policy : {Policy::Fig4b, Policy::Robust})
    {
        const Figures run = Replicates(1,
                                       [policy](std::uint64_t number)
                                       { return WithEndlessDownload(policy, number, true); })
                                .at(0);
        EXPECT_EQ(run[0], 0) << ToString(policy);
        EXPECT_EQ(run[1], 1) << ToString(policy);
        EXPECT_GT(run[2], 600) << ToString(policy);
        EXPECT_LT(run[2], 660) << ToString(policy);
    }
}

TEST(MalformedPackets, AreDroppedAndCountedByReason)
{
    RecordProperty("requirement", "R-PKT-4 R-SRV-7 R-SIM-8");
    RecordProperty("attack", "L17");
    const std::vector<std::pair<std::string, std::string>> packets{
        {"too-long", std::string(1401, 'x')},
        {"not-utf8", "<service type=\"request\" version=\"1.0\" x=\"\xff\"/>"},
        {"doctype", "<!DOCTYPE service [<!ENTITY a \"b\">]><service/>"},
        {"bad-entity", "<service type=\"request\" version=\"1.0\" href=\"&lol9;\"/>"},
        {"not-one-service",
         "<service type=\"request\" version=\"1.0\"/><service type=\"request\" version=\"1.0\"/>"},
        {"duplicate-attribute", "<service type=\"request\" type=\"request\" version=\"1.0\"/>"},
        {"missing-attribute", "<service type=\"request\" version=\"1.0\"/>"},
        {"bad-id",
         "<service type=\"request\" version=\"1.0\" ID=\"-1\" method=\"get\" "
         "href=\"http://a/b\"/>"},
    };
    const auto runs = Replicates(
        1,
        [&packets](std::uint64_t)
        {
            OfficeConfig office = FlashCrowd(Policy::Robust, 3, "fast");
            OfficeSimulation simulation(office);
            FakePeer stranger(simulation.Network());
            for (std::size_t i = 0; i < packets.size(); ++i)
            {
                const std::string bytes = packets[i].second;
                ns3::Simulator::Schedule(ns3::MilliSeconds(500 + 10 * i),
                                         [&stranger, bytes] { stranger.BroadcastBytes(bytes); });
            }
            const analysis::RunRecord record = simulation.Run();
            Figures dropped;
            for (const auto& [reason, bytes] : packets)
            {
                const auto count = record.dropped.find(reason);
                dropped.push_back(
                    count == record.dropped.end() ? 0.0 : static_cast<double>(count->second));
            }
            dropped.push_back(NotFound(record));
            return dropped;
        });
    for (std::size_t i = 0; i < packets.size(); ++i)
    {
        EXPECT_EQ(runs[0][i], 3) << packets[i].first << ": each of three nodes drops it once";
    }
    EXPECT_EQ(runs[0].back(), 0) << "and goes on";
}

} // namespace
} // namespace lanpeer::lan
