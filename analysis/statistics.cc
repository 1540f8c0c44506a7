#include "analysis/statistics.h"

#include <Eigen/Core>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace lanpeer::analysis
{

namespace
{

void
Require(bool claim, const char* what)
{
    if (!claim)
    {
        throw std::invalid_argument(what);
    }
}

void
RequireLevel(double level)
{
    Require(level > 0.0 && level < 1.0, "statistics: a level must lie between 0 and 1");
}

/// A copy, not a Map: Eigen's sum over a Map starts at the first aligned address, so its rounding
/// would depend on where the sample happens to lie in memory.
Eigen::VectorXd
ToVector(const std::vector<double>& sample)
{
    return Eigen::Map<const Eigen::VectorXd>(sample.data(),
                                             static_cast<Eigen::Index>(sample.size()));
}

double
HalfWidth(const std::vector<double>& sample, double confidence)
{
    RequireLevel(confidence);
    const double n = static_cast<double>(sample.size());
    const double t = StudentTQuantile(0.5 + confidence / 2.0, n - 1.0);
    return t * StandardDeviation(sample) / std::sqrt(n);
}

template <typename T>
T
TakeNearestRank(std::vector<T> sample, std::uint32_t percent)
{
    Require(!sample.empty(), "statistics: a quantile needs a sample");
    Require(percent >= 1 && percent <= 100, "statistics: a percentage must be 1 to 100");
    const std::size_t rank = (sample.size() * percent + 99) / 100;
    const auto nth = sample.begin() + static_cast<std::ptrdiff_t>(rank - 1);
    std::nth_element(sample.begin(), nth, sample.end());
    return *nth;
}

std::vector<double>
Sorted(std::vector<double> sample)
{
    std::sort(sample.begin(), sample.end());
    return sample;
}

} // namespace

double
Mean(const std::vector<double>& sample)
{
    Require(!sample.empty(), "statistics: a mean needs a sample");
    return ToVector(sample).mean();
}

double
StandardDeviation(const std::vector<double>& sample)
{
    Require(sample.size() >= 2, "statistics: a standard deviation needs two values");
    const Eigen::VectorXd x = ToVector(sample);
    const double squares = (x.array() - x.mean()).square().sum();
    return std::sqrt(squares / static_cast<double>(sample.size() - 1));
}

double
StudentTQuantile(double p, double degreesOfFreedom)
{
    RequireLevel(p);
    Require(degreesOfFreedom > 0.0, "statistics: Student's t needs degrees of freedom");
    return boost::math::quantile(boost::math::students_t(degreesOfFreedom), p);
}

Summary
Summarize(const std::vector<double>& sample, double confidence)
{
    RequireLevel(confidence);
    Summary summary;
    summary.n = sample.size();
    if (summary.n >= 1)
    {
        summary.mean = Mean(sample);
    }
    if (summary.n >= 2)
    {
        summary.halfWidth = HalfWidth(sample, confidence);
    }
    return summary;
}

Summary
PairedDifference(const std::vector<double>& left,
                 const std::vector<double>& right,
                 double confidence)
{
    Require(left.size() == right.size(), "statistics: a pair needs two of each");
    std::vector<double> differences(left.size());
    std::transform(left.begin(),
                   left.end(),
                   right.begin(),
                   differences.begin(),
                   [](double a, double b) { return a - b; });
    return Summarize(differences, confidence);
}

double
NearestRank(const std::vector<double>& sample, std::uint32_t percent)
{
    return TakeNearestRank(sample, percent);
}

std::int64_t
NearestRank(const std::vector<std::int64_t>& sample, std::uint32_t percent)
{
    return TakeNearestRank(sample, percent);
}

double
Median(const std::vector<double>& sample)
{
    Require(!sample.empty(), "statistics: a median needs a sample");
    const std::vector<double> sorted = Sorted(sample);
    const std::size_t half = sorted.size() / 2;
    if (sorted.size() % 2 == 1)
    {
        return sorted[half];
    }
    return sorted[half - 1] + (sorted[half] - sorted[half - 1]) / 2.0;
}

std::optional<Interval>
MedianInterval(const std::vector<double>& sample, double confidence)
{
    RequireLevel(confidence);
    const std::size_t n = sample.size();
    if (n == 0)
    {
        return std::nullopt;
    }
    // How many of the sample lie below the true median is Binomial(n, 1/2).
    const boost::math::binomial below(static_cast<double>(n), 0.5);
    const double missedPerSide = (1.0 - confidence) / 2.0;
    std::size_t r = 0;
    while (r < n / 2 && boost::math::cdf(below, static_cast<double>(r)) <= missedPerSide)
    {
        ++r; // now P(below < r) = cdf(r - 1) is small enough
    }
    if (r == 0)
    {
        return std::nullopt;
    }
    const std::vector<double> sorted = Sorted(sample);
    return Interval{sorted[r - 1], sorted[n - r]};
}

std::optional<double>
JainIndex(const std::vector<double>& loads)
{
    if (loads.empty())
    {
        return std::nullopt;
    }
    const Eigen::VectorXd x = ToVector(loads);
    Require(x.minCoeff() >= 0.0, "statistics: a load below zero");
    const double most = x.maxCoeff();
    if (most <= 0.0)
    {
        return std::nullopt;
    }
    // Scaled to a maximum of 1: equal loads become ones and give exactly 1, large ones do not lose
    // digits in their squares.
    const Eigen::VectorXd scaled = x / most;
    const double sum = scaled.sum();
    return sum * sum / (static_cast<double>(loads.size()) * scaled.squaredNorm());
}

Interval
ProportionInterval(std::uint64_t successes, std::uint64_t trials, double confidence)
{
    RequireLevel(confidence);
    Require(trials >= 1 && successes <= trials, "statistics: successes of trials");
    using boost::math::binomial;
    const double n = static_cast<double>(trials);
    const double k = static_cast<double>(successes);
    const double missedPerSide = (1.0 - confidence) / 2.0;
    return {binomial::find_lower_bound_on_p(n, k, missedPerSide),
            binomial::find_upper_bound_on_p(n, k, missedPerSide)};
}

Interval
MeanInterval(const std::vector<double>& sample, double confidence)
{
    const double mean = Mean(sample);
    const double halfWidth = HalfWidth(sample, confidence);
    return {mean - halfWidth, mean + halfWidth};
}

bool
AgreesWith(const std::vector<double>& sample, double expected, double confidence)
{
    constexpr double kRounding = 1e-12; // a sum of doubles is not exact; no figure is this good
    const double halfWidth = HalfWidth(sample, confidence);
    const double slack = kRounding * std::max(1.0, std::abs(expected));
    return std::abs(Mean(sample) - expected) <= halfWidth + slack;
}

} // namespace lanpeer::analysis
