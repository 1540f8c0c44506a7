#include "model/lan/lan-switch.h"

#include <ns3/node.h>
#include <ns3/simulator.h>

namespace lanpeer::lan
{

NS_OBJECT_ENSURE_REGISTERED(LanSwitch);

namespace
{

bool
Ignore(ns3::Ptr<ns3::NetDevice> /* device */,
       ns3::Ptr<const ns3::Packet> /* packet */,
       std::uint16_t /* protocol */,
       const ns3::Address& /* source */)
{
    return true;
}

} // namespace

ns3::TypeId
LanSwitch::GetTypeId()
{
    static ns3::TypeId tid =
        ns3::TypeId("lanpeer::lan::LanSwitch")
            .SetParent<ns3::BridgeNetDevice>()
            .SetGroupName("LanPeer")
            .AddConstructor<LanSwitch>()
            .AddAttribute("Latency",
                          "One-way latency of each cable; a frame is held for two of them",
                          ns3::TimeValue(ns3::MicroSeconds(25)),
                          ns3::MakeTimeAccessor(&LanSwitch::m_latency),
                          ns3::MakeTimeChecker(ns3::Time(0)));
    return tid;
}

void
LanSwitch::AddPort(ns3::Ptr<ns3::CsmaNetDevice> port)
{
    AddBridgePort(port);
    // In place of the node's handlers, which AddBridgePort and Node::AddDevice have set. The bridge
    // would hand broadcasts to its own node too, which has no IP and nothing to do with them.
    port->SetPromiscReceiveCallback(ns3::MakeCallback(&LanSwitch::Hold, this));
    port->SetReceiveCallback(ns3::MakeCallback(&Ignore));
    SetReceiveCallback(ns3::MakeCallback(&Ignore));
}

void
LanSwitch::Learn(ns3::Mac48Address host, ns3::Ptr<ns3::NetDevice> port)
{
    BridgeNetDevice::Learn(host, port);
}

bool
LanSwitch::Hold(ns3::Ptr<ns3::NetDevice> port,
                ns3::Ptr<const ns3::Packet> frame,
                std::uint16_t protocol,
                const ns3::Address& source,
                const ns3::Address& destination,
                PacketType type)
{
    if (m_limit && ns3::Mac48Address::ConvertFrom(destination).IsBroadcast() &&
        !m_limit->Admit(port))
    {
        return true;
    }
    // The frame is an event's argument, not an entry in a queue of ours: events of one delay run in
    // the order in which they were scheduled, also those of the same instant.
    ns3::Simulator::Schedule(m_latency + m_latency,
                             &LanSwitch::Forward,
                             this,
                             port,
                             frame,
                             protocol,
                             ns3::Mac48Address::ConvertFrom(source),
                             ns3::Mac48Address::ConvertFrom(destination),
                             type);
    return true;
}

void
LanSwitch::Forward(ns3::Ptr<ns3::NetDevice> port,
                   ns3::Ptr<const ns3::Packet> frame,
                   std::uint16_t protocol,
                   ns3::Mac48Address source,
                   ns3::Mac48Address destination,
                   PacketType type)
{
    ReceiveFromDevice(port, frame, protocol, source, destination, type);
}

} // namespace lanpeer::lan
