#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

/// Statistics over a sample: a std::vector<double> in any unit, which the result is in too. All
/// sums run in the order of the sample, so equal samples give equal bits (R-SIM-9). A sample that
/// is too small for the question, or a level outside (0, 1), throws std::invalid_argument unless it
/// says otherwise. Replicates are independent runs: that is what the intervals assume.
namespace lanpeer::analysis
{

constexpr double kConfidence = 0.95; ///< of every interval that is shown (R-SIM-9)

/// A closed interval; low <= high.
struct Interval
{
    double low = 0.0;
    double high = 0.0;
};

/// A mean and how well it is known.
struct Summary
{
    std::size_t n = 0;
    double mean = 0.0;                 ///< 0 when n is 0, and then no figure at all
    std::optional<double> halfWidth{}; ///< of the two-sided Student-t interval of the mean; not
                                       ///< known (never zero) for n < 2
};

/// Needs n >= 1.
double Mean(const std::vector<double>& sample);

/// Of the sample, divided by n - 1. Needs n >= 2.
double StandardDeviation(const std::vector<double>& sample);

/// The value that Student's t with `degreesOfFreedom` > 0 stays below with probability p in (0, 1).
double StudentTQuantile(double p, double degreesOfFreedom);

/// Any n; for n < 2 without an interval.
Summary Summarize(const std::vector<double>& sample, double confidence = kConfidence);

/// Summary of the differences left[i] - right[i]: two policies under the same seed and run share
/// what they drew for the workload, and the pair's difference sheds that variance. Both samples of
/// one size.
Summary PairedDifference(const std::vector<double>& left,
                         const std::vector<double>& right,
                         double confidence = kConfidence);

/// Nearest rank: the ceil(percent / 100 * n)-th smallest, a value of the sample itself; percent 1
/// to 100 (100: the maximum). A whole number, because 0.07 * 100 is already more than 7 in doubles
/// and would take the eighth. Needs n >= 1.
double NearestRank(const std::vector<double>& sample, std::uint32_t percent);
std::int64_t NearestRank(const std::vector<std::int64_t>& sample, std::uint32_t percent);

/// The middle one of the sample, the mean of the two middle ones for even n (p50 is NearestRank's).
double Median(const std::vector<double>& sample);

/// Interval between two order statistics that holds the median of any distribution with at least
/// the given confidence: [x(r), x(n+1-r)] with the largest r where P(Binomial(n, 1/2) < r) is at
/// most half of what may be missed. Not known when n is too small (n < 6 for 0.95).
std::optional<Interval> MedianInterval(const std::vector<double>& sample,
                                       double confidence = kConfidence);

/// Jain's fairness index (sum x)^2 / (n sum x^2), 1/n to 1, of loads x >= 0: exactly 1 when all are
/// equal, nullopt when all are zero or there is none. Throws for a load below 0.
std::optional<double> JainIndex(const std::vector<double>& loads);

/// Clopper-Pearson interval of a probability of which `successes` of `trials` >= 1 were seen: holds
/// it with at least the given confidence for any probability.
Interval ProportionInterval(std::uint64_t successes,
                            std::uint64_t trials,
                            double confidence = kConfidence);

/// Student-t interval of the mean. Needs n >= 2.
Interval MeanInterval(const std::vector<double>& sample, double confidence = kConfidence);

/// Two-sided one-sample t-test: does `expected` lie in the interval of the mean? At 0.999 a right
/// implementation fails one time in a thousand of drawn seeds (never for a fixed one that passed).
/// A sample without variance agrees only with its own value, but for rounding. Needs n >= 2.
bool AgreesWith(const std::vector<double>& sample, double expected, double confidence = 0.999);

} // namespace lanpeer::analysis
