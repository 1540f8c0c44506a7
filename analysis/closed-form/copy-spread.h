#pragma once

#include "analysis/closed-form/absorbing-chain.h"

#include <cstddef>
#include <cstdint>
#include <vector>

/// The spread of one resource over a LAN as an absorbing Markov chain: the state is the number of
/// nodes that hold a copy, 0 to n (n + 1 states, the number is the row); n is absorbing. Time goes
/// in steps, each as long as it takes to ask and be served by a peer ([0020]-[0028]: about
/// D/(k + 1) and the transfer).
namespace lanpeer::analysis
{

struct CopySpread
{
    std::uint32_t nodes = 50;  ///< n >= 1
    std::uint32_t uploads = 0; ///< u: copies that one holder gives in one step (upload slots);
                               ///< 0: no bound
};

/// Each node without a copy asks in each step with probability `asks` = a in (0, 1], on its own;
/// who was not served asks again. From i >= 1: to i + min(B, u i), B ~ Binomial(n - i, a). From 0:
/// to 1 if anybody asks: one fetches from the Internet, the others wait for it (`robust`). Exact
/// for asks without memory; u = 0 and i >= 1 give the greatest of n - i geometric times, a = 1 and
/// u = 1 doubling: ceil(log2 n) steps.
TransitionMatrix SpreadByChance(const CopySpread& what, double asks);

/// Arrivals as `workload.arrival: poisson` has them: in each step N ~ Poisson(`asksPerStep` > 0)
/// nodes ask, no more than have none: from i >= 1 to i + min(N, n - i, u i), from 0 to 1 if N >= 1.
/// An approximation where uploads are bounded or nobody holds it: whoever was not served is
/// forgotten, and another ask stands for it.
TransitionMatrix SpreadByPoisson(const CopySpread& what, double asksPerStep);

/// Expected number of nodes with a copy after 0, 1, ... `steps` steps, begun with `holders` of n.
std::vector<double> ExpectedCopies(const TransitionMatrix& spread,
                                   std::uint32_t holders,
                                   std::size_t steps);

/// The functions throw std::invalid_argument for what is out of range.

} // namespace lanpeer::analysis
