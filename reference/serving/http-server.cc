#include "reference/serving/http-server.h"

#include "reference/serving/http-server-impl.h"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

// Of HttpServer: who comes, who goes, and when it is time to.

namespace lanpeer::reference
{

namespace
{

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;

/// Bytes that TCP takes although it cannot send them yet. Without it, Linux swallows a whole update
/// at once, and the slot that an upload holds would say nothing about what the network does.
constexpr int kUnsentBytes = 128 * 1024;
/// Without descriptors there is nobody to accept for a while.
constexpr milliseconds kAcceptPause{100};
constexpr int kAcceptsPerTurn = 64;

http::HeadLimits
HeadLimitsOf(const HttpServer::Limits& limits)
{
    http::HeadLimits head;
    head.aliasesOnly = limits.aliasesOnly;
    return head;
}

/// How often deadlines are looked at: one timer for all of them, as one for each would be set and
/// cancelled with each request. A deadline is late by this much at most.
milliseconds
SweepPeriodOf(const HttpServer::Limits& limits)
{
    const std::uint64_t shortest = std::min({limits.headerMs, limits.idleMs, limits.stallMs});
    return milliseconds(std::clamp<std::uint64_t>(shortest / 8, 5, 250));
}

} // namespace

HttpServer::Inside::Inside(asio::io_context& context, const Limits& limits)
    : m_executor(context.get_executor())
    , m_limits(limits)
    , m_headLimits(HeadLimitsOf(limits))
    , m_acceptor(m_executor)
    , m_acceptTimer(m_executor)
    , m_sweepTimer(m_executor)
    , m_sweepPeriod(SweepPeriodOf(limits))
    , m_rate(limits.uploadBytesPerS, HttpClock::now())
    , m_rateTimer(m_executor)
{
}

void
HttpServer::Inside::Start(Allowed allowed, Asked asked, Ended ended)
{
    m_allowed = std::move(allowed);
    m_asked = std::move(asked);
    m_ended = std::move(ended);
}

std::uint16_t
HttpServer::Inside::Listen(const Address& address, std::uint16_t port)
{
    FileDescriptor listener = tcp::Listen(address, port, kUnsentBytes);
    const std::uint16_t listensOn = tcp::PortOf(listener);
    m_acceptor.assign(asio::ip::tcp::v4(), listener.Get());
    listener.Release();
    m_stopped = false;
    AwaitConnections();
    return listensOn;
}

void
HttpServer::Inside::Stop()
{
    // The callbacks stay where they are: one of them may be what calls.
    m_stopped = true;
    error_code ignored;
    m_acceptor.close(ignored);
    m_acceptTimer.cancel();
    m_sweepTimer.cancel();
    m_rateTimer.cancel();
    m_queue.clear();
    m_requests.clear();
    m_perPeer.clear();
    m_connections.clear();
}

void
HttpServer::Inside::AwaitConnections()
{
    m_acceptor.async_wait(Acceptor::wait_read,
                          [self = shared_from_this()](const error_code& error)
                          {
                              if (!error && !self->m_stopped)
                              {
                                  self->AcceptWaiting();
                              }
                          });
}

void
HttpServer::Inside::AcceptWaiting()
{
    for (int count = 0; count < kAcceptsPerTurn; ++count)
    {
        tcp::Accepted accepted = tcp::AcceptOne(m_acceptor.native_handle());
        switch (accepted.outcome)
        {
        case tcp::Accept::Accepted:
            TakeIn(std::move(accepted));
            if (m_stopped)
            {
                return;
            }
            break;
        case tcp::Accept::Failed:
            break;
        case tcp::Accept::NoneWaits:
            AwaitConnections();
            return;
        case tcp::Accept::Exhausted:
            // It would be readable at once, again and again.
            m_acceptTimer.expires_after(kAcceptPause);
            m_acceptTimer.async_wait(
                [self = shared_from_this()](const error_code& error)
                {
                    if (!error && !self->m_stopped)
                    {
                        self->AcceptWaiting();
                    }
                });
            return;
        }
    }
    AwaitConnections();
}

bool
HttpServer::Inside::HasRoomFor(const Address& peer) const
{
    const auto known = m_perPeer.find(peer.to_uint());
    const bool peerHasRoom =
        known == m_perPeer.end() || known->second < m_limits.connectionsPerPeer;
    return m_connections.size() < m_limits.connections && peerHasRoom;
}

void
HttpServer::Inside::TakeIn(tcp::Accepted accepted)
{
    if (!HasRoomFor(accepted.peer) || !m_allowed(accepted.peer) || m_stopped)
    {
        return; // closed with the descriptor
    }
    auto connection =
        std::make_unique<HttpConnection>(m_executor, ++m_lastConnection, accepted.peer);
    error_code error;
    connection->socket.assign(asio::ip::tcp::v4(), accepted.socket.Get(), error);
    if (error)
    {
        return;
    }
    accepted.socket.Release();
    connection->reader = http::RequestReader(m_headLimits);
    connection->deadline = HttpClock::now() + milliseconds(m_limits.headerMs);
    const std::uint64_t number = connection->number;
    ++m_perPeer[accepted.peer.to_uint()];
    m_connections.emplace(number, std::move(connection));
    StartSweeping();
    Serve(number);
}

HttpConnection*
HttpServer::Inside::Find(std::uint64_t number)
{
    const auto found = m_connections.find(number);
    return found == m_connections.end() ? nullptr : found->second.get();
}

void
HttpServer::Inside::Drop(std::uint64_t number)
{
    const auto found = m_connections.find(number);
    if (found == m_connections.end())
    {
        return;
    }
    const std::unique_ptr<HttpConnection> connection = std::move(found->second);
    m_connections.erase(found);
    const auto perPeer = m_perPeer.find(connection->peer.to_uint());
    if (--perPeer->second == 0)
    {
        m_perPeer.erase(perPeer);
    }
    error_code ignored;
    connection->socket.close(ignored);
    if (connection->request != 0)
    {
        m_requests.erase(connection->request);
        m_ended(connection->request, connection->bodySent);
    }
}

void
HttpServer::Inside::StartSweeping()
{
    if (!m_sweeping)
    {
        m_sweeping = true;
        m_sweepTimer.expires_after(m_sweepPeriod);
        m_sweepTimer.async_wait(
            [self = shared_from_this()](const error_code&)
            {
                self->m_sweeping = false;
                self->Sweep();
            });
    }
}

void
HttpServer::Inside::Sweep()
{
    const HttpClock::time_point now = HttpClock::now();
    std::vector<std::uint64_t> over;
    for (const auto& [number, connection] : m_connections)
    {
        if (connection->deadline <= now && IsOver(*connection, now))
        {
            over.push_back(number);
        }
    }
    for (const std::uint64_t number : over)
    {
        Drop(number); // calls back: any of the others may be gone by now
    }
    if (!m_connections.empty())
    {
        StartSweeping();
    }
}

/// Whether a deadline that has come is the connection's end. If not, it gets another one.
bool
HttpServer::Inside::IsOver(HttpConnection& connection, TimePoint now) const
{
    const bool replying = connection.phase == ConnectionPhase::Replying;
    if (!replying && connection.phase != ConnectionPhase::Idle)
    {
        return true;
    }
    // A client is not idle as long as the last bytes of an answer are on their way to it; and with
    // nothing on the way, it is not slow: then it waits for the upload rate.
    const std::uint64_t waiting = tcp::UnacknowledgedBytes(connection.socket.native_handle());
    const std::uint64_t taken = connection.handed - std::min(waiting, connection.handed);
    const std::uint64_t since = taken - std::min(taken, connection.taken);
    const bool tookAll = waiting == 0 && (replying || since > 0);
    if (tookAll || since >= m_limits.stallBytes)
    {
        connection.taken = taken;
        connection.takenAt = now;
    }
    const milliseconds limit(replying ? m_limits.stallMs : m_limits.idleMs);
    connection.deadline = now + limit / kLooks;
    return now - connection.takenAt >= limit;
}

HttpServer::HttpServer(asio::io_context& context, const Limits& limits)
    : m_inside(std::make_shared<Inside>(context, limits))
{
}

HttpServer::~HttpServer()
{
    Stop();
}

void
HttpServer::Start(Allowed allowed, Asked asked, Ended ended)
{
    m_inside->Start(std::move(allowed), std::move(asked), std::move(ended));
}

std::uint16_t
HttpServer::Listen(const Address& address, std::uint16_t port)
{
    return m_inside->Listen(address, port);
}

void
HttpServer::Stop()
{
    m_inside->Stop();
}

void
HttpServer::Answer(std::uint64_t request,
                   const http::Reply& reply,
                   std::shared_ptr<const FileDescriptor> body)
{
    m_inside->Answer(request, reply, std::move(body));
}

std::uint64_t
HttpServer::Connections() const
{
    return m_inside->Connections();
}

} // namespace lanpeer::reference
