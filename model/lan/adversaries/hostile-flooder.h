#pragma once

#include "model/lan/adversaries/hostile-node.h"

namespace lanpeer::lan
{

/// Broadcasts "I need" at a steady rate, each of a node that nobody heard of before. Kind Flood:
/// for things that nobody has, to keep everyone busy and to fill their tables (L4, L5). Kind
/// Forged: in a victim's name and for what is there, so that all who hold it answer the victim
/// (L3).
class HostileFlooder : public HostileNode
{
  public:
    using HostileNode::HostileNode;

  private:
    void Begin() override;
    void SendNext();

    std::uint32_t m_sent = 0;
};

} // namespace lanpeer::lan
