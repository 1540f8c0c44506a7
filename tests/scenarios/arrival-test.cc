#include "scenarios/arrival.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>
#include <vector>

namespace lanpeer::scenario
{
namespace
{

using Cdf = std::function<double(double)>;

constexpr std::uint32_t kSample = 20000;

/// Uniform on [0, 1) with all 53 bits, the same on every machine.
UniformSource
Source(std::uint64_t seed)
{
    return [engine = std::mt19937_64(seed)]() mutable
    {
        return static_cast<double>(engine() >> 11U) * 0x1p-53;
    };
}

/// Seconds after the first instant at which anybody may ask.
std::vector<double>
Seconds(const std::vector<std::int64_t>& timesUs)
{
    std::vector<double> seconds;
    for (const std::int64_t timeUs : timesUs)
    {
        seconds.push_back(static_cast<double>(timeUs - kFirstAskUs) / 1e6);
    }
    return seconds;
}

/// Kolmogorov and Smirnov's distance between a sample and a distribution, times the root of its
/// size: below 1.95 in all but one of 1,000 samples of the distribution.
double
KsStatistic(std::vector<double> sample, const Cdf& cdf)
{
    std::sort(sample.begin(), sample.end());
    const auto n = static_cast<double>(sample.size());
    double distance = 0;
    for (std::size_t i = 0; i < sample.size(); ++i)
    {
        const double expected = cdf(sample[i]);
        distance = std::max({distance,
                             expected - static_cast<double>(i) / n,
                             static_cast<double>(i + 1) / n - expected});
    }
    return distance * std::sqrt(n);
}

constexpr double kKsCritical = 1.95;

double
UniformCdf(double x)
{
    return std::clamp(x, 0.0, 1.0);
}

/// Regularised incomplete beta function of whole a and b: at least a of a + b - 1 draws are below.
double
BetaCdf(int a, int b, double x)
{
    const int n = a + b - 1;
    double sum = 0;
    for (int j = a; j <= n; ++j)
    {
        const double choose =
            std::tgamma(n + 1.0) / (std::tgamma(j + 1.0) * std::tgamma(n - j + 1.0));
        sum += choose * std::pow(x, j) * std::pow(1 - x, n - j);
    }
    return sum;
}

double
Mean(const std::vector<double>& sample)
{
    return std::accumulate(sample.begin(), sample.end(), 0.0) / static_cast<double>(sample.size());
}

class ArrivalTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-SIM-4");
    }
};

TEST_F(ArrivalTest, SimultaneousIsOneInstant)
{
    const auto times = AskTimesUs(Arrival::Simultaneous, 60, 5, Source(1));
    EXPECT_EQ(times, std::vector<std::int64_t>(5, kFirstAskUs));
}

TEST_F(ArrivalTest, UniformIsUniformOverTheWindow)
{
    const double windowS = 60;
    std::vector<double> sample = Seconds(AskTimesUs(Arrival::Uniform, windowS, kSample, Source(2)));
    EXPECT_GE(*std::min_element(sample.begin(), sample.end()), 0.0);
    EXPECT_LE(*std::max_element(sample.begin(), sample.end()), windowS);
    EXPECT_LT(KsStatistic(sample, [=](double x) { return UniformCdf(x / windowS); }), kKsCritical);
}

TEST_F(ArrivalTest, MorningIsBeta34OverTheWindow)
{
    const double windowS = 3600;
    std::vector<double> sample = Seconds(AskTimesUs(Arrival::Morning, windowS, kSample, Source(3)));
    EXPECT_GE(*std::min_element(sample.begin(), sample.end()), 0.0);
    EXPECT_LE(*std::max_element(sample.begin(), sample.end()), windowS);
    const auto beta = [=](int a, int b)
    {
        return [=](double x)
        {
            return BetaCdf(a, b, x / windowS);
        };
    };
    EXPECT_LT(KsStatistic(sample, beta(3, 4)), kKsCritical);
    EXPECT_NEAR(Mean(sample) / windowS, 3.0 / 7.0, 0.005);
    // The test would see the neighbours.
    EXPECT_GT(KsStatistic(sample, beta(2, 3)), 2 * kKsCritical);
    EXPECT_GT(KsStatistic(sample, beta(4, 4)), 2 * kKsCritical);
    EXPECT_GT(KsStatistic(sample, beta(3, 5)), 2 * kKsCritical);
}

TEST_F(ArrivalTest, PoissonGapsAreExponential)
{
    const double windowS = 40000; // so that whole microseconds do not show
    std::vector<double> sample = Seconds(AskTimesUs(Arrival::Poisson, windowS, kSample, Source(4)));
    std::sort(sample.begin(), sample.end());
    std::vector<double> gaps(sample.size());
    std::adjacent_difference(sample.begin(), sample.end(), gaps.begin());
    const double meanGapS = windowS / kSample;
    const auto exponential = [=](double mean)
    {
        return [=](double x)
        {
            return 1 - std::exp(-x / mean);
        };
    };
    EXPECT_LT(KsStatistic(gaps, exponential(meanGapS)), kKsCritical);
    EXPECT_GT(KsStatistic(gaps, exponential(meanGapS * 1.1)), 2 * kKsCritical);
    // One gap says nothing about the next: correlation within 3.3 / sqrt(n).
    double product = 0;
    for (std::size_t i = 1; i < gaps.size(); ++i)
    {
        product += (gaps[i] / meanGapS - 1) * (gaps[i - 1] / meanGapS - 1);
    }
    EXPECT_LT(std::abs(product / kSample), 3.3 / std::sqrt(kSample));
}

TEST_F(ArrivalTest, PoissonFillsTheWindowOnAverage)
{
    // The last of 50 is at 60 s on average, with a deviation of 60 / sqrt(50) s.
    UniformSource source = Source(5);
    std::vector<double> lasts;
    int late = 0;
    for (int run = 0; run < 2000; ++run)
    {
        std::vector<double> sample = Seconds(AskTimesUs(Arrival::Poisson, 60, 50, source));
        lasts.push_back(*std::max_element(sample.begin(), sample.end()));
        late += lasts.back() > 60 ? 1 : 0;
    }
    EXPECT_NEAR(Mean(lasts), 60, 3.3 * 60 / std::sqrt(50 * 2000.0));
    EXPECT_GT(late, 500); // it goes on until everybody has asked
}

TEST_F(ArrivalTest, PoissonDrawsWhoseTurnItIs)
{
    // All six orders of three nodes equally often: chi-squared, 5 degrees of freedom, 1 in 1,000.
    UniformSource source = Source(6);
    constexpr int kRuns = 12000;
    std::array<int, 6> counts{};
    for (int run = 0; run < kRuns; ++run)
    {
        const auto times = AskTimesUs(Arrival::Poisson, 1000, 3, source);
        const std::size_t first = std::min_element(times.begin(), times.end()) - times.begin();
        const bool rising = times[(first + 1) % 3] < times[(first + 2) % 3];
        ++counts[first * 2 + (rising ? 1 : 0)];
    }
    double chiSquared = 0;
    for (const int count : counts)
    {
        const double off = count - kRuns / 6.0;
        chiSquared += off * off / (kRuns / 6.0);
    }
    EXPECT_LT(chiSquared, 20.515);
}

TEST_F(ArrivalTest, NodesAskOnTheirOwn)
{
    // Uniform and morning: the n-th node's instant does not depend on how many come after it.
    for (const Arrival arrival : {Arrival::Uniform, Arrival::Morning})
    {
        const auto few = AskTimesUs(arrival, 60, 10, Source(7));
        const auto many = AskTimesUs(arrival, 60, 100, Source(7));
        EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin())) << ToString(arrival);
    }
}

TEST_F(ArrivalTest, SameDrawsSameInstants)
{
    RecordProperty("requirement", "R-SIM-9");
    // Worked out once; a change here changes every result.
    EXPECT_EQ(AskTimesUs(Arrival::Uniform, 60, 4, Source(8)),
              (std::vector<std::int64_t>{30048471, 56056381, 52739152, 52602521}));
    EXPECT_EQ(AskTimesUs(Arrival::Morning, 60, 4, Source(8)),
              (std::vector<std::int64_t>{39438047, 35244068, 26739847, 30010473}));
    EXPECT_EQ(AskTimesUs(Arrival::Poisson, 60, 4, Source(8)),
              (std::vector<std::int64_t>{25819282, 8262118, 21196906, 38189091}));
}

TEST_F(ArrivalTest, Extremes)
{
    for (const Arrival arrival :
         {Arrival::Simultaneous, Arrival::Uniform, Arrival::Morning, Arrival::Poisson})
    {
        EXPECT_TRUE(AskTimesUs(arrival, 60, 0, Source(9)).empty());
        EXPECT_EQ(AskTimesUs(arrival, 60, 1, Source(9)).size(), 1U);
        EXPECT_EQ(AskTimesUs(arrival, 0, 3, Source(9)), std::vector<std::int64_t>(3, kFirstAskUs));
        for (const std::int64_t timeUs : AskTimesUs(arrival, 31536000, 1000, Source(9)))
        {
            EXPECT_GE(timeUs, kFirstAskUs);
        }
    }
    // Draws at the edges of [0, 1).
    const auto low = AskTimesUs(Arrival::Uniform, 60, 1, []() { return 0.0; });
    EXPECT_EQ(low.front(), kFirstAskUs);
    const auto high =
        AskTimesUs(Arrival::Morning, 60, 1, []() { return std::nextafter(1.0, 0.0); });
    EXPECT_EQ(high.front(), kFirstAskUs + 60000000);
    EXPECT_EQ(AskTimesUs(Arrival::Poisson, 60, 5, []() { return 0.999; }).size(), 5U);
}

} // namespace
} // namespace lanpeer::scenario
