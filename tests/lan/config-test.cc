// What a network may be made of: presets (R-SIM-3), addresses, bounds, TCP's buffers.

#include "lan-probe.h"
#include "model/lan/ns3-defaults.h"
#include "model/lan/uplink-rtt.h"

#include <cmath>
#include <gmock/gmock.h>
#include <limits>
#include <stdexcept>
#include <string>

namespace lanpeer::lan
{
namespace
{

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(UplinkTest, PresetsAreThoseOfTheTable)
{
    RecordProperty("requirement", "R-SIM-3");
    std::string table;
    for (const UplinkPreset& preset : UplinkPresets())
    {
        const Uplink& uplink = preset.uplink;
        std::ostringstream line;
        line << preset.name << " " << uplink.downKbps << " / " << uplink.upKbps << " "
             << uplink.latencyMs << " " << uplink.queuePackets << "\n";
        table += line.str();
    }
    EXPECT_EQ(table,
              "modem56k 48 / 33.6 60 10\n"
              "isdn 128 / 128 15 20\n"
              "dsl 1500 / 256 20 50\n"
              "cable 3000 / 384 10 64\n"
              "t1 1544 / 1544 10 64\n"
              "fast 100000 / 100000 2 200\n");
}

TEST(UplinkTest, DefaultIsDsl)
{
    RecordProperty("requirement", "R-SIM-3");
    const Uplink byDefault = LanNetworkConfig().uplink;
    const Uplink dsl = FindUplinkPreset("dsl").value();
    EXPECT_EQ(byDefault.downKbps, dsl.downKbps);
    EXPECT_EQ(byDefault.upKbps, dsl.upKbps);
    EXPECT_EQ(byDefault.latencyMs, dsl.latencyMs);
    EXPECT_EQ(byDefault.queuePackets, dsl.queuePackets);
    EXPECT_FALSE(FindUplinkPreset("").has_value());
    EXPECT_FALSE(FindUplinkPreset("DSL").has_value());
}

TEST(LanAddressesTest, AreStableAndDistinct)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-9");
    const LanAddresses addresses(kNodesMax);
    const auto text = [](const auto& address)
    {
        std::ostringstream out;
        out << address;
        return out.str();
    };
    EXPECT_EQ(text(addresses.Node(0)), "10.1.0.1");
    EXPECT_EQ(text(addresses.Node(255)), "10.1.1.0");
    EXPECT_EQ(text(addresses.Node(kNodesMax - 1)), "10.1.255.253");
    EXPECT_EQ(text(addresses.Gateway()), "10.1.255.254");
    EXPECT_EQ(text(addresses.Broadcast()), "10.1.255.255");
    EXPECT_EQ(text(addresses.Origin()), "198.51.100.2");
    EXPECT_EQ(text(addresses.Mac(258)), "02:4c:50:00:01:02");
    EXPECT_EQ(text(addresses.PortMac(258)), "02:4c:50:01:01:02");
}

TEST(LanAddressesTest, KnowsItsHosts)
{
    RecordProperty("requirement", "R-SIM-2");
    const LanAddresses addresses(3);
    EXPECT_TRUE(addresses.IsHost(addresses.Node(0)));
    EXPECT_TRUE(addresses.IsHost(addresses.Node(2)));
    EXPECT_TRUE(addresses.IsHost(addresses.Gateway()));
    EXPECT_FALSE(addresses.IsHost(addresses.Node(3)));
    EXPECT_FALSE(addresses.IsHost(addresses.Broadcast()));
    EXPECT_FALSE(addresses.IsHost(addresses.Origin()));
    EXPECT_FALSE(addresses.IsHost(ns3::Ipv4Address("10.1.0.0")));
    EXPECT_TRUE(addresses.OnLink(addresses.Node(3)));
    EXPECT_FALSE(addresses.OnLink(addresses.Origin()));
}

TEST(LanNetworkConfigTest, RefusesWhatMakesNoNetworkAndNamesTheKey)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-3");
    const auto refuses = [](const std::string& key, auto change)
    {
        LanNetworkConfig config;
        change(config);
        EXPECT_THAT([&config] { config.Validate(); },
                    ThrowsMessage<std::invalid_argument>(HasSubstr(key)));
        EXPECT_THROW(const LanNetwork network(config), std::invalid_argument);
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_NO_THROW(LanNetworkConfig().Validate());
    refuses("lan.nodes", [](auto& config) { config.nodes = 0; });
    refuses("lan.nodes", [](auto& config) { config.nodes = kNodesMax + 1; });
    refuses("lan.rate_mbps", [](auto& config) { config.rateMbps = 0; });
    refuses("lan.latency_us", [](auto& config) { config.latencyUs = -1; });
    refuses("lan.latency_us", [nan](auto& config) { config.latencyUs = nan; });
    refuses("lan.loss", [](auto& config) { config.loss = 1.01; });
    refuses("lan.loss", [nan](auto& config) { config.loss = nan; });
    refuses("lan.queue_packets", [](auto& config) { config.queuePackets = 0; });
    refuses("uplink.down_kbps", [](auto& config) { config.uplink.downKbps = 0; });
    refuses("uplink.up_kbps", [](auto& config) { config.uplink.upKbps = -5; });
    refuses("uplink.latency_ms", [nan](auto& config) { config.uplink.latencyMs = nan; });
    refuses("uplink.queue_packets", [](auto& config) { config.uplink.queuePackets = 0; });
    refuses("internet.nodes", [](auto& config) { config.internet = {true, false}; });
}

TEST(TcpDefaultsTest, ReceiverAlwaysTakesMoreThanASenderHolds)
{
    RecordProperty("requirement", "R-SIM-1");
    for (const UplinkPreset& preset : UplinkPresets())
    {
        for (const double latencyUs : {0.0, 25.0, 5000.0, 1e6})
        {
            LanNetworkConfig config;
            config.uplink = preset.uplink;
            config.latencyUs = latencyUs;
            EXPECT_GE(TcpSendBufferBytes(config), 256 * 1024);
            EXPECT_LE(TcpSendBufferBytes(config), 4 * 1024 * 1024);
            EXPECT_GE(TcpReceiveBufferBytes(config), 2 * TcpSendBufferBytes(config));
        }
    }
    LanNetworkConfig fast;
    fast.uplink = FindUplinkPreset("fast").value();
    EXPECT_GT(TcpSendBufferBytes(fast), 200 * 1502);
}

TEST_F(LanTest, SocketsHaveTheDefaultsOfALinuxHost)
{
    RecordProperty("requirement", "R-SIM-1");
    const LanNetwork& lan = Build(LanNetworkConfig());
    const auto socket = ns3::Socket::CreateSocket(lan.Node(0), ns3::TcpSocketFactory::GetTypeId());
    const auto count = [&socket](const char* name)
    {
        ns3::UintegerValue value;
        socket->GetAttribute(name, value);
        return value.Get();
    };
    const auto ms = [&socket](const char* name)
    {
        ns3::TimeValue value;
        socket->GetAttribute(name, value);
        return value.Get().GetMilliSeconds();
    };
    EXPECT_EQ(count("SegmentSize"), 1448);
    EXPECT_EQ(count("InitialCwnd"), 10);
    EXPECT_EQ(count("DataRetries"), 15);
    EXPECT_EQ(count("RcvBufSize"), 2 * count("SndBufSize"));
    EXPECT_EQ(ms("ConnTimeout"), 1000);
    EXPECT_EQ(ms("MinRto"), 200);
    EXPECT_EQ(ms("DelAckTimeout"), 40);
    EXPECT_EQ(ms("ClockGranularity"), 200);
    const auto cubic = ns3::CreateObject<ns3::TcpCubic>();
    ns3::TimeValue delayMax;
    cubic->GetAttribute("HyStartDelayMax", delayMax);
    EXPECT_EQ(delayMax.Get(), ns3::MilliSeconds(16));
}

/// The retransmission time-out that TCP makes of an estimator.
ns3::Time
Timeout(const ns3::RttEstimator& estimator)
{
    return estimator.GetEstimate() + estimator.GetVariation() * std::int64_t{4};
}

TEST(UplinkRttTest, IsPatientAndOtherwiseTheEstimatorOfNs3)
{
    RecordProperty("requirement", "R-SIM-3");
    const auto plain = ns3::CreateObject<ns3::RttMeanDeviation>();
    const auto patient = ns3::CreateObject<UplinkRtt>();
    patient->SetAttribute("LeastTimeout", ns3::TimeValue(ns3::MilliSeconds(3000)));
    const ns3::Time rounding = ns3::NanoSeconds(4);
    for (const std::uint64_t ms : {100, 110, 95, 100, 105, 2500, 1800, 4000, 100, 100, 100, 100})
    {
        plain->Measurement(ns3::MilliSeconds(ms));
        patient->Measurement(ns3::MilliSeconds(ms));
        EXPECT_EQ(patient->GetEstimate(), plain->GetEstimate());
        const ns3::Time least = ns3::MilliSeconds(3000);
        EXPECT_GE(Timeout(*patient) + rounding, std::max(Timeout(*plain), least)) << ms;
        EXPECT_LE(Timeout(*patient), std::max(Timeout(*plain), least)) << ms;
    }
    EXPECT_EQ(Timeout(*patient->Copy()), Timeout(*patient));
    patient->Reset();
    patient->Measurement(ns3::MilliSeconds(4000));
    EXPECT_EQ(Timeout(*patient), ns3::MilliSeconds(4000 + 4 * 2000));
}

TEST_F(LanTest, OnlyTheOriginIsPatient)
{
    RecordProperty("requirement", "R-SIM-3");
    const LanNetwork& lan = Build(LanNetworkConfig());
    const auto estimator = [](const ns3::Ptr<ns3::Node>& node)
    {
        ns3::TypeIdValue type;
        node->GetObject<ns3::TcpL4Protocol>()->GetAttribute("RttEstimatorType", type);
        return type.Get();
    };
    EXPECT_EQ(estimator(lan.Origin()), UplinkRtt::GetTypeId());
    EXPECT_EQ(estimator(lan.Gateway()), ns3::RttMeanDeviation::GetTypeId());
    EXPECT_EQ(estimator(lan.Node(0)), ns3::RttMeanDeviation::GetTypeId());
    // The default uplink's queue and one more, 51 x 1502 bytes at 1.5 Mb/s, there and back, 200 ms.
    ns3::TimeValue least;
    ns3::CreateObject<UplinkRtt>()->GetAttribute("LeastTimeout", least);
    EXPECT_NEAR(least.Get().GetSeconds(), 51 * 1502 * 8 / 1.5e6 + 0.0401 + 0.2, 1e-6);
}

} // namespace
} // namespace lanpeer::lan
