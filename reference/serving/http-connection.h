#pragma once

#include "model/http/request-reader.h"
#include "reference/files/file-descriptor.h"
#include "reference/serving/http-server.h"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace lanpeer::reference
{

// The io_context's own executor, not any executor: the waits of a request would be wrapped again
// and again.
using HttpExecutor = boost::asio::io_context::executor_type;
using HttpClock = std::chrono::steady_clock;
using HttpSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, HttpExecutor>;

/// Where a connection is in the course of one request after the other.
enum class ConnectionPhase
{
    Head,      ///< of a request, begun; or of the first one, awaited
    Idle,      ///< after an answer
    Asked,     ///< the owner has not answered yet
    Replying,  ///< what was answered is being sent
    Lingering, ///< all was sent; what still comes is thrown away
};

/// What to do with a connection after a step.
enum class NextStep
{
    Step,   ///< another one
    Return, ///< it waits for something that will call
    Drop
};

/// One of HttpServer's: where it is, and what it still has to read and to send.
struct HttpConnection
{
    HttpConnection(const HttpExecutor& executor,
                   std::uint64_t newNumber,
                   const HttpServer::Address& from)
        : number(newNumber)
        , peer(from)
        , socket(executor)
    {
    }

    std::uint64_t number;
    HttpServer::Address peer;
    HttpSocket socket;
    http::RequestReader reader;
    ConnectionPhase phase = ConnectionPhase::Head;
    HttpClock::time_point deadline = HttpClock::time_point::max();
    std::string unread;        ///< bytes of requests behind the one being answered
    std::uint64_t request = 0; ///< as the owner knows it; 0: none, or one that it never saw

    std::string head; ///< of the reply
    std::size_t headSent = 0;
    std::shared_ptr<const FileDescriptor> body;
    std::uint64_t bodyOffset = 0; ///< of what is still to be sent
    std::uint64_t bodyLeft = 0;
    std::uint64_t bodySent = 0;
    bool closeAfter = false;

    std::uint64_t handed = 0;      ///< bytes that TCP took, of all replies
    std::uint64_t taken = 0;       ///< bytes of them that the client had acknowledged at takenAt
    HttpClock::time_point takenAt; ///< when it last took enough, or had nothing to take

    bool mayHaveInput = true; ///< else a read would only say that there is nothing
    bool inputEnded = false;
    bool awaitsInput = false;
    bool awaitsRoom = false;
    bool posted = false;  ///< its next turn is in the io_context's queue
    bool queued = false;  ///< it waits for the upload rate
    bool itsTurn = false; ///< it has waited for the upload rate
    bool serving = false;
};

} // namespace lanpeer::reference
