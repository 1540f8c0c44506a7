#include "reference/serving/http-server-impl.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

// Of HttpServer: what a connection does, step by step.

namespace lanpeer::reference
{

namespace
{

using boost::system::error_code;
using std::chrono::milliseconds;

/// Bytes of bodies that a connection sends before it is another one's turn.
constexpr std::int64_t kTurnBytes = 256 * 1024;
/// What a request counts of these besides its body: pipelined ones take turns as well.
constexpr std::int64_t kRequestCost = 8 * 1024;
/// How long a connection that ends goes on reading (RFC 9112, 9.6).
constexpr milliseconds kLingerTime{2000};
/// Turns under the upload rate before others than those who wait for it may have theirs.
constexpr int kRateTurns = 16;

} // namespace

/// All that a connection ever does happens in here, whatever woke it, and never within itself.
void
HttpServer::Inside::Serve(std::uint64_t number)
{
    HttpConnection* connection = Find(number);
    std::int64_t budget = kTurnBytes;
    NextStep next = NextStep::Step;
    while (connection != nullptr && next == NextStep::Step)
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
    if (next == NextStep::Drop)
    {
        Drop(number);
    }
}

NextStep
HttpServer::Inside::Step(HttpConnection& connection, std::int64_t& budget)
{
    switch (connection.phase)
    {
    case ConnectionPhase::Head:
    case ConnectionPhase::Idle:
        return ReadHead(connection, budget);
    case ConnectionPhase::Asked:
        // Not for what comes, but to see it leave; as long as there is room for what comes.
        if (connection.inputEnded || connection.unread.size() >= m_headLimits.maxBytes)
        {
            return NextStep::Return;
        }
        return Read(connection, budget);
    case ConnectionPhase::Replying:
        return Send(connection, budget);
    case ConnectionPhase::Lingering:
        return connection.inputEnded ? NextStep::Drop : Read(connection, budget);
    }
    return NextStep::Drop;
}

/// Reads what there is, as much as the connection may keep.
NextStep
HttpServer::Inside::Read(HttpConnection& connection, std::int64_t& budget)
{
    if (!connection.mayHaveInput)
    {
        return AwaitInput(connection);
    }
    // Requests wait for the answer to the one before them, but not any number of them: the rest
    // stays in TCP's buffer.
    const bool keeps =
        !connection.reader.Closed() && connection.phase != ConnectionPhase::Lingering;
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
        return NextStep::Step;
    case tcp::State::Blocked:
        connection.mayHaveInput = false;
        return NextStep::Step;
    case tcp::State::Ended:
        connection.inputEnded = true; // it may still wait for answers
        return NextStep::Step;
    case tcp::State::Broken:
        break;
    }
    return NextStep::Drop;
}

NextStep
HttpServer::Inside::ReadHead(HttpConnection& connection, std::int64_t& budget)
{
    if (!connection.unread.empty())
    {
        return TakeRequest(connection, budget);
    }
    return connection.inputEnded ? NextStep::Drop : Read(connection, budget);
}

NextStep
HttpServer::Inside::TakeRequest(HttpConnection& connection, std::int64_t& budget)
{
    const http::RequestFeed feed = connection.reader.Feed(connection.unread);
    connection.unread.erase(0, feed.consumed);
    if (std::holds_alternative<std::monostate>(feed.outcome))
    {
        if (connection.phase == ConnectionPhase::Idle && !connection.reader.Idle())
        {
            connection.phase = ConnectionPhase::Head;
            connection.deadline = HttpClock::now() + milliseconds(m_limits.headerMs);
        }
        return NextStep::Step;
    }
    budget -= kRequestCost;
    if (connection.reader.Closed())
    {
        connection.unread.clear(); // no request will come of it
    }
    if (const auto* error = std::get_if<http::RequestError>(&feed.outcome))
    {
        Reply(connection, http::Answer(*error), nullptr);
        return NextStep::Step;
    }
    connection.phase = ConnectionPhase::Asked;
    connection.deadline = TimePoint::max(); // how long an answer takes is the owner's business
    connection.request = ++m_lastRequest;
    connection.bodySent = 0; // what the one before it took is not its own
    m_requests.emplace(m_lastRequest, connection.number);
    m_asked(connection.request, connection.peer, std::get<http::Request>(feed.outcome));
    return NextStep::Step;
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
    HttpConnection& connection = *m_connections.at(found->second);
    if (connection.phase != ConnectionPhase::Asked)
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
HttpServer::Inside::Reply(HttpConnection& connection,
                          const http::Reply& reply,
                          std::shared_ptr<const FileDescriptor> body)
{
    connection.phase = ConnectionPhase::Replying;
    connection.head = reply.head;
    connection.headSent = 0;
    connection.body = std::move(body);
    connection.bodyOffset = reply.bodyOffset;
    connection.bodyLeft = reply.bodyBytes;
    connection.bodySent = 0;
    connection.closeAfter = reply.close;
    connection.takenAt = HttpClock::now();
    connection.deadline = connection.takenAt + milliseconds(m_limits.stallMs) / kLooks;
}

NextStep
HttpServer::Inside::Send(HttpConnection& connection, std::int64_t& budget)
{
    const bool hasBody = connection.bodyLeft > 0;
    if (hasBody && (connection.body == nullptr || !connection.body->IsOpen()))
    {
        return NextStep::Drop; // a length was announced, and nothing is there
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
            return sent.state == tcp::State::Blocked ? AwaitRoom(connection) : NextStep::Drop;
        }
        connection.headSent += sent.bytes;
        connection.handed += sent.bytes;
        if (connection.headSent < connection.head.size())
        {
            return NextStep::Step;
        }
    }
    return hasBody ? SendBody(connection, budget) : Finish(connection);
}

NextStep
HttpServer::Inside::SendBody(HttpConnection& connection, std::int64_t& budget)
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
        return sent.state == tcp::State::Blocked ? AwaitRoom(connection) : NextStep::Drop;
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
    return sent.bytes < most ? AwaitRoom(connection) : NextStep::Step;
}

NextStep
HttpServer::Inside::Finish(HttpConnection& connection)
{
    const std::uint64_t number = connection.number;
    const std::uint64_t request = std::exchange(connection.request, 0);
    const HttpClock::time_point now = HttpClock::now();
    connection.body = nullptr;
    if (connection.closeAfter)
    {
        // Not closed as long as it sends: what is closed with bytes unread is reset, and the reset
        // may overtake the answer.
        tcp::EndSending(connection.socket.native_handle());
        connection.unread.clear();
        connection.phase = ConnectionPhase::Lingering;
        connection.deadline = now + kLingerTime;
    }
    else
    {
        connection.phase = ConnectionPhase::Idle;
        connection.takenAt = now;
        connection.deadline = now + milliseconds(m_limits.idleMs) / kLooks;
    }
    if (request != 0)
    {
        m_requests.erase(request);
        m_ended(request, connection.bodySent); // may drop it, and everything
    }
    return Find(number) != nullptr ? NextStep::Step : NextStep::Return;
}

NextStep
HttpServer::Inside::AwaitInput(HttpConnection& connection)
{
    if (!connection.awaitsInput)
    {
        connection.awaitsInput = true;
        connection.socket.async_wait(
            HttpSocket::wait_read,
            [self = shared_from_this(), number = connection.number](const error_code&)
            {
                if (HttpConnection* still = self->Find(number))
                {
                    still->awaitsInput = false;
                    still->mayHaveInput = true;
                    self->Serve(number);
                }
            });
    }
    return NextStep::Return;
}

NextStep
HttpServer::Inside::AwaitRoom(HttpConnection& connection)
{
    if (!connection.awaitsRoom)
    {
        connection.awaitsRoom = true;
        connection.socket.async_wait(
            HttpSocket::wait_write,
            [self = shared_from_this(), number = connection.number](const error_code&)
            {
                if (HttpConnection* still = self->Find(number))
                {
                    still->awaitsRoom = false;
                    self->Serve(number);
                }
            });
    }
    return NextStep::Return;
}

void
HttpServer::Inside::Post(HttpConnection& connection)
{
    if (!connection.posted)
    {
        connection.posted = true;
        boost::asio::post(m_executor,
                          [self = shared_from_this(), number = connection.number]
                          {
                              if (HttpConnection* still = self->Find(number))
                              {
                                  still->posted = false;
                                  self->Serve(number);
                              }
                          });
    }
}

/// Whether a turn's bytes of the body may leave now; with a limited rate one waits in line.
bool
HttpServer::Inside::MaySend(HttpConnection& connection)
{
    if (!m_rate.IsLimited())
    {
        return true;
    }
    if (std::exchange(connection.itsTurn, false))
    {
        return true;
    }
    return m_queue.empty() && m_rate.Allows(connection.bodyLeft, HttpClock::now());
}

NextStep
HttpServer::Inside::AwaitRate(HttpConnection& connection)
{
    if (!connection.queued)
    {
        connection.queued = true;
        m_queue.push_back(connection.number);
        StartRateTimer();
    }
    return NextStep::Return;
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
           m_rate.Allows(m_rate.TurnBytes(), HttpClock::now()))
    {
        const std::uint64_t number = m_queue.front();
        m_queue.pop_front();
        if (HttpConnection* connection = Find(number))
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

} // namespace lanpeer::reference
