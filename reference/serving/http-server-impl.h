#pragma once

#include "reference/serving/http-connection.h"
#include "reference/serving/tcp.h"
#include "reference/serving/upload-rate.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>

#include <array>
#include <deque>
#include <unordered_map>
#include <utility>

namespace lanpeer::reference
{

/// Who there is, and what is due: http-server.cc. What a connection does: http-server-serving.cc.
class HttpServer::Inside : public std::enable_shared_from_this<Inside>
{
    using TimePoint = HttpClock::time_point;
    using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, HttpExecutor>;
    using Timer = boost::asio::
        basic_waitable_timer<HttpClock, boost::asio::wait_traits<HttpClock>, HttpExecutor>;

    /// How often it is looked at, within its deadline, what a client has taken.
    static constexpr int kLooks = 4;

  public:
    Inside(boost::asio::io_context& context, const Limits& limits);

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

    HttpConnection* Find(std::uint64_t number);
    void Serve(std::uint64_t number);
    NextStep Step(HttpConnection& connection, std::int64_t& budget);
    NextStep Read(HttpConnection& connection, std::int64_t& budget);
    NextStep ReadHead(HttpConnection& connection, std::int64_t& budget);
    NextStep TakeRequest(HttpConnection& connection, std::int64_t& budget);
    NextStep Send(HttpConnection& connection, std::int64_t& budget);
    NextStep SendBody(HttpConnection& connection, std::int64_t& budget);
    NextStep Finish(HttpConnection& connection);
    void Reply(HttpConnection& connection,
               const http::Reply& reply,
               std::shared_ptr<const FileDescriptor> body);

    NextStep AwaitInput(HttpConnection& connection);
    NextStep AwaitRoom(HttpConnection& connection);
    NextStep AwaitRate(HttpConnection& connection);
    void Post(HttpConnection& connection);
    void Drop(std::uint64_t number);

    void StartSweeping();
    void Sweep();
    bool IsOver(HttpConnection& connection, TimePoint now) const;

    bool MaySend(HttpConnection& connection);
    void StartRateTimer();
    void ServeQueued();

    HttpExecutor m_executor;
    Limits m_limits;
    http::HeadLimits m_headLimits;
    Allowed m_allowed;
    Asked m_asked;
    Ended m_ended;
    bool m_stopped = true;

    Acceptor m_acceptor;
    Timer m_acceptTimer;
    std::unordered_map<std::uint64_t, std::unique_ptr<HttpConnection>> m_connections;
    std::unordered_map<std::uint64_t, std::uint64_t> m_requests; ///< being asked: by connection
    std::unordered_map<std::uint32_t, std::uint64_t> m_perPeer;  ///< connections by address
    std::uint64_t m_lastConnection = 0;
    std::uint64_t m_lastRequest = 0;

    Timer m_sweepTimer;
    std::chrono::milliseconds m_sweepPeriod;
    bool m_sweeping = false;

    UploadRate m_rate;
    Timer m_rateTimer;
    std::deque<std::uint64_t> m_queue; ///< connections that wait for the rate, first come first
    bool m_rateTimerRuns = false;

    std::array<char, 16 * 1024> m_input; ///< what is being read, of whichever connection
};

} // namespace lanpeer::reference
