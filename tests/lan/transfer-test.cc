// TCP over the LAN and over each uplink: as fast as the line allows, and carrying little twice.

#include "lan-probe.h"

#include <iostream>
#include <string>
#include <vector>

namespace lanpeer::lan
{
namespace
{

constexpr std::uint32_t kMegabyte = 1'000'000;

/// Bytes on the wire for each byte of a transfer, in full segments of 1448.
constexpr double kOnEthernet = (1448 + 52 + 18 + 12) / 1448.0; // the gap between frames takes time
constexpr double kOnPpp = (1448 + 52 + 2) / 1448.0;

TEST_F(LanTest, TransferBetweenNodesTakesTheTimeOfItsBytes)
{
    RecordProperty("requirement", "R-SIM-2");
    LanNetworkConfig config;
    config.nodes = 10;
    const LanNetwork& lan = Build(config);
    const TcpTransfer transfer(
        lan.Node(3), lan.Node(7), lan.Address(7), kMegabyte, ns3::Seconds(1));
    ns3::Simulator::Run();

    const double line = kMegabyte * 8 * kOnEthernet / 100e6;
    EXPECT_GE(transfer.Seconds(), line);
    EXPECT_LE(transfer.Seconds(), 1.01 * line + 0.001);
    EXPECT_EQ(lan.LanQueueDrops(), 0);
}

TEST_F(LanTest, TransfersOfOtherNodesDoNotSlowEachOther)
{
    RecordProperty("requirement", "R-SIM-2");
    LanNetworkConfig config;
    config.nodes = 10;
    const LanNetwork& lan = Build(config);
    std::vector<std::unique_ptr<TcpTransfer>> transfers;
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        // A ring: every node sends and receives at once.
        transfers.push_back(std::make_unique<TcpTransfer>(lan.Node((i + 1) % config.nodes),
                                                          lan.Node(i),
                                                          lan.Address(i),
                                                          kMegabyte,
                                                          ns3::Seconds(1)));
    }
    ns3::Simulator::Run();
    const double line = kMegabyte * 8 * kOnEthernet / 100e6;
    for (const auto& transfer : transfers)
    {
        // The acknowledgements of the other direction take 4 %.
        EXPECT_GE(transfer->Seconds(), line);
        EXPECT_LE(transfer->Seconds(), 1.06 * line + 0.001);
    }
}

class UplinkTransferTest : public LanTest, public testing::WithParamInterface<std::string>
{
};

TEST_P(UplinkTransferTest, TakesTheTimeOfItsBytes)
{
    RecordProperty("requirement", "R-SIM-3");
    LanNetworkConfig config;
    config.nodes = 3;
    config.uplink = FindUplinkPreset(GetParam()).value();
    const LanNetwork& lan = Build(config);
    const TcpTransfer transfer(
        lan.Origin(), lan.Node(1), lan.Address(1), kMegabyte, ns3::Seconds(1));
    ns3::Simulator::Run();

    const double rate = config.uplink.downKbps * 1e3;
    const double roundTrip = 2 * config.uplink.latencyMs * 1e-3;
    const double expected = kMegabyte * 8 * 1.05 / rate + 2 * roundTrip;
    EXPECT_GE(transfer.Seconds(), kMegabyte * 8 * kOnPpp / rate);
    EXPECT_NEAR(transfer.Seconds(), expected, 0.07 * expected);

    const double carried = static_cast<double>(lan.UplinkBytesDown()) / (kMegabyte * kOnPpp);
    EXPECT_GE(carried, 1);
    EXPECT_LE(carried, 1.08);
    std::cout << GetParam() << ": " << transfer.Seconds() << " s, " << transfer.Seconds() / expected
              << " of the expected, " << lan.UplinkDownDrops() << " drops, " << carried
              << " of its bytes carried\n";
}

std::vector<std::string>
PresetNames()
{
    std::vector<std::string> names;
    for (const UplinkPreset& preset : UplinkPresets())
    {
        names.emplace_back(preset.name);
    }
    return names;
}

INSTANTIATE_TEST_SUITE_P(Presets, UplinkTransferTest, testing::ValuesIn(PresetNames()));

// ns-3's TCP would carry every byte twice here: see UplinkRtt.
TEST_F(LanTest, TwoTransfersOnAModemCarryLittleTwice)
{
    RecordProperty("requirement", "R-SIM-3");
    LanNetworkConfig config;
    config.nodes = 2;
    config.uplink = FindUplinkPreset("modem56k").value();
    const LanNetwork& lan = Build(config);
    const TcpTransfer first(lan.Origin(), lan.Node(0), lan.Address(0), kMegabyte, ns3::Seconds(1));
    const TcpTransfer second(lan.Origin(), lan.Node(1), lan.Address(1), kMegabyte, ns3::Seconds(1));
    ns3::Simulator::Run();
    EXPECT_GT(first.Seconds(), 0);
    EXPECT_GT(second.Seconds(), 0);
    EXPECT_LE(static_cast<double>(lan.UplinkBytesDown()), 1.15 * 2 * kMegabyte * kOnPpp);
}

TEST_F(LanTest, ManyTransfersOnOneUplinkAllComplete)
{
    RecordProperty("requirement", "R-SIM-3");
    LanNetworkConfig config;
    config.nodes = 30;
    const LanNetwork& lan = Build(config);
    std::vector<std::unique_ptr<TcpTransfer>> transfers;
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        transfers.push_back(std::make_unique<TcpTransfer>(lan.Origin(),
                                                          lan.Node(i),
                                                          lan.Address(i),
                                                          kMegabyte / 4,
                                                          ns3::MilliSeconds(1000 + 100 * i)));
    }
    ns3::Simulator::Run();
    double last = 0;
    for (const auto& transfer : transfers)
    {
        EXPECT_GT(transfer->Seconds(), 0);
        last = std::max(last, transfer->Seconds());
    }
    const double bytes = config.nodes * kMegabyte / 4.0;
    EXPECT_LE(last, 1.15 * bytes * 8 * kOnPpp / (config.uplink.downKbps * 1e3));
    EXPECT_LE(static_cast<double>(lan.UplinkBytesDown()), 1.1 * bytes * kOnPpp);
}

TEST_F(LanTest, TransferSurvivesLoss)
{
    RecordProperty("requirement", "R-SIM-5");
    for (const double loss : {0.001, 0.01, 0.05})
    {
        LanNetworkConfig config;
        config.nodes = 4;
        config.loss = loss;
        const LanNetwork& lan = Build(config);
        const TcpTransfer transfer(
            lan.Node(0), lan.Node(1), lan.Address(1), kMegabyte, ns3::Seconds(1));
        ns3::Simulator::Run();
        EXPECT_GT(transfer.Seconds(), 0) << "loss " << loss;
        TearDown();
    }
}

} // namespace
} // namespace lanpeer::lan
