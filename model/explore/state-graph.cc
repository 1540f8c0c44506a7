#include "model/explore/state-graph.h"

namespace lanpeer::explore
{

void
StateGraph::AddState(std::uint32_t owed)
{
    m_owed.push_back(static_cast<std::uint8_t>(owed));
    m_firstEdge.push_back(static_cast<std::uint32_t>(m_targets.size()));
}

void
StateGraph::AddEdge(State to, bool byItself, RenamingId renaming)
{
    m_targets.push_back(byItself ? to | kByItself : to);
    if (m_renames)
    {
        m_renamings.push_back(renaming);
    }
}

std::size_t
StateGraph::Bytes() const
{
    return m_owed.capacity() + m_renamings.capacity() +
           (m_firstEdge.capacity() + m_targets.capacity()) * sizeof(std::uint32_t);
}

} // namespace lanpeer::explore
