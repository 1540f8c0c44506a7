#pragma once

#include "model/lan/lan-network.h"
#include "model/lan/peering-application.h"

#include <cstdint>
#include <memory>
#include <string>

namespace ns3
{
class AnimationInterface;
} // namespace ns3

namespace lanpeer::lan
{

/// Writes an animation of a network for NetAnim, while it lives: from before the simulation runs
/// until after it. Draws nothing and changes nothing but the number of events.
///
/// Nodes stand around what joins them, or where they have a place of their own, and turn green when
/// they have got something.
class Animation
{
  public:
    Animation(const LanNetwork& network, const std::string& file);

    /// Writes what is left.
    ~Animation();
    Animation(const Animation&) = delete;
    Animation& operator=(const Animation&) = delete;

    /// Shows when that node has got what it asked for.
    void Watch(std::uint32_t node, ns3::Ptr<PeeringApplication> application);

  private:
    std::unique_ptr<ns3::AnimationInterface> m_animation;
};

} // namespace lanpeer::lan
