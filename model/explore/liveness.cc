#include "model/explore/liveness.h"

#include <boost/graph/filtered_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/property_map/property_map.hpp>

#include <algorithm>
#include <map>

namespace lanpeer::explore
{

namespace
{

/// A vector as the property of each state.
template <typename T>
auto
MapOf(std::vector<T>& values)
{
    return boost::make_iterator_property_map(values.begin(),
                                             boost::typed_identity_property_map<std::uint32_t>());
}

/// Is some request to end in a state?
struct IsOwed
{
    const StateGraph* graph = nullptr;

    bool operator()(StateGraph::State state) const
    {
        return graph->Owed(state) != 0;
    }
};

bool
HasLoop(const StateGraph& graph, StateGraph::State state)
{
    const auto [first, last] = out_edges(state, graph);
    return std::any_of(
        first, last, [&](const StateGraph::Edge& edge) { return graph.Target(edge) == state; });
}

} // namespace

std::optional<Trap>
FindTrap(const StateGraph& graph, const Symmetry& symmetry)
{
    // A request can end in a state where it does not run, and wherever one step leads to such a
    // state. Most steps lead to later states, so that a few sweeps from the last state to the first
    // find them all, and no reversed graph need be made.
    std::vector<std::uint8_t> ends(graph.States());
    const auto endsAt = [&](StateGraph::State state)
    {
        std::uint32_t can = ends[state] | ~graph.Owed(state);
        const auto [first, last] = out_edges(state, graph);
        for (auto edge = first; edge != last; ++edge)
        {
            if (graph.HappensByItself(*edge))
            {
                can |= symmetry.RealWants(graph.RenamingOf(*edge), ends[graph.Target(*edge)]);
            }
        }
        return static_cast<std::uint8_t>(can);
    };
    for (bool changed = true; changed;)
    {
        changed = false;
        for (auto state = static_cast<StateGraph::State>(graph.States()); state-- > 0;)
        {
            const std::uint8_t can = endsAt(state);
            changed = changed || can != ends[state];
            ends[state] = can;
        }
    }
    const auto [first, last] = vertices(graph);
    const auto trap = std::find_if(
        first, last, [&](StateGraph::State state) { return (ends[state] & 0xFF) != 0xFF; });
    if (trap == last)
    {
        return std::nullopt;
    }
    const std::uint32_t stuck = ~static_cast<std::uint32_t>(ends[*trap]) & 0xFF;
    const auto [edge, lastEdge] = out_edges(*trap, graph);
    const bool dead = std::none_of(
        edge, lastEdge, [&](const StateGraph::Edge& out) { return graph.HappensByItself(out); });
    return Trap{*trap, stuck & (~stuck + 1), dead};
}

std::vector<std::vector<StateGraph::State>>
FindCircles(const StateGraph& graph)
{
    // A filtered graph counts the states that it shows, but names them as the whole one does: the
    // maps are of all.
    std::vector<std::uint32_t> component(graph.States());
    std::vector<std::uint32_t> root(graph.States());
    std::vector<std::uint32_t> discovered(graph.States());
    std::vector<boost::default_color_type> colour(graph.States());
    const IsOwed owed{&graph};
    const boost::filtered_graph<StateGraph, boost::keep_all, IsOwed> unended(
        graph, boost::keep_all(), owed);
    boost::strong_components(
        unended,
        MapOf(component),
        boost::root_map(MapOf(root))
            .discover_time_map(MapOf(discovered))
            .color_map(MapOf(colour))
            .vertex_index_map(boost::typed_identity_property_map<std::uint32_t>()));
    std::vector<std::uint8_t> sizes(graph.States()); // 2 stands for more
    const auto [first, last] = vertices(graph);
    for (auto state = first; state != last; ++state)
    {
        if (owed(*state))
        {
            auto& size = sizes[component[*state]];
            size = static_cast<std::uint8_t>(size < 2 ? size + 1 : 2);
        }
    }
    std::map<std::uint32_t, std::vector<StateGraph::State>> circles;
    for (auto state = first; state != last; ++state)
    {
        if (owed(*state) && (sizes[component[*state]] > 1 || HasLoop(graph, *state)))
        {
            circles[component[*state]].push_back(*state);
        }
    }
    std::vector<std::vector<StateGraph::State>> all;
    for (auto& [number, states] : circles)
    {
        all.push_back(std::move(states));
    }
    std::sort(all.begin(), all.end());
    return all;
}

} // namespace lanpeer::explore
