#pragma once

#include "model/explore/symmetry.h"

#include <boost/graph/graph_traits.hpp>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/iterator/iterator_facade.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace lanpeer::explore
{

/// The graph of all states of a lane and of what costs nothing (Budgets) and so can happen again
/// and again; and which requests of applications are to end in which state. A graph of the Boost
/// Graph Library (IncidenceGraph, VertexListGraph), kept in 4 bytes an edge and 5 a state, one byte
/// an edge more where nodes are alike.
///
/// Requests are numbered as in the world that stands for the state (Symmetry::Lowest), so that they
/// may change their numbers along an edge.
class StateGraph
{
  public:
    using State = std::uint32_t;

    struct Edge
    {
        State from = 0;
        std::uint32_t place = 0;

        friend bool operator==(const Edge& a, const Edge& b)
        {
            return a.place == b.place;
        }

        friend bool operator!=(const Edge& a, const Edge& b)
        {
            return !(a == b);
        }
    };

    /// The edges out of a state.
    class OutEdges : public boost::iterator_facade<OutEdges,
                                                   Edge,
                                                   boost::random_access_traversal_tag,
                                                   Edge,
                                                   std::ptrdiff_t>
    {
      public:
        OutEdges() = default;
        explicit OutEdges(Edge edge)
            : m_edge(edge)
        {
        }

      private:
        friend class boost::iterator_core_access;

        Edge dereference() const
        {
            return m_edge;
        }

        bool equal(const OutEdges& other) const
        {
            return m_edge == other.m_edge;
        }

        void increment()
        {
            ++m_edge.place;
        }

        void decrement()
        {
            --m_edge.place;
        }

        void advance(std::ptrdiff_t by)
        {
            m_edge.place = static_cast<std::uint32_t>(m_edge.place + by);
        }

        std::ptrdiff_t distance_to(const OutEdges& other) const
        {
            return static_cast<std::ptrdiff_t>(other.m_edge.place) -
                   static_cast<std::ptrdiff_t>(m_edge.place);
        }

        Edge m_edge;
    };

    /// \param renames do requests change their numbers along edges?
    explicit StateGraph(bool renames)
        : m_renames(renames)
    {
    }

    /// The next state, in order of their numbers, and the requests (bit i: i + 1) that are to end
    /// in it. The edges added after it are its own.
    void AddState(std::uint32_t owed);

    /// \param byItself Rules::HappensByItself()
    /// \param renaming from the numbers of the requests in the latest state to those in \p to
    void AddEdge(State to, bool byItself, RenamingId renaming);

    std::size_t States() const
    {
        return m_owed.size();
    }

    std::size_t Edges() const
    {
        return m_targets.size();
    }

    std::uint32_t Owed(State state) const
    {
        return m_owed[state];
    }

    State Target(const Edge& edge) const
    {
        return m_targets[edge.place] & ~kByItself;
    }

    bool HappensByItself(const Edge& edge) const
    {
        return (m_targets[edge.place] & kByItself) != 0;
    }

    RenamingId RenamingOf(const Edge& edge) const
    {
        return m_renames ? m_renamings[edge.place] : RenamingId{0};
    }

    std::pair<OutEdges, OutEdges> Out(State state) const
    {
        const std::uint32_t end = state + 1 < m_firstEdge.size()
                                      ? m_firstEdge[state + 1]
                                      : static_cast<std::uint32_t>(m_targets.size());
        return {OutEdges({state, m_firstEdge[state]}), OutEdges({state, end})};
    }

    /// What it occupies, room for growth included.
    std::size_t Bytes() const;

  private:
    static constexpr std::uint32_t kByItself = 1U << 31;

    bool m_renames;
    std::vector<std::uint8_t> m_owed;
    std::vector<std::uint32_t> m_firstEdge;
    std::vector<std::uint32_t> m_targets; ///< with the bit kByItself
    std::vector<RenamingId> m_renamings;
};

// What the Boost Graph Library asks for, by its names.

inline std::pair<StateGraph::OutEdges, StateGraph::OutEdges>
out_edges(StateGraph::State state, const StateGraph& graph)
{
    return graph.Out(state);
}

inline std::size_t
out_degree(StateGraph::State state, const StateGraph& graph)
{
    const auto [first, last] = graph.Out(state);
    return static_cast<std::size_t>(last - first);
}

inline StateGraph::State
source(const StateGraph::Edge& edge, const StateGraph& /*graph*/)
{
    return edge.from;
}

inline StateGraph::State
target(const StateGraph::Edge& edge, const StateGraph& graph)
{
    return graph.Target(edge);
}

inline std::size_t
num_vertices(const StateGraph& graph)
{
    return graph.States();
}

inline std::pair<boost::counting_iterator<StateGraph::State>,
                 boost::counting_iterator<StateGraph::State>>
vertices(const StateGraph& graph)
{
    using Iterator = boost::counting_iterator<StateGraph::State>;
    return {Iterator(0), Iterator(static_cast<StateGraph::State>(graph.States()))};
}

} // namespace lanpeer::explore

template <>
struct boost::graph_traits<lanpeer::explore::StateGraph>
{
    using vertex_descriptor = lanpeer::explore::StateGraph::State;
    using edge_descriptor = lanpeer::explore::StateGraph::Edge;
    using directed_category = boost::directed_tag;
    using edge_parallel_category = boost::allow_parallel_edge_tag;
    struct traversal_category : boost::incidence_graph_tag, boost::vertex_list_graph_tag
    {
    };
    using vertices_size_type = std::size_t;
    using edges_size_type = std::size_t;
    using degree_size_type = std::size_t;
    using vertex_iterator = boost::counting_iterator<vertex_descriptor>;
    using out_edge_iterator = lanpeer::explore::StateGraph::OutEdges;
    using adjacency_iterator = void;
    using in_edge_iterator = void;
    using edge_iterator = void;

    static constexpr vertex_descriptor null_vertex()
    {
        return ~vertex_descriptor{0};
    }
};
