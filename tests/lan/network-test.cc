// The LAN and its uplink: when things arrive, who hears what, what is counted.

#include "lan-probe.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <gmock/gmock.h>
#include <iostream>
#include <sstream>
#include <string>

namespace lanpeer::lan
{
namespace
{

struct Timing
{
    double rateMbps;
    double latencyUs;
    std::uint32_t payload;
};

/// For the test's name.
void
PrintTo(const Timing& timing, std::ostream* out)
{
    *out << timing.payload << " bytes at " << timing.rateMbps << " Mb/s and " << timing.latencyUs
         << " us";
}

class OneWayTest : public LanTest, public testing::WithParamInterface<Timing>
{
};

TEST_P(OneWayTest, DatagramTakesTheTimeOfTheFormula)
{
    RecordProperty("requirement", "R-SIM-2");
    LanNetworkConfig config;
    config.nodes = 5;
    config.rateMbps = GetParam().rateMbps;
    config.latencyUs = GetParam().latencyUs;
    const LanNetwork& lan = Build(config);
    UdpProbe from(lan.Node(1));
    const UdpProbe to(lan.Node(4));
    const UdpProbe gateway(lan.Gateway());
    const ns3::Time start = ns3::Seconds(1);
    from.SendAt(start, lan.Address(4), GetParam().payload);
    from.SendAt(2 * start, lan.Addresses().Gateway(), GetParam().payload);
    ns3::Simulator::Run();

    const std::uint32_t frame = LanNetwork::FrameBytes(LanNetwork::UdpIpBytes(GetParam().payload));
    ASSERT_EQ(to.Arrivals().size(), 1);
    EXPECT_EQ(to.Arrivals()[0].at, start + lan.OneWayTime(frame));
    EXPECT_EQ(to.Arrivals()[0].from, lan.Address(1));
    EXPECT_EQ(to.Arrivals()[0].bytes, GetParam().payload);
    ASSERT_EQ(gateway.Arrivals().size(), 1);
    EXPECT_EQ(gateway.Arrivals()[0].at, 2 * start + lan.OneWayTime(frame));
    // And the formula is what it says: 14 + 4 bytes around IP, 46 at least, twice over cables.
    const double bits = 8.0 * (std::max(GetParam().payload + 28, 46U) + 18);
    EXPECT_NEAR(lan.OneWayTime(frame).GetSeconds() * 1e6,
                2 * (bits / GetParam().rateMbps + GetParam().latencyUs),
                0.01);
}

INSTANTIATE_TEST_SUITE_P(Timings,
                         OneWayTest,
                         testing::Values(Timing{100, 25, 300},
                                         Timing{100, 25, 0},
                                         Timing{100, 25, 17},
                                         Timing{100, 25, 19},
                                         Timing{100, 0, 1472},
                                         Timing{10, 0.5, 200},
                                         Timing{1000, 30000, 1000}));

TEST_F(LanTest, DatagramToTheOriginAndBackTakesTheTimeOfTheFormula)
{
    RecordProperty("requirement", "R-SIM-3");
    for (const UplinkPreset& preset : UplinkPresets())
    {
        LanNetworkConfig config;
        config.nodes = 3;
        config.uplink = preset.uplink;
        const LanNetwork& lan = Build(config);
        UdpProbe node(lan.Node(2));
        UdpProbe origin(lan.Origin());
        node.SendAt(ns3::Seconds(1), lan.OriginAddress(), 700);
        origin.SendAt(ns3::Seconds(2), lan.Address(2), 1400);
        ns3::Simulator::Run();

        ASSERT_EQ(origin.Arrivals().size(), 1);
        EXPECT_EQ(origin.Arrivals()[0].at, ns3::Seconds(1) + lan.ToOriginTime(728));
        ASSERT_EQ(node.Arrivals().size(), 1);
        EXPECT_EQ(node.Arrivals()[0].at, ns3::Seconds(2) + lan.FromOriginTime(1428));
        const double lanUs = 2 * ((1428 + 18) * 8 / 100.0 + 25);
        const double uplinkUs =
            (1428 + 2) * 8e3 / preset.uplink.downKbps + preset.uplink.latencyMs * 1e3;
        EXPECT_NEAR(lan.FromOriginTime(1428).GetSeconds() * 1e6, lanUs + uplinkUs, 0.01);
        EXPECT_EQ(lan.UplinkBytesDown(), 1428 + 2) << "what went up does not count";
        TearDown();
    }
}

TEST_F(LanTest, LatencyDelaysFramesButDoesNotOccupyTheCable)
{
    RecordProperty("requirement", "R-SIM-2");
    LanNetworkConfig config;
    config.nodes = 2;
    config.latencyUs = 5000;
    const LanNetwork& lan = Build(config);
    UdpProbe from(lan.Node(0));
    const UdpProbe to(lan.Node(1));
    constexpr int kFrames = 100;
    for (int i = 0; i < kFrames; ++i)
    {
        from.SendAt(ns3::Seconds(1), lan.Address(1), 972);
    }
    ns3::Simulator::Run();

    ASSERT_EQ(to.Arrivals().size(), kFrames);
    const std::uint32_t frame = LanNetwork::FrameBytes(1000);
    for (int i = 0; i < kFrames; ++i)
    {
        // At 100 Mb/s a byte takes 80 ns; between frames is a gap of 12 bytes.
        const ns3::Time behind =
            ns3::NanoSeconds(static_cast<std::uint64_t>(i) * 80 * (frame + 12));
        EXPECT_EQ(to.Arrivals()[i].at, ns3::Seconds(1) + lan.OneWayTime(frame) + behind);
    }
}

TEST_F(LanTest, CablesAreFullDuplex)
{
    RecordProperty("requirement", "R-SIM-2");
    LanNetworkConfig config;
    config.nodes = 2;
    const LanNetwork& lan = Build(config);
    std::array<UdpProbe, 2> probes{UdpProbe(lan.Node(0)), UdpProbe(lan.Node(1))};
    constexpr int kFrames = 50;
    for (int i = 0; i < kFrames; ++i)
    {
        probes[0].SendAt(ns3::Seconds(1), lan.Address(1), 972);
        probes[1].SendAt(ns3::Seconds(1), lan.Address(0), 972);
    }
    ns3::Simulator::Run();

    const std::uint32_t frame = LanNetwork::FrameBytes(1000);
    const ns3::Time last = ns3::Seconds(1) + lan.OneWayTime(frame) +
                           ns3::NanoSeconds(std::uint64_t{kFrames - 1} * 80 * (frame + 12));
    for (const UdpProbe& probe : probes)
    {
        ASSERT_EQ(probe.Arrivals().size(), kFrames);
        EXPECT_EQ(probe.Arrivals().back().at, last);
    }
}

TEST_F(LanTest, BroadcastReachesEveryOtherHostOnceAndEndsAtTheGateway)
{
    RecordProperty("requirement", "R-SIM-1 R-SIM-2");
    LanNetworkConfig config;
    config.nodes = 20;
    const LanNetwork& lan = Build(config);
    std::vector<std::unique_ptr<UdpProbe>> probes;
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        probes.push_back(std::make_unique<UdpProbe>(lan.Node(i)));
    }
    const UdpProbe gateway(lan.Gateway());
    const UdpProbe origin(lan.Origin());
    probes[7]->SendAt(ns3::Seconds(1), lan.BroadcastAddress(), 300);
    ns3::Simulator::Run();

    const ns3::Time expected =
        ns3::Seconds(1) + lan.OneWayTime(LanNetwork::FrameBytes(LanNetwork::UdpIpBytes(300)));
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        const auto& arrivals = probes[i]->Arrivals();
        ASSERT_EQ(arrivals.size(), i == 7 ? 0 : 1) << "node " << i;
        if (i != 7)
        {
            EXPECT_EQ(arrivals[0].at, expected);
            EXPECT_EQ(arrivals[0].from, lan.Address(7));
        }
    }
    EXPECT_EQ(gateway.Arrivals().size(), 1) << "the gateway is a host of the LAN, too";
    EXPECT_EQ(origin.Arrivals().size(), 0);
    EXPECT_EQ(lan.UplinkAtGateway()->GetQueue()->GetTotalReceivedPackets(), 0);
}

/// What a LAN of five hears of broadcasts and other datagrams, and how many of them its IP saw.
struct Heard
{
    std::string arrivals;
    std::uint64_t events = 0;
    int delivered = 0;
};

Heard
Hear(bool wholePath)
{
    LanNetworkConfig config;
    config.nodes = 5;
    config.wholeBroadcastPath = wholePath;
    const LanNetwork lan(config);
    Heard heard;
    ns3::Config::ConnectWithoutContext(
        "/NodeList/*/$ns3::Ipv4L3Protocol/LocalDeliver",
        ns3::Callback<void, const ns3::Ipv4Header&, ns3::Ptr<const ns3::Packet>, std::uint32_t>(
            [&heard](const ns3::Ipv4Header&, ns3::Ptr<const ns3::Packet>, std::uint32_t)
            { ++heard.delivered; }));
    std::vector<std::unique_ptr<UdpProbe>> probes;
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        probes.push_back(std::make_unique<UdpProbe>(lan.Node(i)));
    }
    probes[0]->SendAt(ns3::Seconds(1), lan.BroadcastAddress(), 300);
    probes[1]->SendAt(ns3::Seconds(1), lan.BroadcastAddress(), 3);    // padded
    probes[2]->SendAt(ns3::Seconds(1), lan.BroadcastAddress(), 4000); // in fragments
    probes[3]->SendAt(ns3::Seconds(1), lan.Address(0), 300);
    lan.Node(4)->GetObject<ns3::Ipv4>()->SetDown(1); // hears nothing
    ns3::Simulator::Run();
    std::ostringstream text;
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        for (const UdpProbe::Arrival& arrival : probes[i]->Arrivals())
        {
            text << i << " hears " << arrival.bytes << " from " << arrival.from << " at "
                 << arrival.at.GetNanoSeconds() << "\n";
        }
    }
    heard.arrivals = text.str();
    heard.events = ns3::Simulator::GetEventCount();
    ns3::Simulator::Destroy();
    return heard;
}

TEST_F(LanTest, ShortPathOfBroadcastsIsTheWholePathButForTracesOfIp)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-9");
    const Heard whole = Hear(true);
    const Heard shortened = Hear(false);
    EXPECT_EQ(shortened.arrivals, whole.arrivals);
    EXPECT_EQ(shortened.events, whole.events);
    // Three broadcasts, heard by three each, and one datagram to node 0.
    EXPECT_EQ(std::count(whole.arrivals.begin(), whole.arrivals.end(), '\n'), 3 * 3 + 1);
    EXPECT_THAT(whole.arrivals, testing::HasSubstr("0 hears 3 from 10.1.0.2"));
    EXPECT_THAT(whole.arrivals, testing::HasSubstr("0 hears 4000 from 10.1.0.3"));
    // IP does not see the two that are in one piece.
    EXPECT_EQ(whole.delivered - shortened.delivered, 2 * 3);
}

TEST_F(LanTest, NodesWithoutInternetAccessCannotConnectToTheOrigin)
{
    RecordProperty("requirement", "R-SIM-2 R-CLI-12");
    LanNetworkConfig config;
    config.nodes = 5;
    config.internet = {false, false, false, true, true}; // FIG. 1
    const LanNetwork& lan = Build(config);
    const auto tcp = ns3::TcpSocketFactory::GetTypeId();
    const auto server = ns3::Socket::CreateSocket(lan.Origin(), tcp);
    server->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), 80));
    server->Listen();
    std::array<bool, 5> connected{};
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        const auto socket = ns3::Socket::CreateSocket(lan.Node(i), tcp);
        socket->SetConnectCallback(
            ns3::Callback<void, ns3::Ptr<ns3::Socket>>([&connected, i](ns3::Ptr<ns3::Socket>)
                                                       { connected[i] = true; }),
            ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>());
        const int result = socket->Connect(ns3::InetSocketAddress(lan.OriginAddress(), 80));
        EXPECT_EQ(result, i < 3 ? -1 : 0) << "node " << i;
        if (i < 3)
        {
            EXPECT_EQ(socket->GetErrno(), ns3::Socket::ERROR_NOROUTETOHOST);
        }
    }
    ns3::Simulator::Stop(ns3::Seconds(10));
    ns3::Simulator::Run();
    EXPECT_EQ(connected, (std::array<bool, 5>{false, false, false, true, true}));
}

TEST_F(LanTest, FullQueuesAreCounted)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-8");
    LanNetworkConfig config;
    config.nodes = 3;
    config.queuePackets = 5;
    const LanNetwork& lan = Build(config);
    std::array<UdpProbe, 2> senders{UdpProbe(lan.Node(0)), UdpProbe(lan.Node(1))};
    const UdpProbe receiver(lan.Node(2));
    for (int i = 0; i < 20; ++i)
    {
        senders[0].SendAt(ns3::Seconds(1), lan.Address(2), 1000);
    }
    ns3::Simulator::Stop(ns3::Seconds(2));
    ns3::Simulator::Run();
    // One on the wire, five in the queue of the host.
    EXPECT_EQ(receiver.Arrivals().size(), 6);
    EXPECT_EQ(lan.LanQueueDrops(), 14);

    // Nobody sends more than a host's queue holds, but the switch port gets twice what it can pass
    // on: it sends six of the twelve while they arrive, and the others do not fit.
    for (UdpProbe& sender : senders)
    {
        for (int i = 0; i < 6; ++i)
        {
            sender.SendAt(ns3::Seconds(1), lan.Address(2), i == 0 ? 100 : 1000);
        }
    }
    ns3::Simulator::Run();
    EXPECT_EQ(receiver.Arrivals().size() + lan.LanQueueDrops(), 20 + 12);
    EXPECT_GT(lan.LanQueueDrops(), 14);
    EXPECT_EQ(lan.UplinkUpDrops() + lan.UplinkDownDrops(), 0);
}

TEST_F(LanTest, FullUplinkQueuesAreCountedApart)
{
    RecordProperty("requirement", "R-SIM-3 R-SIM-8");
    LanNetworkConfig config;
    config.nodes = 2;
    const LanNetwork& lan = Build(config);
    UdpProbe node(lan.Node(0));
    UdpProbe origin(lan.Origin());
    for (int i = 0; i < 200; ++i)
    {
        node.SendAt(ns3::Seconds(1), lan.OriginAddress(), 1000);
        origin.SendAt(ns3::Seconds(1), lan.Address(0), 1000);
    }
    ns3::Simulator::Run();
    EXPECT_EQ(lan.UplinkDownDrops(), 200 - 1 - config.uplink.queuePackets);
    EXPECT_EQ(node.Arrivals().size(), 1 + config.uplink.queuePackets);
    EXPECT_EQ(lan.UplinkBytesDown(), node.Arrivals().size() * (1028 + 2));
    EXPECT_EQ(lan.UplinkUpDrops() + origin.Arrivals().size(), 200);
    EXPECT_GT(lan.UplinkUpDrops(), 100);
    EXPECT_EQ(lan.LanQueueDrops(), 0);
}

TEST_F(LanTest, HostsForwardNothing)
{
    RecordProperty("requirement", "R-SIM-2");
    LanNetworkConfig config;
    config.nodes = 2;
    config.internet = {false, true};
    const LanNetwork& lan = Build(config);
    // Node 0 makes itself a way round, by the neighbour that has access.
    const auto ipv4 = lan.Node(0)->GetObject<ns3::Ipv4>();
    ns3::DynamicCast<ns3::Ipv4StaticRouting>(ipv4->GetRoutingProtocol())
        ->SetDefaultRoute(lan.Address(1), 1);
    UdpProbe node(lan.Node(0));
    const UdpProbe origin(lan.Origin());
    EXPECT_EQ(node.Send(lan.OriginAddress(), 100), 100);
    ns3::Simulator::Run();
    EXPECT_EQ(origin.Arrivals().size(), 0);
}

TEST_F(LanTest, CountersOutliveTheSimulation)
{
    RecordProperty("requirement", "R-SIM-8");
    LanNetworkConfig config;
    config.nodes = 2;
    config.queuePackets = 1;
    const LanNetwork& lan = Build(config);
    UdpProbe origin(lan.Origin());
    UdpProbe node(lan.Node(0));
    for (int i = 0; i < 60; ++i)
    {
        origin.SendAt(ns3::Seconds(1), lan.Address(1), 100);
        node.SendAt(ns3::Seconds(1), lan.Address(1), 100);
    }
    ns3::Simulator::Run();
    ns3::Simulator::Destroy();
    EXPECT_EQ(lan.UplinkBytesDown(), 51 * 130);
    EXPECT_EQ(lan.UplinkDownDrops(), 9);
    EXPECT_EQ(lan.UplinkUpDrops(), 0);
    EXPECT_EQ(lan.LanQueueDrops(), 58);
}

TEST_F(LanTest, SimulationOutlivesTheNetwork)
{
    RecordProperty("requirement", "R-SIM-1");
    LanNetworkConfig config;
    config.nodes = 4;
    auto lan = std::make_unique<LanNetwork>(config);
    UdpProbe origin(lan->Origin());
    const UdpProbe node(lan->Node(3));
    origin.SendAt(ns3::Seconds(1), lan->Address(3), 100);
    lan.reset();
    ns3::Simulator::Run();
    EXPECT_EQ(node.Arrivals().size(), 1);
}

/// Resident memory of this process in kB.
std::uint64_t
MemoryKb()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
    {
        if (line.rfind("VmRSS:", 0) == 0)
        {
            return std::stoull(line.substr(6));
        }
    }
    return 0;
}

TEST_F(LanTest, AThousandNodesAreBuiltAndHearABroadcast)
{
    RecordProperty("requirement", "R-SIM-2");
    const std::uint64_t memoryKb = MemoryKb();
    const auto start = std::chrono::steady_clock::now();
    LanNetworkConfig config;
    config.nodes = 1000;
    const LanNetwork& lan = Build(config);
    const std::chrono::duration<double> built = std::chrono::steady_clock::now() - start;
    const std::uint64_t builtKb = MemoryKb() - memoryKb;

    std::vector<std::unique_ptr<UdpProbe>> probes;
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        probes.push_back(std::make_unique<UdpProbe>(lan.Node(i)));
    }
    probes[0]->SendAt(ns3::Seconds(1), lan.BroadcastAddress(), 300);
    probes[0]->SendAt(ns3::Seconds(2), lan.Address(999), 300);
    ns3::Simulator::Run();
    EXPECT_EQ(probes[0]->Arrivals().size(), 0);
    for (std::uint32_t i = 1; i < config.nodes; ++i)
    {
        EXPECT_EQ(probes[i]->Arrivals().size(), i == 999 ? 2 : 1) << "node " << i;
    }

    // Reported, not asserted: a slow machine is no fault of the code.
    std::cout << "1000 nodes: built in " << built.count() << " s, " << builtKb << " kB\n";
    RecordProperty("build_s", std::to_string(built.count()));
    RecordProperty("build_kb", std::to_string(builtKb));
}

} // namespace
} // namespace lanpeer::lan
