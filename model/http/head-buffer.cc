#include "model/http/head-buffer.h"

#include "model/http/limits.h"

#include <algorithm>

namespace lanpeer::http
{

namespace
{

bool
IsForbiddenControl(char byte)
{
    const auto value = static_cast<unsigned char>(byte);
    return (value < 0x20 && byte != '\t' && byte != '\r' && byte != '\n') || value == 0x7f;
}

} // namespace

HeadBuffer::HeadBuffer(std::size_t maxBytes)
    : m_maxBytes(std::min(maxBytes, kHeadBytesCeiling))
{
}

std::size_t
HeadBuffer::Take(std::string_view bytes)
{
    std::size_t taken = 0;
    while (taken < bytes.size() && m_state == State::Partial)
    {
        m_state = TakeByte(bytes[taken]);
        ++taken;
    }
    return taken;
}

void
HeadBuffer::Clear()
{
    m_text.clear();
    m_lineBytes = 0;
    m_state = State::Partial;
}

HeadBuffer::State
HeadBuffer::TakeByte(char byte)
{
    if (m_text.size() >= m_maxBytes)
    {
        return State::TooLarge;
    }
    const bool afterCr = m_lineBytes > 0 && m_text.back() == '\r';
    if (afterCr != (byte == '\n') || IsForbiddenControl(byte))
    {
        return State::Malformed;
    }
    m_text.push_back(byte);
    if (byte != '\n')
    {
        ++m_lineBytes;
        return State::Partial;
    }
    const bool blankLine = m_lineBytes == 1;
    m_lineBytes = 0;
    return blankLine ? State::Complete : State::Partial;
}

} // namespace lanpeer::http
