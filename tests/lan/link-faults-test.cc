#include "lan-probe.h"

#include "model/lan/faults/broadcast-limit.h"
#include "model/lan/faults/damage.h"
#include "model/lan/faults/host-links.h"
#include "model/lan/faults/uplink-outages.h"
#include "model/lan/lan-switch.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string>

// What goes wrong on links, in the switch and on the uplink (R-SIM-5), with plain datagrams.

namespace lanpeer::lan
{
namespace
{

/// Four standard deviations of a share of that many trials.
double
Tolerance(double share, double trials)
{
    return 4 * std::sqrt(share * (1 - share) * trials);
}

class LinkFaultsTest : public LanTest
{
  protected:
    LinkFaultsTest()
    {
        m_config.wholeBroadcastPath = true;
    }

    /// Node 0 sends so many broadcasts, one per millisecond, of sizes that tell them apart.
    void Run(const LinkFaults& faults,
             int broadcasts,
             std::set<std::uint32_t> deaf = {},
             std::set<std::uint32_t> mute = {})
    {
        ns3::GlobalValue::Bind("ChecksumEnabled", ns3::BooleanValue(faults.corruption > 0));
        LanNetwork& lan = Build(m_config);
        std::set<ns3::Ipv4Address> muteAddresses;
        for (const std::uint32_t node : mute)
        {
            muteAddresses.insert(lan.Address(node));
        }
        m_links = std::make_unique<HostLinks>(faults, muteAddresses);
        m_links->Attach(lan.Gateway(), false);
        for (std::uint32_t node = 0; node < m_config.nodes; ++node)
        {
            m_links->Attach(lan.Node(node), deaf.count(node) != 0);
            m_probes.push_back(std::make_unique<UdpProbe>(lan.Node(node)));
        }
        m_links->AssignStreams(5000);
        for (int i = 0; i < broadcasts; ++i)
        {
            m_probes[0]->SendAt(ns3::MilliSeconds(static_cast<std::uint64_t>(i)),
                                lan.BroadcastAddress(),
                                static_cast<std::uint32_t>(20 + i % 1000));
        }
        // And one to each node, from its neighbour.
        for (std::uint32_t node = 0; node < m_config.nodes; ++node)
        {
            m_probes[node]->SendAt(
                ns3::Seconds(broadcasts + 1), lan.Address((node + 1) % m_config.nodes), 10);
        }
        ns3::Simulator::Run();
        ns3::GlobalValue::Bind("ChecksumEnabled", ns3::BooleanValue(false));
    }

    std::size_t Broadcasts(std::uint32_t node) const
    {
        const auto& arrivals = m_probes[node]->Arrivals();
        return static_cast<std::size_t>(std::count_if(arrivals.begin(),
                                                      arrivals.end(),
                                                      [](const UdpProbe::Arrival& arrival)
                                                      { return arrival.bytes >= 20; }));
    }

    std::size_t Unicasts(std::uint32_t node) const
    {
        return m_probes[node]->Arrivals().size() - Broadcasts(node);
    }

    LanNetworkConfig m_config = []
    {
        LanNetworkConfig config;
        config.nodes = 4;
        return config;
    }();
    std::unique_ptr<HostLinks> m_links;
    std::vector<std::unique_ptr<UdpProbe>> m_probes;
};

TEST_F(LinkFaultsTest, DoubledPacketsComeTwiceAtEachReceiverApart)
{
    RecordProperty("requirement", "R-SIM-5");
    LinkFaults faults;
    faults.duplication = 0.2;
    Run(faults, 2000);
    std::size_t twice = 0;
    for (const std::uint32_t node : {1, 2, 3})
    {
        EXPECT_NEAR(static_cast<double>(Broadcasts(node)), 2400, Tolerance(0.2, 2000));
        twice += Broadcasts(node) - 2000;
    }
    EXPECT_NE(Broadcasts(1), Broadcasts(2)) << "streams of their own";
    // The gateway's link is one as well, and the probes there are none.
    EXPECT_NEAR(static_cast<double>(m_links->Counts().duplicated), 1600, Tolerance(0.2, 8000));
    EXPECT_GT(m_links->Counts().duplicated, twice);
    EXPECT_EQ(m_links->Counts().corrupted + m_links->Counts().reordered, 0U);
}

TEST_F(LinkFaultsTest, HeldPacketsAreOvertakenAndNoneIsLost)
{
    RecordProperty("requirement", "R-SIM-5");
    LinkFaults faults;
    faults.reordering = 0.1;
    faults.reorderingMaxMs = 20;
    Run(faults, 1000);
    const auto& arrivals = m_probes[1]->Arrivals();
    EXPECT_EQ(Broadcasts(1), 1000U);
    int overtaken = 0;
    for (std::size_t i = 0; i < arrivals.size(); ++i)
    {
        if (arrivals[i].bytes < 20)
        {
            continue; // the last, from node 0 alone
        }
        const ns3::Time sent = ns3::MilliSeconds(arrivals[i].bytes - 20);
        EXPECT_LE(arrivals[i].at - sent, ns3::MilliSeconds(21));
        overtaken += i > 0 && arrivals[i - 1].bytes > arrivals[i].bytes ? 1 : 0;
    }
    // Of 100 that are held, those for less than a millisecond are not.
    EXPECT_GT(overtaken, 60);
    EXPECT_LT(overtaken, 130);
}

TEST_F(LinkFaultsTest, CheckSumsCatchAlteredBytesAndMissExchangedWords)
{
    RecordProperty("requirement", "R-SIM-5");
    LinkFaults faults;
    faults.corruption = 0.2;
    faults.corruptionUnseen = 0.25;
    Run(faults, 2000);
    const LinkFaultCounts& counts = m_links->Counts();
    EXPECT_NEAR(static_cast<double>(counts.corrupted), 1600, Tolerance(0.2, 8000));
    EXPECT_NEAR(static_cast<double>(counts.corruptedDelivered), 400, Tolerance(0.05, 8000));
    // What is caught is lost: 15 of 100.
    for (const std::uint32_t node : {1, 2, 3})
    {
        EXPECT_NEAR(static_cast<double>(Broadcasts(node)), 1700, Tolerance(0.15, 2000));
    }
}

TEST_F(LinkFaultsTest, DeafNodesHearNoDatagramAndMuteOnesAreNotHeard)
{
    RecordProperty("requirement", "R-SIM-5");
    RecordProperty("attack", "U3");
    Run({}, 50, {2}, {0});
    for (const std::uint32_t node : {1, 2, 3})
    {
        EXPECT_EQ(Broadcasts(node), 0U) << "node 0 is mute";
    }
    EXPECT_EQ(Unicasts(1), 1U) << "but what it sends to one arrives";
    EXPECT_EQ(Unicasts(2), 0U) << "node 2 is deaf";
    EXPECT_EQ(Unicasts(3), 1U) << "but not mute";
    EXPECT_EQ(m_links->Counts().unheard, 50 * 4 + 1U);
}

TEST_F(LinkFaultsTest, ANodesDrawsAreTheSameInALargerLan)
{
    RecordProperty("requirement", "R-SIM-9");
    LinkFaults faults;
    faults.duplication = 0.3;
    const auto pattern = [&](std::uint32_t nodes)
    {
        m_config.nodes = nodes;
        m_probes.clear();
        Run(faults, 200);
        std::string text;
        for (const UdpProbe::Arrival& arrival : m_probes[1]->Arrivals())
        {
            text += std::to_string(arrival.bytes) + " ";
        }
        TearDown();
        return text;
    };
    const std::string small = pattern(3);
    EXPECT_EQ(small, pattern(7));
    EXPECT_GT(small.size(), 600U);
}

TEST_F(LanTest, TcpOverFaultyLinksBringsEveryByte)
{
    RecordProperty("requirement", "R-SIM-5");
    LanNetworkConfig config;
    config.nodes = 2;
    ns3::GlobalValue::Bind("ChecksumEnabled", ns3::BooleanValue(true));
    LanNetwork& lan = Build(config);
    LinkFaults faults;
    faults.duplication = 0.02;
    faults.reordering = 0.02;
    faults.corruption = 0.02;
    HostLinks links(faults, {});
    links.Attach(lan.Node(0), false);
    links.Attach(lan.Node(1), false);
    links.AssignStreams(5000);
    const TcpTransfer transfer(
        lan.Node(0), lan.Node(1), lan.Address(1), 2'000'000, ns3::Seconds(1));
    ns3::Simulator::Stop(ns3::Seconds(600));
    ns3::Simulator::Run();
    ns3::GlobalValue::Bind("ChecksumEnabled", ns3::BooleanValue(false));
    EXPECT_EQ(transfer.Received(), 2'000'000U);
    EXPECT_GT(links.Counts().duplicated, 10U);
    EXPECT_GT(links.Counts().reordered, 10U);
    EXPECT_GT(links.Counts().corrupted, links.Counts().corruptedDelivered + 10);
}

/// An IP packet with real check sums.
template <typename Header>
ns3::Ptr<ns3::Packet>
MakeIpPacket(Header header, std::uint8_t protocol, const std::string& payload)
{
    const ns3::Ipv4Address from("10.0.0.2");
    const ns3::Ipv4Address to("10.0.0.3");
    auto packet = ns3::Create<ns3::Packet>(reinterpret_cast<const std::uint8_t*>(payload.data()),
                                           static_cast<std::uint32_t>(payload.size()));
    header.EnableChecksums();
    header.InitializeChecksum(from, to, protocol);
    packet->AddHeader(header);
    ns3::Ipv4Header ip;
    ip.SetSource(from);
    ip.SetDestination(to);
    ip.SetProtocol(protocol);
    ip.SetPayloadSize(static_cast<std::uint16_t>(packet->GetSize()));
    packet->AddHeader(ip);
    return packet;
}

/// Whether the sum is right, and what it is about.
template <typename Header>
std::pair<bool, std::string>
Checked(ns3::Ptr<ns3::Packet> packet, std::uint8_t protocol)
{
    ns3::Ipv4Header ip;
    packet->RemoveHeader(ip);
    Header header;
    header.EnableChecksums();
    header.InitializeChecksum(ip.GetSource(), ip.GetDestination(), protocol);
    packet->RemoveHeader(header);
    std::string payload(packet->GetSize(), '\0');
    packet->CopyData(reinterpret_cast<std::uint8_t*>(payload.data()), packet->GetSize());
    return {header.IsChecksumOk(), payload};
}

TEST(DamageTest, IsSeenByTheCheckSumOrNot)
{
    RecordProperty("requirement", "R-SIM-5");
    std::minstd_rand numbers(3);
    const auto uniform = [&numbers]
    {
        return std::uniform_real_distribution<double>(0, 1)(numbers);
    };
    const std::string text = "<service type=\"request\" ID=\"77\"/>";
    int exchanged = 0;
    for (int i = 0; i < 200; ++i)
    {
        const auto packet = MakeIpPacket(ns3::UdpHeader(), 17, text);
        const auto [seenOk, seen] =
            Checked<ns3::UdpHeader>(Damaged(packet, Damage::Seen, uniform), 17);
        EXPECT_FALSE(seenOk);
        EXPECT_NE(seen, text);
        const auto damaged = Damaged(packet, Damage::Unseen, uniform);
        EXPECT_TRUE(IsDamaged(*damaged));
        EXPECT_NE(damaged->GetUid(), packet->GetUid());
        const auto [unseenOk, unseen] = Checked<ns3::UdpHeader>(damaged, 17);
        EXPECT_TRUE(unseenOk);
        EXPECT_EQ(unseen.size(), text.size());
        exchanged += unseen != text ? 1 : 0; // two words may be equal
        EXPECT_FALSE(IsDamaged(*packet));
    }
    EXPECT_GT(exchanged, 150);
    // A bare acknowledgement has nothing but its sum to alter.
    const auto bare = MakeIpPacket(ns3::TcpHeader(), 6, "");
    EXPECT_FALSE(Checked<ns3::TcpHeader>(Damaged(bare, Damage::Seen, uniform), 6).first);
    EXPECT_EQ(Damaged(bare, Damage::Unseen, uniform), nullptr);
    EXPECT_EQ(Damaged(MakeIpPacket(ns3::UdpHeader(), 17, "abc"), Damage::Unseen, uniform), nullptr);
}

TEST_F(LanTest, StormControlDropsBroadcastsAboveARatePerPort)
{
    RecordProperty("requirement", "R-SIM-5");
    LanNetworkConfig config;
    config.nodes = 3;
    LanNetwork& lan = Build(config);
    const auto limit = ns3::Create<BroadcastLimit>(10);
    const auto switchNode = ns3::NodeList::GetNode(config.nodes + 2);
    for (std::uint32_t device = 0; device < switchNode->GetNDevices(); ++device)
    {
        if (const auto lanSwitch = ns3::DynamicCast<LanSwitch>(switchNode->GetDevice(device)))
        {
            lanSwitch->Limit(limit);
        }
    }
    UdpProbe noisy(lan.Node(0));
    UdpProbe quiet(lan.Node(1));
    const UdpProbe hearer(lan.Node(2));
    for (std::uint64_t ms = 0; ms < 1000; ms += 10)
    {
        noisy.SendAt(ns3::MilliSeconds(ms), lan.BroadcastAddress(), 100);
        noisy.SendAt(ns3::MilliSeconds(ms), lan.Address(2), 200);
    }
    quiet.SendAt(ns3::MilliSeconds(995), lan.BroadcastAddress(), 300);
    // A minute later its bucket is full again, and no more than full.
    for (std::uint64_t i = 0; i < 15; ++i)
    {
        noisy.SendAt(ns3::Seconds(60), lan.BroadcastAddress(), 400);
    }
    ns3::Simulator::Run();
    std::map<std::uint32_t, int> heard;
    for (const UdpProbe::Arrival& arrival : hearer.Arrivals())
    {
        ++heard[arrival.bytes];
    }
    EXPECT_EQ(heard[100], 10 + 9) << "a bucket of one second, and what refills it meanwhile";
    EXPECT_EQ(heard[200], 100) << "no unicast";
    EXPECT_EQ(heard[300], 1) << "another port's bucket";
    EXPECT_EQ(heard[400], 10);
    EXPECT_EQ(limit->Dropped(), 81U + 5U);
}

TEST_F(LanTest, UplinkThatIsDownPassesNothingEitherWay)
{
    RecordProperty("requirement", "R-SIM-3 R-SIM-5");
    LanNetworkConfig config;
    config.nodes = 1;
    LanNetwork& lan = Build(config);
    const UplinkOutages outages({{1'000'000, 2'000'000}, {2'500'000, 9'000'000}},
                                lan.UplinkAtGateway(),
                                lan.UplinkAtOrigin());
    UdpProbe node(lan.Node(0));
    UdpProbe origin(lan.Origin());
    for (std::uint64_t ms = 0; ms < 3000; ms += 10)
    {
        node.SendAt(ns3::MilliSeconds(ms), lan.OriginAddress(), 100);
        origin.SendAt(ns3::MilliSeconds(ms), lan.Address(0), 100);
    }
    ns3::Simulator::Stop(ns3::Seconds(3.25));
    ns3::Simulator::Run();
    for (const UdpProbe* probe : {&node, &origin})
    {
        EXPECT_NEAR(static_cast<double>(probe->Arrivals().size()), 150, 2);
        for (const UdpProbe::Arrival& arrival : probe->Arrivals())
        {
            const double s = arrival.at.GetSeconds();
            EXPECT_TRUE(s < 1 || (s >= 2 && s < 2.5)) << s;
        }
    }
    EXPECT_EQ(node.Arrivals().size() + origin.Arrivals().size() + outages.Dropped(), 600U);
    EXPECT_EQ(outages.DownUs(3'250'000), 1'750'000);
    EXPECT_EQ(outages.DownUs(1'000'000), 0);
}

} // namespace
} // namespace lanpeer::lan
