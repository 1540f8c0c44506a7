#pragma once

#include "model/lan/peering-application.h"

#include <cstdint>
#include <ns3/application-container.h>
#include <ns3/attribute.h>
#include <ns3/node-container.h>
#include <ns3/object-factory.h>
#include <string>

namespace lanpeer::lan
{

/// Puts the peering service on nodes of any topology, as ns-3's helpers do:
///
///     PeeringHelper peering;
///     peering.SetAttribute("ResponseDelay", TimeValue(MilliSeconds(500)));
///     ApplicationContainer services = peering.Install(nodes);
///     peering.AssignStreams(nodes, 100);
///     services.Start(Seconds(0));
class PeeringHelper
{
  public:
    /// A daemon's defaults, policy `robust`; the other policies differ by their rules.
    explicit PeeringHelper(Policy policy = Policy::Robust);

    /// Sets an attribute of PeeringApplication for all that is installed afterwards.
    void SetAttribute(const std::string& name, const ns3::AttributeValue& value);

    /// Sets everything at once, instead of by attributes.
    void SetConfig(const PeeringConfig& config)
    {
        m_config = config;
        m_haveConfig = true;
    }

    ns3::ApplicationContainer Install(const ns3::NodeContainer& nodes) const;
    ns3::Ptr<PeeringApplication> Install(ns3::Ptr<ns3::Node> node) const;

    /// Streams for every PeeringApplication on the nodes, in their order, from \p stream on.
    /// \returns how many were assigned.
    static std::int64_t AssignStreams(const ns3::NodeContainer& nodes, std::int64_t stream);

  private:
    ns3::ObjectFactory m_factory;
    PeeringConfig m_config;
    bool m_haveConfig = false;
};

} // namespace lanpeer::lan
