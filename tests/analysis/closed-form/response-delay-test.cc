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

TEST(ClosedForm, DistributionOfTheResponseDelayAgreesWithDraws)
{
    RecordProperty("requirement", "R-SIM-8");
    for (const std::uint32_t holders : {1U, 4U, 49U})
    {
        Holders draw(holders);
        std::vector<double> sample;
        std::vector<double> aboveMean;
        const double meanMs = ExpectedResponseDelayMs(holders, kDelayMaxMs);
        for (int i = 0; i < 100'000; ++i)
        {
            draw.Draw();
            sample.push_back(draw.LeastMs());
            aboveMean.push_back(sample.back() > meanMs ? 1.0 : 0.0);
        }
        const double deviationMs = ResponseDelayDeviationMs(holders, kDelayMaxMs);
        EXPECT_NEAR(StandardDeviation(sample), deviationMs, 0.02 * deviationMs) << holders;
        EXPECT_TRUE(AgreesWith(aboveMean, ResponseDelayExceeds(holders, kDelayMaxMs, meanMs)));
        EXPECT_FALSE(AgreesWith(aboveMean, ResponseDelayExceeds(holders + 1, kDelayMaxMs, meanMs)));
        for (const std::uint32_t percent : {5U, 50U, 95U})
        {
            const double quantileMs =
                ResponseDelayQuantileMs(holders, kDelayMaxMs, percent / 100.0);
            EXPECT_NEAR(NearestRank(sample, percent), quantileMs, 0.04 * quantileMs) << percent;
            EXPECT_NEAR(ResponseDelayExceeds(holders, kDelayMaxMs, quantileMs),
                        1.0 - percent / 100.0,
                        1e-12);
        }
    }
    EXPECT_EQ(ResponseDelayExceeds(3, 2000.0, -1.0), 1.0);
    EXPECT_EQ(ResponseDelayExceeds(3, 2000.0, 2000.0), 0.0);
    EXPECT_EQ(ResponseDelayExceeds(3, 0.0, 0.0), 0.0);
    EXPECT_DOUBLE_EQ(ResponseDelayQuantileMs(3, 2000.0, 1.0), 2000.0);
}

/// One ask over a LAN that loses frames, each frame and each cable by itself, in the order of time.
class LossyDraw
{
  public:
    explicit LossyDraw(const LossyAsk& ask)
        : m_ask(ask)
    {
    }

    struct Outcome
    {
        double sent = 0;
        double received = 0;
        double firstMs = 0; ///< of those received
    };

    Outcome Draw()
    {
        Outcome outcome;
        if (IsLost())
        {
            return outcome; // "I need", on the asker's cable
        }
        std::vector<double> delaysMs;
        for (std::uint32_t i = 0; i < m_ask.holders; ++i)
        {
            const double delayMs = m_uniform(m_engine) * m_ask.delayMaxMs;
            if (!IsLost())
            {
                delaysMs.push_back(delayMs);
            }
        }
        std::sort(delaysMs.begin(), delaysMs.end());
        bool foundLeft = false;
        for (const double delayMs : delaysMs)
        {
            const bool cancelled = outcome.received > 0 && foundLeft &&
                                   delayMs >= outcome.firstMs + m_ask.cancelWindowMs && !IsLost();
            if (cancelled)
            {
                continue;
            }
            ++outcome.sent;
            const bool arrives = !IsLost() && !IsLost();
            if (arrives && outcome.received++ == 0)
            {
                outcome.firstMs = delayMs;
                foundLeft = !IsLost();
            }
        }
        return outcome;
    }

  private:
    bool IsLost()
    {
        return m_uniform(m_engine) < m_ask.lossPerLink;
    }

    LossyAsk m_ask;
    std::mt19937_64 m_engine{4711};
    std::uniform_real_distribution<double> m_uniform{0.0, 1.0};
};

TEST(ClosedForm, AnswersOverALossyLanAgreeWithDraws)
{
    RecordProperty("requirement", "R-SIM-8 R-SIM-5");
    for (const LossyAsk& ask : {LossyAsk{1, 2000, 100, 0.1},
                                LossyAsk{3, 2000, 300, 0.05},
                                LossyAsk{10, 500, 40, 0.2},
                                LossyAsk{49, 100, 0.2, 0.02}})
    {
        LossyDraw draw(ask);
        std::vector<double> sent;
        std::vector<double> received;
        std::vector<double> duplicates;
        std::vector<double> silent;
        std::vector<double> delaysMs;
        for (int i = 0; i < 40'000; ++i)
        {
            const auto outcome = draw.Draw();
            sent.push_back(outcome.sent);
            received.push_back(outcome.received);
            duplicates.push_back(std::max(0.0, outcome.received - 1.0));
            silent.push_back(outcome.received > 0 ? 0.0 : 1.0);
            if (outcome.received > 0)
            {
                delaysMs.push_back(outcome.firstMs);
            }
        }
        const LossyAnswers expected = ExpectedAnswers(ask);
        EXPECT_TRUE(AgreesWith(sent, expected.sent)) << ask.holders << ": " << Mean(sent);
        EXPECT_TRUE(AgreesWith(received, expected.received)) << ask.holders;
        if (ask.holders > 1)
        {
            EXPECT_TRUE(AgreesWith(duplicates, expected.duplicates)) << ask.holders;
        }
        EXPECT_TRUE(AgreesWith(silent, expected.silence)) << ask.holders;
        EXPECT_TRUE(AgreesWith(delaysMs, expected.delayMs)) << ask.holders;
        LossyAsk other = ask;
        other.lossPerLink *= 1.5;
        EXPECT_FALSE(AgreesWith(sent, ExpectedAnswers(other).sent)) << ask.holders;
        EXPECT_FALSE(AgreesWith(silent, ExpectedAnswers(other).silence)) << ask.holders;
    }
}

TEST(ClosedForm, WithoutLossTheLossyFormIsThePlainOne)
{
    RecordProperty("requirement", "R-SIM-8");
    for (const std::uint32_t holders : {1U, 2U, 10U, 499U})
    {
        for (const double windowMs : {0.0, 0.2, 500.0, 3000.0})
        {
            const LossyAnswers answers = ExpectedAnswers({holders, 2000.0, windowMs, 0.0});
            const double plain = ExpectedIHaves(holders, windowMs, 2000.0);
            EXPECT_NEAR(answers.sent, plain, 1e-9 * plain);
            EXPECT_NEAR(answers.duplicates, plain - 1.0, 1e-9 * plain);
            EXPECT_EQ(answers.silence, 0.0);
            EXPECT_NEAR(answers.delayMs, ExpectedResponseDelayMs(holders, 2000.0), 1e-9);
        }
    }
}

TEST(ClosedForm, WhatMakesNoSenseIsRefused)
{
    RecordProperty("requirement", "R-SIM-8");
    EXPECT_THROW(ExpectedIHaves(3, -1.0, 2000.0), std::invalid_argument);
    EXPECT_THROW(ExpectedIHaves(3, 1.0, -2000.0), std::invalid_argument);
    EXPECT_THROW(ExpectedIHaves(3, std::nan(""), 2000.0), std::invalid_argument);
    EXPECT_THROW(ExpectedResponseDelayMs(0, 2000.0), std::invalid_argument);
    EXPECT_THROW(ExpectedResponseDelayMs(1, -1.0), std::invalid_argument);
    EXPECT_THROW(ResponseDelayQuantileMs(1, 2000.0, 1.1), std::invalid_argument);
    EXPECT_THROW(ExpectedAnswers({1, 2000.0, 0.2, 1.0}), std::invalid_argument);
    EXPECT_THROW(ExpectedAnswers({0, 2000.0, 0.2, 0.0}), std::invalid_argument);
}

} // namespace
} // namespace lanpeer::analysis
