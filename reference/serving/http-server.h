#pragma once

#include "model/http/reply.h"
#include "model/http/request.h"
#include "reference/files/file-descriptor.h"

#include <boost/asio/ip/address_v4.hpp>

#include <cstdint>
#include <functional>
#include <memory>

namespace boost::asio
{
class io_context;
}

namespace lanpeer::reference
{

/// An HTTP/1.1 server on real sockets: model/http, with bodies that go from file to socket in the
/// kernel. What to answer is the owner's business. The sibling of lan::HttpServer.
///
/// Belongs to the one thread that runs the io_context: everything is called there, and calls back
/// there. Every callback may call anything here, Stop() and the destructor included. That thread
/// must ignore or block SIGPIPE: sendfile(2) raises it for a client that left, and cannot be told
/// not to.
class HttpServer
{
  public:
    struct Limits
    {
        std::uint64_t connections = 1024;      ///< R-HTTP-3; those beyond are closed at once
        std::uint64_t connectionsPerPeer = 16; ///< R-HTTP-3; likewise, by address
        /// L10: for a request's head, from its first byte to its last; for a connection's first one
        /// from the beginning, waiting included.
        std::uint64_t headerMs = 2000;
        std::uint64_t idleMs = 2000; ///< between an answer and the next request's first byte
        /// L10: a client that in this time takes fewer than stallBytes of what is there for it to
        /// be taken is cut off. Taken is what it acknowledged, not what went into a buffer here.
        std::uint64_t stallMs = 30'000;
        std::uint64_t stallBytes = 1;
        /// R-HTTP-3: of all bodies together; 0: no limit.
        std::uint64_t uploadBytesPerS = 0;
        bool aliasesOnly = true; ///< false: any origin-form target, for an origin
    };

    using Address = boost::asio::ip::address_v4;

    /// Whether this peer is served at all (R-HTTP-3); asked before a byte is read of it.
    using Allowed = std::function<bool(const Address& peer)>;
    /// A peer asks; to be answered by Answer(request, ...), at once or later. What model/http
    /// refuses is never asked.
    using Asked =
        std::function<void(std::uint64_t request, const Address& peer, const http::Request&)>;
    /// A request that was asked is over, told exactly once: TCP took all of the answer but about
    /// 128 KiB that it could not yet send, and took these too; or the connection broke, answered
    /// or not.
    ///
    /// \param bodyBytes of the body, how many TCP took
    using Ended = std::function<void(std::uint64_t request, std::uint64_t bodyBytes)>;

    HttpServer(boost::asio::io_context& context, const Limits& limits);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Who is to be called back; before Listen().
    void Start(Allowed allowed, Asked asked, Ended ended);

    /// Accepts connections from now on. Throws std::system_error that names address and port, for
    /// one that is taken with std::errc::address_in_use.
    ///
    /// \param port 0: any that is free
    /// \returns the port
    std::uint16_t Listen(const Address& address, std::uint16_t port);

    /// Closes everything; nothing is called back any more.
    void Stop();

    /// Nothing happens if the client has left meanwhile, or if it was answered before.
    ///
    /// \param body the file that the reply's body is a piece of, kept open as long as it takes; may
    ///        be null for a reply without. If it turns out to be shorter, the connection breaks.
    void Answer(std::uint64_t request,
                const http::Reply& reply,
                std::shared_ptr<const FileDescriptor> body);

    /// How many there are now.
    std::uint64_t Connections() const;

  private:
    class Inside;
    std::shared_ptr<Inside> m_inside; ///< lives until the last handler of the io_context is gone
};

} // namespace lanpeer::reference
