#include "analysis/closed-form/absorbing-chain.h"

#include "analysis/closed-form/copy-spread.h"
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

/// Gambler's ruin: 0 and `top` absorb, up with probability p.
TransitionMatrix
Ruin(std::size_t top, double p)
{
    TransitionMatrix matrix(top + 1, std::vector<double>(top + 1, 0.0));
    matrix[0][0] = 1.0;
    matrix[top][top] = 1.0;
    for (std::size_t i = 1; i < top; ++i)
    {
        matrix[i][i + 1] = p;
        matrix[i][i - 1] = 1.0 - p;
    }
    return matrix;
}

TEST(AbsorbingChain, GamblersRuin)
{
    RecordProperty("requirement", "R-SIM-8");
    const Absorption fair = Absorb(Ruin(10, 0.5));
    EXPECT_EQ(fair.absorbing, (std::vector<std::size_t>{0, 10}));
    EXPECT_EQ(fair.transient.size(), 9U);
    const double ratio = 0.6 / 0.4;
    const Absorption unfair = Absorb(Ruin(10, 0.4));
    for (std::size_t i = 0; i < 9; ++i)
    {
        const double at = static_cast<double>(i + 1);
        EXPECT_NEAR(fair.steps[i], at * (10.0 - at), 1e-9);
        EXPECT_NEAR(fair.endsIn[i][1], at / 10.0, 1e-12);
        EXPECT_NEAR(unfair.endsIn[i][1],
                    (std::pow(ratio, at) - 1.0) / (std::pow(ratio, 10.0) - 1.0),
                    1e-12);
        EXPECT_NEAR(unfair.endsIn[i][0] + unfair.endsIn[i][1], 1.0, 1e-12);
        double visits = 0.0;
        for (const double one : unfair.visits[i])
        {
            visits += one;
        }
        EXPECT_NEAR(visits, unfair.steps[i], 1e-9) << "N 1 = t";
    }
    // Of the fair game, x(a-x) steps with variance x(a-x)(x^2+(a-x)^2-2)/3.
    EXPECT_NEAR(std::pow(fair.stepsDeviation[2], 2), 3.0 * 7.0 * (9.0 + 49.0 - 2.0) / 3.0, 1e-6);
}

TEST(AbsorbingChain, FundamentalMatrixIsTheSumOfPowers)
{
    RecordProperty("requirement", "R-SIM-8");
    const TransitionMatrix matrix = SpreadByChance({6, 1}, 0.3);
    const Absorption chain = Absorb(matrix);
    // Visits to each state, summed over time, from the start at 1 copy.
    std::vector<double> start(7, 0.0);
    start[1] = 1.0;
    std::vector<double> visits(7, 0.0);
    for (const auto& distribution : DistributionOverTime(matrix, start, 400))
    {
        for (std::size_t state = 0; state < 7; ++state)
        {
            visits[state] += distribution[state];
        }
    }
    for (std::size_t j = 0; j < chain.transient.size(); ++j)
    {
        EXPECT_NEAR(chain.visits[1][j], visits[chain.transient[j]], 1e-9) << j;
    }
}

TEST(AbsorbingChain, WhatIsNoAbsorbingChainIsRefused)
{
    RecordProperty("requirement", "R-SIM-8");
    EXPECT_THROW(Absorb({{0.5, 0.4}, {0.0, 1.0}}), std::invalid_argument);
    EXPECT_THROW(Absorb({{1.5, -0.5}, {0.0, 1.0}}), std::invalid_argument);
    EXPECT_THROW(Absorb({{1.0}, {0.0, 1.0}}), std::invalid_argument);
    EXPECT_THROW(Absorb({{0.0, 1.0}, {1.0, 0.0}}), std::invalid_argument) << "absorbs nowhere";
    EXPECT_THROW(Absorb({{0.0, 1.0, 0.0}, {1.0, 0.0, 0.0}, {0.0, 0.0, 1.0}}),
                 std::invalid_argument);
    EXPECT_THROW(DistributionOverTime({{1.0}}, {0.5}, 3), std::invalid_argument);
    EXPECT_EQ(Absorb({{1.0}}).steps.size(), 0U);
}

/// Steps until all of n hold it, drawn node by node.
std::vector<double>
DrawSteps(std::uint32_t nodes, std::uint32_t uploads, double asks, std::uint32_t holders)
{
    std::mt19937_64 engine(5);
    std::bernoulli_distribution ask(asks);
    std::vector<double> sample;
    for (int i = 0; i < 20'000; ++i)
    {
        std::uint32_t copies = holders;
        double steps = 0;
        while (copies < nodes)
        {
            std::uint32_t askers = 0;
            for (std::uint32_t node = copies; node < nodes; ++node)
            {
                askers += ask(engine) ? 1 : 0;
            }
            const std::uint32_t served = copies == 0    ? std::min(askers, 1U)
                                         : uploads == 0 ? askers
                                                        : std::min(askers, uploads * copies);
            copies += served;
            ++steps;
        }
        sample.push_back(steps);
    }
    return sample;
}

TEST(CopySpread, StepsAgreeWithDraws)
{
    RecordProperty("requirement", "R-SIM-8");
    struct Case
    {
        std::uint32_t nodes, uploads;
        double asks;
        std::uint32_t holders;
    };
    for (const Case& what :
         {Case{10, 0, 0.2, 1}, Case{20, 1, 0.7, 1}, Case{15, 2, 0.4, 0}, Case{2, 1, 0.5, 1}})
    {
        const auto sample = DrawSteps(what.nodes, what.uploads, what.asks, what.holders);
        const Absorption chain = Absorb(SpreadByChance({what.nodes, what.uploads}, what.asks));
        const double expected = chain.steps[what.holders];
        EXPECT_TRUE(AgreesWith(sample, expected)) << Mean(sample) << " against " << expected;
        EXPECT_FALSE(AgreesWith(sample, expected * 1.03)) << what.nodes;
        EXPECT_NEAR(StandardDeviation(sample),
                    chain.stepsDeviation[what.holders],
                    0.03 * chain.stepsDeviation[what.holders]);
    }
}

TEST(CopySpread, KnownLimits)
{
    RecordProperty("requirement", "R-SIM-8");
    // All ask and each holder serves one: doubling.
    for (const std::uint32_t nodes : {2U, 3U, 8U, 9U, 50U})
    {
        EXPECT_NEAR(
            Absorb(SpreadByChance({nodes, 1}, 1.0)).steps[1], std::ceil(std::log2(nodes)), 1e-9)
            << nodes;
    }
    // Unbounded: the greatest of n - 1 geometric times, the sum of P(> t) = 1 - (1 -
    // (1-a)^t)^(n-1).
    double greatest = 0.0;
    for (int t = 0; t < 2000; ++t)
    {
        greatest += 1.0 - std::pow(1.0 - std::pow(0.9, t), 11);
    }
    EXPECT_NEAR(Absorb(SpreadByChance({12, 0}, 0.1)).steps[1], greatest, 1e-9);
    // Few Poisson asks a step: one after the other, a mean of 1/rate steps each, near enough.
    EXPECT_NEAR(Absorb(SpreadByPoisson({21, 0}, 1e-3)).steps[1], 20 / 1e-3, 20.0);
    // Nobody is served twice, and nobody gives back.
    const auto copies = ExpectedCopies(SpreadByChance({30, 1}, 0.5), 1, 60);
    EXPECT_EQ(copies.front(), 1.0);
    EXPECT_TRUE(std::is_sorted(copies.begin(), copies.begin() + 20)); // then only rounding
    EXPECT_NEAR(copies.back(), 30.0, 1e-3);
    EXPECT_DOUBLE_EQ(ExpectedCopies(SpreadByChance({30, 0}, 0.5), 10, 1).back(), 20.0);
}

TEST(CopySpread, WhatMakesNoSenseIsRefused)
{
    RecordProperty("requirement", "R-SIM-8");
    EXPECT_THROW(SpreadByChance({0, 1}, 0.5), std::invalid_argument);
    EXPECT_THROW(SpreadByChance({5, 1}, 0.0), std::invalid_argument);
    EXPECT_THROW(SpreadByPoisson({5, 1}, 0.0), std::invalid_argument);
    EXPECT_THROW(ExpectedCopies(SpreadByChance({5, 1}, 0.5), 6, 1), std::invalid_argument);
}

} // namespace
} // namespace lanpeer::analysis
