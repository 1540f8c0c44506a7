#pragma once

#include "analysis/run-record.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::analysis
{

/// One completed transfer: a copy of a resource that came to be.
struct Delivery
{
    Place from{};
    Place to{};
    std::uint32_t resource = 0;
    std::uint64_t bodyBytes = 0; ///< of the transfer that completed it
    std::int64_t endedAtUs = 0;
    std::uint32_t depth = 0; ///< of the new copy: one more than that of the copy it was made of
};

/// Who got what from whom: how a resource is propagated through the network [0023]. Vertices are
/// the nodes, the Internet and, where it took part, the caching proxy; edges are the completed
/// transfers in the order of time (those of one instant in the order of the record).
///
/// Depth: the Internet's is 0, that of a copy fetched from it 1, that of a copy of that 2, and so
/// on; per resource, so a node may have several. What a node serves without having received it in
/// this run, it held at the start: its depth counts as 1. A copy received again (it was evicted,
/// or refused) takes the depth of the last transfer.
class DistributionGraph
{
  public:
    /// Of one resource (its index), or of all together. Throws std::invalid_argument when
    /// CheckRecord does or there is no such resource.
    explicit DistributionGraph(const RunRecord& record,
                               std::optional<std::uint32_t> resource = std::nullopt);

    /// The edges, in the order of time.
    const std::vector<Delivery>& Deliveries() const;

    /// Of the copy that the node received last; nullopt when it received none.
    std::optional<std::uint32_t> DepthAt(std::uint32_t node, std::uint32_t resource) const;

    /// Over the copies that nodes received (each node and resource once); nullopt when none did.
    std::optional<std::uint32_t> MaxDepth() const;
    std::optional<double> MeanDepth() const;

    /// Copies that each node gave to others whole (fan-out), by node index.
    const std::vector<std::uint64_t>& CopiesServed() const;
    std::uint64_t CopiesFromInternet() const;

    /// For `dot`. The title says MaxDepth() and MeanDepth(); vertices are labelled with the node's
    /// index, the copies it served and the depth of those it received (from the least to the most,
    /// where its resources differ); edges with the resource's file name, its bytes and the time of
    /// completion. Equal records give equal bytes.
    std::string ToGraphviz() const;

  private:
    void ComputeDepths();
    void ComputeFanOut();
    std::string VertexLabel(std::size_t vertex) const;
    std::string Title() const;

    std::vector<Delivery> m_deliveries;
    std::vector<std::string> m_hrefs;
    std::size_t m_nodes = 0;
    std::string m_title;
    /// By resource, then by node.
    std::vector<std::vector<std::optional<std::uint32_t>>> m_depths;
    std::vector<std::uint64_t> m_copiesServed;
    std::uint64_t m_copiesFromInternet = 0;
};

} // namespace lanpeer::analysis
