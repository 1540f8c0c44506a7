#include "tests/lan/fake-peer.h"

#include "model/lan/peer-address.h"
#include "model/lan/received-packets.h"
#include "model/protocol/packet-codec.h"

#include <ns3/inet-socket-address.h>
#include <ns3/udp-socket-factory.h>
#include <variant>

namespace lanpeer::lan
{

namespace
{

constexpr std::uint16_t kServicePort = 1967;

} // namespace

FakePeer::FakePeer(LanNetwork& network)
    : m_own(network.Addresses().Gateway())
    , m_broadcast(network.BroadcastAddress())
    , m_socket(ns3::Socket::CreateSocket(network.Gateway(), ns3::UdpSocketFactory::GetTypeId()))
{
    m_socket->SetAllowBroadcast(true);
    m_socket->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), kServicePort));
    m_socket->SetRecvCallback(ns3::MakeCallback(&FakePeer::Wait, this));
}

void
FakePeer::Wait(ns3::Ptr<ns3::Socket> socket)
{
    ns3::Address from;
    while (const ns3::Ptr<ns3::Packet> packet = socket->RecvFrom(from))
    {
        const ns3::Ipv4Address source = ns3::InetSocketAddress::ConvertFrom(from).GetIpv4();
        const auto* content = std::get_if<Shared<ServicePacket>>(
            &ReceivedPackets::Instance().ContentOf(packet, source));
        if (content != nullptr && m_heard)
        {
            const Shared<ServicePacket> heard = *content;
            m_heard(*heard, source);
        }
    }
}

void
FakePeer::Broadcast(const ServicePacket& packet)
{
    BroadcastBytes(*Encode(packet, TextOf(m_own)));
}

void
FakePeer::SendTo(ns3::Ipv4Address to, const ServicePacket& packet)
{
    Send(to, *Encode(packet, TextOf(m_own)));
}

void
FakePeer::BroadcastBytes(const std::string& bytes)
{
    Send(m_broadcast, bytes);
}

void
FakePeer::Send(ns3::Ipv4Address to, const std::string& bytes)
{
    m_socket->SendTo(ns3::Create<ns3::Packet>(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                              static_cast<std::uint32_t>(bytes.size())),
                     0,
                     ns3::InetSocketAddress(to, kServicePort));
}

} // namespace lanpeer::lan
