#include "analysis/metrics.h"
#include "tests/lan/fake-peer.h"
#include "tests/lan/raw-client.h"
#include "tests/lan/replicates.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <ns3/inet-socket-address.h>
#include <ns3/simulator.h>
#include <ns3/tcp-socket-factory.h>

// What the collector writes down means what INTERFACES.md says (R-SIM-8).

namespace lanpeer::lan
{
namespace
{

// A node fails before it has chosen a source, and later retrieves the same resource for another:
// that is not its own request's choice. A record that said so would contradict itself, and
// ComputeMetrics() throws.
TEST(RequestThatFailed, IsNotTouchedByHelpingLater)
{
    RecordProperty("requirement", "R-SIM-8 R-CLI-12");
    const auto runs =
        Replicates(1,
                   [](std::uint64_t) -> Figures
                   {
                       OfficeConfig office = FlashCrowd(Policy::Robust, 2, "fast");
                       office.network.internet = {true, false};
                       office.askers = [](const std::function<double()>&)
                       {
                           return std::vector<OfficeConfig::Asker>{{0, 1'000'000}, {1, 5'000'000}};
                       };
                       OfficeSimulation simulation(office);
                       simulation.Application(0).Config().requestDeadlineS =
                           1; // over before it gave up peers
                       const analysis::RunRecord record = simulation.Run();
                       const analysis::Metrics metrics = analysis::ComputeMetrics(record);
                       const analysis::Request& failed = record.requests.at(0);
                       return {failed.end == analysis::RequestEnd::Failed ? 1.0 : 0.0,
                               failed.sourceChosenAtUs.has_value() ? 1.0 : 0.0,
                               static_cast<double>(metrics.sources.peer),
                               static_cast<double>(metrics.internetBytes)};
                   });
    ASSERT_EQ(runs.at(0).size(), 4);
    EXPECT_EQ(runs[0][0], 1) << "the first node's request fails at its deadline";
    EXPECT_EQ(runs[0][1], 0) << "and never came to choose";
    EXPECT_EQ(runs[0][2], 1) << "the second is helped by the first";
    EXPECT_EQ(runs[0][3], 16'000) << "which retrieved it once";
}

// The scenario in which that was seen: FIG. 1 in larger, with deadlines that some miss.
TEST(OfficeThatMissesDeadlines, StillGivesARecord)
{
    RecordProperty("requirement", "R-SIM-8 R-CLI-7");
    const auto runs = Replicates(
        3,
        [](std::uint64_t run) -> Figures
        {
            OfficeConfig office = Spread(Policy::Robust, 30, 4.0);
            office.run = run;
            office.resources = {{"a", 1'000'000}};
            office.network.internet.assign(30, false);
            for (std::size_t node = 26; node < 30; ++node)
            {
                office.network.internet[node] = true;
            }
            office.protocol.requestDeadlineS = 3;
            OfficeSimulation simulation(office);
            const analysis::RunRecord record = simulation.Run();
            return {static_cast<double>(analysis::ComputeMetrics(record).failures.size()),
                    static_cast<double>(record.requests.size())};
        });
    for (const Figures& run : runs)
    {
        ASSERT_EQ(run.size(), 2);
        EXPECT_GT(run[0], 0) << "some must fail, or this tests nothing";
        EXPECT_EQ(run[1], 30);
    }
}

ServicePacket
StrangersPacket(PacketKind kind, const std::string& href)
{
    ServicePacket packet;
    packet.kind = kind;
    packet.node = *NodeId::Parse("stranger");
    packet.href = href;
    return packet;
}

// A stall is a transfer given up because no byte came.
TEST(Stalls, CountTransfersThatBringNothing)
{
    RecordProperty("requirement", "R-SIM-8 R-CLI-7");
    const auto runs = Replicates(
        1,
        [](std::uint64_t) -> Figures
        {
            OfficeSimulation simulation(FlashCrowd(Policy::Robust, 1, "fast"));
            FakePeer stranger(simulation.Network());
            stranger.OnPacket(
                [&stranger](const ServicePacket& need, ns3::Ipv4Address from)
                {
                    if (need.kind == PacketKind::INeed)
                    {
                        ServicePacket answer = StrangersPacket(PacketKind::IHave, need.href);
                        answer.id = need.id;
                        answer.to = need.node;
                        answer.location = Location{"AAAAAAAAAAAAAAAAAAAAAA", 6515};
                        stranger.SendTo(from, answer);
                    }
                });
            // Accepts connections and never says a word.
            const auto mute = ns3::Socket::CreateSocket(simulation.Network().Gateway(),
                                                        ns3::TcpSocketFactory::GetTypeId());
            mute->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), 6515));
            mute->Listen();
            const analysis::RunRecord record = simulation.Run();
            return {static_cast<double>(record.stalls), NotFound(record)};
        });
    ASSERT_EQ(runs.at(0).size(), 2);
    EXPECT_GE(runs[0][0], 1);
    EXPECT_EQ(runs[0][1], 0) << "the Internet is left";
}

// A download of another that is not heard of any more is none of this node's transfers.
TEST(Stalls, DoNotCountDownloadsOfOthers)
{
    RecordProperty("requirement", "R-SIM-8 R-CLI-4");
    const auto runs = Replicates(
        1,
        [](std::uint64_t) -> Figures
        {
            const OfficeConfig office = FlashCrowd(Policy::Robust, 1, "fast");
            OfficeSimulation simulation(office);
            FakePeer stranger(simulation.Network());
            ServicePacket progress = StrangersPacket(PacketKind::Downloading, simulation.Href(0));
            progress.received = 1;
            ns3::Simulator::Schedule(ns3::Seconds(1.5),
                                     [&stranger, &progress] { stranger.Broadcast(progress); });
            const analysis::RunRecord record = simulation.Run();
            const analysis::Request& request = record.requests.at(0);
            const double waitedMs =
                static_cast<double>(*request.sourceChosenAtUs - request.askedAtUs) / 1000;
            const auto stallMs = static_cast<double>(office.protocol.DownloadStallMs());
            return {static_cast<double>(record.stalls), waitedMs > stallMs ? 1.0 : 0.0};
        });
    ASSERT_EQ(runs.at(0).size(), 2);
    EXPECT_EQ(runs[0][0], 0);
    EXPECT_EQ(runs[0][1], 1) << "it did wait for that download";
}

// On this line no answer comes before a fetch gives up.
TEST(Transfers, AreExchangesThatCarriedABody)
{
    RecordProperty("requirement", "R-SIM-8");
    const auto runs = Replicates(1,
                                 [](std::uint64_t) -> Figures
                                 {
                                     OfficeConfig office = FlashCrowd(Policy::Robust, 1, "fast");
                                     office.protocol.peering = false;
                                     office.network.uplink.latencyMs = 300;
                                     office.protocol.internetStallMs = 700;
                                     const analysis::RunRecord record =
                                         OfficeSimulation(office).Run();
                                     return {static_cast<double>(record.stalls),
                                             static_cast<double>(record.transfers.size()),
                                             NotFound(record)};
                                 });
    ASSERT_EQ(runs.at(0).size(), 3);
    EXPECT_GE(runs[0][0], 1);
    EXPECT_EQ(runs[0][1], 0);
    EXPECT_EQ(runs[0][2], 1);
}

// served.* is about what nodes of the LAN got, in bytes and in GETs alike.
TEST(Served, CountsNoStrangers)
{
    RecordProperty("requirement", "R-SIM-8");
    const auto runs = Replicates(
        1,
        [](std::uint64_t) -> Figures
        {
            OfficeConfig office = FlashCrowd(Policy::Robust, 2, "fast");
            office.holders = 1;
            office.askers = [](const std::function<double()>&)
            {
                return std::vector<OfficeConfig::Asker>{{1, 3'000'000}};
            };
            OfficeSimulation simulation(office);
            FakePeer stranger(simulation.Network());
            std::unique_ptr<RawClient> client;
            stranger.OnPacket(
                [&](const ServicePacket& packet, ns3::Ipv4Address from)
                {
                    if (packet.kind == PacketKind::IHave && !client)
                    {
                        client = std::make_unique<RawClient>(simulation.Network().Gateway(),
                                                             from,
                                                             packet.location->port,
                                                             "GET /" + packet.location->path +
                                                                 " HTTP/1.1\r\nHost: a\r\n\r\n");
                    }
                });
            ServicePacket need = StrangersPacket(PacketKind::INeed, simulation.Href(0));
            need.id = 7;
            ns3::Simulator::Schedule(ns3::MilliSeconds(100),
                                     [&stranger, need] { stranger.Broadcast(need); });
            const analysis::RunRecord record = simulation.Run();
            return {client ? static_cast<double>(client->Answers(200)) : -1.0,
                    static_cast<double>(record.nodes[0].servedGets),
                    static_cast<double>(record.nodes[0].servedBodyBytes)};
        });
    ASSERT_EQ(runs.at(0).size(), 3);
    EXPECT_EQ(runs[0][0], 1) << "the stranger was served";
    EXPECT_EQ(runs[0][1], 1) << "but counts is the node";
    EXPECT_EQ(runs[0][2], 16'000);
}

} // namespace
} // namespace lanpeer::lan
