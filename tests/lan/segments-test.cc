// Segments: who is in which, what passes from one to another and what does not.

#include "lan-probe.h"

#include "model/network/segments.h"

#include <cstdint>
#include <set>

namespace lanpeer::lan
{
namespace
{

TEST(SegmentsTest, AreContiguousAndNearlyEqual)
{
    RecordProperty("requirement", "R-SIM-2");
    for (const std::uint32_t nodes : {1U, 7U, 100U, 65533U})
    {
        for (const std::uint32_t count : {1U, 2U, 3U, 7U, 64U, 200U})
        {
            if (count > nodes)
            {
                continue;
            }
            const Segments segments(nodes, count);
            ASSERT_EQ(segments.First(0), 0U);
            ASSERT_EQ(segments.First(count), nodes);
            for (std::uint32_t k = 0; k < count; ++k)
            {
                const std::uint32_t size = segments.First(k + 1) - segments.First(k);
                EXPECT_GE(size, nodes / count);
                EXPECT_LE(size, (nodes + count - 1) / count);
                EXPECT_EQ(segments.Of(segments.First(k)), k);
                EXPECT_EQ(segments.Of(segments.First(k + 1) - 1), k);
                EXPECT_FALSE(segments.SecondOf(segments.First(k)));
            }
        }
    }
}

TEST(SegmentsTest, TheLastNodesOfEachInTurnSitInTheNextOneToo)
{
    RecordProperty("requirement", "R-SIM-2");
    // Of 11 nodes: 0 1 2 | 3 4 5 6 | 7 8 9 10.
    const std::vector<std::uint32_t> inTurn{2, 6, 10, 1, 5, 9, 0, 4, 8};
    EXPECT_EQ(Segments::TwoHomedMax(11, 3), inTurn.size());
    EXPECT_EQ(Segments::TwoHomedMax(11, 1), 0U);
    for (std::uint32_t count = 0; count <= inTurn.size(); ++count)
    {
        const Segments segments(11, 3, count);
        const std::set<std::uint32_t> expected(inTurn.begin(), inTurn.begin() + count);
        for (std::uint32_t node = 0; node < 11; ++node)
        {
            const auto second = segments.SecondOf(node);
            ASSERT_EQ(second.has_value(), expected.count(node) == 1) << node << " of " << count;
            if (second)
            {
                EXPECT_EQ(*second, (segments.Of(node) + 1) % 3);
                EXPECT_TRUE(segments.IsIn(node, *second));
            }
            EXPECT_TRUE(segments.IsIn(node, segments.Of(node)));
            EXPECT_FALSE(segments.IsIn(node, (segments.Of(node) + 2) % 3));
        }
    }
}

TEST(SegmentsTest, EveryInterfaceHasAnAddressOfItsSegment)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-9");
    const LanAddresses addresses{Segments(11, 3, 4)};
    std::set<ns3::Ipv4Address> ips;
    std::set<ns3::Mac48Address> macs;
    const auto take = [&](const Seat& seat)
    {
        EXPECT_TRUE(ips.insert(seat.address).second) << seat.address;
        EXPECT_TRUE(macs.insert(seat.mac).second) << seat.mac;
        EXPECT_TRUE(macs.insert(seat.portMac).second) << seat.portMac;
        EXPECT_TRUE(addresses.IsHost(seat.address)) << seat.address;
    };
    for (std::uint32_t node = 0; node < 11; ++node)
    {
        take(addresses.NodeSeat(node));
        if (const auto second = addresses.SecondSeat(node))
        {
            take(*second);
        }
    }
    for (std::uint32_t segment = 0; segment < 3; ++segment)
    {
        take(addresses.GatewaySeat(segment));
        EXPECT_TRUE(addresses.IsBroadcast(addresses.Broadcast(segment)));
    }
    EXPECT_EQ(ips.size(), 11 + 4 + 3U);
    // A node is the same host of its segment, whichever that is.
    EXPECT_EQ(addresses.Node(2), ns3::Ipv4Address("10.1.0.3"));
    EXPECT_EQ(addresses.SecondSeat(2)->address, ns3::Ipv4Address("10.2.0.3"));
    EXPECT_EQ(addresses.Node(3), ns3::Ipv4Address("10.2.0.4"));
    EXPECT_EQ(addresses.SecondSeat(10)->address, ns3::Ipv4Address("10.1.0.11"));
    EXPECT_EQ(addresses.Gateway(2), ns3::Ipv4Address("10.3.255.254"));
    for (const char* const nobody : {"10.1.0.4", "10.2.0.1", "10.3.0.3", "10.4.0.1", "10.0.0.1"})
    {
        EXPECT_FALSE(addresses.IsHost(ns3::Ipv4Address(nobody))) << nobody;
    }
    EXPECT_TRUE(addresses.OnLink(ns3::Ipv4Address("10.3.200.1")));
    EXPECT_FALSE(addresses.OnLink(ns3::Ipv4Address("10.4.0.1")));
    EXPECT_FALSE(addresses.OnLink(ns3::Ipv4Address("10.0.255.255")));
}

class SegmentedLan : public LanTest, public testing::WithParamInterface<std::pair<Medium, Arp>>
{
};

TEST_P(SegmentedLan, TheGatewayForwardsDatagramsButNoBroadcasts)
{
    RecordProperty("requirement", "R-SIM-2 R-SRV-7");
    LanNetworkConfig config;
    config.nodes = 7; // 0 1 | 2 3 | 4 5 6
    config.segments = 3;
    config.twoHomed = 1; // node 1, in the second segment, too
    config.medium = GetParam().first;
    config.arp = GetParam().second;
    config.internet = std::vector<bool>(7, false);
    config.internet[6] = true;
    const LanNetwork& lan = Build(config);
    std::vector<std::unique_ptr<UdpProbe>> probes;
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        probes.push_back(std::make_unique<UdpProbe>(lan.Node(i)));
    }
    UdpProbe origin(lan.Origin());
    ns3::Time at = ns3::Seconds(1);
    const auto send = [&](UdpProbe& from, ns3::Ipv4Address to, std::uint32_t bytes)
    {
        from.SendAt(at, to, bytes);
        at += ns3::MilliSeconds(100);
    };
    send(*probes[0], lan.BroadcastAddress(0), 100); // to 1
    send(*probes[3], lan.BroadcastAddress(1), 101); // to 2, and to 1
    send(*probes[1], lan.BroadcastAddress(1), 102); // to 2 and 3
    send(*probes[1], lan.BroadcastAddress(0), 103); // to 0
    send(*probes[4], lan.BroadcastAddress(0), 104); // to nobody: of another segment
    send(origin, lan.BroadcastAddress(2), 105);     // to nobody
    send(*probes[0], lan.Address(5), 106);          // routed
    send(*probes[5], lan.Address(0), 107);
    send(*probes[6], lan.OriginAddress(), 108);
    send(origin, lan.Address(6), 109);
    ns3::Simulator::Stop(at);
    ns3::Simulator::Run();
    const auto heard = [&](const UdpProbe& probe)
    {
        std::vector<std::uint32_t> sizes;
        for (const UdpProbe::Arrival& arrival : probe.Arrivals())
        {
            sizes.push_back(arrival.bytes);
        }
        return sizes;
    };
    using Sizes = std::vector<std::uint32_t>;
    EXPECT_EQ(heard(*probes[0]), (Sizes{103, 107}));
    EXPECT_EQ(heard(*probes[1]), (Sizes{100, 101}));
    EXPECT_EQ(heard(*probes[2]), (Sizes{101, 102}));
    EXPECT_EQ(heard(*probes[3]), (Sizes{102}));
    EXPECT_EQ(heard(*probes[4]), (Sizes{}));
    EXPECT_EQ(heard(*probes[5]), (Sizes{106}));
    EXPECT_EQ(heard(*probes[6]), (Sizes{109}));
    EXPECT_EQ(heard(origin), (Sizes{108}));
    ASSERT_FALSE(probes[3]->Arrivals().empty() || probes[0]->Arrivals().empty());
    // By the address that it has there.
    EXPECT_EQ(probes[3]->Arrivals()[0].from, lan.Addresses().SecondSeat(1)->address);
    EXPECT_EQ(probes[0]->Arrivals()[0].from, lan.Address(1));
    ASSERT_EQ(lan.Links().size(), 7 + 1 + 3U);
    EXPECT_EQ(lan.Links()[3].host, 1U);
    EXPECT_EQ(lan.Links()[3].segment, 1U);
    EXPECT_EQ(lan.Links().back().host, 7U);
    EXPECT_EQ(lan.Links().back().port != nullptr, config.medium == Medium::Switch);
}

INSTANTIATE_TEST_SUITE_P(Media,
                         SegmentedLan,
                         testing::Values(std::make_pair(Medium::Switch, Arp::Static),
                                         std::make_pair(Medium::Switch, Arp::Cold),
                                         std::make_pair(Medium::Hub, Arp::Static),
                                         std::make_pair(Medium::Wifi, Arp::Cold),
                                         std::make_pair(Medium::Wifi, Arp::Static)));

} // namespace
} // namespace lanpeer::lan
