#pragma once

#include <cstddef>
#include <vector>

namespace lanpeer::analysis
{

/// By rows; row i holds the probabilities to go from state i to each state in one step. Square,
/// entries in [0, 1], each row sums to 1 (to 1e-9).
using TransitionMatrix = std::vector<std::vector<double>>;

/// An absorbing Markov chain, solved (Kemeny and Snell, "Finite Markov Chains", 1960, chapter III).
/// With t transient states and r absorbing ones, and P in canonical form, Q the t x t part from
/// transient to transient, R the t x r part from transient to absorbing.
struct Absorption
{
    std::vector<std::size_t> transient; ///< their numbers in the matrix, ascending
    std::vector<std::size_t> absorbing; ///< states that go to themselves with probability 1

    /// N = (I - Q)^-1, t x t: [i][j] expected visits to the j-th transient state, begun in the
    /// i-th; the visit at the start counts.
    std::vector<std::vector<double>> visits;
    std::vector<double> steps;               ///< N 1, t: expected steps to absorption from the i-th
    std::vector<double> stepsDeviation;      ///< sqrt((2N - I) N 1 - (N 1)^2), t
    std::vector<std::vector<double>> endsIn; ///< B = N R, t x r: probability to end in the j-th
};

/// Solved, not inverted: LU of I - Q (Eigen), with 1, R and I on the right. Costs t^3; some
/// hundreds of states are nothing. Throws std::invalid_argument if the matrix is not as described,
/// or from some state no absorbing one can be reached.
Absorption Absorb(const TransitionMatrix& transition);

/// Distribution over the states after 0, 1, ... `steps` steps from the distribution `start` (as
/// long as the matrix; sums to 1): steps + 1 rows. Throws as Absorb(), but needs no absorbing
/// state.
std::vector<std::vector<double>> DistributionOverTime(const TransitionMatrix& transition,
                                                      const std::vector<double>& start,
                                                      std::size_t steps);

} // namespace lanpeer::analysis
