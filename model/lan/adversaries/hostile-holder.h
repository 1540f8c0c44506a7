#pragma once

#include "model/lan/adversaries/hostile-node.h"

#include <map>
#include <ns3/event-id.h>
#include <set>
#include <utility>

namespace lanpeer::lan
{

/// Says "I have" of everything that is asked for and holds nothing of it: serves something else, or
/// nothing, or never ends (kinds Altered to Excess; L1, T2, T6, U1).
class HostileHolder : public HostileNode
{
  public:
    using HostileNode::HostileNode;

  protected:
    void DoDispose() override;

  private:
    void Begin() override;
    void Heard(const ServicePacket& packet, ns3::Ipv4Address from, std::uint16_t port) override;

    void Answer(const ServicePacket& need, ns3::Ipv4Address to, std::uint16_t port);
    void Asked(std::uint64_t request, const http::Request& asked);
    void Trickle(std::uint64_t request);
    const std::string& AliasOf(const std::string& href);

    /// Answers that wait for their delay, by (node, ID) of the request.
    std::map<std::pair<std::string, std::uint32_t>, ns3::EventId> m_pending;
    std::map<std::string, std::string> m_aliases; ///< by href
    std::set<std::uint64_t> m_trickling;
};

} // namespace lanpeer::lan
