#include "model/harness/trace-text.h"

#include "model/protocol/base64url.h"

#include <algorithm>
#include <array>
#include <optional>
#include <variant>

namespace lanpeer::harness
{

namespace
{

constexpr std::size_t kWord = 4; ///< bytes of a harness token that are not zero

std::uint32_t
WordAt(const Token& bytes, std::size_t at)
{
    std::uint32_t word = 0;
    for (std::size_t i = at; i < at + kWord; ++i)
    {
        word = word << 8 | bytes[i];
    }
    return word;
}

bool
AllZero(Token::const_iterator first, Token::const_iterator last)
{
    return std::all_of(first, last, [](std::uint8_t byte) { return byte == 0; });
}

/// The number of a harness token, or of its lock.
std::optional<std::uint32_t>
NumberOf(const Token& bytes)
{
    if (AllZero(bytes.begin(), bytes.end() - kWord))
    {
        return WordAt(bytes, bytes.size() - kWord);
    }
    if (AllZero(bytes.begin() + kWord, bytes.end()))
    {
        return WordAt(bytes, 0);
    }
    return std::nullopt;
}

/// Members whose values say enough.
constexpr std::array<std::string_view, 13> kBare{"request",
                                                 "href",
                                                 "transfer",
                                                 "upload",
                                                 "timer",
                                                 "reason",
                                                 "answer",
                                                 "outcome",
                                                 "verdict",
                                                 "state",
                                                 "self",
                                                 "hrefs",
                                                 "peer"};

/// Members that are shown even where they are what a fresh value has.
constexpr std::array<std::string_view, 9> kAlways{
    "request", "transfer", "upload", "timer", "reason", "answer", "outcome", "access", "up"};

template <std::size_t N>
bool
Among(const std::array<std::string_view, N>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

Token
TokenOf(std::uint32_t number)
{
    Token token{};
    for (unsigned i = 0; i < kWord; ++i)
    {
        token[token.size() - 1 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    }
    return token;
}

TraceText::Style
TraceText::StyleOf(std::string_view member) const
{
    if (m_inPacket)
    {
        // The names that the packets themselves use (R-PKT-2).
        const bool bare = member == "kind" || member == "attributes";
        const std::string_view name = member == "delayMs"      ? std::string_view("delay")
                                      : member == "busyMs"     ? std::string_view("busy")
                                      : member == "onlyCached" ? std::string_view("cached")
                                                               : member;
        return {bare ? std::string_view{} : name, member == "kind"};
    }
    return {Among(kBare, member) ? std::string_view{} : member,
            Among(kAlways, member),
            member == "timers" || member == "secret"};
}

void
TraceText::WritePeer(PeerId peer)
{
    const auto number = static_cast<std::uint64_t>(peer);
    Text(number >= 1 && number <= m_world.Size() ? "n" : "p");
    WriteNumber(number);
}

void
TraceText::WriteNumber(std::uint64_t number)
{
    Text(std::to_string(number));
}

void
TraceText::WriteString(const std::string& text)
{
    if (text.compare(0, kOrigin.size(), kOrigin) == 0)
    {
        Text(std::string_view(text).substr(kOrigin.size()));
    }
    else if (const auto token = FromBase64Url(text); token && NumberOf(*token))
    {
        WriteBytes(*token);
    }
    else
    {
        Text(text);
    }
}

void
TraceText::WriteBytes(const Token& bytes)
{
    if (const auto number = NumberOf(bytes))
    {
        Text("#");
        WriteNumber(*number);
    }
    else
    {
        Text(ToBase64Url(bytes));
    }
}

void
TraceText::WriteLocation(const Location& location)
{
    Text(location.hostIsSource ? "" : "foreign/");
    WriteString(location.path);
    if (location.port != 6515)
    {
        Text(":");
        WriteNumber(location.port);
    }
}

void
TraceText::WriteKey(const FoundKey& key)
{
    WriteBytes(key.secret);
    if (key.opens != HarnessLock(key.secret))
    {
        Text("!");
        WriteBytes(key.opens);
    }
}

void
TraceText::WriteTimer(const TimerKey& timer)
{
    Text(ToString(timer.kind));
    Text("/");
    WriteNumber(timer.subject);
}

void
TraceText::WriteDrawn(const TokenDrawn& drawn)
{
    Text(" ");
    Text(ToString(drawn.key.purpose));
    Text("/");
    WriteNumber(drawn.key.subject);
    Text(" ");
    WriteBytes(drawn.token);
}

void
TraceText::WritePacket(const NodeId& expected, const ServicePacket& packet)
{
    m_inPacket = true;
    m_expected = expected;
    WriteMembers(packet);
    m_inPacket = false;
}

void
TraceText::WriteFrom(PeerId peer, std::uint16_t port, const ServicePacket& packet)
{
    const auto host = static_cast<std::uint64_t>(peer) - 1;
    const NodeId expected =
        host < m_world.Size() ? m_world.At(static_cast<std::uint32_t>(host)).node.Self() : NodeId();
    Text(" ");
    Text(ToString(packet.kind));
    Text(" from ");
    WritePeer(peer);
    if (port != 1967)
    {
        Text(":");
        WriteNumber(port);
    }
    // The kind stands in front already.
    std::string rest;
    std::swap(rest, m_out);
    WritePacket(expected, packet);
    std::swap(rest, m_out);
    Text(std::string_view(rest).substr(1 + ToString(packet.kind).size()));
}

void
TraceText::WriteEvent(std::uint32_t host, const Event& event)
{
    WritePeer(World::PeerOf(host));
    Text(" ");
    Text(NameOf(event));
    if (const auto* received = std::get_if<PacketReceived>(&event))
    {
        WriteFrom(received->peer, received->port, *received->packet);
    }
    else if (const auto* drawn = std::get_if<TokenDrawn>(&event))
    {
        WriteDrawn(*drawn);
    }
    else
    {
        std::visit([this](const auto& happened) { WriteMembers(happened); }, event);
    }
}

void
TraceText::WriteAction(std::uint32_t host, const Action& action)
{
    Text(NameOf(action));
    std::visit([this, host](const auto& done) { WriteAs(host, done); }, action);
}

void
TraceText::WriteAs(std::uint32_t host, const Broadcast& action)
{
    WritePacket(m_world.At(host).node.Self(), *action.packet);
}

void
TraceText::WriteAs(std::uint32_t host, const SendTo& action)
{
    Text(" ");
    WritePeer(action.peer);
    if (action.port != 1967)
    {
        Text(":");
        WriteNumber(action.port);
    }
    WritePacket(m_world.At(host).node.Self(), *action.packet);
}

void
TraceText::WriteAs(std::uint32_t /*host*/, const ArmTimer& action)
{
    Text(" ");
    WriteTimer(action.timer);
    Text(" ");
    WriteNumber(action.minMs);
    if (action.maxMs != action.minMs)
    {
        Text("..");
        WriteNumber(action.maxMs);
    }
}

void
TraceText::WriteAs(std::uint32_t /*host*/, const StartTransfer& action)
{
    Text(" ");
    Write(action.transfer);
    Text(" ");
    Write(action.href);
    if (action.peer)
    {
        Text(" from ");
        WritePeer(action.peer->peer);
        Text("/");
        WriteString(action.peer->path);
        if (action.peer->port != 6515)
        {
            Text(":");
            WriteNumber(action.peer->port);
        }
    }
    else
    {
        Text(" from internet");
    }
    if (action.offset != 0)
    {
        Text(" offset=");
        WriteNumber(action.offset);
    }
    if (action.helping)
    {
        Text(" helping");
    }
}

void
TraceText::WriteAs(std::uint32_t /*host*/, const TellFound& action)
{
    Text(" ");
    Write(action.request);
    Text(" ");
    Text(ToString(action.source));
    if (action.peer)
    {
        Text(" ");
        WritePeer(*action.peer);
    }
}

void
TraceText::WriteAs(std::uint32_t /*host*/, const TellPacket& action)
{
    WriteFrom(action.peer, action.port, *action.packet);
}

} // namespace lanpeer::harness
