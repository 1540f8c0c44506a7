#include "reference/serving/http-server.h"

#include "model/http/request-reader.h"
#include "reference/serving/tcp.h"
#include "reference/serving/upload-rate.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace lanpeer::reference
{

namespace
{

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using boost::system::error_code;
using std::chrono::milliseconds;

// The io_context's own executor, not any executor: the waits of a request would be wrapped again
// and again.
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

/// Bytes of bodies that a connection sends before it is another one's turn.
constexpr std::int64_t kTurnBytes = 256 * 1024;
/// What a request counts of these besides its body: pipelined ones take turns as well.
constexpr std::int64_t kRequestCost = 8 * 1024;
/// Bytes that TCP takes although it cannot send them yet. Without it, Linux swallows a whole update
/// at once, and the slot that an upload holds would say nothing about what the network does.
constexpr int kUnsentBytes = 128 * 1024;
/// How long a connection that ends goes on reading (RFC 9112, 9.6).
constexpr milliseconds kLingerTime{2000};
/// Without descriptors there is nobody to accept for a while.
constexpr milliseconds kAcceptPause{100};
constexpr int kAcceptsPerTurn = 64;
/// How often it is looked at, within its deadline, what a client has taken.
constexpr int kLooks = 4;
/// Turns under the upload rate before others than those who wait for it may have theirs.
constexpr int kRateTurns = 16;

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

enum class Phase
{
    Head,      ///< of a request, begun; or of the first one, awaited
    Idle,      ///< after an answer
    Asked,     ///< the owner has not answered yet
    Replying,  ///< what was answered is being sent
    Lingering, ///< all was sent; what still comes is thrown away
};

/// What to do with a connection after a step.
enum class Next
{
    Step,   ///< another one
    Return, ///< it waits for something that will call
    Drop
};

struct Connection
{
    Connection(const Executor& executor, std::uint64_t newNumber, const HttpServer::Address& from)
        : number(newNumber)
        , peer(from)
        , socket(executor)
    {
    }

    std::uint64_t number;
    HttpServer::Address peer;
    Socket socket;
    http::RequestReader reader;
    Phase phase = Phase::Head;
    TimePoint deadline = TimePoint::max();
    std::string unread;        ///< bytes of requests behind the one being answered
    std::uint64_t request = 0; ///< as the owner knows it; 0: none, or one that it never saw

    std::string head; ///< of the reply
    std::size_t headSent = 0;
    std::shared_ptr<const FileDescriptor> body;
    std::uint64_t bodyOffset = 0; ///< of what is still to be sent
    std::uint64_t bodyLeft = 0;
    std::uint64_t bodySent = 0;
    bool closeAfter = false;

    std::uint64_t handed = 0; ///< bytes that TCP took, of all replies
    std::uint64_t taken = 0;  ///< bytes of them that the client had acknowledged at takenAt
    TimePoint takenAt;        ///< when it last took enough, or had nothing to take

    bool mayHaveInput = true; ///< else a read would only say that there is nothing
    bool inputEnded = false;
    bool awaitsInput = false;
    bool awaitsRoom = false;
    bool posted = false;  ///< its next turn is in the io_context's queue
    bool queued = false;  ///< it waits for the upload rate
    bool itsTurn = false; ///< it has waited for the upload rate
    bool serving = false;
};

} // namespace

class HttpServer::Inside : public std::enable_shared_from_this<Inside>
{
  public:
    Inside(asio::io_context& context, const Limits& limits);

    void Start(Allowed allowed, Asked asked, Ended ended);
    std::uint16_t Listen(const Address& address, std::uint16_t port);
    void Stop();
    void Answer(std::uint64_t request,
                const http::Reply& reply,
                std::shared_ptr<const FileDescriptor> body);

    std::uint64_t Connections() const
    {
        return m_connections.size();
    }

  private:
    void AwaitConnections();
    void AcceptWaiting();
    void TakeIn(tcp::Accepted accepted);
    bool HasRoomFor(const Address& peer) const;

    Connection* Find(std::uint64_t number);
    void Serve(std::uint64_t number);
    Next Step(Connection& connection, std::int64_t& budget);
    Next Read(Connection& connection, std::int64_t& budget);
    Next ReadHead(Connection& connection, std::int64_t& budget);
    Next TakeRequest(Connection& connection, std::int64_t& budget);
    Next Send(Connection& connection, std::int64_t& budget);
    Next SendBody(Connection& connection, std::int64_t& budget);
    Next Finish(Connection& connection);
    void Reply(Connection& connection,
               const http::Reply& reply,
               std::shared_ptr<const FileDescriptor> body);

    Next AwaitInput(Connection& connection);
    Next AwaitRoom(Connection& connection);
    Next AwaitRate(Connection& connection);
    void Post(Connection& connection);
    void Drop(std::uint64_t number);

    void StartSweeping();
    void Sweep();
    bool IsOver(Connection& connection, TimePoint now) const;

    bool MaySend(Connection& connection);
    void StartRateTimer();
    void ServeQueued();

    Executor m_executor;
    Limits m_limits;
    http::HeadLimits m_headLimits;
    Allowed m_allowed;
    Asked m_asked;
    Ended m_ended;
    bool m_stopped = true;

    Acceptor m_acceptor;
    Timer m_acceptTimer;
    std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> m_connections;
    std::unordered_map<std::uint64_t, std::uint64_t> m_requests; ///< being asked: by connection
    std::unordered_map<std::uint32_t, std::uint64_t> m_perPeer;  ///< connections by address
    std::uint64_t m_lastConnection = 0;
    std::uint64_t m_lastRequest = 0;

    Timer m_sweepTimer;
    milliseconds m_sweepPeriod;
    bool m_sweeping = false;

    UploadRate m_rate;
    Timer m_rateTimer;
    std::deque<std::uint64_t> m_queue; ///< connections that wait for the rate, first come first
    bool m_rateTimerRuns = false;

    std::array<char, 16 * 1024> m_input; ///< what is being read, of whichever connection
};

HttpServer::Inside::Inside(asio::io_context& context, const Limits& limits)
    : m_executor(context.get_executor())
    , m_limits(limits)
    , m_headLimits(HeadLimitsOf(limits))
    , m_acceptor(m_executor)
    , m_acceptTimer(m_executor)
    , m_sweepTimer(m_executor)
    , m_sweepPeriod(SweepPeriodOf(limits))
    , m_rate(limits.uploadBytesPerS, Clock::now())
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
    struct sigaction action = {};
    if (::sigaction(SIGPIPE, nullptr, &action) == 0 && action.sa_handler == SIG_DFL)
    {
        std::signal(SIGPIPE, SIG_IGN);
    }
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
    auto connection = std::make_unique<Connection>(m_executor, ++m_lastConnection, accepted.peer);
    error_code error;
    connection->socket.assign(asio::ip::tcp::v4(), accepted.socket.Get(), error);
    if (error)
    {
        return;
    }
    accepted.socket.Release();
    connection->reader = http::RequestReader(m_headLimits);
    connection->deadline = Clock::now() + milliseconds(m_limits.headerMs);
    const std::uint64_t number = connection->number;
    ++m_perPeer[accepted.peer.to_uint()];
    m_connections.emplace(number, std::move(connection));
    StartSweeping();
    Serve(number);
}

Connection*
HttpServer::Inside::Find(std::uint64_t number)
{
    const auto found = m_connections.find(number);
    return found == m_connections.end() ? nullptr : found->second.get();
}

/// All that a connection ever does happens in here, whatever woke it, and never within itself.
void
HttpServer::Inside::Serve(std::uint64_t number)
{
    Connection* connection = Find(number);
    std::int64_t budget = kTurnBytes;
    Next next = Next::Step;
    while (connection != nullptr && next == Next::Step)
    {
        if (budget <= 0)
        {
            Post(*connection);
            break;
        }
        connection->serving = true;
        next = Step(*connection, budget); // may drop it, and everything
        connection = Find(number);
    }
    if (connection != nullptr)
    {
        connection->serving = false;
    }
    if (next == Next::Drop)
    {
        Drop(number);
    }
}

Next
HttpServer::Inside::Step(Connection& connection, std::int64_t& budget)
{
    switch (connection.phase)
    {
    case Phase::Head:
    case Phase::Idle:
        return ReadHead(connection, budget);
    case Phase::Asked:
        // Not for what comes, but to see it leave; as long as there is room for what comes.
        if (connection.inputEnded || connection.unread.size() >= m_headLimits.maxBytes)
        {
            return Next::Return;
        }
        return Read(connection, budget);
    case Phase::Replying:
        return Send(connection, budget);
    case Phase::Lingering:
        return connection.inputEnded ? Next::Drop : Read(connection, budget);
    }
    return Next::Drop;
}

/// Reads what there is, as much as the connection may keep.
Next
HttpServer::Inside::Read(Connection& connection, std::int64_t& budget)
{
    if (!connection.mayHaveInput)
    {
        return AwaitInput(connection);
    }
    // Requests wait for the answer to the one before them, but not any number of them: the rest
    // stays in TCP's buffer.
    const bool keeps = !connection.reader.Closed() && connection.phase != Phase::Lingering;
    const std::size_t room =
        keeps ? std::min(m_input.size(), m_headLimits.maxBytes - connection.unread.size())
              : m_input.size();
    const tcp::Transfer got = tcp::Receive(connection.socket.native_handle(), m_input.data(), room);
    switch (got.state)
    {
    case tcp::State::Moved:
        budget -= static_cast<std::int64_t>(got.bytes);
        connection.mayHaveInput = got.bytes == room;
        if (keeps)
        {
            connection.unread.append(m_input.data(), got.bytes);
        }
        return Next::Step;
    case tcp::State::Blocked:
        connection.mayHaveInput = false;
        return Next::Step;
    case tcp::State::Ended:
        connection.inputEnded = true; // it may still wait for answers
        return Next::Step;
    case tcp::State::Broken:
        break;
    }
    return Next::Drop;
}

Next
HttpServer::Inside::ReadHead(Connection& connection, std::int64_t& budget)
{
    if (!connection.unread.empty())
    {
        return TakeRequest(connection, budget);
    }
    return connection.inputEnded ? Next::Drop : Read(connection, budget);
}

Next
HttpServer::Inside::TakeRequest(Connection& connection, std::int64_t& budget)
{
    const http::RequestFeed feed = connection.reader.Feed(connection.unread);
    connection.unread.erase(0, feed.consumed);
    if (std::holds_alternative<std::monostate>(feed.outcome))
    {
        if (connection.phase == Phase::Idle && !connection.reader.Idle())
        {
            connection.phase = Phase::Head;
            connection.deadline = Clock::now() + milliseconds(m_limits.headerMs);
        }
        return Next::Step;
    }
    budget -= kRequestCost;
    if (connection.reader.Closed())
    {
        connection.unread.clear(); // no request will come of it
    }
    if (const auto* error = std::get_if<http::RequestError>(&feed.outcome))
    {
        Reply(connection, http::Answer(*error), nullptr);
        return Next::Step;
    }
    connection.phase = Phase::Asked;
    connection.deadline = TimePoint::max(); // how long an answer takes is the owner's business
    connection.request = ++m_lastRequest;
    connection.bodySent = 0; // what the one before it took is not its own
    m_requests.emplace(m_lastRequest, connection.number);
    m_asked(connection.request, connection.peer, std::get<http::Request>(feed.outcome));
    return Next::Step;
}

void
HttpServer::Inside::Answer(std::uint64_t request,
                           const http::Reply& reply,
                           std::shared_ptr<const FileDescriptor> body)
{
    const auto found = m_requests.find(request);
    if (found == m_requests.end())
    {
        return; // it left meanwhile
    }
    Connection& connection = *m_connections.at(found->second);
    if (connection.phase != Phase::Asked)
    {
        return; // answered before
    }
    Reply(connection, reply, std::move(body));
    if (!connection.serving)
    {
        // Later, not now: whoever answers may be in the middle of another request's end.
        Post(connection);
    }
}

void
HttpServer::Inside::Reply(Connection& connection,
                          const http::Reply& reply,
                          std::shared_ptr<const FileDescriptor> body)
{
    connection.phase = Phase::Replying;
    connection.head = reply.head;
    connection.headSent = 0;
    connection.body = std::move(body);
    connection.bodyOffset = reply.bodyOffset;
    connection.bodyLeft = reply.bodyBytes;
    connection.bodySent = 0;
    connection.closeAfter = reply.close;
    connection.takenAt = Clock::now();
    connection.deadline = connection.takenAt + milliseconds(m_limits.stallMs) / kLooks;
}

Next
HttpServer::Inside::Send(Connection& connection, std::int64_t& budget)
{
    const bool hasBody = connection.bodyLeft > 0;
    if (hasBody && (connection.body == nullptr || !connection.body->IsOpen()))
    {
        return Next::Drop; // a length was announced, and nothing is there
    }
    // Asked before the head leaves, so that it does not leave alone.
    if (hasBody && !MaySend(connection))
    {
        return AwaitRate(connection);
    }
    if (connection.headSent < connection.head.size())
    {
        const std::string_view head = std::string_view(connection.head).substr(connection.headSent);
        const tcp::Transfer sent = tcp::Send(connection.socket.native_handle(), head, hasBody);
        if (sent.state != tcp::State::Moved)
        {
            return sent.state == tcp::State::Blocked ? AwaitRoom(connection) : Next::Drop;
        }
        connection.headSent += sent.bytes;
        connection.handed += sent.bytes;
        if (connection.headSent < connection.head.size())
        {
            return Next::Step;
        }
    }
    return hasBody ? SendBody(connection, budget) : Finish(connection);
}

Next
HttpServer::Inside::SendBody(Connection& connection, std::int64_t& budget)
{
    std::uint64_t most = std::min(connection.bodyLeft, static_cast<std::uint64_t>(budget));
    if (m_rate.IsLimited())
    {
        most = std::min(most, m_rate.TurnBytes());
    }
    const tcp::Transfer sent = tcp::SendFile(connection.socket.native_handle(),
                                             *connection.body,
                                             connection.bodyOffset,
                                             static_cast<std::size_t>(most));
    if (sent.state != tcp::State::Moved)
    {
        // An end before the announced one: whatever else was sent, the length would be a lie.
        return sent.state == tcp::State::Blocked ? AwaitRoom(connection) : Next::Drop;
    }
    connection.bodyOffset += sent.bytes;
    connection.bodyLeft -= sent.bytes;
    connection.bodySent += sent.bytes;
    connection.handed += sent.bytes;
    budget -= static_cast<std::int64_t>(sent.bytes);
    m_rate.Take(sent.bytes);
    if (connection.bodyLeft == 0)
    {
        return Finish(connection);
    }
    // Fewer than asked for: TCP has no room for more, and to try at once would be in vain.
    return sent.bytes < most ? AwaitRoom(connection) : Next::Step;
}

Next
HttpServer::Inside::Finish(Connection& connection)
{
    const std::uint64_t number = connection.number;
    const std::uint64_t request = std::exchange(connection.request, 0);
    const TimePoint now = Clock::now();
    connection.body = nullptr;
    if (connection.closeAfter)
    {
        // Not closed as long as it sends: what is closed with bytes unread is reset, and the reset
        // may overtake the answer.
        tcp::EndSending(connection.socket.native_handle());
        connection.unread.clear();
        connection.phase = Phase::Lingering;
        connection.deadline = now + kLingerTime;
    }
    else
    {
        connection.phase = Phase::Idle;
        connection.takenAt = now;
        connection.deadline = now + milliseconds(m_limits.idleMs) / kLooks;
    }
    if (request != 0)
    {
        m_requests.erase(request);
        m_ended(request, connection.bodySent); // may drop it, and everything
    }
    return Find(number) != nullptr ? Next::Step : Next::Return;
}

Next
HttpServer::Inside::AwaitInput(Connection& connection)
{
    if (!connection.awaitsInput)
    {
        connection.awaitsInput = true;
        connection.socket.async_wait(
            Socket::wait_read,
            [self = shared_from_this(), number = connection.number](const error_code&)
            {
                if (Connection* still = self->Find(number))
                {
                    still->awaitsInput = false;
                    still->mayHaveInput = true;
                    self->Serve(number);
                }
            });
    }
    return Next::Return;
}

Next
HttpServer::Inside::AwaitRoom(Connection& connection)
{
    if (!connection.awaitsRoom)
    {
        connection.awaitsRoom = true;
        connection.socket.async_wait(
            Socket::wait_write,
            [self = shared_from_this(), number = connection.number](const error_code&)
            {
                if (Connection* still = self->Find(number))
                {
                    still->awaitsRoom = false;
                    self->Serve(number);
                }
            });
    }
    return Next::Return;
}

void
HttpServer::Inside::Post(Connection& connection)
{
    if (!connection.posted)
    {
        connection.posted = true;
        asio::post(m_executor,
                   [self = shared_from_this(), number = connection.number]
                   {
                       if (Connection* still = self->Find(number))
                       {
                           still->posted = false;
                           self->Serve(number);
                       }
                   });
    }
}

void
HttpServer::Inside::Drop(std::uint64_t number)
{
    const auto found = m_connections.find(number);
    if (found == m_connections.end())
    {
        return;
    }
    const std::unique_ptr<Connection> connection = std::move(found->second);
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
    const TimePoint now = Clock::now();
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
HttpServer::Inside::IsOver(Connection& connection, TimePoint now) const
{
    const bool replying = connection.phase == Phase::Replying;
    if (!replying && connection.phase != Phase::Idle)
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

/// Whether a turn's bytes of the body may leave now; with a limited rate one waits in line.
bool
HttpServer::Inside::MaySend(Connection& connection)
{
    if (!m_rate.IsLimited())
    {
        return true;
    }
    if (std::exchange(connection.itsTurn, false))
    {
        return true;
    }
    return m_queue.empty() && m_rate.Allows(connection.bodyLeft, Clock::now());
}

Next
HttpServer::Inside::AwaitRate(Connection& connection)
{
    if (!connection.queued)
    {
        connection.queued = true;
        m_queue.push_back(connection.number);
        StartRateTimer();
    }
    return Next::Return;
}

void
HttpServer::Inside::StartRateTimer()
{
    if (!m_rateTimerRuns)
    {
        m_rateTimerRuns = true;
        m_rateTimer.expires_after(m_rate.UntilTurn());
        m_rateTimer.async_wait(
            [self = shared_from_this()](const error_code&)
            {
                self->m_rateTimerRuns = false;
                if (!self->m_stopped)
                {
                    self->ServeQueued();
                }
            });
    }
}

void
HttpServer::Inside::ServeQueued()
{
    int turns = 0;
    while (!m_queue.empty() && turns < kRateTurns &&
           m_rate.Allows(m_rate.TurnBytes(), Clock::now()))
    {
        const std::uint64_t number = m_queue.front();
        m_queue.pop_front();
        if (Connection* connection = Find(number))
        {
            ++turns;
            connection->queued = false;
            connection->itsTurn = true;
            Serve(number);
            connection = Find(number);
            if (connection != nullptr)
            {
                connection->itsTurn = false; // it found no room
            }
        }
    }
    if (!m_queue.empty())
    {
        StartRateTimer();
    }
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
