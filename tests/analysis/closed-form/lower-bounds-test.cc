#include "analysis/closed-form/lower-bounds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <stdexcept>
#include <vector>

namespace lanpeer::analysis
{
namespace
{

constexpr double kMbit = 125'000.0; ///< bytes

TEST(LowerBounds, OneCopyOfEachThatNobodyHolds)
{
    RecordProperty("requirement", "R-SIM-8");
    EXPECT_EQ(LeastInternetBytes({}), 0U);
    EXPECT_EQ(LeastInternetBytes({{910'000, false}, {16'000, true}, {370'000, false}}), 1'280'000U);
}

/// The same by the cut of least capacity: of the only cuts that can be least, what comes in, and
/// what goes out to each receiver. By steps of a thousandth; the first time that is enough.
double
ByCuts(const FlowLan& lan, double bytes)
{
    double holders = 0.0;
    double wanted = 0.0;
    double fastest = 0.0;
    double slowest = 1e9;
    for (const FlowLan::Node& node : lan.nodes)
    {
        holders += node.holds ? node.uploadMbps : 0.0;
        fastest = node.holds ? fastest : std::max(fastest, node.downloadMbps);
        if (node.wants && !node.holds)
        {
            wanted += bytes;
            slowest = std::min(slowest, node.downloadMbps);
        }
    }
    const double firstS = bytes / kMbit / std::min(fastest, lan.uplinkMbps + holders);
    for (double t = 0.0;; t += 1e-3)
    {
        double comes = (lan.uplinkMbps + holders) * t;
        for (const FlowLan::Node& node : lan.nodes)
        {
            comes += !node.holds ? node.uploadMbps * std::max(0.0, t - firstS) : 0.0;
        }
        const bool crosses = holders > 0.0 || lan.uplinkMbps * t >= bytes / kMbit;
        if (crosses && comes * kMbit >= wanted && slowest * t * kMbit >= bytes)
        {
            return t;
        }
    }
}

TEST(LowerBounds, FlowAgreesWithTheLeastCut)
{
    RecordProperty("requirement", "R-SIM-8");
    std::mt19937_64 engine(8);
    std::uniform_real_distribution<double> rate(1.0, 20.0);
    std::bernoulli_distribution half(0.5);
    for (int i = 0; i < 30; ++i)
    {
        FlowLan lan;
        lan.uplinkMbps = rate(engine);
        for (int node = 0; node < 2 + i % 7; ++node)
        {
            lan.nodes.push_back({rate(engine),
                                 rate(engine),
                                 i % 2 == 0 && half(engine),
                                 i % 3 > 0 || half(engine)});
        }
        lan.nodes.back().holds = false;
        lan.nodes.back().wants = true;
        const double boundS = LeastFinishS(lan, 10 * kMbit);
        EXPECT_NEAR(boundS, ByCuts(lan, 10 * kMbit), 2e-3) << i;
    }
}

TEST(LowerBounds, KnownLimits)
{
    RecordProperty("requirement", "R-SIM-8");
    // One node: the uplink or its own cable.
    EXPECT_NEAR(LeastFinishS(EvenLan(1, 0, 100, 2), 4 * kMbit), 2.0, 1e-6);
    EXPECT_NEAR(LeastFinishS(EvenLan(1, 0, 1, 2), 4 * kMbit), 4.0, 1e-6);
    // A holder and a receiver: 4 Mbit at 10, the uplink helping with what the cable leaves.
    EXPECT_NEAR(LeastFinishS(EvenLan(2, 1, 10, 1e-6), 4 * kMbit), 0.4, 1e-6);
    // One holder, nine receivers: the first copy after 0.4 s, then nine help: 36 = 10 t + 90
    // (t-0.4).
    EXPECT_NEAR(LeastFinishS(EvenLan(10, 1, 10, 1e-9), 4 * kMbit), 0.72, 1e-6);
    // Nobody holds it, a slow uplink: that is what it takes; the LAN is done in no time after.
    EXPECT_NEAR(LeastFinishS(EvenLan(50, 0, 1000, 1), 4 * kMbit), 4.0, 0.01);
    EXPECT_EQ(LeastFinishS(EvenLan(5, 5, 100, 1), 4 * kMbit), 0.0) << "nobody wants it";
    EXPECT_GT(LeastFinishS(EvenLan(2000, 0, 100, 1), 4 * kMbit), 4.0);
}

TEST(LowerBounds, HelpersGiveToo)
{
    RecordProperty("requirement", "R-SIM-8");
    FlowLan lan = EvenLan(4, 1, 10, 1e-9);
    lan.nodes[2].wants = false;
    lan.nodes[3].wants = false;
    // The holder alone gives 4 Mbit in 0.4 s; of two receivers the helpers carry a part of the
    // second copy: 8 = 10 t + 30 (t - 0.4).
    EXPECT_NEAR(LeastFinishS(lan, 4 * kMbit), 0.4, 1e-6);
    lan.nodes[2].wants = true;
    EXPECT_NEAR(LeastFinishS(lan, 4 * kMbit), 0.5, 1e-6);
}

TEST(LowerBounds, WhatIsSmallIsOfferedSooner)
{
    RecordProperty("requirement", "R-SIM-8");
    // As in KnownLimits, but the first of it is whole after 0.1 s: 36 = 10 t + 90 (t - 0.1).
    EXPECT_NEAR(LeastFinishS(EvenLan(10, 1, 10, 1e-9), 4 * kMbit, kMbit), 0.45, 1e-6);
    EXPECT_THROW(LeastFinishS(EvenLan(2, 0, 10, 1), kMbit, 2 * kMbit), std::invalid_argument);
    EXPECT_THROW(LeastFinishS(EvenLan(2, 0, 10, 1), kMbit, 0), std::invalid_argument);
}

TEST(LowerBounds, NothingSimulatedWasFaster)
{
    RecordProperty("requirement", "R-SIM-8");
    // results/flash-crowd.md: 60 nodes at one instant, 16 kB, 1.5 Mb/s; the best finish, last, s.
    const double boundS = LeastFinishS(EvenLan(60, 0, 100, 1.5), 16'000);
    EXPECT_GT(boundS, 16'000 / kMbit / 1.5);
    EXPECT_LT(boundS, 4.36 - 0.08);
    EXPECT_EQ(LeastInternetBytes({{16'000, false}}), 16'000U);
}

TEST(LowerBounds, WhatMakesNoSenseIsRefused)
{
    RecordProperty("requirement", "R-SIM-8");
    EXPECT_THROW(LeastFinishS(EvenLan(2, 0, 100, 0), 1000), std::invalid_argument);
    EXPECT_THROW(LeastFinishS(EvenLan(2, 0, 0, 1), 1000), std::invalid_argument);
    EXPECT_THROW(LeastFinishS(EvenLan(2, 0, 100, 1), 0), std::invalid_argument);
}

} // namespace
} // namespace lanpeer::analysis
