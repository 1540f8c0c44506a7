#include "model/lan/animation/animation.h"

#include "model/lan/capture.h"

#include <algorithm>
#include <limits>
#include <ns3/animation-interface.h>
#include <ns3/mobility-model.h>
#include <variant>

namespace lanpeer::lan
{

namespace
{

/// Nodes that have a place in a room keep it.
void
Place(ns3::Ptr<ns3::Node> node, const ns3::Vector& place)
{
    if (!node->GetObject<ns3::MobilityModel>())
    {
        ns3::AnimationInterface::SetConstantPosition(node, place.x, place.y);
    }
}

} // namespace

Animation::Animation(const LanNetwork& network, const std::string& file)
{
    const std::uint32_t nodes = network.Config().nodes;
    for (const auto& [node, place] : network.Layout())
    {
        Place(node, place);
    }
    m_animation = std::make_unique<ns3::AnimationInterface>(file);
    // One file, however long; nothing moves, so there is nothing to look for.
    m_animation->SetMaxPktsPerTraceFile(std::numeric_limits<std::uint64_t>::max());
    m_animation->SetMobilityPollInterval(ns3::Days(36500));
    for (const std::string& point : CapturePoints(nodes))
    {
        m_animation->UpdateNodeDescription(NodeAt(network, point), point);
        m_animation->UpdateNodeColor(NodeAt(network, point), 160, 160, 160);
    }
}

Animation::~Animation() = default;

void
Animation::Watch(std::uint32_t node, ns3::Ptr<PeeringApplication> application)
{
    const auto handled = [this, node](const Event& /*event*/, const ActionList& actions)
    {
        const bool found = std::any_of(actions.begin(),
                                       actions.end(),
                                       [](const Action& action)
                                       { return std::holds_alternative<TellFound>(action); });
        if (found)
        {
            m_animation->UpdateNodeColor(node, 40, 160, 60);
        }
    };
    application->TraceConnectWithoutContext(
        "Handled", ns3::Callback<void, const Event&, const ActionList&>(handled));
}

} // namespace lanpeer::lan
