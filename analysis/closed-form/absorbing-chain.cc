#include "analysis/closed-form/absorbing-chain.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace lanpeer::analysis
{

namespace
{

constexpr double kRounding = 1e-9;

void
CheckDistribution(const std::vector<double>& row, std::size_t states)
{
    double sum = 0.0;
    bool right = row.size() == states;
    for (const double probability : row)
    {
        right = right && probability >= 0.0 && probability <= 1.0 + kRounding;
        sum += probability;
    }
    if (!right || !(std::abs(sum - 1.0) <= kRounding))
    {
        throw std::invalid_argument(
            "closed form: a row of a chain needs a probability per state, 1 in all");
    }
}

void
Check(const TransitionMatrix& transition)
{
    for (const std::vector<double>& row : transition)
    {
        CheckDistribution(row, transition.size());
    }
}

/// Adds those that can reach one that is already there, until nobody comes on top.
void
CheckReachable(const TransitionMatrix& transition, const std::vector<std::size_t>& absorbing)
{
    std::vector<bool> reaches(transition.size(), false);
    std::vector<std::size_t> front = absorbing;
    for (const std::size_t state : absorbing)
    {
        reaches[state] = true;
    }
    while (!front.empty())
    {
        const std::size_t to = front.back();
        front.pop_back();
        for (std::size_t from = 0; from < transition.size(); ++from)
        {
            if (!reaches[from] && transition[from][to] > 0.0)
            {
                reaches[from] = true;
                front.push_back(from);
            }
        }
    }
    if (!std::all_of(reaches.begin(), reaches.end(), [](bool one) { return one; }))
    {
        throw std::invalid_argument("closed form: a state of the chain is never absorbed");
    }
}

Eigen::MatrixXd
Part(const TransitionMatrix& transition,
     const std::vector<std::size_t>& rows,
     const std::vector<std::size_t>& columns)
{
    Eigen::MatrixXd part(static_cast<Eigen::Index>(rows.size()),
                         static_cast<Eigen::Index>(columns.size()));
    for (Eigen::Index i = 0; i < part.rows(); ++i)
    {
        for (Eigen::Index j = 0; j < part.cols(); ++j)
        {
            part(i, j) =
                transition[rows[static_cast<std::size_t>(i)]][columns[static_cast<std::size_t>(j)]];
        }
    }
    return part;
}

std::vector<std::vector<double>>
RowsOf(const Eigen::MatrixXd& matrix)
{
    std::vector<std::vector<double>> rows(static_cast<std::size_t>(matrix.rows()));
    for (Eigen::Index i = 0; i < matrix.rows(); ++i)
    {
        for (Eigen::Index j = 0; j < matrix.cols(); ++j)
        {
            rows[static_cast<std::size_t>(i)].push_back(matrix(i, j));
        }
    }
    return rows;
}

std::vector<double>
ColumnOf(const Eigen::VectorXd& vector)
{
    return {vector.data(), vector.data() + vector.size()};
}

} // namespace

Absorption
Absorb(const TransitionMatrix& transition)
{
    Check(transition);
    Absorption chain;
    for (std::size_t state = 0; state < transition.size(); ++state)
    {
        const bool stays = transition[state][state] >= 1.0 - kRounding * kRounding;
        (stays ? chain.absorbing : chain.transient).push_back(state);
    }
    CheckReachable(transition, chain.absorbing);
    if (chain.transient.empty())
    {
        return chain;
    }
    const auto size = static_cast<Eigen::Index>(chain.transient.size());
    const Eigen::MatrixXd identity = Eigen::MatrixXd::Identity(size, size);
    const Eigen::PartialPivLU<Eigen::MatrixXd> solver(
        identity - Part(transition, chain.transient, chain.transient));
    const Eigen::VectorXd steps = solver.solve(Eigen::VectorXd::Ones(size));
    // (2N - I) t = 2 N t - t, and N t is one more solution.
    const Eigen::VectorXd variance = 2.0 * solver.solve(steps) - steps - steps.cwiseProduct(steps);
    chain.visits = RowsOf(solver.solve(identity));
    chain.steps = ColumnOf(steps);
    chain.stepsDeviation = ColumnOf(variance.cwiseMax(0.0).cwiseSqrt());
    chain.endsIn = RowsOf(solver.solve(Part(transition, chain.transient, chain.absorbing)));
    return chain;
}

std::vector<std::vector<double>>
DistributionOverTime(const TransitionMatrix& transition,
                     const std::vector<double>& start,
                     std::size_t steps)
{
    Check(transition);
    CheckDistribution(start, transition.size());
    std::vector<std::size_t> all(transition.size());
    for (std::size_t i = 0; i < all.size(); ++i)
    {
        all[i] = i;
    }
    const Eigen::MatrixXd matrix = Part(transition, all, all);
    Eigen::RowVectorXd now =
        Eigen::Map<const Eigen::RowVectorXd>(start.data(), static_cast<Eigen::Index>(start.size()));
    std::vector<std::vector<double>> over{start};
    for (std::size_t step = 0; step < steps; ++step)
    {
        now = (now * matrix).eval();
        over.emplace_back(now.data(), now.data() + now.size());
    }
    return over;
}

} // namespace lanpeer::analysis
