#include "tests/lan/raw-client.h"

#include "model/lan/tcp-close.h"

#include <ns3/inet-socket-address.h>
#include <ns3/packet.h>
#include <ns3/simulator.h>
#include <ns3/tcp-socket-factory.h>
#include <utility>
#include <vector>

namespace lanpeer::lan
{

RawClient::RawClient(ns3::Ptr<ns3::Node> node,
                     ns3::Ipv4Address server,
                     std::uint16_t port,
                     std::string first)
    : m_node(node)
    , m_socket(ns3::Socket::CreateSocket(node, ns3::TcpSocketFactory::GetTypeId()))
    , m_first(std::move(first))
{
    m_socket->SetConnectCallback(ns3::Callback<void, ns3::Ptr<ns3::Socket>>(
                                     [this](ns3::Ptr<ns3::Socket>)
                                     {
                                         m_connected = true;
                                         Say(m_first);
                                     }),
                                 ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>());
    m_socket->SetRecvCallback(ns3::MakeCallback(&RawClient::Readable, this));
    m_socket->SetCloseCallbacks(ns3::MakeCallback(&RawClient::Closed, this),
                                ns3::MakeCallback(&RawClient::Closed, this));
    m_socket->Bind();
    m_socket->Connect(ns3::InetSocketAddress(server, port));
}

RawClient::~RawClient()
{
    const auto none = ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>();
    m_socket->SetConnectCallback(none, none);
    m_socket->SetRecvCallback(none);
    m_socket->SetCloseCallbacks(none, none);
}

void
RawClient::Say(const std::string& bytes)
{
    if (!bytes.empty())
    {
        m_socket->Send(ns3::Create<ns3::Packet>(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                                static_cast<std::uint32_t>(bytes.size())));
    }
}

void
RawClient::SayAt(ns3::Time at, const std::string& bytes)
{
    ns3::Simulator::ScheduleWithContext(
        m_node->GetId(), at - ns3::Simulator::Now(), [this, bytes] { Say(bytes); });
}

void
RawClient::Reset()
{
    const auto none = ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>();
    m_socket->SetRecvCallback(none);
    m_socket->SetCloseCallbacks(none, none);
    ResetConnection(m_socket);
}

void
RawClient::Readable(ns3::Ptr<ns3::Socket> socket)
{
    while (const ns3::Ptr<ns3::Packet> packet = socket->Recv())
    {
        if (packet->GetSize() == 0)
        {
            break;
        }
        std::vector<std::uint8_t> bytes(packet->GetSize());
        packet->CopyData(bytes.data(), packet->GetSize());
        m_heard.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
}

void
RawClient::Closed(ns3::Ptr<ns3::Socket> socket)
{
    Readable(socket);
    if (!m_closedAt)
    {
        m_closedAt = ns3::Simulator::Now();
    }
    ns3::Simulator::ScheduleNow([socket] { socket->Close(); });
}

std::size_t
RawClient::Answers(unsigned status) const
{
    const std::string line = "HTTP/1.1 " + std::to_string(status) + " ";
    std::size_t count = 0;
    for (std::size_t at = m_heard.find(line); at != std::string::npos;
         at = m_heard.find(line, at + 1))
    {
        ++count;
    }
    return count;
}

} // namespace lanpeer::lan
