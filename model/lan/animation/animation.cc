#include "model/lan/animation/animation.h"

#include "model/lan/capture.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ns3/animation-interface.h>
#include <ns3/mobility-model.h>
#include <ns3/node-list.h>
#include <variant>

namespace lanpeer::lan
{

namespace
{

/// NetAnim's units are its own; nodes that have a place in a room keep it.
void
Place(ns3::Ptr<ns3::Node> node, double x, double y)
{
    if (!node->GetObject<ns3::MobilityModel>())
    {
        ns3::AnimationInterface::SetConstantPosition(node, x, y);
    }
}

} // namespace

Animation::Animation(const LanNetwork& network, const std::string& file)
{

    constexpr double kRadius = 50;
    constexpr double kCentre = 50;
    constexpr double kApart = 25; // of gateway and origin, which stand to the right
    constexpr double kTurn = 6.283185307179586;
    const std::uint32_t nodes = network.Config().nodes;
    for (std::uint32_t i = 0; i < nodes; ++i)
    {
        // A gap at the right, where the gateway's cable comes through.
        const double angle = kTurn * (i + 1) / (nodes + 1);
        Place(network.Node(i),
              kCentre + kRadius * std::cos(angle),
              kCentre + kRadius * std::sin(angle));
    }
    Place(network.Gateway(), kCentre + kRadius + kApart, kCentre);
    Place(network.Origin(), kCentre + kRadius + 2 * kApart, kCentre);
    for (auto node = ns3::NodeList::Begin(); node != ns3::NodeList::End(); ++node)
    {
        Place(*node, kCentre, kCentre); // what is left joins the others: a switch
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
