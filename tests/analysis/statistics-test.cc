#include "analysis/statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <stdexcept>

namespace lanpeer::analysis
{
namespace
{

using testing::DoubleNear;
using testing::Optional;

class StatisticsTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-SIM-9");
    }
};

/// Sum 40, mean 5, squares of the differences 9+1+1+1+0+0+4+16 = 32.
const std::vector<double> kEight = {2, 4, 4, 4, 5, 5, 7, 9};

std::vector<double>
OneTo(int n)
{
    std::vector<double> sample(static_cast<std::size_t>(n));
    std::iota(sample.begin(), sample.end(), 1.0);
    return sample;
}

TEST_F(StatisticsTest, MeanAndDeviation)
{
    EXPECT_DOUBLE_EQ(Mean(kEight), 5.0);
    EXPECT_DOUBLE_EQ(StandardDeviation(kEight), std::sqrt(32.0 / 7.0));
    EXPECT_DOUBLE_EQ(StandardDeviation({3.0, 3.0}), 0.0);
    EXPECT_THROW(Mean({}), std::invalid_argument);
    EXPECT_THROW(StandardDeviation({1.0}), std::invalid_argument);
}

TEST_F(StatisticsTest, StudentTQuantilesAsInTheTables)
{
    EXPECT_NEAR(StudentTQuantile(0.975, 1), 12.7062, 5e-5);
    EXPECT_NEAR(StudentTQuantile(0.975, 4), 2.7764, 5e-5);
    EXPECT_NEAR(StudentTQuantile(0.975, 9), 2.2622, 5e-5);
    EXPECT_NEAR(StudentTQuantile(0.975, 29), 2.0452, 5e-5);
    EXPECT_NEAR(StudentTQuantile(0.9995, 9), 4.7809, 5e-5);
    EXPECT_NEAR(StudentTQuantile(0.975, 1e6), 1.95996, 5e-5);
    EXPECT_NEAR(StudentTQuantile(0.025, 9), -2.2622, 5e-5);
    EXPECT_THROW(StudentTQuantile(1.0, 9), std::invalid_argument);
    EXPECT_THROW(StudentTQuantile(0.5, 0), std::invalid_argument);
}

TEST_F(StatisticsTest, SummaryHasTheHalfWidthOfStudentsInterval)
{
    const Summary summary = Summarize(kEight);
    EXPECT_EQ(summary.n, 8U);
    EXPECT_DOUBLE_EQ(summary.mean, 5.0);
    // t(0.975, 7) = 2.364624; s / sqrt(n) = sqrt(32 / 7 / 8) = 0.755929.
    EXPECT_THAT(summary.halfWidth, Optional(DoubleNear(2.364624 * 0.755929, 1e-5)));
    const Interval interval = MeanInterval(kEight);
    EXPECT_DOUBLE_EQ(interval.low, 5.0 - *summary.halfWidth);
    EXPECT_DOUBLE_EQ(interval.high, 5.0 + *summary.halfWidth);
}

TEST_F(StatisticsTest, IntervalOfOneRunIsNotKnown)
{
    const Summary one = Summarize({3.0});
    EXPECT_EQ(one.n, 1U);
    EXPECT_DOUBLE_EQ(one.mean, 3.0);
    EXPECT_EQ(one.halfWidth, std::nullopt);
    const Summary none = Summarize({});
    EXPECT_EQ(none.n, 0U);
    EXPECT_EQ(none.halfWidth, std::nullopt);
    EXPECT_THAT(Summarize({3.0, 3.0}).halfWidth, Optional(0.0));
    EXPECT_THROW(MeanInterval({3.0}), std::invalid_argument);
    EXPECT_THROW(Summarize({3.0}, 1.0), std::invalid_argument);
}

TEST_F(StatisticsTest, PairedDifferenceShedsWhatThePairsShare)
{
    // Differences 1, 2, 3: mean 2, s = 1, half-width t(0.975, 2) / sqrt(3) = 4.302653 / 1.732051.
    const Summary difference = PairedDifference({101, 1002, 13}, {100, 1000, 10});
    EXPECT_EQ(difference.n, 3U);
    EXPECT_DOUBLE_EQ(difference.mean, 2.0);
    EXPECT_THAT(difference.halfWidth, Optional(DoubleNear(2.484138, 1e-5)));
    EXPECT_EQ(PairedDifference({5}, {3}).halfWidth, std::nullopt);
    EXPECT_THROW(PairedDifference({1, 2}, {1}), std::invalid_argument);
}

TEST_F(StatisticsTest, NearestRankIsAValueOfTheSample)
{
    // The textbook's five: ranks ceil(0.05 * 5) = 1, ceil(1.5) = 2, 2, ceil(2.5) = 3, 5.
    const std::vector<double> five = {35, 20, 15, 50, 40};
    EXPECT_EQ(NearestRank(five, 5), 15.0);
    EXPECT_EQ(NearestRank(five, 30), 20.0);
    EXPECT_EQ(NearestRank(five, 40), 20.0);
    EXPECT_EQ(NearestRank(five, 50), 35.0);
    EXPECT_EQ(NearestRank(five, 100), 50.0);
    EXPECT_EQ(NearestRank(std::vector<double>{8.0}, 1), 8.0);
    EXPECT_EQ(NearestRank(std::vector<std::int64_t>{4, 2, 3, 1}, 50), 2);
}

TEST_F(StatisticsTest, NearestRankIsExactWhereDoublesAreNot)
{
    // 0.07 * 100 = 7.000000000000001 in doubles, whose ceiling is 8.
    for (std::uint32_t percent = 1; percent <= 100; ++percent)
    {
        EXPECT_EQ(NearestRank(OneTo(100), percent), static_cast<double>(percent));
    }
    EXPECT_EQ(NearestRank(OneTo(20), 95), 19.0);
    EXPECT_EQ(NearestRank(OneTo(21), 95), 20.0);   // ceil(19.95)
    EXPECT_EQ(NearestRank(OneTo(101), 99), 100.0); // ceil(99.99)
}

TEST_F(StatisticsTest, NearestRankNeedsASampleAndAPercentage)
{
    EXPECT_THROW(NearestRank(std::vector<double>{}, 50), std::invalid_argument);
    EXPECT_THROW(NearestRank(OneTo(3), 0), std::invalid_argument);
    EXPECT_THROW(NearestRank(OneTo(3), 101), std::invalid_argument);
}

TEST_F(StatisticsTest, Median)
{
    EXPECT_EQ(Median({3, 1, 2}), 2.0);
    EXPECT_EQ(Median({4, 1, 3, 2}), 2.5);
    EXPECT_EQ(Median({7}), 7.0);
    EXPECT_THROW(Median({}), std::invalid_argument);
}

TEST_F(StatisticsTest, MedianIntervalByOrderStatistics)
{
    // n = 10: P(B < 2) = 11/1024 = 0.011, P(B < 3) = 56/1024 = 0.055 > 0.025: ranks 2 and 9.
    const auto ten = MedianInterval(OneTo(10));
    ASSERT_TRUE(ten);
    EXPECT_EQ(ten->low, 2.0);
    EXPECT_EQ(ten->high, 9.0);
    // n = 6: P(B < 1) = 1/64 = 0.016: ranks 1 and 6; n = 5: 1/32 = 0.031, none.
    const auto six = MedianInterval({6, 5, 4, 3, 2, 1});
    ASSERT_TRUE(six);
    EXPECT_EQ(six->low, 1.0);
    EXPECT_EQ(six->high, 6.0);
    EXPECT_EQ(MedianInterval(OneTo(5)), std::nullopt);
    EXPECT_EQ(MedianInterval({}), std::nullopt);
    // The usual table has ranks 40 and 61 for n = 100.
    const auto hundred = MedianInterval(OneTo(100));
    ASSERT_TRUE(hundred);
    EXPECT_EQ(hundred->low, 40.0);
    EXPECT_EQ(hundred->high, 61.0);
}

TEST_F(StatisticsTest, JainIndex)
{
    for (std::size_t n = 2; n < 50; ++n)
    {
        EXPECT_THAT(JainIndex(std::vector<double>(n, 0.1)), Optional(1.0)); // exactly
    }
    EXPECT_THAT(JainIndex({1e200, 1e200}), Optional(1.0)); // whose squares are infinite
    EXPECT_THAT(JainIndex({0, 0, 5, 0}), Optional(DoubleNear(0.25, 1e-15)));
    EXPECT_THAT(JainIndex({1, 2, 3}), Optional(DoubleNear(36.0 / 42.0, 1e-15)));
    EXPECT_THAT(JainIndex({4}), Optional(1.0));
    EXPECT_EQ(JainIndex({0, 0}), std::nullopt);
    EXPECT_EQ(JainIndex({}), std::nullopt);
    EXPECT_THROW(JainIndex({1, -1}), std::invalid_argument);
}

TEST_F(StatisticsTest, ClopperPearsonAsInTheTables)
{
    const Interval half = ProportionInterval(5, 10);
    EXPECT_NEAR(half.low, 0.18709, 5e-6);
    EXPECT_NEAR(half.high, 0.81291, 5e-6);
    const Interval none = ProportionInterval(0, 10);
    EXPECT_EQ(none.low, 0.0);
    EXPECT_NEAR(none.high, 1.0 - std::pow(0.025, 0.1), 1e-9);
    const Interval all = ProportionInterval(10, 10);
    EXPECT_NEAR(all.low, std::pow(0.025, 0.1), 1e-9);
    EXPECT_EQ(all.high, 1.0);
    EXPECT_THROW(ProportionInterval(0, 0), std::invalid_argument);
    EXPECT_THROW(ProportionInterval(3, 2), std::invalid_argument);
}

TEST_F(StatisticsTest, AgreesWithinTheIntervalAndNotBeyond)
{
    const double halfWidth = *Summarize(kEight, 0.999).halfWidth; // t(0.9995, 7) = 5.4079
    EXPECT_NEAR(halfWidth, 5.4079 * 0.755929, 1e-4);
    EXPECT_TRUE(AgreesWith(kEight, 5.0 + 0.999 * halfWidth));
    EXPECT_TRUE(AgreesWith(kEight, 5.0 - 0.999 * halfWidth));
    EXPECT_FALSE(AgreesWith(kEight, 5.0 + 1.001 * halfWidth));
    EXPECT_FALSE(AgreesWith(kEight, 5.0 - 1.001 * halfWidth));
    EXPECT_FALSE(AgreesWith(kEight, 5.0 + 0.999 * halfWidth, 0.95));
    EXPECT_THROW(AgreesWith({1.0}, 1.0), std::invalid_argument);
}

TEST_F(StatisticsTest, AgreesWithoutVarianceOnlyWithItsValue)
{
    EXPECT_TRUE(AgreesWith({0.1, 0.1, 0.1}, 0.1));
    EXPECT_FALSE(AgreesWith({0.1, 0.1, 0.1}, 0.1001));
}

TEST_F(StatisticsTest, TheIntervalHoldsTheMeanAsOftenAsItSays)
{
    // 4000 samples of five normal values each: a normal quantile in place of Student's would hold
    // the mean in 88 % of them only.
    std::mt19937_64 engine(20240607);
    std::normal_distribution<double> normal(10.0, 3.0);
    std::uint64_t held = 0;
    constexpr std::uint64_t kTrials = 4000;
    for (std::uint64_t trial = 0; trial < kTrials; ++trial)
    {
        std::vector<double> sample(5);
        std::generate(sample.begin(), sample.end(), [&]() { return normal(engine); });
        held += AgreesWith(sample, 10.0, 0.95) ? 1 : 0;
    }
    const Interval proportion = ProportionInterval(held, kTrials, 0.999);
    EXPECT_LE(proportion.low, 0.95);
    EXPECT_GE(proportion.high, 0.95);
    EXPECT_LT(proportion.high - proportion.low, 0.03);
}

} // namespace
} // namespace lanpeer::analysis
