#pragma once

#include "analysis/report/world.h"

#include <nlohmann/json_fwd.hpp>

namespace lanpeer::report
{

/// How many nodes of `robust` hold everything at what time, in the mean, by the Markov chain of
/// copy-spread.h, to be drawn beside one run:
///
///     {"points":[[s, nodes]...],"step_s","assumes"} or {"none":"why, in a sentence"}
///
/// One node has the whole set after its wait D + T, its pause (D / 2 in the mean; of n at one
/// instant the least, D / (n + 1)) and the idle uplink's time. From then on the chain goes in steps
/// as long as asking a holder, D / 2, and one copy over a cable, or a 200th of the time shown.
/// Arrivals at one instant: SpreadByChance(), everybody asks in each step, holders give as many
/// copies as their cable carries in it. Others: SpreadByPoisson() with n per window, the first step
/// for all that asked so far; whoever asks is served within the step.
///
/// \p endS until when. Of a World without `copies` (none of its assumptions holds here either), or
/// with more than 400 nodes: "none".
nlohmann::ordered_json ExpectedSpreadJson(const World& world, double endS);

} // namespace lanpeer::report
