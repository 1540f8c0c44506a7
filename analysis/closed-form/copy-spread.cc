#include "analysis/closed-form/copy-spread.h"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/poisson.hpp>

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace lanpeer::analysis
{

namespace
{

/// P(exactly so many ask), of those that have no copy.
using AskProbability = std::function<double(std::uint32_t without, std::uint32_t ask)>;

TransitionMatrix
Spread(const CopySpread& what, const AskProbability& probability)
{
    const std::uint32_t n = what.nodes;
    TransitionMatrix matrix(n + 1, std::vector<double>(n + 1, 0.0));
    for (std::uint32_t i = 0; i < n; ++i)
    {
        const std::uint64_t served = what.uploads == 0 ? n : std::uint64_t{what.uploads} * i;
        const auto most =
            i == 0 ? 1U : static_cast<std::uint32_t>(std::min<std::uint64_t>(n - i, served));
        double rest = 1.0;
        for (std::uint32_t ask = 0; ask < most; ++ask)
        {
            matrix[i][i + ask] = probability(n - i, ask);
            rest -= matrix[i][i + ask];
        }
        matrix[i][i + most] = std::max(0.0, rest); // so many ask, or more
    }
    matrix[n][n] = 1.0;
    return matrix;
}

void
Check(const CopySpread& what, bool right)
{
    if (what.nodes < 1 || !right)
    {
        throw std::invalid_argument("closed form: a spread needs a node, and nodes that ask");
    }
}

} // namespace

TransitionMatrix
SpreadByChance(const CopySpread& what, double asks)
{
    Check(what, asks > 0.0 && asks <= 1.0);
    return Spread(what,
                  [asks](std::uint32_t without, std::uint32_t ask)
                  { return boost::math::pdf(boost::math::binomial(without, asks), ask); });
}

TransitionMatrix
SpreadByPoisson(const CopySpread& what, double asksPerStep)
{
    Check(what, asksPerStep > 0.0);
    return Spread(what,
                  [asksPerStep](std::uint32_t, std::uint32_t ask)
                  { return boost::math::pdf(boost::math::poisson(asksPerStep), ask); });
}

std::vector<double>
ExpectedCopies(const TransitionMatrix& spread, std::uint32_t holders, std::size_t steps)
{
    if (holders >= spread.size())
    {
        throw std::invalid_argument("closed form: more holders than nodes");
    }
    std::vector<double> start(spread.size(), 0.0);
    start[holders] = 1.0;
    std::vector<double> copies;
    for (const std::vector<double>& distribution : DistributionOverTime(spread, start, steps))
    {
        double mean = 0.0;
        for (std::size_t state = 0; state < distribution.size(); ++state)
        {
            mean += static_cast<double>(state) * distribution[state];
        }
        copies.push_back(mean);
    }
    return copies;
}

} // namespace lanpeer::analysis
