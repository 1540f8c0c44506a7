#include "model/lan/adversaries/hostile-team.h"

namespace lanpeer::lan
{

HostileTeam::HostileTeam(const LanNetwork& network,
                         const HostileKnowledge& knowledge,
                         std::int64_t firstStream)
{
    const auto shared = std::make_shared<const HostileKnowledge>(knowledge);
    const std::vector<AdversaryKind>& kinds = knowledge.config.kinds;
    const std::uint32_t nodes = network.Config().nodes;
    for (std::uint32_t node = First(nodes, knowledge.config); node < nodes; ++node)
    {
        const auto hostile = MakeHostileNode(kinds[m_nodes.size() % kinds.size()], shared);
        hostile->AssignStreams(firstStream + 2 * static_cast<std::int64_t>(node));
        network.Node(node)->AddApplication(hostile);
        m_nodes.push_back(hostile);
    }
}

void
HostileTeam::WriteTo(analysis::AdversaryRecord& record) const
{
    record.nodes = m_nodes.size();
    for (const auto& node : m_nodes)
    {
        record.packetsSent += node->Counted().packetsSent;
        record.sentBytes += node->Counted().sentBytes;
        record.alteredOffered += node->Counted().alteredOffered;
    }
}

} // namespace lanpeer::lan
