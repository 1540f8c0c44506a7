#include "analysis/closed-form/internet-copies.h"

#include "analysis/closed-form/response-delay.h"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <vector>

namespace lanpeer::analysis
{

namespace
{

void
Check(const CopiesCase& what)
{
    const double waitMs = what.delayMaxMs + what.allowanceMs;
    const bool right = what.nodes >= 1 && what.windowMs >= 0.0 && what.delayMaxMs >= 0.0 &&
                       what.allowanceMs >= 0.0 && what.retrievalMs > 0.0 &&
                       what.propagationMs >= 0.0 && what.propagationMs <= waitMs &&
                       what.sharing >= 1;
    if (!right)
    {
        throw std::invalid_argument(
            "closed form: copies need a node, a time to retrieve, and times "
            "that are not negative");
    }
}

bool
IsSimultaneous(const CopiesCase& what)
{
    return what.arrivals == Arrivals::Simultaneous || what.windowMs == 0.0;
}

double
RatePerMs(const CopiesCase& what)
{
    return static_cast<double>(what.nodes) / what.windowMs;
}

/// P(Poisson(mean) >= count).
double
PoissonAtLeast(std::uint32_t count, double mean)
{
    if (count == 0)
    {
        return 1.0;
    }
    return mean > 0.0 ? boost::math::gamma_p(static_cast<double>(count), mean) : 0.0;
}

/// E min(Poisson(mean), most): the sum of P(N >= j) for j = 1 to most.
double
PoissonUpTo(std::uint32_t most, double mean)
{
    double sum = 0.0;
    for (std::uint32_t j = 1; j <= most; ++j)
    {
        const double term = PoissonAtLeast(j, mean);
        sum += term;
        if (term < 1e-18)
        {
            break;
        }
    }
    return sum;
}

/// Over what lies between the kinks, where the function is smooth.
double
Integrate(std::vector<double> kinks, const std::function<double(double)>& function)
{
    constexpr unsigned kDepth = 15;
    constexpr double kTolerance = 1e-11;
    std::sort(kinks.begin(), kinks.end());
    double sum = 0.0;
    for (std::size_t i = 1; i < kinks.size(); ++i)
    {
        if (kinks[i] > kinks[i - 1])
        {
            sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(
                function, kinks[i - 1], kinks[i], kDepth, kTolerance);
        }
    }
    return sum;
}

/// A + P, A uniform on [0, W] and P on [0, D]: a trapezoid.
class AskAndPause
{
  public:
    AskAndPause(double windowMs, double pauseMs)
        : m_short(std::min(windowMs, pauseMs))
        , m_long(std::max(windowMs, pauseMs))
    {
    }

    double Density(double z) const
    {
        if (m_short == 0.0)
        {
            return 1.0 / m_long;
        }
        return std::min({z, m_short, m_short + m_long - z}) / (m_short * m_long);
    }

    double Distribution(double z) const
    {
        const double end = m_short + m_long;
        if (z <= 0.0 || z >= end)
        {
            return z <= 0.0 ? 0.0 : 1.0;
        }
        if (z < m_short)
        {
            return z * z / (2.0 * m_short * m_long);
        }
        return z <= m_long ? (z - m_short / 2.0) / m_long
                           : 1.0 - (end - z) * (end - z) / (2.0 * m_short * m_long);
    }

    /// Where the density, or the distribution `lag` later, is not smooth; within the support.
    std::vector<double> Kinks(double lag) const
    {
        const double end = m_short + m_long;
        std::vector<double> kinks;
        for (const double kink : {0.0, m_short, m_long, end})
        {
            kinks.push_back(kink);
            kinks.push_back(std::min(kink + lag, end));
        }
        return kinks;
    }

  private:
    double m_short;
    double m_long;
};

double
RobustUniform(const CopiesCase& what)
{
    const AskAndPause start(what.windowMs, what.delayMaxMs);
    const double n = static_cast<double>(what.nodes);
    const double lag = what.propagationMs;
    return n * Integrate(start.Kinks(lag),
                         [&start, n, lag](double z) {
                             return start.Density(z) *
                                    std::pow(1.0 - start.Distribution(z - lag), n - 1.0);
                         });
}

/// Of a process that goes on for ever: the first node, at 0, and the others', whose starts are an
/// inhomogeneous Poisson process of rate `rate` min(z/D, 1) (Mecke's formula).
double
RobustPoissonForEver(const CopiesCase& what)
{
    const double rate = RatePerMs(what);
    const double pause = what.delayMaxMs;
    const double lag = what.propagationMs;
    if (pause == 0.0)
    {
        return 1.0 + rate * lag;
    }
    const auto nobodyBefore = [rate, pause](double z)
    {
        const double mean = z < pause ? z * z / (2.0 * pause) : z - pause / 2.0;
        return z > 0.0 ? std::exp(-rate * mean) : 1.0;
    };
    const double first = Integrate({0.0, std::min(lag, pause), pause},
                                   [&](double z) { return nobodyBefore(z - lag) / pause; });
    const double others = Integrate(
        {0.0, std::min(lag, pause), pause, pause + lag},
        [&](double z)
        {
            const double firstIsNotBefore = 1.0 - std::max(0.0, z - lag) / pause;
            return rate * std::min(z / pause, 1.0) * nobodyBefore(z - lag) * firstIsNotBefore;
        });
    return first + others;
}

Bounds
RobustPoisson(const CopiesCase& what)
{
    const double n = static_cast<double>(what.nodes);
    const double forEver = RobustPoissonForEver(what);
    // It ends after n asks, which only matters when n - 1 others ask while the pauses last; then
    // the count is 1 to n, and that of the process that goes on at most its asks.
    const double mean = RatePerMs(what) * (what.delayMaxMs + what.propagationMs);
    const double ends = PoissonAtLeast(what.nodes, mean);
    const double asks = mean * PoissonAtLeast(what.nodes - 1, mean) + ends; // E[(N + 1); N >= n]
    return {std::clamp(forEver - asks, 1.0, n), std::clamp(forEver + n * ends, 1.0, n)};
}

} // namespace

double
AsksWithin(const CopiesCase& what, double ms)
{
    Check(what);
    if (IsSimultaneous(what))
    {
        return static_cast<double>(what.nodes);
    }
    return what.arrivals == Arrivals::Uniform
               ? ExpectedIHaves(what.nodes, ms, what.windowMs)
               : 1.0 + PoissonUpTo(what.nodes - 1, RatePerMs(what) * ms);
}

double
SomebodyAsks(const CopiesCase& what, double fromMs, double toMs)
{
    Check(what);
    if (IsSimultaneous(what) || what.nodes == 1 || !(fromMs < toMs))
    {
        return 0.0;
    }
    const double n = static_cast<double>(what.nodes);
    if (what.arrivals == Arrivals::Poisson)
    {
        const double rate = RatePerMs(what);
        const double some = PoissonAtLeast(1, rate * (toMs - fromMs));
        return some * (1.0 - PoissonAtLeast(what.nodes - 1, rate * fromMs));
    }
    // Given what is left of the window after the first, the others are uniform on it.
    const double from = std::min(1.0, fromMs / what.windowMs);
    const double span = std::min(1.0, toMs / what.windowMs) - from;
    return 1.0 - n * std::pow(from, n - 1.0) * span - std::pow(1.0 - span, n);
}

Bounds
Fig4aCopies(const CopiesCase& what)
{
    Check(what);
    const double waitMs = what.delayMaxMs + what.allowanceMs;
    return {AsksWithin(what, waitMs + what.retrievalMs),
            AsksWithin(what, waitMs + what.sharing * what.retrievalMs)};
}

Bounds
Fig4bCopies(const CopiesCase& what)
{
    Check(what);
    const double waitMs = what.delayMaxMs + what.allowanceMs;
    const double slowMs = what.sharing * what.retrievalMs;
    const double ties = AsksWithin(what, what.propagationMs);
    const double straddling = AsksWithin(what, waitMs + slowMs) -
                              AsksWithin(what, std::max(what.retrievalMs, what.propagationMs));
    return {ties + SomebodyAsks(what, what.propagationMs + slowMs, waitMs),
            std::min(ties + straddling, static_cast<double>(what.nodes))};
}

Bounds
RobustCopies(const CopiesCase& what)
{
    Check(what);
    if (what.nodes == 1)
    {
        return {1.0, 1.0};
    }
    if (IsSimultaneous(what))
    {
        const double ties = ExpectedIHaves(what.nodes, what.propagationMs, what.delayMaxMs);
        return {ties, ties};
    }
    if (what.arrivals == Arrivals::Poisson)
    {
        return RobustPoisson(what);
    }
    const double copies = RobustUniform(what);
    return {copies, copies};
}

} // namespace lanpeer::analysis
