#include "model/lan/http-fetch.h"

#include "model/lan/faults/damage.h"
#include "model/lan/tcp-close.h"

#include <ns3/packet.h>
#include <ns3/simulator.h>
#include <ns3/tcp-socket-factory.h>
#include <utility>
#include <vector>

namespace lanpeer::lan
{

namespace
{

http::ResponseExpectation
ExpectationOf(const http::GetOrder& order)
{
    http::ResponseExpectation expectation;
    expectation.offset = order.offset;
    return expectation;
}

} // namespace

HttpFetch::HttpFetch(ns3::Ptr<ns3::Node> node,
                     const ns3::InetSocketAddress& server,
                     http::GetOrder order)
    : m_node(node)
    , m_server(server)
    , m_order(std::move(order))
    , m_reader(ExpectationOf(m_order))
{
}

HttpFetch::~HttpFetch()
{
    Release();
}

void
HttpFetch::Start(Progressed progressed, Ended ended)
{
    m_progressed = std::move(progressed);
    m_ended = std::move(ended);
    m_socket = ns3::Socket::CreateSocket(m_node, ns3::TcpSocketFactory::GetTypeId());
    m_socket->SetConnectCallback(ns3::MakeCallback(&HttpFetch::Connected, this),
                                 ns3::MakeCallback(&HttpFetch::ConnectFailed, this));
    m_socket->SetRecvCallback(ns3::MakeCallback(&HttpFetch::Readable, this));
    m_socket->SetCloseCallbacks(ns3::MakeCallback(&HttpFetch::Closed, this),
                                ns3::MakeCallback(&HttpFetch::Closed, this));
    m_socket->Bind();
    if (m_socket->Connect(m_server) < 0)
    {
        const bool unreachable = m_socket->GetErrno() == ns3::Socket::ERROR_NOROUTETOHOST;
        End(unreachable ? FetchEnd::NoRoute : FetchEnd::Broken);
    }
}

void
HttpFetch::Connected(ns3::Ptr<ns3::Socket> socket)
{
    m_connected = true;
    const auto request = http::MakeGet(m_order);
    if (!request)
    {
        End(FetchEnd::Broken);
        return;
    }
    socket->Send(ns3::Create<ns3::Packet>(reinterpret_cast<const std::uint8_t*>(request->data()),
                                          static_cast<std::uint32_t>(request->size())));
}

void
HttpFetch::ConnectFailed(ns3::Ptr<ns3::Socket> socket)
{
    const bool unreachable = socket->GetErrno() == ns3::Socket::ERROR_NOROUTETOHOST;
    End(unreachable ? FetchEnd::NoRoute : FetchEnd::Broken);
}

void
HttpFetch::Readable(ns3::Ptr<ns3::Socket> socket)
{
    while (ns3::Ptr<ns3::Packet> packet = socket->Recv())
    {
        std::uint32_t bytes = packet->GetSize();
        if (bytes == 0)
        {
            break; // end of stream; the close callback follows
        }
        m_damaged = m_damaged || IsDamaged(*packet);
        if (!m_reader.Head())
        {
            std::vector<std::uint8_t> text(bytes);
            packet->CopyData(text.data(), bytes);
            bytes -= static_cast<std::uint32_t>(
                m_reader.Feed({reinterpret_cast<const char*>(text.data()), text.size()}));
        }
        m_reader.BodyArrived(bytes);
    }
    CheckEnd();
}

void
HttpFetch::CheckEnd()
{
    if (m_reader.Error())
    {
        End(FetchEnd::Broken);
        return;
    }
    const auto& head = m_reader.Head();
    if (!head)
    {
        return;
    }
    const bool carries = head->status == 200 || head->status == 206;
    if (!m_reader.Finished())
    {
        if (carries && m_progressed)
        {
            m_progressed(head->firstByte + m_reader.BodyBytes(), head->totalBytes);
        }
        return;
    }
    if (carries)
    {
        End(FetchEnd::Whole);
    }
    else if (head->status == 503)
    {
        End(FetchEnd::Unavailable);
    }
    else
    {
        End(head->status == 404 || head->status == 410 ? FetchEnd::NotFound : FetchEnd::Broken);
    }
}

void
HttpFetch::Closed(ns3::Ptr<ns3::Socket> socket)
{
    Readable(socket);
    if (m_socket) // it did not end by that
    {
        m_connected = false;
        m_reader.ConnectionClosed();
        End(FetchEnd::Broken);
    }
}

HttpFetch::Result
HttpFetch::SoFar() const
{
    Result result;
    result.damaged = m_damaged;
    if (const auto& head = m_reader.Head())
    {
        if (head->status == 200 || head->status == 206)
        {
            result.bodyBytes = m_reader.BodyBytes();
            result.received = head->firstByte + m_reader.BodyBytes();
            result.tag = head->tag.value_or("");
            result.resumed = head->firstByte > 0;
        }
        result.retryAfterSeconds = head->retryAfterSeconds;
    }
    else
    {
        result.received = m_order.offset.value_or(0);
        result.tag = m_order.ifRangeTag.value_or("");
    }
    return result;
}

void
HttpFetch::End(FetchEnd end)
{
    Result result = SoFar();
    result.end = end;
    Release();
    if (const Ended ended = std::exchange(m_ended, nullptr))
    {
        ended(result); // may destroy this
    }
}

void
HttpFetch::Release()
{
    if (const ns3::Ptr<ns3::Socket> socket = std::exchange(m_socket, nullptr))
    {
        socket->SetConnectCallback(ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>(),
                                   ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>());
        socket->SetRecvCallback(ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>());
        socket->SetCloseCallbacks(ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>(),
                                  ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>());
        if (m_connected && !m_reader.Finished())
        {
            ResetConnection(socket); // whoever serves it must not go on
        }
        else
        {
            CloseConnection(socket);
        }
    }
}

} // namespace lanpeer::lan
