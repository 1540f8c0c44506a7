#pragma once

#include "model/explore/state-graph.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace lanpeer::explore
{

/// A state from which a request that runs there can no longer end.
struct Trap
{
    StateGraph::State state = 0;
    std::uint32_t request = 0; ///< bit of the request
    bool dead = false;         ///< nothing at all happens there by itself
};

/// Can every request end from every state, by what happens by itself?
///
/// \returns the lowest state that is a trap: none is reached by fewer steps.
std::optional<Trap> FindTrap(const StateGraph& graph, const Symmetry& symmetry);

/// Sets of states in which some request never ends and which can be gone round for ever: the
/// strongly connected components that have an edge, of the states in which some request is to end.
std::vector<std::vector<StateGraph::State>> FindCircles(const StateGraph& graph);

} // namespace lanpeer::explore
