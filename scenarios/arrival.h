#pragma once

#include "scenarios/scenario.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace lanpeer::scenario
{

/// The instant from which arrivals count, in simulated time: by then every node is up and the
/// holders offer what they hold.
constexpr std::int64_t kFirstAskUs = 1000000;

/// Draws uniformly from [0, 1); in the simulation an ns-3 stream of its own (R-SIM-9).
using UniformSource = std::function<double()>;

/// When each requester asks, in whole microseconds of simulated time, in the order of the nodes. A
/// node asks for all its resources at its one instant [0059].
///
/// - simultaneous: all at kFirstAskUs, to the microsecond.
/// - uniform: each on its own, uniform over the window: 3GPP TR 37.868, traffic model 1.
/// - morning: each on its own, Beta(3, 4) over the window: the surge of "the early morning work
///   hours when most users log onto their computers" [0003]. The distribution is that of 3GPP TR
///   37.868, traffic model 2, many devices that start at about the same time; it rises to its peak
///   at two fifths of the window and has a longer tail, mean 3/7 of the window.
/// - poisson: a Poisson process of `requesters` per window from kFirstAskUs on, until every
///   requester has asked once, which may be after the window; whose turn it is is drawn, all orders
///   equally likely.
/// - trace: not drawn, and not for here: PlanAsking() follows it (ask-plan.h).
///
/// Only comparisons and arithmetic that IEEE 754 rounds correctly, no logarithm and no power: those
/// of the C library differ in the last bit between CPUs with and without fused multiply-add. So the
/// same draws give the same instants everywhere.
std::vector<std::int64_t> AskTimesUs(Arrival arrival,
                                     double windowS,
                                     std::uint32_t requesters,
                                     const UniformSource& uniform);

} // namespace lanpeer::scenario
