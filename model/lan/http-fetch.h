#pragma once

#include "model/http/get.h"
#include "model/http/response-reader.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <ns3/inet-socket-address.h>
#include <ns3/node.h>
#include <ns3/socket.h>
#include <optional>
#include <string>

namespace lanpeer::lan
{

/// How a fetch ended, in the transport's words.
enum class FetchEnd : std::uint8_t
{
    Whole,       ///< 200 or 206, and all that was announced came
    Unavailable, ///< 503
    NotFound,    ///< 404 or 410
    NoRoute,     ///< no way to the server at all
    Broken,      ///< everything else
};

/// One HTTP GET over ns-3's TCP: model/http on a simulated socket, the body only counted. Destroyed
/// before its end, it resets the connection.
class HttpFetch
{
  public:
    struct Result
    {
        FetchEnd end = FetchEnd::Broken;
        std::uint64_t received = 0;  ///< of the whole resource: resumed at plus what came
        std::uint64_t bodyBytes = 0; ///< that came in this exchange
        std::string tag;             ///< the content's descriptor, empty if none came
        bool resumed = false;        ///< it went on where an earlier one had ended
        bool damaged = false;        ///< on the way, unseen by TCP's check sum (damage.h)
        std::optional<std::uint64_t> retryAfterSeconds;
    };

    /// Bytes came: of the whole resource so far, and its size if known.
    using Progressed = std::function<void(std::uint64_t received, std::optional<std::uint64_t>)>;
    using Ended = std::function<void(const Result&)>;

    HttpFetch(ns3::Ptr<ns3::Node> node, const ns3::InetSocketAddress& server, http::GetOrder order);
    ~HttpFetch();
    HttpFetch(const HttpFetch&) = delete;
    HttpFetch& operator=(const HttpFetch&) = delete;

    /// \p ended is called exactly once unless the fetch is destroyed before; it may destroy it.
    void Start(Progressed progressed, Ended ended);

    /// Ends it as Broken, now; may be called from \p progressed.
    void GiveUp()
    {
        End(FetchEnd::Broken);
    }

    /// What came so far.
    Result SoFar() const;

  private:
    void Connected(ns3::Ptr<ns3::Socket> socket);
    void ConnectFailed(ns3::Ptr<ns3::Socket> socket);
    void Readable(ns3::Ptr<ns3::Socket> socket);
    void Closed(ns3::Ptr<ns3::Socket> socket);
    void CheckEnd();
    void End(FetchEnd end);
    void Release();

    ns3::Ptr<ns3::Node> m_node;
    ns3::InetSocketAddress m_server;
    http::GetOrder m_order;
    http::ResponseReader m_reader;
    ns3::Ptr<ns3::Socket> m_socket;
    bool m_connected = false;
    bool m_damaged = false;
    Progressed m_progressed;
    Ended m_ended;
};

} // namespace lanpeer::lan
