#pragma once

#include "model/http/reply.h"
#include "model/http/request-reader.h"
#include "model/http/request.h"

#include <cstdint>
#include <functional>
#include <map>
#include <ns3/event-id.h>
#include <ns3/ipv4-address.h>
#include <ns3/node.h>
#include <ns3/socket.h>
#include <string>
#include <unordered_map>

namespace lanpeer::lan
{

/// An HTTP/1.1 server on ns-3's TCP: model/http on simulated sockets. Bodies are counted, not
/// carried: a packet of zeros costs no memory (R-SIM-1). Serves a node's local copies and the
/// origin's resources alike; what to answer is the owner's business.
class HttpServer
{
  public:
    struct Limits
    {
        std::uint64_t connections = 1024;      ///< R-HTTP-3
        std::uint64_t connectionsPerPeer = 16; ///< R-HTTP-3
        std::uint64_t headerMs = 2000;         ///< L10; for each request's head, waiting included
        bool aliasesOnly = true;               ///< false: any origin-form target, for an origin

        /// For who serves as many as come: what limits him is the line before him.
        static Limits AsManyAsCome();
    };

    /// A peer asks; to be answered by Answer(request, ...), at once or later.
    using Asked =
        std::function<void(std::uint64_t request, ns3::Ipv4Address peer, const http::Request&)>;
    /// A request that was answered is over: all of it left, or the connection broke.
    using Ended = std::function<void(std::uint64_t request)>;

    HttpServer(ns3::Ptr<ns3::Node> node, std::uint16_t port, const Limits& limits);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    void Start(Asked asked, Ended ended);
    /// Closes everything; nothing is called back any more.
    void Stop();

    void Answer(std::uint64_t request, const http::Reply& reply);

    /// As above, for a body that is not all here yet: \p bodyHere bytes of it may leave now.
    void Answer(std::uint64_t request, const http::Reply& reply, std::uint64_t bodyHere);
    /// That many bytes more of its body may leave. Nothing happens once the request is over.
    void BodyCame(std::uint64_t request, std::uint64_t bytes);
    /// The rest of the answer will never come: the connection ends in the middle of it.
    void Abandon(std::uint64_t request);

  private:
    struct Connection
    {
        Connection(ns3::Ptr<ns3::Socket> newSocket,
                   ns3::Ipv4Address newPeer,
                   const http::HeadLimits& limits)
            : socket(newSocket)
            , peer(newPeer)
            , reader(limits)
        {
        }

        ns3::Ptr<ns3::Socket> socket;
        ns3::Ipv4Address peer;
        http::RequestReader reader;
        std::string unread;          ///< bytes of requests behind the one being answered
        std::uint64_t request = 0;   ///< being answered; 0: none
        std::string head;            ///< of the reply, what is still to be sent
        std::uint64_t bodyLeft = 0;  ///< likewise
        std::uint64_t bodyHere = 0;  ///< of that, what may leave by now
        std::uint32_t roomBytes = 0; ///< of the socket's empty send buffer
        bool replying = false;
        bool closeAfter = false;
        ns3::EventId headerDeadline;
    };

    bool AcceptAsked(ns3::Ptr<ns3::Socket> socket, const ns3::Address& from);
    void Accepted(ns3::Ptr<ns3::Socket> socket, const ns3::Address& from);
    void Readable(std::uint64_t number, ns3::Ptr<ns3::Socket> socket);
    void Writable(std::uint64_t number, ns3::Ptr<ns3::Socket> socket, std::uint32_t available);
    void Broken(std::uint64_t number, ns3::Ptr<ns3::Socket> socket);

    Connection* Find(std::uint64_t number);
    bool HasRoomFor(ns3::Ipv4Address peer) const;
    void ExpectHead(std::uint64_t number, Connection& connection);
    void ReadRequests(std::uint64_t number, Connection& connection);
    void Send(std::uint64_t number, Connection& connection);
    void Finish(std::uint64_t number, Connection& connection);
    void Drop(std::uint64_t number);
    static void Silence(ns3::Ptr<ns3::Socket> socket);

    ns3::Ptr<ns3::Node> m_node;
    std::uint16_t m_port;
    Limits m_limits;
    Asked m_asked;
    Ended m_ended;
    ns3::Ptr<ns3::Socket> m_listener;
    /// By number, in the order in which they came: an order by addresses would be another one in
    /// each process (R-SIM-9).
    std::map<std::uint64_t, Connection> m_connections;
    std::unordered_map<std::uint64_t, std::uint64_t> m_requests; ///< being answered: by connection
    std::unordered_map<std::uint32_t, std::uint64_t> m_perPeer;  ///< connections by address
    std::uint64_t m_lastConnection = 0;
    std::uint64_t m_lastRequest = 0;
};

} // namespace lanpeer::lan
