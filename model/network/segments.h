#pragma once

#include <cstdint>
#include <optional>

namespace lanpeer::lan
{

/// As many segments as there are subnets for them (LanAddresses).
constexpr std::uint32_t kSegmentsMax = 200;

/// Which node is in which segment (keys `lan.segments`, `lan.two_homed`; R-SIM-2).
///
/// Nodes are dealt to segments in contiguous blocks whose sizes differ by one at most. Nodes with
/// two interfaces sit in their own segment and in the next one, the last segment's in the first:
/// one segment after the other gives its last node, then its last but one, and so on. So a chain of
/// N segments is joined by N - 1 of them, and holders, the lowest indices, come last.
class Segments
{
  public:
    /// \param segments 1 to \p nodes
    /// \param twoHomed at most TwoHomedMax(); none with one segment
    explicit Segments(std::uint32_t nodes, std::uint32_t segments = 1, std::uint32_t twoHomed = 0)
        : m_nodes(nodes)
        , m_segments(segments)
        , m_twoHomed(twoHomed)
    {
    }

    /// How many nodes can have two interfaces: as many of every segment as the smallest one has.
    static std::uint32_t TwoHomedMax(std::uint32_t nodes, std::uint32_t segments)
    {
        return segments < 2 ? 0 : nodes / segments * segments;
    }

    std::uint32_t Nodes() const
    {
        return m_nodes;
    }

    std::uint32_t Count() const
    {
        return m_segments;
    }

    /// The segment of a node's first interface.
    std::uint32_t Of(std::uint32_t node) const;

    /// The segment of its second interface, of those that have one.
    std::optional<std::uint32_t> SecondOf(std::uint32_t node) const;

    /// The first node of a segment; of Count(), one past the last node of all.
    std::uint32_t First(std::uint32_t segment) const;

    /// Whether a node has an interface there.
    bool IsIn(std::uint32_t node, std::uint32_t segment) const;

  private:
    std::uint32_t m_nodes;
    std::uint32_t m_segments;
    std::uint32_t m_twoHomed;
};

} // namespace lanpeer::lan
