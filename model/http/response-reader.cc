#include "model/http/response-reader.h"

#include "model/http/response-parser.h"

#include <algorithm>
#include <utility>

namespace lanpeer::http
{

ResponseReader::ResponseReader(const ResponseExpectation& expectation)
    : m_expectation(expectation)
    , m_buffer(expectation.head.maxBytes)
{
}

std::size_t
ResponseReader::Feed(std::string_view bytes)
{
    std::size_t consumed = 0;
    while (consumed < bytes.size() && !m_head && !m_error)
    {
        consumed += m_buffer.Take(bytes.substr(consumed));
        switch (m_buffer.GetState())
        {
        case HeadBuffer::State::Partial:
            break;
        case HeadBuffer::State::Complete:
            FinishHead();
            break;
        case HeadBuffer::State::TooLarge:
            m_error = ResponseError::HeadTooLarge;
            break;
        case HeadBuffer::State::Malformed:
            m_error = ResponseError::MalformedHead;
            break;
        }
    }
    return m_error ? bytes.size() : consumed;
}

void
ResponseReader::FinishHead()
{
    ParsedResponse parsed = ParseResponseHead(m_buffer.Text(), m_expectation);
    m_buffer.Clear();
    if (auto* head = std::get_if<ResponseHead>(&parsed))
    {
        m_head = std::move(*head);
        return;
    }
    if (const auto* error = std::get_if<ResponseError>(&parsed))
    {
        m_error = *error;
        return;
    }
    ++m_interim;
    if (m_interim > m_expectation.maxInterim)
    {
        m_error = ResponseError::TooManyInterim;
    }
}

bool
ResponseReader::BodyArrived(std::uint64_t bytes)
{
    if (m_error)
    {
        return false;
    }
    const std::uint64_t within = std::min(bytes, BodyBytesLeft());
    m_bodyBytes += within;
    if (bytes > within)
    {
        // Before the head there is nothing that a number could be a part of.
        m_error = m_head ? ResponseError::ExcessBody : ResponseError::MalformedHead;
    }
    return !m_error;
}

void
ResponseReader::ConnectionClosed()
{
    if (m_error || Finished())
    {
        return;
    }
    const bool nothingCame = !m_head && m_interim == 0 && m_buffer.Text().empty();
    m_error = nothingCame ? ResponseError::NoResponse : ResponseError::Truncated;
}

bool
ResponseReader::Finished() const
{
    return m_head && !m_error && m_bodyBytes == m_head->contentLength;
}

std::uint64_t
ResponseReader::BodyBytesLeft() const
{
    return m_head ? m_head->contentLength - m_bodyBytes : 0;
}

} // namespace lanpeer::http
