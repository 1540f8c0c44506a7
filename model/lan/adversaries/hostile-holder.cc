#include "model/lan/adversaries/hostile-holder.h"

#include "model/protocol/base64url.h"

#include <algorithm>
#include <ns3/simulator.h>

namespace lanpeer::lan
{

namespace
{

/// The busy hint of one that is always busy, as an honest server's by default.
constexpr std::uint32_t kBusyMs = 1000;

/// Answers before any honest server can have drawn its delay?
bool
IsFast(AdversaryKind kind)
{
    return kind == AdversaryKind::FastLiar || kind == AdversaryKind::BusyLiar;
}

std::pair<std::string, std::uint32_t>
KeyOf(const ServicePacket& packet)
{
    return {std::string(packet.node.Text()), packet.id};
}

} // namespace

void
HostileHolder::DoDispose()
{
    for (auto& [request, answer] : m_pending)
    {
        answer.Cancel();
    }
    HostileNode::DoDispose();
}

void
HostileHolder::Begin()
{
    if (Kind() != AdversaryKind::Closed)
    {
        Serve([this](std::uint64_t request, ns3::Ipv4Address /*peer*/, const http::Request& asked)
              { Asked(request, asked); },
              [this](std::uint64_t request) { m_trickling.erase(request); });
    }
}

void
HostileHolder::Heard(const ServicePacket& packet, ns3::Ipv4Address from, std::uint16_t port)
{
    if (packet.kind == PacketKind::IFound)
    {
        // Too late: as an honest holder it is silent now. One that lies at once never comes here.
        if (const auto pending = m_pending.find(KeyOf(packet)); pending != m_pending.end())
        {
            pending->second.Cancel();
            m_pending.erase(pending);
        }
        return;
    }
    if (packet.kind != PacketKind::INeed || Known().Find(packet.href) == nullptr)
    {
        return;
    }
    if (IsFast(Kind()))
    {
        Answer(packet, from, port);
        return;
    }
    const std::uint64_t most = std::min<std::uint64_t>(
        Known().responseDelayMs,
        packet.delayMs.value_or(static_cast<std::uint32_t>(Known().responseDelayMs)));
    m_pending[KeyOf(packet)] = ns3::Simulator::Schedule(RandomDelay(most),
                                                        [this, packet, from, port]
                                                        {
                                                            m_pending.erase(KeyOf(packet));
                                                            Answer(packet, from, port);
                                                        });
}

void
HostileHolder::Answer(const ServicePacket& need, ns3::Ipv4Address to, std::uint16_t port)
{
    ServicePacket have;
    have.kind = PacketKind::IHave;
    have.node = OwnNode();
    have.id = need.id;
    have.to = need.node;
    have.href = need.href;
    have.location = Location{AliasOf(need.href), Known().httpPort};
    have.size = Known().Find(need.href)->bytes;
    if (Kind() == AdversaryKind::BusyLiar)
    {
        have.busyMs = kBusyMs;
    }
    SendTo(have, to, port);
}

const std::string&
HostileHolder::AliasOf(const std::string& href)
{
    std::string& alias = m_aliases[href];
    if (alias.empty())
    {
        alias = ToBase64Url(RandomToken());
    }
    return alias;
}

void
HostileHolder::Asked(std::uint64_t request, const http::Request& asked)
{
    const auto alias =
        std::find_if(m_aliases.begin(),
                     m_aliases.end(),
                     [&asked](const auto& known) { return known.second == asked.alias; });
    if (Kind() == AdversaryKind::BusyLiar)
    {
        Server()->Answer(
            request, http::AnswerError(http::ErrorStatus::ServiceUnavailable, 1, asked.keepAlive));
        return;
    }
    if (Kind() == AdversaryKind::Empty || alias == m_aliases.end())
    {
        Server()->Answer(request,
                         http::AnswerError(http::ErrorStatus::NotFound, {}, asked.keepAlive));
        return;
    }
    const HostileKnowledge::Resource& resource = *Known().Find(alias->first);
    http::Reply reply = http::Answer(asked, {resource.bytes, resource.altered});
    CountAltered();
    if (Kind() == AdversaryKind::Endless)
    {
        m_trickling.insert(request);
        Server()->Answer(request, reply, 0);
        Trickle(request);
    }
    else if (Kind() == AdversaryKind::Stopping)
    {
        Server()->Answer(request, reply, reply.bodyBytes / 2);
    }
    else
    {
        reply.bodyBytes += Kind() == AdversaryKind::Excess ? resource.bytes : 0;
        Server()->Answer(request, reply);
    }
}

void
HostileHolder::Trickle(std::uint64_t request)
{
    if (Server() == nullptr || m_trickling.count(request) == 0)
    {
        return;
    }
    const double rate = Known().config.bytesPerS;
    const ns3::Time every = ns3::Seconds(rate < 1 ? 1 / rate : 1);
    Server()->BodyCame(request, rate < 1 ? 1 : static_cast<std::uint64_t>(rate));
    ns3::Simulator::Schedule(every, &HostileHolder::Trickle, this, request);
}

} // namespace lanpeer::lan
