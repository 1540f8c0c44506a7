#pragma once

#include "analysis/run-record.h"
#include "model/lan/adversaries/hostile-node.h"
#include "model/lan/lan-network.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace lanpeer::lan
{

/// The hostile nodes of a LAN: puts them on the nodes of the highest indices, each of the kind that
/// is its turn, and sums up what they did.
class HostileTeam
{
  public:
    /// \param firstStream two per node of the LAN, so that a node's do not depend on how many are
    ///                    hostile
    HostileTeam(const LanNetwork& network,
                const HostileKnowledge& knowledge,
                std::int64_t firstStream);

    /// Index of the first of them: all below are honest.
    static std::uint32_t First(std::uint32_t nodes, const AdversaryConfig& config)
    {
        return nodes - config.count;
    }

    /// Writes what they sent and offered.
    void WriteTo(analysis::AdversaryRecord& record) const;

  private:
    std::vector<ns3::Ptr<HostileNode>> m_nodes;
};

} // namespace lanpeer::lan
