#include "model/http/request-reader.h"

#include "model/http/request-parser.h"

#include <utility>

namespace lanpeer::http
{

RequestReader::RequestReader(const HeadLimits& limits)
    : m_limits(limits)
    , m_head(limits.maxBytes)
{
}

bool
RequestReader::Idle() const
{
    return m_head.Text().empty() && !m_emptyLineSeen;
}

RequestFeed
RequestReader::Feed(std::string_view bytes)
{
    if (m_closed)
    {
        return {bytes.size(), {}};
    }
    std::size_t consumed = m_head.Take(bytes);
    // RFC 9112, 2.2: a server should ignore one empty line before a request line. One: with more, a
    // client could keep a connection open for ever without starting a request.
    if (m_head.GetState() == HeadBuffer::State::Complete && m_head.Text() == "\r\n" &&
        !m_emptyLineSeen)
    {
        m_emptyLineSeen = true;
        m_head.Clear();
        consumed += m_head.Take(bytes.substr(consumed));
    }
    switch (m_head.GetState())
    {
    case HeadBuffer::State::Partial:
        return {consumed, {}};
    case HeadBuffer::State::Complete:
        return Finish(consumed);
    case HeadBuffer::State::TooLarge:
    {
        const bool hasLine = m_head.Text().find("\r\n") != std::string::npos;
        return Refuse(consumed, hasLine ? RequestFault::HeadTooLarge : RequestFault::TargetTooLong);
    }
    case HeadBuffer::State::Malformed:
        return Refuse(consumed, RequestFault::MalformedHead);
    }
    return Refuse(consumed, RequestFault::MalformedHead);
}

RequestFeed
RequestReader::Finish(std::size_t consumed)
{
    ParsedRequest parsed = ParseRequestHead(m_head.Text(), m_limits);
    m_head.Clear();
    m_emptyLineSeen = false;
    if (const auto* error = std::get_if<RequestError>(&parsed))
    {
        return Refuse(consumed, error->fault);
    }
    Request& request = *std::get_if<Request>(&parsed);
    m_closed = !request.keepAlive;
    return {consumed, std::move(request)};
}

RequestFeed
RequestReader::Refuse(std::size_t consumed, RequestFault fault)
{
    m_head.Clear();
    m_closed = true;
    return {consumed, RequestError{fault, StatusOf(fault)}};
}

} // namespace lanpeer::http
