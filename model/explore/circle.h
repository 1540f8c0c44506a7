#pragma once

#include "model/explore/state-graph.h"
#include "model/explore/successors.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace lanpeer::explore
{

/// The number of the state that stands for a world.
using NumberOfWorld = std::function<StateGraph::State(const Composite& real)>;

/// Can some nodes go round a circle of states (liveness.h) for ever, so that a request which runs
/// there never ends? Only if that is fair: what can happen by itself all the while does happen. A
/// timer that runs all the while would run out, a transfer would end; where that leads out of the
/// circle, nobody goes round for ever.
///
/// States stand for worlds that differ in the numbers of nodes, so the circle is gone round in
/// worlds.
///
/// \param begin a world of one of the states
bool CanGoOnForEver(const std::vector<StateGraph::State>& circle,
                    const Composite& begin,
                    Successors& successors,
                    const NumberOfWorld& numberOf);

} // namespace lanpeer::explore
