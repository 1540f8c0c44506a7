#include "analysis/closed-form/false-time-out.h"

#include "analysis/closed-form/response-delay.h"
#include "analysis/statistics.h"

#include <gtest/gtest.h>

#include <random>
#include <stdexcept>
#include <vector>

namespace lanpeer::analysis
{
namespace
{

/// 1 for each ask that nobody answered in time.
std::vector<double>
DrawTimeOuts(const TimeOutCase& what, int rounds)
{
    std::mt19937_64 engine(99);
    std::uniform_real_distribution<double> uniform(0.0, 1.0);
    const auto lost = [&]()
    {
        return uniform(engine) < what.lossPerLink;
    };
    std::vector<double> sample;
    for (int i = 0; i < rounds; ++i)
    {
        bool answered = false;
        const bool asked = !lost();
        for (std::uint32_t holder = 0; holder < what.holders; ++holder)
        {
            const double delayMs = uniform(engine) * what.delayMaxMs;
            const double roundTripMs = what.roundTripMs + uniform(engine) * what.spreadMs;
            const bool arrives = !lost() && !lost() && !lost();
            answered = answered || (asked && arrives &&
                                    delayMs + roundTripMs <= what.delayMaxMs + what.allowanceMs);
        }
        sample.push_back(answered ? 0.0 : 1.0);
    }
    return sample;
}

TEST(FalseTimeOut, AgreesWithDraws)
{
    RecordProperty("requirement", "R-SIM-8 R-CLI-3");
    for (const TimeOutCase& what : {TimeOutCase{1, 2000, 0, 300, 0, 0},
                                    TimeOutCase{1, 100, 50, 10, 100, 0},
                                    TimeOutCase{2, 100, 0, 20, 200, 0},
                                    TimeOutCase{3, 100, 20, 90, 60, 0.05},
                                    TimeOutCase{10, 2000, 200, 1, 0, 0.1},
                                    TimeOutCase{2, 0, 5, 3, 4, 0.02}})
    {
        const auto sample = DrawTimeOuts(what, 40'000);
        const double expected = FalseTimeOutProbability(what);
        EXPECT_TRUE(AgreesWith(sample, expected))
            << what.holders << " holders: drawn " << Mean(sample) << ", formula " << expected;
        EXPECT_FALSE(AgreesWith(sample, expected * 1.3)) << what.holders;
    }
}

TEST(FalseTimeOut, KnownLimits)
{
    RecordProperty("requirement", "R-SIM-8");
    EXPECT_EQ(FalseTimeOutProbability({3, 2000, 200, 0.2, 0, 0}), 0.0);
    EXPECT_EQ(FalseTimeOutProbability({1, 2000, 1, 1, 0, 0}), 0.0) << "T as long as the round trip";
    EXPECT_EQ(FalseTimeOutProbability({0, 2000, 200, 0.2, 0, 0}), 1.0) << "nobody holds it";
    EXPECT_EQ(FalseTimeOutProbability({5, 0, 0, 1, 0, 0}), 1.0) << "no wait at all";
    EXPECT_DOUBLE_EQ(FalseTimeOutProbability({1, 1000, 0, 100, 0, 0}), 0.1);
    EXPECT_DOUBLE_EQ(FalseTimeOutProbability({2, 1000, 0, 100, 0, 0}), 0.01);
    // X + R of two equal uniforms, T = 0: half of the square.
    EXPECT_DOUBLE_EQ(FalseTimeOutProbability({1, 100, 0, 0, 100, 0}), 0.5);
    // Four cables, one after the other.
    EXPECT_NEAR(FalseTimeOutProbability({1, 100, 10, 1, 0, 0.1}), 1.0 - 0.6561, 1e-12);
    EXPECT_NEAR(FalseTimeOutProbability({1000, 100, 10, 1, 0, 0.1}), 0.1, 1e-12)
        << "the asker's own cable is common to all";
    EXPECT_EQ(FalseTimeOutProbability({7, 100, 10, 1, 0, 1.0}), 1.0);
}

TEST(FalseTimeOut, WithEnoughAllowanceItIsTheSilenceOfTheLossyForm)
{
    RecordProperty("requirement", "R-SIM-8");
    for (const std::uint32_t holders : {1U, 4U, 30U})
    {
        EXPECT_NEAR(FalseTimeOutProbability({holders, 500, 10, 10, 0, 0.07}),
                    ExpectedAnswers({holders, 500, 3, 0.07}).silence,
                    1e-12);
    }
}

TEST(FalseTimeOut, LeastAllowanceIsJustEnough)
{
    RecordProperty("requirement", "R-SIM-8");
    for (const TimeOutCase& what : {TimeOutCase{1, 2000, 0, 300, 0, 0},
                                    TimeOutCase{1, 100, 0, 10, 100, 0.001},
                                    TimeOutCase{2, 50, 0, 60, 20, 0}})
    {
        TimeOutCase at = what;
        at.allowanceMs = LeastAllowanceMs(what, 0.01);
        EXPECT_GT(at.allowanceMs, 0.0);
        EXPECT_LE(at.allowanceMs, what.roundTripMs + what.spreadMs);
        EXPECT_LE(FalseTimeOutProbability(at), 0.01);
        at.allowanceMs -= 0.01;
        EXPECT_GT(FalseTimeOutProbability(at), 0.01);
    }
    EXPECT_EQ(LeastAllowanceMs({10, 2000, 0, 300, 0, 0}, 0.01), 0.0) << "ten are hardly all late";
    EXPECT_LT(LeastAllowanceMs({1, 2000, 0, 0.2, 0, 0.1}, 0.01), 0.0) << "losses alone are more";
}

TEST(FalseTimeOut, WhatMakesNoSenseIsRefused)
{
    RecordProperty("requirement", "R-SIM-8");
    EXPECT_THROW(FalseTimeOutProbability({1, -1, 0, 0, 0, 0}), std::invalid_argument);
    EXPECT_THROW(FalseTimeOutProbability({1, 1, 0, 0, -1, 0}), std::invalid_argument);
    EXPECT_THROW(FalseTimeOutProbability({1, 1, 0, 0, 0, 1.1}), std::invalid_argument);
    EXPECT_THROW(LeastAllowanceMs({1, 1, 0, 0, 0, 0}, 0.0), std::invalid_argument);
}

} // namespace
} // namespace lanpeer::analysis
