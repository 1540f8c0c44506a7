#pragma once

#include "model/http/head-buffer.h"
#include "model/http/limits.h"
#include "model/http/request.h"

#include <cstddef>
#include <string_view>
#include <variant>

namespace lanpeer::http
{

/// What one Feed() came to.
struct RequestFeed
{
    /// Bytes taken; the rest, if any, belongs to the next Feed().
    std::size_t consumed = 0;
    /// std::monostate: more bytes are needed.
    std::variant<std::monostate, Request, RequestError> outcome;
};

/// The server's side of one connection: bytes in, requests out, one per call (RFC 9112; keep-alive
/// and pipelining, 9.3). Same bytes, same outcomes, however they are split. A regular value.
///
/// A host calls, for what it received:
///
///     while (!bytes.empty())
///     {
///         RequestFeed feed = reader.Feed(bytes);
///         bytes.remove_prefix(feed.consumed);
///         // Request: Answer(), or AnswerError() for 404 and 503. RequestError: Answer(), close.
///     }
///
/// It may as well stop after a request and keep the rest until that one is answered: that is how
/// pipelined requests are kept from piling up. Deadlines are the host's (L10): Idle() says whether
/// it waits for a next request or for the rest of a started one.
class RequestReader
{
  public:
    explicit RequestReader(const HeadLimits& limits = {});

    /// Takes bytes up to the end of one request. Progress is certain: consumed is 0 only when
    /// nothing was given. After a RequestError, or a Request without keepAlive, everything else on
    /// the connection is swallowed and yields nothing (RFC 9112, 9.6).
    RequestFeed Feed(std::string_view bytes);

    /// No byte of a further request has been taken yet: the client may close here (and a deadline
    /// here is one for idle connections, not for slow heads).
    bool Idle() const;

    /// No further request will come of this connection.
    bool Closed() const
    {
        return m_closed;
    }

  private:
    RequestFeed Finish(std::size_t consumed);
    RequestFeed Refuse(std::size_t consumed, RequestFault fault);

    HeadLimits m_limits;
    HeadBuffer m_head;
    bool m_emptyLineSeen = false;
    bool m_closed = false;
};

} // namespace lanpeer::http
