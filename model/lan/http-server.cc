#include "model/lan/http-server.h"

#include "model/lan/listening-socket.h"
#include "model/lan/tcp-close.h"

#include <algorithm>
#include <ns3/inet-socket-address.h>
#include <ns3/packet.h>
#include <ns3/simulator.h>
#include <utility>
#include <variant>
#include <vector>

namespace lanpeer::lan
{

namespace
{

/// Bytes of body handed to TCP at a time: large, since each is an event and none costs memory.
constexpr std::uint32_t kChunkBytes = 64 * 1024;

http::HeadLimits
HeadLimitsOf(const HttpServer::Limits& limits)
{
    http::HeadLimits head;
    head.aliasesOnly = limits.aliasesOnly;
    return head;
}

} // namespace

HttpServer::Limits
HttpServer::Limits::AsManyAsCome()
{
    constexpr std::uint64_t kConnections = 1U << 20;
    Limits limits;
    limits.connections = kConnections;
    limits.connectionsPerPeer = kConnections;
    return limits;
}

HttpServer::HttpServer(ns3::Ptr<ns3::Node> node, std::uint16_t port, const Limits& limits)
    : m_node(node)
    , m_port(port)
    , m_limits(limits)
{
}

HttpServer::~HttpServer()
{
    Stop();
}

void
HttpServer::Start(Asked asked, Ended ended)
{
    m_asked = std::move(asked);
    m_ended = std::move(ended);
    m_listener = CreateListeningSocket(m_node);
    m_listener->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), m_port));
    m_listener->Listen();
    m_listener->SetAcceptCallback(ns3::MakeCallback(&HttpServer::AcceptAsked, this),
                                  ns3::MakeCallback(&HttpServer::Accepted, this));
}

void
HttpServer::Stop()
{
    m_ended = nullptr;
    if (m_listener)
    {
        m_listener->SetAcceptCallback(
            ns3::MakeNullCallback<bool, ns3::Ptr<ns3::Socket>, const ns3::Address&>(),
            ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>, const ns3::Address&>());
        m_listener->Close();
        m_listener = nullptr;
    }
    while (!m_connections.empty())
    {
        Drop(m_connections.begin()->first);
    }
}

bool
HttpServer::AcceptAsked(ns3::Ptr<ns3::Socket> /*socket*/, const ns3::Address& from)
{
    return HasRoomFor(ns3::InetSocketAddress::ConvertFrom(from).GetIpv4());
}

bool
HttpServer::HasRoomFor(ns3::Ipv4Address peer) const
{
    const auto known = m_perPeer.find(peer.Get());
    const bool peerHasRoom =
        known == m_perPeer.end() || known->second < m_limits.connectionsPerPeer;
    return m_connections.size() < m_limits.connections && peerHasRoom;
}

void
HttpServer::Accepted(ns3::Ptr<ns3::Socket> socket, const ns3::Address& from)
{
    const ns3::Ipv4Address peer = ns3::InetSocketAddress::ConvertFrom(from).GetIpv4();
    if (!HasRoomFor(peer))
    {
        // Handshakes that ran side by side were all let in, when none of them counted yet.
        Silence(socket);
        ns3::Simulator::ScheduleNow([socket] { CloseConnection(socket); });
        return;
    }
    ++m_perPeer[peer.Get()];
    const std::uint64_t number = ++m_lastConnection;
    Connection& connection =
        m_connections.emplace(number, Connection(socket, peer, HeadLimitsOf(m_limits)))
            .first->second;
    connection.roomBytes = socket->GetTxAvailable();
    ExpectHead(number, connection);
    socket->SetRecvCallback(ns3::MakeCallback(&HttpServer::Readable, this).Bind(number));
    socket->SetSendCallback(ns3::MakeCallback(&HttpServer::Writable, this).Bind(number));
    socket->SetCloseCallbacks(ns3::MakeCallback(&HttpServer::Broken, this).Bind(number),
                              ns3::MakeCallback(&HttpServer::Broken, this).Bind(number));
}

HttpServer::Connection*
HttpServer::Find(std::uint64_t number)
{
    const auto found = m_connections.find(number);
    return found == m_connections.end() ? nullptr : &found->second;
}

void
HttpServer::ExpectHead(std::uint64_t number, Connection& connection)
{
    connection.headerDeadline = ns3::Simulator::Schedule(
        ns3::MilliSeconds(m_limits.headerMs), &HttpServer::Drop, this, number);
}

void
HttpServer::Readable(std::uint64_t number, ns3::Ptr<ns3::Socket> socket)
{
    Connection* connection = Find(number);
    if (connection == nullptr)
    {
        return;
    }
    while (ns3::Ptr<ns3::Packet> packet = socket->Recv())
    {
        if (packet->GetSize() == 0)
        {
            break; // end of stream; the close callback follows
        }
        if (connection->reader.Closed())
        {
            continue; // no request will come of it; taken, so that the answer is not reset
        }
        std::vector<std::uint8_t> bytes(packet->GetSize());
        packet->CopyData(bytes.data(), packet->GetSize());
        connection->unread.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    if (connection->request == 0)
    {
        ReadRequests(number, *connection); // may drop it
        connection = Find(number);
    }
    // Requests wait for the answer to the one before them, but not any number of them.
    if (connection != nullptr && connection->unread.size() > HeadLimitsOf(m_limits).maxBytes)
    {
        Drop(number);
    }
}

void
HttpServer::ReadRequests(std::uint64_t number, Connection& connection)
{
    std::string_view bytes = connection.unread;
    while (!bytes.empty())
    {
        const http::RequestFeed feed = connection.reader.Feed(bytes);
        bytes.remove_prefix(feed.consumed);
        if (std::holds_alternative<std::monostate>(feed.outcome))
        {
            continue;
        }
        connection.unread = connection.reader.Closed() ? std::string() : std::string(bytes);
        connection.headerDeadline.Cancel();
        connection.request = ++m_lastRequest;
        m_requests.emplace(m_lastRequest, number);
        if (const auto* request = std::get_if<http::Request>(&feed.outcome))
        {
            const http::Request asked = *request;
            m_asked(connection.request, connection.peer, asked); // may drop the connection
        }
        else
        {
            Answer(connection.request, http::Answer(std::get<http::RequestError>(feed.outcome)));
        }
        return;
    }
    connection.unread.clear();
}

void
HttpServer::Answer(std::uint64_t request, const http::Reply& reply)
{
    Answer(request, reply, reply.bodyBytes);
}

void
HttpServer::Answer(std::uint64_t request, const http::Reply& reply, std::uint64_t bodyHere)
{
    const auto found = m_requests.find(request);
    if (found == m_requests.end())
    {
        return; // it left meanwhile
    }
    Connection& connection = m_connections.at(found->second);
    connection.head = reply.head;
    connection.bodyLeft = reply.bodyBytes;
    connection.bodyHere = std::min(bodyHere, reply.bodyBytes);
    connection.closeAfter = reply.close;
    connection.replying = true;
    Send(found->second, connection);
}

void
HttpServer::BodyCame(std::uint64_t request, std::uint64_t bytes)
{
    const auto found = m_requests.find(request);
    if (found == m_requests.end())
    {
        return; // it left meanwhile
    }
    Connection& connection = m_connections.at(found->second);
    connection.bodyHere += std::min(bytes, connection.bodyLeft - connection.bodyHere);
    Send(found->second, connection);
}

void
HttpServer::Abandon(std::uint64_t request)
{
    const auto found = m_requests.find(request);
    if (found != m_requests.end())
    {
        Drop(found->second);
    }
}

void
HttpServer::Writable(std::uint64_t number,
                     ns3::Ptr<ns3::Socket> /*socket*/,
                     std::uint32_t /*available*/)
{
    Connection* connection = Find(number);
    if (connection != nullptr && connection->replying)
    {
        Send(number, *connection);
    }
}

void
HttpServer::Send(std::uint64_t number, Connection& connection)
{
    while (!connection.head.empty() || connection.bodyHere > 0)
    {
        const std::uint32_t room = connection.socket->GetTxAvailable();
        if (room == 0)
        {
            return;
        }
        const auto headBytes = static_cast<std::uint32_t>(connection.head.size());
        if (room < headBytes)
        {
            return;
        }
        const auto bodyBytes = static_cast<std::uint32_t>(
            std::min<std::uint64_t>({connection.bodyHere, room - headBytes, kChunkBytes}));
        auto packet = ns3::Create<ns3::Packet>(bodyBytes); // zeros, which take no memory
        if (headBytes > 0)
        {
            // Head and first bytes of the body in one write, as a real server should.
            const auto body = packet;
            packet = ns3::Create<ns3::Packet>(
                reinterpret_cast<const std::uint8_t*>(connection.head.data()), headBytes);
            packet->AddAtEnd(body);
        }
        if (connection.socket->Send(packet) < 0)
        {
            return;
        }
        connection.head.clear();
        connection.bodyLeft -= bodyBytes;
        connection.bodyHere -= bodyBytes;
    }
    if (connection.bodyLeft > 0)
    {
        return; // the rest is still to come
    }
    // Over when all of it has been acknowledged, not when TCP has taken it: the slot that it holds
    // is what keeps a node from sending to too many at once.
    if (connection.socket->GetTxAvailable() >= connection.roomBytes)
    {
        Finish(number, connection);
    }
}

void
HttpServer::Finish(std::uint64_t number, Connection& connection)
{
    const std::uint64_t request = std::exchange(connection.request, 0);
    connection.replying = false;
    m_requests.erase(request);
    const bool close = connection.closeAfter;
    if (m_ended)
    {
        m_ended(request);
    }
    Connection* still = Find(number);
    if (still == nullptr)
    {
        return;
    }
    if (close)
    {
        Drop(number);
    }
    else
    {
        ExpectHead(number, *still);
        ReadRequests(number, *still);
    }
}

void
HttpServer::Broken(std::uint64_t number, ns3::Ptr<ns3::Socket> /*socket*/)
{
    Drop(number);
}

void
HttpServer::Drop(std::uint64_t number)
{
    const auto found = m_connections.find(number);
    if (found == m_connections.end())
    {
        return;
    }
    Connection& connection = found->second;
    const ns3::Ptr<ns3::Socket> socket = connection.socket;
    const std::uint64_t request = connection.request;
    connection.headerDeadline.Cancel();
    m_requests.erase(request);
    if (--m_perPeer[connection.peer.Get()] == 0)
    {
        m_perPeer.erase(connection.peer.Get());
    }
    m_connections.erase(found);
    Silence(socket);
    // Not at once: a socket that tells of a reset counts as open until its callback has returned,
    // would send a FIN, and is needed by ns-3 after the last of us has let it go.
    ns3::Simulator::ScheduleNow([socket] { CloseConnection(socket); });
    if (request != 0 && m_ended)
    {
        m_ended(request);
    }
}

void
HttpServer::Silence(ns3::Ptr<ns3::Socket> socket)
{
    socket->SetRecvCallback(ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>());
    socket->SetSendCallback(ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>, std::uint32_t>());
    socket->SetCloseCallbacks(ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>(),
                              ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>());
}

} // namespace lanpeer::lan
