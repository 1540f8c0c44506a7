#pragma once

#include "model/http/head-buffer.h"
#include "model/http/response.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lanpeer::http
{

/// The client's side of one response (RFC 9112, 6.3): the head as bytes, the body as a count. So
/// the same code counts what a socket delivers and what a simulation only pretends to carry: a body
/// costs no memory. One reader per request; a regular value. Deadlines are the host's.
///
/// A host calls, for what it received:
///
///     bytes.remove_prefix(reader.Feed(bytes));  // the head, then nothing more
///     reader.BodyArrived(bytes.size());         // what is left, real or only known by its number
///
/// then looks at Error(), Head() and Finished(); and ConnectionClosed() when the peer closes.
class ResponseReader
{
  public:
    explicit ResponseReader(const ResponseExpectation& expectation = {});

    /// Takes bytes of the head, interim responses included, up to its blank line.
    /// \returns how many were taken: all of them while the head is incomplete, none once Head() is
    ///          there, all of them (thrown away) once Error() is.
    std::size_t Feed(std::string_view bytes);

    /// That many bytes of body arrived, whatever they are. More than were announced are an error,
    /// and so are any after Finished(): we never send a request before the last one is answered.
    /// \returns whether they may be kept: false once Error() is there, and then all of them go.
    bool BodyArrived(std::uint64_t bytes);

    /// The peer closed or the connection broke: an error unless the response is complete.
    void ConnectionClosed();

    /// The head, once it is complete and accepted; stays when the body fails.
    const std::optional<ResponseHead>& Head() const
    {
        return m_head;
    }

    /// What went wrong; final.
    std::optional<ResponseError> Error() const
    {
        return m_error;
    }

    /// Head and body are complete and nothing is wrong.
    bool Finished() const;

    /// Body bytes that arrived so far, those in excess not counted.
    std::uint64_t BodyBytes() const
    {
        return m_bodyBytes;
    }

    /// Body bytes still to come; 0 before the head. A host need never read more than this from a
    /// socket.
    std::uint64_t BodyBytesLeft() const;

  private:
    void FinishHead();

    ResponseExpectation m_expectation;
    HeadBuffer m_buffer;
    std::optional<ResponseHead> m_head;
    std::optional<ResponseError> m_error;
    std::uint64_t m_bodyBytes = 0;
    unsigned m_interim = 0;
};

} // namespace lanpeer::http
