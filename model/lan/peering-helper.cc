#include "model/lan/peering-helper.h"

#include "model/lan/parameter-attributes.h"

#include <ns3/boolean.h>

namespace lanpeer::lan
{

PeeringHelper::PeeringHelper(Policy policy)
    : m_config(PeeringConfig::Defaults(policy))
{
    m_factory.SetTypeId(PeeringApplication::GetTypeId());
    for (const Parameter& parameter : ParameterTable())
    {
        if (AttributeName(parameter).compare(0, 4, "Rule") == 0)
        {
            m_factory.Set(AttributeName(parameter),
                          ns3::BooleanValue(GetParameter(m_config, parameter) != 0));
        }
    }
}

void
PeeringHelper::SetAttribute(const std::string& name, const ns3::AttributeValue& value)
{
    m_factory.Set(name, value);
}

ns3::Ptr<PeeringApplication>
PeeringHelper::Install(ns3::Ptr<ns3::Node> node) const
{
    const auto application = m_factory.Create<PeeringApplication>();
    if (m_haveConfig)
    {
        application->Config() = m_config;
    }
    node->AddApplication(application);
    return application;
}

ns3::ApplicationContainer
PeeringHelper::Install(const ns3::NodeContainer& nodes) const
{
    ns3::ApplicationContainer installed;
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        installed.Add(Install(*node));
    }
    return installed;
}

std::int64_t
PeeringHelper::AssignStreams(const ns3::NodeContainer& nodes, std::int64_t stream)
{
    const std::int64_t first = stream;
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        for (std::uint32_t i = 0; i < (*node)->GetNApplications(); ++i)
        {
            const auto application =
                ns3::DynamicCast<PeeringApplication>((*node)->GetApplication(i));
            if (application)
            {
                stream += application->AssignStreams(stream);
            }
        }
    }
    return stream - first;
}

} // namespace lanpeer::lan
