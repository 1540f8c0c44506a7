// TCP over the LAN and over each uplink: as fast as the line allows, and like a real host's.

#include "lan-probe.h"

#include <array>
#include <cstdlib>

namespace lanpeer::lan
{
namespace
{

constexpr std::uint32_t kMegabyte = 1'000'000;

/// On-wire bytes for each byte of a transfer: full segments of 1448.
constexpr double kOnEthernet = (1448 + 52 + 18 + 12) / 1448.0; // the gap between frames is time too
constexpr double kOnPpp = (1448 + 52 + 2) / 1448.0;

TEST_F(LanTest, TransferBetweenNodesTakesTheTimeOfItsBytes)
{
    LanNetworkConfig config;
    config.nodes = 10;
    const LanNetwork& lan = Build(config);
    const TcpTransfer transfer(lan.Node(3),
                               lan.Node(7),
                               lan.Address(7),
                               kMegabyte,
                               ns3::Seconds(1));
    ns3::Simulator::Run();

    const double line = kMegabyte * 8 * kOnEthernet / 100e6;
    EXPECT_GE(transfer.Seconds(), line);
    EXPECT_LE(transfer.Seconds(), 1.02 * line + 0.002);
    EXPECT_EQ(lan.LanQueueDrops(), 0);
    RecordProperty("seconds", std::to_string(transfer.Seconds()));
}

} // namespace
} // namespace lanpeer::lan
