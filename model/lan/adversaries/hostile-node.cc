#include "model/lan/adversaries/hostile-node.h"

#include "model/lan/adversaries/hostile-canceller.h"
#include "model/lan/adversaries/hostile-downloader.h"
#include "model/lan/adversaries/hostile-flooder.h"
#include "model/lan/adversaries/hostile-holder.h"
#include "model/lan/peer-address.h"
#include "model/lan/received-packets.h"
#include "model/protocol/base64url.h"
#include "model/protocol/packet-codec.h"

#include <algorithm>
#include <cmath>
#include <ns3/inet-socket-address.h>
#include <ns3/ipv4-header.h>
#include <ns3/ipv4-l3-protocol.h>
#include <ns3/packet.h>
#include <ns3/udp-header.h>
#include <ns3/udp-l4-protocol.h>
#include <ns3/udp-socket-factory.h>
#include <utility>
#include <variant>

namespace lanpeer::lan
{

NS_OBJECT_ENSURE_REGISTERED(HostileNode);

namespace
{

ns3::Ptr<ns3::Packet>
PacketOf(const std::string& bytes)
{
    return ns3::Create<ns3::Packet>(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                    static_cast<std::uint32_t>(bytes.size()));
}

} // namespace

const HostileKnowledge::Resource*
HostileKnowledge::Find(const std::string& href) const
{
    const auto found =
        std::find_if(resources.begin(),
                     resources.end(),
                     [&href](const Resource& resource) { return resource.href == href; });
    return found == resources.end() ? nullptr : &*found;
}

ns3::TypeId
HostileNode::GetTypeId()
{
    static ns3::TypeId tid =
        ns3::TypeId("lanpeer::HostileNode").SetParent<ns3::Application>().SetGroupName("LanPeer");
    return tid;
}

HostileNode::HostileNode(AdversaryKind kind, std::shared_ptr<const HostileKnowledge> knowledge)
    : m_kind(kind)
    , m_knowledge(std::move(knowledge))
    , m_delays(ns3::CreateObject<ns3::UniformRandomVariable>())
    , m_tokens(ns3::CreateObject<ns3::UniformRandomVariable>())
{
}

HostileNode::~HostileNode() = default;

std::int64_t
HostileNode::AssignStreams(std::int64_t stream)
{
    m_delays->SetStream(stream);
    m_tokens->SetStream(stream + 1);
    return 2;
}

void
HostileNode::StartApplication()
{
    const auto address = GetNode()->GetObject<ns3::Ipv4>()->GetAddress(1, 0);
    m_own = address.GetLocal();
    m_broadcast = address.GetBroadcast();
    m_node = *NodeId::Parse(ToBase64Url(RandomToken()));
    if (m_kind == AdversaryKind::Silent)
    {
        return;
    }
    m_socket = ns3::Socket::CreateSocket(GetNode(), ns3::UdpSocketFactory::GetTypeId());
    m_socket->SetAllowBroadcast(true);
    m_socket->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), Known().servicePort));
    m_socket->SetRecvCallback(ns3::MakeCallback(&HostileNode::PacketsWait, this));
    Begin();
}

void
HostileNode::Begin()
{
}

void
HostileNode::StopApplication()
{
    Shut();
}

void
HostileNode::DoDispose()
{
    Shut();
    ns3::Application::DoDispose();
}

void
HostileNode::Shut()
{
    m_server.reset();
    if (m_socket)
    {
        m_socket->SetRecvCallback(ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>());
        m_socket->Close();
        m_socket = nullptr;
    }
}

// ---------------------------------------------------------------- hearing

void
HostileNode::PacketsWait(ns3::Ptr<ns3::Socket> socket)
{
    ns3::Address from;
    while (ns3::Ptr<ns3::Packet> packet = socket->RecvFrom(from))
    {
        const auto source = ns3::InetSocketAddress::ConvertFrom(from);
        const auto* content = std::get_if<Shared<ServicePacket>>(
            &ReceivedPackets::Instance().ContentOf(packet, source.GetIpv4()));
        if (content != nullptr && source.GetIpv4() != m_own)
        {
            const Shared<ServicePacket> heard = *content; // what follows may decode others
            Heard(*heard, source.GetIpv4(), source.GetPort());
        }
    }
}

void
HostileNode::Heard(const ServicePacket& /*packet*/,
                   ns3::Ipv4Address /*from*/,
                   std::uint16_t /*port*/)
{
}

// ---------------------------------------------------------------- sending

void
HostileNode::Broadcast(const ServicePacket& packet)
{
    SendTo(packet, m_broadcast, Known().servicePort);
}

void
HostileNode::SendTo(const ServicePacket& packet, ns3::Ipv4Address to, std::uint16_t port)
{
    if (const auto bytes = Encode(packet, TextOf(m_own)); bytes && m_socket)
    {
        ++m_counts.packetsSent;
        m_counts.sentBytes += bytes->size();
        m_socket->SendTo(PacketOf(*bytes), 0, ns3::InetSocketAddress(to, port));
    }
}

void
HostileNode::BroadcastFrom(ns3::Ipv4Address source, const ServicePacket& packet)
{
    constexpr std::uint8_t kHops = 64;
    const auto bytes = Encode(packet, TextOf(source));
    if (!bytes || !m_socket)
    {
        return;
    }
    ++m_counts.packetsSent;
    m_counts.sentBytes += bytes->size();
    const auto datagram = PacketOf(*bytes);
    ns3::UdpHeader udp;
    udp.SetSourcePort(Known().servicePort);
    udp.SetDestinationPort(Known().servicePort);
    ns3::Ipv4Header ip;
    if (ns3::Node::ChecksumEnabled())
    {
        udp.EnableChecksums();
        udp.InitializeChecksum(source, m_broadcast, ns3::UdpL4Protocol::PROT_NUMBER);
        ip.EnableChecksum();
    }
    datagram->AddHeader(udp);
    ip.SetSource(source);
    ip.SetDestination(m_broadcast);
    ip.SetProtocol(ns3::UdpL4Protocol::PROT_NUMBER);
    ip.SetPayloadSize(static_cast<std::uint16_t>(datagram->GetSize()));
    ip.SetTtl(kHops);
    ip.SetIdentification(++m_lastIdentification);
    datagram->AddHeader(ip);
    const auto device = GetNode()->GetObject<ns3::Ipv4>()->GetNetDevice(1);
    device->Send(datagram, device->GetBroadcast(), ns3::Ipv4L3Protocol::PROT_NUMBER);
}

void
HostileNode::Serve(HttpServer::Asked asked, HttpServer::Ended ended)
{
    m_server = std::make_unique<HttpServer>(
        GetNode(), Known().httpPort, HttpServer::Limits::AsManyAsCome());
    m_server->Start(std::move(asked), std::move(ended));
}

void
HostileNode::CountAltered()
{
    ++m_counts.alteredOffered;
}

// ---------------------------------------------------------------- drawing

Token
HostileNode::RandomToken()
{
    Token token;
    for (std::uint8_t& byte : token)
    {
        byte = static_cast<std::uint8_t>(m_tokens->GetInteger(0, 255));
    }
    return token;
}

ns3::Time
HostileNode::RandomDelay(std::uint64_t maxMs)
{
    constexpr double kUsPerMs = 1000;
    const double drawn = m_delays->GetValue(0, static_cast<double>(maxMs) * kUsPerMs);
    return ns3::MicroSeconds(std::llround(drawn));
}

ns3::Ptr<HostileNode>
MakeHostileNode(AdversaryKind kind, const std::shared_ptr<const HostileKnowledge>& knowledge)
{
    switch (kind)
    {
    case AdversaryKind::Silent:
        return ns3::CreateObject<HostileNode>(kind, knowledge);
    case AdversaryKind::Altered:
    case AdversaryKind::FastLiar:
    case AdversaryKind::BusyLiar:
    case AdversaryKind::Empty:
    case AdversaryKind::Closed:
    case AdversaryKind::Endless:
    case AdversaryKind::Stopping:
    case AdversaryKind::Excess:
        return ns3::CreateObject<HostileHolder>(kind, knowledge);
    case AdversaryKind::Downloading:
    case AdversaryKind::Stuck:
    case AdversaryKind::Complete:
        return ns3::CreateObject<HostileDownloader>(kind, knowledge);
    case AdversaryKind::Cancel:
    case AdversaryKind::CancelForged:
        return ns3::CreateObject<HostileCanceller>(kind, knowledge);
    case AdversaryKind::Flood:
    case AdversaryKind::Forged:
        return ns3::CreateObject<HostileFlooder>(kind, knowledge);
    }
    return nullptr;
}

} // namespace lanpeer::lan
