#include "model/lan/broadcast-path.h"

#include <ns3/arp-l3-protocol.h>
#include <ns3/ipv4-interface.h>
#include <ns3/ipv4-l3-protocol.h>
#include <ns3/simple-ref-count.h>
#include <ns3/traffic-control-layer.h>
#include <ns3/udp-l4-protocol.h>

namespace lanpeer::lan
{

namespace
{

class BroadcastPath : public ns3::SimpleRefCount<BroadcastPath>
{
  public:
    BroadcastPath(ns3::Ptr<ns3::Node> node, ns3::Ipv4Address broadcast)
        : m_broadcast(broadcast)
        , m_next(node->GetObject<ns3::TrafficControlLayer>())
        , m_udp(node->GetObject<ns3::UdpL4Protocol>())
        , m_interface(node->GetObject<ns3::Ipv4L3Protocol>()->GetInterface(1))
    {
    }

    void Receive(ns3::Ptr<ns3::NetDevice> device,
                 ns3::Ptr<const ns3::Packet> packet,
                 std::uint16_t protocol,
                 const ns3::Address& from,
                 const ns3::Address& to,
                 ns3::NetDevice::PacketType type)
    {
        // Not by the type of packet: a node does not tell its handlers.
        ns3::Ipv4Header header;
        if (packet->PeekHeader(header) == 0 || header.GetDestination() != m_broadcast ||
            header.GetProtocol() != ns3::UdpL4Protocol::PROT_NUMBER || !header.IsLastFragment() ||
            header.GetFragmentOffset() != 0 || !m_interface->IsUp())
        {
            m_next->Receive(device, packet, protocol, from, to, type);
            return;
        }
        const auto datagram = packet->Copy();
        datagram->RemoveHeader(header);
        if (header.GetPayloadSize() < datagram->GetSize())
        {
            datagram->RemoveAtEnd(datagram->GetSize() - header.GetPayloadSize()); // Ethernet's
        }
        m_udp->Receive(datagram, header, m_interface);
    }

  private:
    const ns3::Ipv4Address m_broadcast;
    const ns3::Ptr<ns3::TrafficControlLayer> m_next;
    const ns3::Ptr<ns3::UdpL4Protocol> m_udp;
    const ns3::Ptr<ns3::Ipv4Interface> m_interface;
};

} // namespace

void
ShortenBroadcastPath(ns3::Ptr<ns3::Node> node, ns3::Ipv4Address broadcast)
{
    const auto ipv4 = node->GetObject<ns3::Ipv4L3Protocol>();
    const auto device = ipv4->GetNetDevice(1);
    const auto standard = ns3::MakeCallback(&ns3::TrafficControlLayer::Receive,
                                            node->GetObject<ns3::TrafficControlLayer>());
    // It is registered for IP and for ARP, and a handler is removed by what it calls, whichever
    // comes first: so both go, and ARP's comes back.
    node->UnregisterProtocolHandler(standard);
    node->UnregisterProtocolHandler(standard);
    node->RegisterProtocolHandler(standard, ns3::ArpL3Protocol::PROT_NUMBER, device);
    node->RegisterProtocolHandler(
        ns3::MakeCallback(&BroadcastPath::Receive, ns3::Create<BroadcastPath>(node, broadcast)),
        ns3::Ipv4L3Protocol::PROT_NUMBER,
        device);
}

} // namespace lanpeer::lan
