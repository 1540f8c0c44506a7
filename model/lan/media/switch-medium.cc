#include "model/lan/media/switch-medium.h"

#include <ns3/csma-channel.h>

namespace lanpeer::lan
{

SwitchMedium::SwitchMedium(const LanNetworkConfig& config, ns3::Ptr<ns3::Node> switchNode)
    : m_config(config)
    , m_switchNode(switchNode)
    , m_bridge(ns3::CreateObject<LanSwitch>())
{
    m_bridge->SetAttribute("Latency", ns3::TimeValue(Microseconds(config.latencyUs)));
    m_bridge->SetAddress(LanAddresses(config.nodes).PortMac(0));
    switchNode->AddDevice(m_bridge);
    if (config.arp == Arp::Static)
    {
        // A LAN that has been up for a while: the switch, too, knows everyone, for good. Otherwise
        // the first frame to each host, and one every 300 s, would go to all of them.
        m_bridge->SetAttribute("ExpirationTime", ns3::TimeValue(ns3::Days(36500)));
    }
}

void
SwitchMedium::Connect(ns3::Ptr<ns3::Node> host, const Seat& seat)
{
    Cable cable;
    cable.hostQueue = MakeQueue(m_config.queuePackets);
    cable.portQueue = MakeQueue(m_config.queuePackets);
    cable.host = ns3::CreateObject<ns3::CsmaNetDevice>();
    cable.port = ns3::CreateObject<ns3::CsmaNetDevice>();
    AddCsmaDevice(host, cable.host, seat.mac, cable.hostQueue);
    AddCsmaDevice(m_switchNode, cable.port, seat.portMac, cable.portQueue);
    const ns3::DataRateValue rate(RateOf(m_config.rateMbps));
    // Full duplex: each end sends on a channel of its own, on which the other end only listens.
    const auto oneWay = [&rate](ns3::Ptr<ns3::CsmaNetDevice> from, ns3::Ptr<ns3::CsmaNetDevice> to)
    {
        // No delay: a CSMA channel is busy while a frame propagates, the latency is the switch's.
        auto channel = ns3::CreateObjectWithAttributes<ns3::CsmaChannel>("DataRate", rate);
        from->Attach(channel);
        channel->Attach(to);
    };
    oneWay(cable.host, cable.port);
    oneWay(cable.port, cable.host);
    m_bridge->AddPort(cable.port);
    if (m_config.arp == Arp::Static)
    {
        m_bridge->Learn(seat.mac, cable.port);
    }
    if (m_config.loss > 0)
    {
        cable.hostLoss = AddLoss(cable.host, m_config.loss);
        cable.portLoss = AddLoss(cable.port, m_config.loss);
    }
    m_counter->CountLost(cable.host);
    m_counter->CountLost(cable.port);
    m_connections.push_back({cable.host, cable.port});
    m_cables.push_back(cable);
}

std::int64_t
SwitchMedium::StreamsPerConnection() const
{
    return 4;
}

void
SwitchMedium::AssignStreams(std::size_t connection, std::int64_t stream)
{
    const Cable& cable = m_cables.at(connection);
    cable.host->AssignStreams(stream); // back-off of CSMA: never drawn on full-duplex cables
    cable.port->AssignStreams(stream + 1);
    if (cable.hostLoss)
    {
        cable.hostLoss->AssignStreams(stream + 2);
        cable.portLoss->AssignStreams(stream + 3);
    }
}

ns3::Time
SwitchMedium::OneWayTime(std::uint32_t frameBytes) const
{
    const ns3::Time cable = RateOf(m_config.rateMbps).CalculateBytesTxTime(frameBytes) +
                            Microseconds(m_config.latencyUs);
    return cable + cable;
}

analysis::LanCounts
SwitchMedium::Counts() const
{
    analysis::LanCounts counts;
    for (const Cable& cable : m_cables)
    {
        counts.frames += FramesFrom(cable.hostQueue) + FramesFrom(cable.portQueue);
        counts.queueDrops += cable.hostQueue->GetTotalDroppedPackets();
        counts.queueDrops += cable.portQueue->GetTotalDroppedPackets();
    }
    counts.lost = m_counter->Lost();
    return counts;
}

ns3::Vector
SwitchMedium::Position(std::size_t connection) const
{
    return PlaceOnCircle(connection, m_connections.size());
}

} // namespace lanpeer::lan
