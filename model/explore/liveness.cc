#include "model/explore/liveness.h"

namespace lanpeer::explore
{

void
Liveness::AddState(std::uint32_t owed)
{
    m_owed.push_back(owed);
    m_firstEdge.push_back(static_cast<std::uint32_t>(m_edges.size()));
}

void
Liveness::AddEdge(std::uint32_t to)
{
    m_edges.push_back(to);
}

std::optional<Trap>
Liveness::FindTrap() const
{
    // A request can end in a state where it does not run, and wherever one step leads to such a
    // state. Most steps lead to later states, so that a few sweeps from the last state to the first
    // find them all, and no reversed graph need be made.
    std::vector<std::uint32_t> ends(m_owed.size());
    for (bool changed = true; changed;)
    {
        changed = false;
        for (std::size_t state = m_owed.size(); state-- > 0;)
        {
            const std::size_t last =
                state + 1 < m_firstEdge.size() ? m_firstEdge[state + 1] : m_edges.size();
            std::uint32_t can = ends[state] | ~m_owed[state];
            for (std::size_t edge = m_firstEdge[state]; edge < last; ++edge)
            {
                can |= ends[m_edges[edge]];
            }
            changed = changed || can != ends[state];
            ends[state] = can;
        }
    }
    for (std::uint32_t state = 0; state < m_owed.size(); ++state)
    {
        if (const std::uint32_t stuck = ~ends[state]; stuck != 0)
        {
            const std::size_t last =
                state + 1 < m_firstEdge.size() ? m_firstEdge[state + 1] : m_edges.size();
            return Trap{state, stuck & (~stuck + 1), last == m_firstEdge[state]};
        }
    }
    return std::nullopt;
}

std::size_t
Liveness::Bytes() const
{
    return (m_owed.capacity() + m_firstEdge.capacity() + m_edges.capacity()) *
           sizeof(std::uint32_t);
}

} // namespace lanpeer::explore
