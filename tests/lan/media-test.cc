// Hub and 802.11 beside the switch: when things arrive, who hears what, what is counted and drawn.

#include "lan-probe.h"
#include "model/lan/capture.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <ns3/sta-wifi-mac.h>
#include <ns3/wifi-net-device.h>
#include <string>
#include <utility>

namespace lanpeer::lan
{
namespace
{

class MediumTest : public LanTest
{
  protected:
    const LanNetwork& BuildOf(LanNetworkConfig config)
    {
        const LanNetwork& lan = Build(config);
        for (std::uint32_t i = 0; i < config.nodes; ++i)
        {
            m_probes.push_back(std::make_unique<UdpProbe>(lan.Node(i)));
        }
        return lan;
    }

    UdpProbe& Probe(std::uint32_t node)
    {
        return *m_probes[node];
    }

    std::size_t Heard(std::uint32_t node) const
    {
        return m_probes[node]->Arrivals().size();
    }

  private:
    std::vector<std::unique_ptr<UdpProbe>> m_probes;
};

LanNetworkConfig
Of(Medium medium, std::uint32_t nodes)
{
    LanNetworkConfig config;
    config.medium = medium;
    config.nodes = nodes;
    return config;
}

TEST_F(MediumTest, AHubCarriesOneFrameAtATime)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-8");
    LanNetworkConfig config = Of(Medium::Hub, 5);
    config.rateMbps = 10;
    config.latencyUs = 40;
    const LanNetwork& lan = BuildOf(config);
    const ns3::Time start = ns3::Seconds(1);
    Probe(0).SendAt(start, lan.BroadcastAddress(), 300);
    Probe(1).SendAt(2 * start, lan.Address(4), 300);
    ns3::Simulator::Stop(ns3::Seconds(3));
    ns3::Simulator::Run();
    const ns3::Time time = lan.OneWayTime(LanNetwork::FrameBytes(LanNetwork::UdpIpBytes(300)));
    // Not stored on the way: the frame once, its cables' latency twice, and 1 us on the channel.
    EXPECT_EQ(time, ns3::NanoSeconds((300 + 28 + 18) * 8 * 100 + 2 * 40000 + 1000));
    for (std::uint32_t i = 1; i < 5; ++i)
    {
        ASSERT_EQ(Heard(i), i == 4 ? 2 : 1) << "node " << i;
        EXPECT_EQ(Probe(i).Arrivals()[0].at, start + time);
    }
    EXPECT_EQ(Heard(0), 0);
    EXPECT_EQ(Probe(4).Arrivals()[1].at, 2 * start + time);
    EXPECT_EQ(lan.Counts().frames, 2U);
    EXPECT_EQ(lan.Counts().backOffs, 0U) << "nobody else wanted the channel";

    // Two pairs at once: each frame finds the channel free or waits, and the channel is one.
    for (int i = 0; i < 50; ++i)
    {
        Probe(0).SendAt(start, lan.Address(1), 1000);
        Probe(2).SendAt(start, lan.Address(3), 1000);
    }
    ns3::Simulator::Stop(ns3::Seconds(2));
    ns3::Simulator::Run();
    EXPECT_EQ(Heard(1) + Heard(3), 2 + 100);
    EXPECT_GT(lan.Counts().backOffs, 0U);
    EXPECT_EQ(lan.Counts().givenUp, 0U);
    EXPECT_EQ(lan.Counts().queueDrops, 0U);
    const ns3::Time busy =
        std::max(Probe(1).Arrivals().back().at, Probe(3).Arrivals().back().at) - 4 * start;
    EXPECT_GT(busy, ns3::NanoSeconds(100 * (1000 + 28 + 18) * 8 * 100))
        << "a switch has two cables";
}

TEST_F(MediumTest, AHubLosesAndDropsFramesAndSaysSo)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-5 R-SIM-8");
    LanNetworkConfig config = Of(Medium::Hub, 4);
    config.loss = 0.25;
    config.queuePackets = 300;
    const LanNetwork& lan = BuildOf(config);
    for (int i = 0; i < 400; ++i)
    {
        Probe(0).SendAt(ns3::MilliSeconds(1000 + i), lan.Address(1), 100);
    }
    for (int i = 0; i < 400; ++i)
    {
        Probe(2).SendAt(ns3::Seconds(2), lan.Address(3), 1000);
    }
    ns3::Simulator::Run();
    const analysis::LanCounts counts = lan.Counts();
    // One on the wire and as many as the queue holds; of each only the receiver counts, though all
    // hear it and have an error model of their own.
    EXPECT_EQ(counts.frames, 400 + 301U);
    EXPECT_EQ(counts.queueDrops, 99U);
    EXPECT_EQ(counts.lost, 701 - Heard(1) - Heard(3));
    EXPECT_NEAR(static_cast<double>(counts.lost), 175, 50);
}

struct Wireless
{
    WifiMode mode;
    WifiStandard standard;
};

/// For the test's name.
void
PrintTo(const Wireless& wireless, std::ostream* out)
{
    *out << "802.11" << ToString(wireless.standard) << " " << ToString(wireless.mode);
}

class WirelessTest : public MediumTest, public testing::WithParamInterface<Wireless>
{
};

TEST_P(WirelessTest, EveryoneIsThereInTimeAndHearsEveryone)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-8");
    constexpr std::uint32_t kNodes = 12;
    LanNetworkConfig config = Of(Medium::Wifi, kNodes);
    config.wifi.mode = GetParam().mode;
    config.wifi.standard = GetParam().standard;
    config.wifi.broadcastMbps = 2;
    const LanNetwork& lan = BuildOf(config);
    const UdpProbe gateway(lan.Gateway());
    const bool hasAccessPoint = config.wifi.mode == WifiMode::AccessPoint;
    const ns3::Time ready = lan.ReadyAt();
    EXPECT_LE(ready, ns3::Seconds(1)) << "when a scenario's first node asks";
    std::uint64_t joining = 0;
    ns3::Simulator::Schedule(ready,
                             [&lan, &joining, hasAccessPoint]
                             {
                                 joining = lan.Counts().frames;
                                 for (std::uint32_t i = 0; hasAccessPoint && i < kNodes; ++i)
                                 {
                                     const auto device =
                                         ns3::DynamicCast<ns3::WifiNetDevice>(lan.Device(i));
                                     const auto mac =
                                         ns3::DynamicCast<ns3::StaWifiMac>(device->GetMac());
                                     EXPECT_TRUE(mac->IsAssociated()) << "node " << i;
                                 }
                             });
    for (std::uint32_t i = 0; i < kNodes; ++i)
    {
        const ns3::Time at = ready + ns3::MilliSeconds(20 * (i + 1));
        Probe(i).SendAt(at, lan.BroadcastAddress(), 200);
        Probe(i).SendAt(at + ns3::MilliSeconds(7), lan.Address((i + 1) % kNodes), 200);
        Probe(i).SendAt(at + ns3::MilliSeconds(14), lan.Addresses().Gateway(), 200);
    }
    ns3::Simulator::Stop(ready + ns3::Seconds(1));
    ns3::Simulator::Run();
    for (std::uint32_t i = 0; i < kNodes; ++i)
    {
        EXPECT_EQ(Heard(i), kNodes - 1 + 1) << "node " << i;
    }
    EXPECT_EQ(gateway.Arrivals().size(), 2 * kNodes);
    EXPECT_EQ(joining > 0, hasAccessPoint);
    EXPECT_GE(lan.Counts().frames, joining + 3 * kNodes);
    EXPECT_EQ(lan.Counts().givenUp + lan.Counts().queueDrops, 0U);
    EXPECT_GT(Probe(1).Arrivals()[0].at, ready + ns3::MilliSeconds(20) + lan.OneWayTime(246));
}

INSTANTIATE_TEST_SUITE_P(Modes,
                         WirelessTest,
                         testing::Values(Wireless{WifiMode::AccessPoint, WifiStandard::B},
                                         Wireless{WifiMode::AccessPoint, WifiStandard::G},
                                         Wireless{WifiMode::AccessPoint, WifiStandard::N},
                                         Wireless{WifiMode::AdHoc, WifiStandard::G}));

/// The times of a datagram to one node and of one to all, in the air.
std::pair<ns3::Time, ns3::Time>
TimesAt(double broadcastMbps)
{
    LanNetworkConfig config = Of(Medium::Wifi, 2);
    config.wifi.mode = WifiMode::AdHoc;
    config.wifi.broadcastMbps = broadcastMbps;
    LanNetwork lan(config);
    lan.AssignStreams(1);
    UdpProbe from(lan.Node(0));
    const UdpProbe to(lan.Node(1));
    from.SendAt(ns3::Seconds(1), lan.Address(1), 1000); // the first has no rate yet
    from.SendAt(ns3::Seconds(2), lan.Address(1), 1000);
    from.SendAt(ns3::Seconds(3), lan.BroadcastAddress(), 1000);
    ns3::Simulator::Run();
    EXPECT_EQ(to.Arrivals().size(), 3);
    const auto times = std::make_pair(to.Arrivals()[1].at - ns3::Seconds(2),
                                      to.Arrivals()[2].at - ns3::Seconds(3));
    ns3::Simulator::Destroy();
    return times;
}

TEST_F(MediumTest, BroadcastsGoAtTheBasicRate)
{
    RecordProperty("requirement", "R-SIM-2");
    const auto [unicast, slow] = TimesAt(1);
    const auto [unicastAgain, faster] = TimesAt(11);
    constexpr double kBits = 8 * (1000 + 28 + 8 + 28); // IP, LLC, 802.11
    EXPECT_NEAR(slow.GetSeconds() * 1e6, kBits / 1 + 192, 60);
    EXPECT_NEAR(faster.GetSeconds() * 1e6, kBits / 11 + 192, 60);
    EXPECT_NEAR(unicast.GetSeconds() * 1e6, kBits / 54 + 20, 60);
    EXPECT_EQ(unicast, unicastAgain);
}

/// Frames on the air for one broadcast.
std::uint64_t
FramesOfABroadcast(WifiMode mode)
{
    LanNetworkConfig config = Of(Medium::Wifi, 3);
    config.wifi.mode = mode;
    LanNetwork lan(config);
    lan.AssignStreams(1);
    UdpProbe from(lan.Node(0));
    std::uint64_t before = 0;
    ns3::Simulator::Schedule(ns3::Seconds(1), [&] { before = lan.Counts().frames; });
    from.SendAt(ns3::Seconds(1), lan.BroadcastAddress(), 200);
    ns3::Simulator::Stop(ns3::MilliSeconds(1006));
    ns3::Simulator::Run();
    const std::uint64_t frames = lan.Counts().frames - before;
    ns3::Simulator::Destroy();
    return frames;
}

TEST_F(MediumTest, ABroadcastGoesUpToTheAccessPointAndDownToAll)
{
    RecordProperty("requirement", "R-SIM-2");
    EXPECT_EQ(FramesOfABroadcast(WifiMode::AdHoc), 1U);
    const std::uint64_t frames = FramesOfABroadcast(WifiMode::AccessPoint);
    EXPECT_GE(frames, 3U) << "up, acknowledged, and down";
    EXPECT_LE(frames, 4U) << "perhaps a beacon";
}

TEST_F(MediumTest, FramesInTheAirCollideAndFade)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-8");
    LanNetworkConfig config = Of(Medium::Wifi, 40);
    config.wifi.mode = WifiMode::AdHoc;
    config.wifi.roomM = 400;
    const LanNetwork& lan = BuildOf(config);
    for (int i = 0; i < 20; ++i)
    {
        for (std::uint32_t node = 0; node < config.nodes; ++node)
        {
            const ns3::Time at = ns3::MicroSeconds(1'000'000 + 200'000 * i + 700 * node);
            Probe(node).SendAt(at, lan.BroadcastAddress(), 200); // 2 ms at 1 Mb/s
        }
    }
    ns3::Simulator::Run();
    std::size_t heard = 0;
    for (std::uint32_t node = 0; node < config.nodes; ++node)
    {
        heard += Heard(node);
    }
    const analysis::LanCounts counts = lan.Counts();
    EXPECT_EQ(counts.frames, 20 * 40U) << "none is sent again, nobody acknowledges";
    EXPECT_EQ(counts.retries + counts.givenUp + counts.queueDrops, 0U);
    EXPECT_GT(counts.collisions, 100U);
    EXPECT_GT(counts.lost, counts.collisions);
    EXPECT_LT(heard + counts.lost, 20 * 40 * 40U) << "out of reach there is nothing to lose";
    EXPECT_GT(heard, 500U) << "some are near";
}

TEST_F(MediumTest, AFrameThatIsLostInTheAirIsSentAgainUnlessItIsForAll)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-5 R-SIM-8");
    LanNetworkConfig config = Of(Medium::Wifi, 3);
    config.wifi.mode = WifiMode::AdHoc;
    config.loss = 0.2;
    const LanNetwork& lan = BuildOf(config);
    for (int i = 0; i < 300; ++i)
    {
        Probe(0).SendAt(ns3::MilliSeconds(1000 + 20 * i), lan.Address(1), 200);
        Probe(0).SendAt(ns3::MilliSeconds(1010 + 20 * i), lan.BroadcastAddress(), 200);
    }
    ns3::Simulator::Run();
    EXPECT_NEAR(static_cast<double>(Heard(2)), 240, 30);
    EXPECT_NEAR(static_cast<double>(Heard(1)), 300 + 240, 30);
    EXPECT_GT(lan.Counts().retries, 50U);
    // A fifth of: 300 frames to node 1 and what is sent again, as many acknowledgements to node 0,
    // 300 frames to three. What others overhear is no loss of theirs.
    EXPECT_NEAR(static_cast<double>(lan.Counts().lost), 0.2 * (400 + 350 + 900), 90);
}

TEST_F(MediumTest, ANodeIsInTheSamePlaceInALargerLan)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-9");
    std::vector<ns3::Vector> places;
    for (const std::uint32_t nodes : {4U, 9U})
    {
        LanNetworkConfig config = Of(Medium::Wifi, nodes);
        config.wifi.roomM = 20;
        LanNetwork lan(config);
        lan.AssignStreams(1);
        for (std::uint32_t i = 0; i < 4; ++i)
        {
            places.push_back(lan.Position(i));
            EXPECT_LE(places.back().x, 20);
            EXPECT_LE(places.back().y, 20);
        }
        EXPECT_EQ(lan.Layout().size(), nodes + 2);
        ns3::Simulator::Destroy();
    }
    for (std::size_t i = 0; i < 4; ++i)
    {
        EXPECT_EQ(places[i].x, places[i + 4].x);
        EXPECT_EQ(places[i].y, places[i + 4].y);
        EXPECT_NE(places[i].x, places[(i + 1) % 4].x);
    }
}

/// A node of the first segment sends to all; the files are whole when the network has gone.
void
Capture(const LanNetworkConfig& config, const std::string& prefix)
{
    LanNetwork lan(config);
    lan.AssignStreams(1);
    CapturePackets(lan, prefix, {});
    UdpProbe from(lan.Node(0));
    from.SendAt(ns3::Seconds(1), lan.BroadcastAddress(), 200);
    ns3::Simulator::Stop(ns3::Seconds(2));
    ns3::Simulator::Run();
    ns3::Simulator::Destroy();
}

/// The link type in a pcap file's header, and how many bytes follow it.
std::pair<std::uint32_t, std::uintmax_t>
Pcap(const std::filesystem::path& path)
{
    constexpr std::streamoff kLinkTypeAt = 20;
    constexpr std::uintmax_t kHeader = 24;
    std::uint32_t type = 0;
    std::ifstream file(path, std::ios::binary);
    file.seekg(kLinkTypeAt);
    file.read(reinterpret_cast<char*>(&type), sizeof(type));
    return {type, std::filesystem::file_size(path) - kHeader};
}

TEST_F(MediumTest, EveryNodeCanBeCapturedOnEveryMedium)
{
    RecordProperty("requirement", "R-SIM-1 R-SIM-2");
    const std::map<Medium, std::uint32_t> linkTypes{
        {Medium::Switch, 1}, {Medium::Hub, 1}, {Medium::Wifi, 105}};
    for (const auto& [medium, linkType] : linkTypes)
    {
        const std::filesystem::path folder =
            testing::TempDir() + "media-" + std::string(ToString(medium));
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
        LanNetworkConfig config = Of(medium, 4);
        config.segments = 2;
        config.twoHomed = 1; // node 1, the last of the first segment
        Capture(config, folder / "office");
        const auto captured = [&](const std::string& which)
        {
            const auto [type, bytes] = Pcap(folder / ("office-" + which + ".pcap"));
            EXPECT_EQ(type, linkType) << which;
            return bytes;
        };
        // Device 0 is the loopback.
        EXPECT_GT(captured("0-1"), 200U);
        EXPECT_GT(captured("1-1"), 200U);
        EXPECT_GT(captured("gateway-1"), 200U) << "the gateway";
        const bool beacons = medium == Medium::Wifi;
        EXPECT_EQ(captured("1-2") > 0, beacons) << "another segment";
        EXPECT_EQ(captured("2-1") > 0, beacons);
        EXPECT_EQ(captured("gateway-2") > 0, beacons);
        std::filesystem::remove_all(folder);
    }
}

} // namespace
} // namespace lanpeer::lan
