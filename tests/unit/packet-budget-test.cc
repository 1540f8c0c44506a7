#include "model/protocol/packet-budget.h"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <random>

namespace lanpeer
{
namespace
{

constexpr std::uint64_t kSecond = 1000000;

PeeringConfig
Figures(std::uint64_t sourceBurst,
        std::uint64_t sourceRefill,
        std::uint64_t totalBurst,
        std::uint64_t totalRefill)
{
    PeeringConfig config;
    config.sourceBurst = sourceBurst;
    config.sourceRefillPerS = sourceRefill;
    config.totalBurst = totalBurst;
    config.totalRefillPerS = totalRefill;
    return config;
}

PeerId
Peer(std::uint64_t number)
{
    return static_cast<PeerId>(number);
}

/// How many of \p tries packets at one instant are admitted.
int
Admitted(PacketBudget& budget, PeerId source, bool iFound, std::uint64_t nowUs, int tries)
{
    int admitted = 0;
    for (int i = 0; i < tries; ++i)
    {
        admitted += budget.Admit(source, iFound, nowUs) ? 0 : 1;
    }
    return admitted;
}

TEST(PacketBudgetTest, ASourceHasItsBurstAndItsRefill)
{
    RecordProperty("requirement", "R-SRV-7");
    RecordProperty("attack", "L4");
    PacketBudget budget(PeeringConfig::Defaults());
    EXPECT_EQ(Admitted(budget, Peer(1), false, 0, 100), 64);
    EXPECT_EQ(budget.Admit(Peer(1), false, 0), Reason::SourceBudget);
    EXPECT_EQ(budget.Admit(Peer(1), false, 62499), Reason::SourceBudget);
    EXPECT_EQ(budget.Admit(Peer(1), false, 62500), std::nullopt) << "16 a second";
    EXPECT_EQ(Admitted(budget, Peer(1), false, 62500 + kSecond, 100), 16);
    EXPECT_EQ(Admitted(budget, Peer(1), false, 10 * kSecond, 100), 64) << "no more than the burst";
    EXPECT_EQ(Admitted(budget, Peer(2), false, 0, 100), 64) << "another source";
}

TEST(PacketBudgetTest, AllSourcesHaveOneMore)
{
    RecordProperty("requirement", "R-SRV-7");
    RecordProperty("attack", "L4");
    PacketBudget budget(PeeringConfig::Defaults());
    int admitted = 0;
    for (std::uint64_t source = 0; source < 300; ++source)
    {
        admitted += Admitted(budget, Peer(source), false, 5, 64);
    }
    EXPECT_EQ(admitted, 16384);
    EXPECT_EQ(budget.Admit(Peer(1000), false, 5), Reason::TotalBudget);
    EXPECT_EQ(budget.Admit(Peer(0), false, 5), Reason::SourceBudget) << "asked first";
    admitted = 0;
    for (std::uint64_t source = 1000; source < 1300; ++source)
    {
        admitted += Admitted(budget, Peer(source), false, 5 + kSecond, 64);
    }
    EXPECT_EQ(admitted, 4096);
}

TEST(PacketBudgetTest, IFoundHasAPairOfItsOwn)
{
    RecordProperty("requirement", "R-SRV-7");
    PacketBudget budget(Figures(3, 1, 5, 1));
    EXPECT_EQ(Admitted(budget, Peer(1), false, 0, 10), 3);
    EXPECT_EQ(Admitted(budget, Peer(1), true, 0, 10), 3);
    EXPECT_EQ(Admitted(budget, Peer(2), true, 0, 10), 2) << "the total of \"I found\"";
    EXPECT_EQ(budget.Admit(Peer(2), true, 0), Reason::TotalBudget);
    EXPECT_EQ(Admitted(budget, Peer(2), false, 0, 10), 2) << "the total of the others";
    EXPECT_EQ(Admitted(budget, Peer(1), true, kSecond, 10), 1);
    EXPECT_EQ(Admitted(budget, Peer(1), false, kSecond, 10), 1);
}

TEST(PacketBudgetTest, ARefusedPacketIsChargedToNobody)
{
    RecordProperty("requirement", "R-SRV-7");
    RecordProperty("attack", "L4");
    PacketBudget budget(Figures(2, 1, 4, 1));
    EXPECT_EQ(Admitted(budget, Peer(1), false, 0, 1000), 2);
    EXPECT_EQ(Admitted(budget, Peer(2), false, 0, 1), 1) << "the total is not spent by refusals";
    EXPECT_EQ(Admitted(budget, Peer(3), false, 0, 1), 1);
    EXPECT_EQ(budget.Admit(Peer(2), false, 0), Reason::TotalBudget);
    EXPECT_EQ(budget.Admit(Peer(4), false, 0), Reason::TotalBudget);
    EXPECT_EQ(budget.Sources(), 3U) << "what the total refuses leaves no trace";
    EXPECT_EQ(Admitted(budget, Peer(4), false, 2 * kSecond, 3), 2) << "nor is the source charged";
}

/// Compares with the same sums in 128 bits, over steps that do not divide anything.
TEST(PacketBudgetTest, NeitherLosesNorGains)
{
    RecordProperty("requirement", "R-SRV-7");
    __extension__ using Wide = unsigned __int128;
    for (const std::uint64_t perS : {1U, 3U, 7U, 16U, 999983U})
    {
        constexpr std::uint64_t kBurst = 10;
        PacketBudget budget(Figures(kBurst, perS, 1 << 24, 1 << 24));
        std::mt19937_64 random(perS);
        Wide level = Wide(kBurst) * kSecond;
        std::uint64_t now = 1700000000 * kSecond;
        std::uint64_t disagreements = 0;
        for (int i = 0; i < 100000; ++i)
        {
            const std::uint64_t step = random() % (2 * kSecond / perS + 1);
            now += step;
            level = std::min(level + Wide(step) * perS, Wide(kBurst) * kSecond);
            const bool expected = level >= kSecond;
            level -= expected ? kSecond : 0;
            disagreements += expected == !budget.Admit(Peer(1), false, now) ? 0 : 1;
        }
        EXPECT_EQ(disagreements, 0U) << perS;
    }
}

TEST(PacketBudgetTest, APacketComesBackNotAMicrosecondEarly)
{
    RecordProperty("requirement", "R-SRV-7");
    for (const std::uint64_t perS : {1U, 3U, 7U, 16U, 4096U, 999983U, 1000000U, 1048576U})
    {
        const std::uint64_t wait = (kSecond + perS - 1) / perS;
        PacketBudget budget(Figures(1, perS, 1, perS));
        EXPECT_EQ(budget.Admit(Peer(1), false, 50), std::nullopt);
        EXPECT_EQ(budget.Admit(Peer(1), false, 50 + wait - 1), Reason::SourceBudget) << perS;
        EXPECT_EQ(budget.Admit(Peer(2), false, 50 + wait - 1), Reason::TotalBudget) << perS;
        EXPECT_EQ(budget.Admit(Peer(1), false, 50 + wait), std::nullopt) << perS;
    }
}

TEST(PacketBudgetTest, TimeMayJump)
{
    RecordProperty("requirement", "R-SRV-7");
    constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
    PacketBudget budget(Figures(1 << 20, 1 << 20, 1 << 24, 1 << 24));
    EXPECT_EQ(budget.Admit(Peer(1), false, 0), std::nullopt);
    EXPECT_EQ(budget.Admit(Peer(1), false, kLast), std::nullopt);

    PacketBudget back(Figures(2, 1, 100, 1));
    EXPECT_EQ(Admitted(back, Peer(1), false, 10 * kSecond, 9), 2);
    EXPECT_EQ(Admitted(back, Peer(1), false, 5 * kSecond, 9), 0) << "backwards is standing still";
    EXPECT_EQ(Admitted(back, Peer(1), false, 11 * kSecond, 9), 1);
    EXPECT_EQ(Admitted(back, Peer(1), false, kLast, 9), 2);
}

TEST(PacketBudgetTest, WithoutFiguresNothingPasses)
{
    PacketBudget none(Figures(0, 0, 0, 0));
    EXPECT_EQ(none.Admit(Peer(1), false, kSecond), Reason::SourceBudget);
    PacketBudget noRefill(Figures(1, 0, 1, 0));
    EXPECT_EQ(noRefill.Admit(Peer(1), false, 0), std::nullopt);
    EXPECT_EQ(noRefill.Admit(Peer(1), false, 1000 * kSecond), Reason::SourceBudget);
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    PacketBudget all(Figures(kMost, kMost, kMost, kMost));
    EXPECT_EQ(Admitted(all, Peer(1), false, 0, 1000), 1000);
}

TEST(PacketBudgetTest, FullBucketsAreForgottenFirst)
{
    RecordProperty("requirement", "R-SRV-7");
    RecordProperty("attack", "L5");
    PacketBudget budget(PeeringConfig::Defaults());
    EXPECT_EQ(Admitted(budget, Peer(1), false, 0, 64), 64);
    std::size_t most = 0;
    // Each of these is full again after 62.5 ms.
    for (std::uint64_t i = 0; i < 3000; ++i)
    {
        EXPECT_EQ(budget.Admit(Peer(100 + i), false, i * 1000), std::nullopt);
        most = std::max(most, budget.Sources());
    }
    EXPECT_LE(most, 128U) << "64 are spent at a time";
    const int left = Admitted(budget, Peer(1), false, 3 * kSecond, 100);
    EXPECT_EQ(left, 48) << "a spent one was remembered all the time";
}

TEST(PacketBudgetTest, MemoryIsBounded)
{
    RecordProperty("requirement", "R-SRV-7");
    RecordProperty("attack", "L4");
    // A total that would let more sources in than there is room for.
    PacketBudget budget(Figures(64, 1, 1 << 24, 1 << 24));
    EXPECT_EQ(Admitted(budget, Peer(1), false, 0, 64), 64);
    EXPECT_EQ(Admitted(budget, Peer(2), true, 0, 64), 64);
    std::size_t most = 0;
    for (std::uint64_t i = 0; i < 200000; ++i)
    {
        EXPECT_EQ(budget.Admit(Peer(100 + i), false, i), std::nullopt);
        most = std::max(most, budget.MemoryBytes());
    }
    EXPECT_LE(budget.Sources(), PacketBudget::kSourcesMax);
    EXPECT_LE(most, PacketBudget::kSourcesMax * 36);
    EXPECT_EQ(budget.Admit(Peer(1), false, 200000), Reason::SourceBudget)
        << "a flood of forged sources does not refill the bucket of a spent one";
    EXPECT_EQ(budget.Admit(Peer(2), true, 200000), Reason::SourceBudget);
    // An hour later the table shrinks as soon as it has to be gone through.
    for (std::uint64_t i = 0; i < PacketBudget::kSourcesMax; ++i)
    {
        EXPECT_EQ(budget.Admit(Peer(i), false, 3600 * kSecond + i * 2 * kSecond), std::nullopt);
    }
    EXPECT_LE(budget.MemoryBytes(), 16U * 36);
}

TEST(PacketBudgetTest, AThousandSourcesTakeLittle)
{
    RecordProperty("requirement", "R-SRV-7");
    PacketBudget budget(PeeringConfig::Defaults());
    EXPECT_EQ(budget.MemoryBytes(), 0U);
    for (std::uint64_t i = 0; i < 1000; ++i)
    {
        EXPECT_EQ(budget.Admit(Peer(3232235520 + i), i % 2 == 0, 0), std::nullopt);
    }
    EXPECT_EQ(budget.Sources(), 1000U);
    EXPECT_LE(budget.MemoryBytes(), 36U * 1024);
}

/// The table against the plain definition: a map of buckets that forgets nothing.
TEST(PacketBudgetTest, AgreesWithAMapThatForgetsNothing)
{
    RecordProperty("requirement", "R-SRV-7");
    PacketBudget budget(Figures(4, 16, 1 << 24, 1 << 24));
    struct Bucket
    {
        std::uint64_t level = 4 * kSecond;
        std::uint64_t atUs = 0;
    };
    std::map<std::pair<std::uint64_t, bool>, Bucket> model;
    std::mt19937_64 random(2);
    std::uint64_t now = 0;
    std::uint64_t disagreements = 0;
    for (int i = 0; i < 200000; ++i)
    {
        now += random() % 300;
        const std::uint64_t source = random() % (i % 3 == 0 ? 20 : 2000);
        const bool iFound = random() % 4 == 0;
        Bucket& bucket = model[{source, iFound}];
        bucket.level = std::min(bucket.level + (now - bucket.atUs) * 16, 4 * kSecond);
        bucket.atUs = now;
        const bool expected = bucket.level >= kSecond;
        bucket.level -= expected ? kSecond : 0;
        disagreements += expected == !budget.Admit(Peer(source), iFound, now) ? 0 : 1;
    }
    EXPECT_EQ(disagreements, 0U);
}

} // namespace
} // namespace lanpeer
