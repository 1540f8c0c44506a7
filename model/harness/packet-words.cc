#include "model/harness/packet-words.h"

#include "model/harness/trace-text.h"
#include "model/protocol/base64url.h"

#include <fmt/format.h>

#include <limits>

namespace lanpeer::harness
{

namespace
{

PacketKind
KindFrom(std::string_view name)
{
    for (std::size_t i = 0; i < kPacketKinds; ++i)
    {
        if (ToString(static_cast<PacketKind>(i)) == name)
        {
            return static_cast<PacketKind>(i);
        }
    }
    throw ScriptError(fmt::format("\"{}\" is no kind of packet", name));
}

NodeId
NodeFrom(std::string_view text)
{
    const auto node = NodeId::Parse(text);
    if (!node)
    {
        throw ScriptError(fmt::format("\"{}\" is no node ID", text));
    }
    return *node;
}

template <typename T>
T
Bounded(std::string_view name, std::string_view text)
{
    const std::uint64_t number = NumberFrom(name, text);
    if (number > std::numeric_limits<T>::max())
    {
        throw ScriptError(fmt::format("{}: {} is too much", name, text));
    }
    return static_cast<T>(number);
}

Location&
LocationOf(ServicePacket& packet)
{
    if (!packet.location)
    {
        packet.location = Location{{}, 6515, true};
    }
    return *packet.location;
}

std::string
PathFrom(std::string_view text)
{
    return text.substr(0, 1) == "#" ? ToBase64Url(TokenFrom(text)) : std::string(text);
}

/// One attribute that is about the request. \returns whether it is one.
bool
SetRequestMember(ServicePacket& packet, const std::string& name, const std::string& value)
{
    if (name == "node")
    {
        packet.node = NodeFrom(value);
    }
    else if (name == "id")
    {
        packet.id = Bounded<std::uint32_t>(name, value);
    }
    else if (name == "to")
    {
        packet.to = NodeFrom(value);
    }
    else if (name == "href")
    {
        packet.href = HrefOf(value);
    }
    else if (name == "cached")
    {
        packet.onlyCached = value != "no";
    }
    else if (name == "lock")
    {
        packet.lock = HarnessLock(TokenFrom(value));
    }
    else if (name == "key")
    {
        const Token secret = TokenFrom(value);
        packet.key = FoundKey{secret, HarnessLock(secret)};
    }
    else if (name == "delay")
    {
        packet.delayMs = Bounded<std::uint32_t>(name, value);
    }
    else if (name == "wait")
    {
        packet.wait = value == "1";
    }
    else
    {
        return false;
    }
    return true;
}

/// One attribute that is about the resource. \returns whether it is one.
bool
SetResourceMember(ServicePacket& packet, const std::string& name, const std::string& value)
{
    if (name == "location")
    {
        LocationOf(packet).path = PathFrom(value);
    }
    else if (name == "port")
    {
        LocationOf(packet).port = Bounded<std::uint16_t>(name, value);
    }
    else if (name == "foreign")
    {
        LocationOf(packet).hostIsSource = value != "1";
    }
    else if (name == "size")
    {
        packet.size = NumberFrom(name, value);
    }
    else if (name == "received")
    {
        packet.received = NumberFrom(name, value);
    }
    else if (name == "busy")
    {
        packet.busyMs = Bounded<std::uint32_t>(name, value);
    }
    else if (name == "type")
    {
        packet.type = value;
    }
    else
    {
        return false;
    }
    return true;
}

} // namespace

std::string
HrefOf(std::string_view resource)
{
    const bool whole = resource.find("://") != std::string_view::npos;
    return whole ? std::string(resource) : fmt::format("{}{}", kOrigin, resource);
}

Token
TokenFrom(std::string_view text)
{
    if (text.substr(0, 1) != "#")
    {
        throw ScriptError(fmt::format("\"{}\" is no token: it is written #NUMBER", text));
    }
    return TokenOf(Bounded<std::uint32_t>("token", text.substr(1)));
}

ServicePacket
PacketFrom(Arguments& words)
{
    ServicePacket packet;
    packet.kind = KindFrom(words.Word("the kind of packet"));
    while (const auto pair = words.Pair())
    {
        const auto& [name, value] = *pair;
        if (!SetRequestMember(packet, name, value) && !SetResourceMember(packet, name, value))
        {
            packet.attributes.emplace_back(name, value);
        }
    }
    const bool located =
        packet.kind == PacketKind::IHave || packet.kind == PacketKind::DownloadComplete;
    if (located && !packet.location)
    {
        throw ScriptError("location= is missing");
    }
    const bool application = packet.kind == PacketKind::ApplicationDefined;
    if (application && packet.type.empty())
    {
        throw ScriptError("type= is missing");
    }
    if (!application && packet.href.empty())
    {
        throw ScriptError("href= is missing");
    }
    return packet;
}

} // namespace lanpeer::harness
