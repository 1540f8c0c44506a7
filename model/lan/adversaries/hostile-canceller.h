#pragma once

#include "model/lan/adversaries/hostile-node.h"

namespace lanpeer::lan
{

/// Says "I found" of every request of others, at once, so that those who hold it stay silent (kinds
/// Cancel and CancelForged, L2): without a key, which cancels requests without a lock, and with a
/// wrong one.
class HostileCanceller : public HostileNode
{
  public:
    using HostileNode::HostileNode;

  private:
    void Heard(const ServicePacket& packet, ns3::Ipv4Address from, std::uint16_t port) override;
};

} // namespace lanpeer::lan
