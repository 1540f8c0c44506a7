// Who knows whose hardware address: lan.arp static and cold.

#include "lan-probe.h"

#include <map>

namespace lanpeer::lan
{
namespace
{

class NeighbourTest : public LanTest
{
  protected:
    /// Counts the frames of every CSMA device from now on, ports of the switch included.
    void CountFrames()
    {
        ns3::Config::ConnectWithoutContext("/NodeList/*/DeviceList/*/$ns3::CsmaNetDevice/PhyTxEnd",
                                           ns3::MakeCallback(&NeighbourTest::Count, this));
    }

    /// Frames by Ethernet type.
    std::uint64_t Frames(std::uint16_t type) const
    {
        const auto found = m_frames.find(type);
        return found == m_frames.end() ? 0 : found->second;
    }

    std::uint64_t ArpFrames() const
    {
        return Frames(ns3::ArpL3Protocol::PROT_NUMBER);
    }

    std::uint64_t IpFrames() const
    {
        return Frames(ns3::Ipv4L3Protocol::PROT_NUMBER);
    }

  private:
    void Count(ns3::Ptr<const ns3::Packet> frame)
    {
        ns3::EthernetHeader header(false);
        frame->PeekHeader(header);
        ++m_frames[header.GetLengthType()];
    }

    std::map<std::uint16_t, std::uint64_t> m_frames;
};

TEST_F(NeighbourTest, StaticSendsNoArpFramesAndFloodsNothing)
{
    RecordProperty("requirement", "R-SIM-2");
    LanNetworkConfig config;
    config.nodes = 30;
    const LanNetwork& lan = Build(config);
    CountFrames();
    std::vector<std::unique_ptr<UdpProbe>> probes;
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        probes.push_back(std::make_unique<UdpProbe>(lan.Node(i)));
    }
    UdpProbe origin(lan.Origin());
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        probes[i]->SendAt(ns3::Seconds(1 + i), lan.Address((i + 1) % config.nodes), 100);
        probes[i]->SendAt(ns3::Seconds(1 + i), lan.OriginAddress(), 100);
        origin.SendAt(ns3::Seconds(1 + i), lan.Address(i), 100);
    }
    // Long after any entry of the switch or of a host would have run out.
    probes[0]->SendAt(ns3::Hours(10), lan.Address(1), 100);
    ns3::Simulator::Run();

    EXPECT_EQ(ArpFrames(), 0);
    // Host to port and port to host, nowhere else.
    EXPECT_EQ(IpFrames(), 2 * (3 * config.nodes + 1));
    EXPECT_EQ(origin.Arrivals().size(), config.nodes);
    EXPECT_EQ(probes[1]->Arrivals().size(), 3);
    EXPECT_EQ(probes[2]->Arrivals().size(), 2);
}

TEST_F(NeighbourTest, StaticHasNoRouteToAnAddressThatNobodyHas)
{
    RecordProperty("requirement", "R-SIM-2");
    LanNetworkConfig config;
    config.nodes = 3;
    const LanNetwork& lan = Build(config);
    CountFrames();
    UdpProbe node(lan.Node(0));
    UdpProbe gateway(lan.Gateway());
    UdpProbe origin(lan.Origin());
    const ns3::Ipv4Address nobody("10.1.77.7");
    EXPECT_EQ(node.Send(nobody, 100), -1);
    EXPECT_EQ(node.Socket()->GetErrno(), ns3::Socket::ERROR_NOROUTETOHOST);
    EXPECT_EQ(gateway.Send(nobody, 100), -1);
    const auto tcp = ns3::Socket::CreateSocket(lan.Node(1), ns3::TcpSocketFactory::GetTypeId());
    EXPECT_EQ(tcp->Connect(ns3::InetSocketAddress(nobody, 80)), -1);
    // Over the uplink it comes as far as the gateway.
    EXPECT_EQ(origin.Send(nobody, 100), 100);
    ns3::Simulator::Run();
    EXPECT_EQ(lan.UplinkBytesDown(), 130);
    EXPECT_EQ(ArpFrames(), 0);
    EXPECT_EQ(IpFrames(), 0);
}

TEST_F(NeighbourTest, ColdAsksFirst)
{
    RecordProperty("requirement", "R-SIM-2");
    LanNetworkConfig config;
    config.nodes = 10;
    config.arp = Arp::Cold;
    const LanNetwork& lan = Build(config);
    CountFrames();
    UdpProbe from(lan.Node(2));
    const UdpProbe to(lan.Node(5));
    from.SendAt(ns3::Seconds(1), lan.Address(5), 300);
    from.SendAt(ns3::Seconds(2), lan.Address(5), 300);
    ns3::Simulator::Run();

    ASSERT_EQ(to.Arrivals().size(), 2);
    const ns3::Time data = lan.OneWayTime(LanNetwork::FrameBytes(LanNetwork::UdpIpBytes(300)));
    const ns3::Time arp = lan.OneWayTime(LanNetwork::FrameBytes(28)); // padded
    EXPECT_EQ(to.Arrivals()[0].at, ns3::Seconds(1) + arp + arp + data) << "no jitter by default";
    EXPECT_EQ(to.Arrivals()[1].at, ns3::Seconds(2) + data);
    // The request to all the others and the gateway, the answer over two cables.
    EXPECT_EQ(ArpFrames(), 1 + config.nodes + 2);
}

TEST_F(NeighbourTest, ColdJittersIfAsked)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-9");
    LanNetworkConfig config;
    config.nodes = 3;
    config.arp = Arp::Cold;
    config.arpJitter = true;
    const LanNetwork& lan = Build(config);
    UdpProbe from(lan.Node(0));
    const UdpProbe to(lan.Node(1));
    from.SendAt(ns3::Seconds(1), lan.Address(1), 300);
    ns3::Simulator::Run();
    ASSERT_EQ(to.Arrivals().size(), 1);
    EXPECT_GT(to.Arrivals()[0].at, ns3::Seconds(1) + ns3::MicroSeconds(200));
    EXPECT_LT(to.Arrivals()[0].at, ns3::Seconds(1) + ns3::MilliSeconds(11));
}

TEST_F(NeighbourTest, ColdKeepsABurstWhileItAsks)
{
    RecordProperty("requirement", "R-SIM-2");
    LanNetworkConfig config;
    config.nodes = 3;
    config.arp = Arp::Cold;
    const LanNetwork& lan = Build(config);
    UdpProbe from(lan.Node(0));
    const UdpProbe to(lan.Node(1));
    for (int i = 0; i < 50; ++i)
    {
        from.SendAt(ns3::Seconds(1), lan.Address(1), 1000);
    }
    ns3::Simulator::Run();
    EXPECT_EQ(to.Arrivals().size(), 50);
}

} // namespace
} // namespace lanpeer::lan
