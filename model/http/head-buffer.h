#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lanpeer::http
{

/// Collects one message head up to its blank line, in whatever pieces it arrives, and stops at the
/// first byte that no head may contain. Says the same for the same bytes however they are split.
///
/// Lines end with CRLF and with nothing else: RFC 9112, 2.2 lets a recipient take a single LF for a
/// line end, but what one program takes for a line end and another does not is what smuggling is
/// made of (L18). Control characters other than tab are refused as well, so that a TLS handshake or
/// noise on the port is noticed at its first byte.
class HeadBuffer
{
  public:
    enum class State
    {
        Partial,
        Complete,
        TooLarge,
        Malformed
    };

    /// \param maxBytes the head with its blank line; at most kHeadBytesCeiling is used.
    explicit HeadBuffer(std::size_t maxBytes);

    /// Takes bytes up to and including the blank line or the first bad byte.
    /// \returns how many were taken; 0 unless the state is Partial.
    std::size_t Take(std::string_view bytes);

    State GetState() const
    {
        return m_state;
    }

    /// What has been taken so far.
    const std::string& Text() const
    {
        return m_text;
    }

    /// Starts over with an empty head.
    void Clear();

  private:
    State TakeByte(char byte);

    std::size_t m_maxBytes;
    std::string m_text;
    std::size_t m_lineBytes = 0; ///< of the current line, CR included
    State m_state = State::Partial;
};

} // namespace lanpeer::http
