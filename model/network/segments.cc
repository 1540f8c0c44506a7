#include "model/network/segments.h"

namespace lanpeer::lan
{

std::uint32_t
Segments::First(std::uint32_t segment) const
{
    return static_cast<std::uint32_t>(static_cast<std::uint64_t>(segment) * m_nodes / m_segments);
}

std::uint32_t
Segments::Of(std::uint32_t node) const
{
    if (m_segments == 1)
    {
        return 0;
    }
    // The last segment whose First() is at most this node.
    return static_cast<std::uint32_t>(((node + 1ULL) * m_segments - 1) / m_nodes);
}

std::optional<std::uint32_t>
Segments::SecondOf(std::uint32_t node) const
{
    if (m_twoHomed == 0)
    {
        return std::nullopt;
    }
    const std::uint32_t own = Of(node);
    const std::uint32_t fromTheEnd = First(own + 1) - 1 - node;
    const std::uint64_t turn = static_cast<std::uint64_t>(fromTheEnd) * m_segments + own;
    return turn < m_twoHomed ? std::optional((own + 1) % m_segments) : std::nullopt;
}

bool
Segments::IsIn(std::uint32_t node, std::uint32_t segment) const
{
    return node < m_nodes && (Of(node) == segment || SecondOf(node) == segment);
}

} // namespace lanpeer::lan
