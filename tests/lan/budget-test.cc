#include "model/lan/received-packets.h"
#include "tests/lan/fake-peer.h"
#include "tests/lan/replicates.h"

#include <gtest/gtest.h>

#include <ns3/simulator.h>

// The rate budgets stand before the decoder (R-SRV-7).

namespace lanpeer::lan
{
namespace
{

TEST(FloodOfPackets, IsNotDecodedBeyondTheBudget)
{
    RecordProperty("requirement", "R-SRV-7");
    RecordProperty("attack", "L4");
    constexpr int kPackets = 1000;
    constexpr std::uint64_t kBurst = 50;
    const auto runs = Replicates(
        1,
        [](std::uint64_t) -> Figures
        {
            OfficeConfig office = FlashCrowd(Policy::Robust, 3, "fast");
            office.askers = nullptr;
            office.protocol.sourceBurst = kBurst;
            office.protocol.sourceRefillPerS = 1;
            OfficeSimulation simulation(office);
            FakePeer stranger(simulation.Network());
            for (int i = 0; i < kPackets; ++i)
            {
                ns3::Simulator::Schedule(ns3::MilliSeconds(1000 + i / 2),
                                         [&stranger] { stranger.BroadcastBytes("<service/>"); });
            }
            ns3::Simulator::Stop(ns3::Seconds(3));
            const analysis::RunRecord record = simulation.Run();
            return {static_cast<double>(ReceivedPackets::Instance().Decoded()),
                    static_cast<double>(record.dropped.at("source-budget")),
                    static_cast<double>(record.packets.received)};
        });
    ASSERT_EQ(runs.at(0).size(), 3);
    EXPECT_EQ(runs[0][2], 3 * kPackets);
    EXPECT_EQ(runs[0][1], 3 * (kPackets - kBurst));
    EXPECT_EQ(runs[0][0], kBurst) << "each once for all three nodes";
}

} // namespace
} // namespace lanpeer::lan
