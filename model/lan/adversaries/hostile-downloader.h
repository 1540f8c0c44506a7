#pragma once

#include "model/lan/adversaries/hostile-node.h"

#include <map>
#include <string>

namespace lanpeer::lan
{

/// Pretends to download what others ask for, so that they wait for it: it never ends, or it ends in
/// a copy that is not there (kinds Downloading, Stuck and Complete; L6, L7).
class HostileDownloader : public HostileNode
{
  public:
    using HostileNode::HostileNode;

  private:
    void Begin() override;
    void Heard(const ServicePacket& packet, ns3::Ipv4Address from, std::uint16_t port) override;

    void Answer(const ServicePacket& need, ns3::Ipv4Address to, std::uint16_t port);
    void TellProgress(const std::string& href);
    ServicePacket AboutOwn(PacketKind kind, const std::string& href) const;

    std::map<std::string, std::uint64_t> m_received; ///< of downloads that were told of, by href
};

} // namespace lanpeer::lan
