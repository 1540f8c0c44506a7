#include "analysis/closed-form/response-delay.h"
#include "analysis/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

namespace lanpeer::analysis
{
namespace
{

constexpr double kDelayMaxMs = 2000.0;

/// What k holders do for one request, drawn; nothing of the formulas' derivation is used.
class Holders
{
  public:
    explicit Holders(std::uint32_t holders)
        : m_engine(424242)
        , m_delay(0.0, kDelayMaxMs)
        , m_delaysMs(holders)
    {
    }

    void Draw()
    {
        std::generate(m_delaysMs.begin(), m_delaysMs.end(), [this]() { return m_delay(m_engine); });
    }

    double LeastMs() const
    {
        return *std::min_element(m_delaysMs.begin(), m_delaysMs.end());
    }

    /// In the order of time: the first sends, and whoever expires before its cancellation too.
    double SentCount(double cancelWindowMs) const
    {
        const double cancelledAtMs = LeastMs() + cancelWindowMs;
        return static_cast<double>(std::count_if(
            m_delaysMs.begin(),
            m_delaysMs.end(),
            [&](double delayMs) { return delayMs <= LeastMs() || delayMs < cancelledAtMs; }));
    }

  private:
    std::mt19937_64 m_engine;
    std::uniform_real_distribution<double> m_delay;
    std::vector<double> m_delaysMs;
};

std::vector<double>
DrawSentCounts(std::uint32_t holders, double cancelWindowMs, int rounds)
{
    Holders draw(holders);
    std::vector<double> sample;
    for (int i = 0; i < rounds; ++i)
    {
        draw.Draw();
        sample.push_back(draw.SentCount(cancelWindowMs));
    }
    return sample;
}

/// The integral of the derivation, by the midpoint rule.
double
IHavesByIntegral(std::uint32_t holders, double share)
{
    constexpr int kSteps = 200'000;
    double sum = 0.0;
    for (int i = 0; i < kSteps; ++i)
    {
        const double x = (i + 0.5) / kSteps;
        sum += x < share ? 1.0 : std::pow(1.0 - (x - share), holders - 1.0);
    }
    return holders * sum / kSteps;
}

TEST(ClosedForm, IHavesAgreeWithDraws)
{
    RecordProperty("requirement", "R-SIM-8");
    for (const std::uint32_t holders : {2U, 3U, 10U, 49U})
    {
        for (const double windowMs : {10.0, 200.0, 900.0})
        {
            const std::vector<double> sample = DrawSentCounts(holders, windowMs, 20'000);
            EXPECT_TRUE(AgreesWith(sample, ExpectedIHaves(holders, windowMs, kDelayMaxMs)))
                << holders << " holders, window " << windowMs << " ms: drawn " << Mean(sample)
                << ", formula " << ExpectedIHaves(holders, windowMs, kDelayMaxMs);
            EXPECT_FALSE(AgreesWith(sample, ExpectedIHaves(holders, 2 * windowMs, kDelayMaxMs)))
                << "a window twice as wide must not pass: " << holders << ", " << windowMs;
        }
    }
}

TEST(ClosedForm, IHavesAgreeWithTheIntegral)
{
    RecordProperty("requirement", "R-SIM-8");
    for (const std::uint32_t holders : {1U, 2U, 10U, 200U})
    {
        for (const double share : {0.005, 0.1, 0.6})
        {
            EXPECT_NEAR(ExpectedIHaves(holders, share * kDelayMaxMs, kDelayMaxMs),
                        IHavesByIntegral(holders, share),
                        1e-3);
        }
    }
}

TEST(ClosedForm, IHavesByHand)
{
    RecordProperty("requirement", "R-SIM-8");
    // 3 * 0.5 + 1 - 0.5^3
    EXPECT_DOUBLE_EQ(ExpectedIHaves(3, 1000.0, 2000.0), 2.375);
    EXPECT_DOUBLE_EQ(ExpectedIHaves(1, 700.0, 2000.0), 1.0);
    EXPECT_DOUBLE_EQ(ExpectedIHaves(50, 0.0, 2000.0), 1.0);
    EXPECT_DOUBLE_EQ(ExpectedIHaves(50, 2000.0, 2000.0), 50.0);
    EXPECT_DOUBLE_EQ(ExpectedIHaves(50, 9000.0, 2000.0), 50.0);
    EXPECT_DOUBLE_EQ(ExpectedIHaves(0, 10.0, 2000.0), 0.0);
    EXPECT_DOUBLE_EQ(ExpectedIHaves(0, 0.0, 2000.0), 0.0);
}

TEST(ClosedForm, WithoutRandomisationAllSend)
{
    RecordProperty("requirement", "R-SRV-8");
    EXPECT_DOUBLE_EQ(ExpectedIHaves(50, 1.0, 0.0), 50.0);
    EXPECT_DOUBLE_EQ(ExpectedIHaves(50, 0.0, 0.0), 50.0);
    EXPECT_DOUBLE_EQ(ExpectedResponseDelayMs(50, 0.0), 0.0);
}

TEST(ClosedForm, ResponseDelayAgreesWithDraws)
{
    RecordProperty("requirement", "R-SIM-8");
    for (const std::uint32_t holders : {1U, 4U, 49U})
    {
        Holders draw(holders);
        std::vector<double> sample;
        for (int i = 0; i < 100'000; ++i)
        {
            draw.Draw();
            sample.push_back(draw.LeastMs());
        }
        EXPECT_TRUE(AgreesWith(sample, ExpectedResponseDelayMs(holders, kDelayMaxMs)));
        EXPECT_FALSE(AgreesWith(sample, kDelayMaxMs / (holders + 2.0)));
        EXPECT_FALSE(AgreesWith(sample, kDelayMaxMs / (holders + 0.0)));
    }
    EXPECT_DOUBLE_EQ(ExpectedResponseDelayMs(3, 2000.0), 500.0);
}

TEST(ClosedForm, WhatMakesNoSenseIsRefused)
{
    RecordProperty("requirement", "R-SIM-8");
    EXPECT_THROW(ExpectedIHaves(3, -1.0, 2000.0), std::invalid_argument);
    EXPECT_THROW(ExpectedIHaves(3, 1.0, -2000.0), std::invalid_argument);
    EXPECT_THROW(ExpectedIHaves(3, std::nan(""), 2000.0), std::invalid_argument);
    EXPECT_THROW(ExpectedResponseDelayMs(0, 2000.0), std::invalid_argument);
    EXPECT_THROW(ExpectedResponseDelayMs(1, -1.0), std::invalid_argument);
}

} // namespace
} // namespace lanpeer::analysis
