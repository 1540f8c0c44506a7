#include "reference/service/peering-service-impl.h"

#include "model/protocol/packet-codec.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <sodium.h>
#include <spdlog/spdlog.h>
#include <utility>

// Of PeeringService: events in, actions out, packets.

namespace lanpeer::reference
{

namespace
{

Lock
LockOf(const Token& token)
{
    const Digest digest = DigestOf({reinterpret_cast<const char*>(token.data()), token.size()});
    Lock lock{};
    std::copy_n(digest.begin(), lock.size(), lock.begin());
    return lock;
}

std::uint64_t
NowUs()
{
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                          std::chrono::steady_clock::now().time_since_epoch())
                                          .count());
}

/// Uniform from 0 to this, both included. By the system's generator: who can guess another's delay
/// can answer just before it.
std::uint64_t
DrawUpTo(std::uint64_t max)
{
    const std::uint64_t values = max + 1;
    const std::uint64_t unfair = -values % values; // of 2^64: what would favour the low ones
    std::uint64_t drawn = 0;
    do
    {
        randombytes_buf(&drawn, sizeof(drawn));
    } while (drawn < unfair);
    return drawn % values;
}

} // namespace

void
PeeringService::Impl::Tell(const Event& event)
{
    if (!m_node)
    {
        return; // stopped
    }
    if (m_handling)
    {
        m_waiting.push_back(event);
        return;
    }
    m_handling = true;
    for (std::optional<Event> next = event; next && m_node; next = NextEvent())
    {
        HandleOne(*next);
    }
    m_handling = false;
}

/// Tokens come before everything else, in their order (host contract).
std::optional<Event>
PeeringService::Impl::NextEvent()
{
    std::deque<Event>& queue = m_drawn.empty() ? m_waiting : m_drawn;
    if (queue.empty())
    {
        return std::nullopt;
    }
    std::optional<Event> next = std::move(queue.front());
    queue.pop_front();
    return next;
}

void
PeeringService::Impl::HandleOne(const Event& event)
{
    ActionList actions;
    actions.swap(m_actions); // its memory, from one event to the next
    m_node->Handle(event, actions);
    if (m_tape)
    {
        m_tape->Record(*m_node, event, actions);
    }
    for (const Action& action : actions)
    {
        try
        {
            std::visit([this](const auto& wanted) { On(wanted); }, action);
        }
        catch (const std::exception& error)
        {
            // An application's call-back, or what nobody thought of: everything else goes on.
            spdlog::error("{}", error.what());
        }
    }
    actions.clear();
    m_actions.swap(actions);
}

void
PeeringService::Impl::On(const Broadcast& action)
{
    for (const Interface& interface : m_socket->Interfaces())
    {
        const auto bytes = Encode(*action.packet, interface.address.to_string());
        if (bytes && m_socket->Broadcast(interface, *bytes))
        {
            ++m_status.packetsSent;
        }
    }
    Told(*action.packet, "broadcast");
}

void
PeeringService::Impl::On(const SendTo& action)
{
    const auto to = AddressOf(action.peer);
    const Interface* link = FindLink(m_socket->Interfaces(), to);
    if (link == nullptr)
    {
        return; // its interface has gone meanwhile
    }
    const auto bytes = Encode(*action.packet, link->address.to_string());
    if (bytes && m_socket->SendTo(to, action.port, *bytes))
    {
        ++m_status.packetsSent;
    }
}

void
PeeringService::Impl::Told(const ServicePacket& packet, const std::string& how)
{
    if (!packet.href.empty() && m_history.Knows(packet.href))
    {
        std::string text = fmt::format("{}: {}", how, ToString(packet.kind));
        if (packet.received)
        {
            text += fmt::format(", {} bytes so far", *packet.received);
        }
        if (packet.size)
        {
            text += fmt::format(", of {} bytes", *packet.size);
        }
        if (packet.busyMs)
        {
            text += fmt::format(", busy for {} ms", *packet.busyMs);
        }
        m_history.Add(packet.href, text);
    }
}

void
PeeringService::Impl::On(const ArmTimer& action)
{
    const std::uint64_t us = action.minMs * 1000 + DrawUpTo((action.maxMs - action.minMs) * 1000);
    const TimerKey key = action.timer;
    const auto place = m_timers.find(key);
    auto& timer =
        place != m_timers.end() ? place->second : m_timers.emplace(key, m_io).first->second;
    timer.expires_after(std::chrono::microseconds(us)); // cancels what ran
    timer.async_wait(
        [weak = weak_from_this(), key, at = timer.expiry()](boost::system::error_code error)
        {
            const auto self = weak.lock();
            if (error || !self)
            {
                return;
            }
            // Run out already, but cancelled or armed again before its turn came.
            const auto armed = self->m_timers.find(key);
            if (armed != self->m_timers.end() && armed->second.expiry() == at)
            {
                self->m_timers.erase(armed);
                self->Tell(TimerFired{key});
            }
        });
}

void
PeeringService::Impl::On(const CancelTimer& action)
{
    m_timers.erase(action.timer);
}

void
PeeringService::Impl::On(const DrawToken& action)
{
    Token token{};
    randombytes_buf(token.data(), token.size());
    m_drawn.push_back(TokenDrawn{action.key, token, LockOf(token)});
}

void
PeeringService::Impl::On(const Note& action)
{
    ++m_status.reasons[static_cast<std::size_t>(action.reason)];
    if (!action.href.empty())
    {
        const std::string who =
            action.peer ? fmt::format(" ({})", AddressOf(*action.peer).to_string()) : "";
        m_history.Add(action.href, fmt::format("noted: {}{}", ToString(action.reason), who));
    }
}

void
PeeringService::Impl::Drop(Reason reason)
{
    ++m_status.reasons[static_cast<std::size_t>(reason)];
}

void
PeeringService::Impl::TakeDatagram(const ServiceSocket::Datagram& datagram)
{
    ++m_status.packetsReceived;
    // Only on-link unicast sources are heard, within the budgets, before decoding (R-SRV-7).
    if (!datagram.onLink)
    {
        Drop(Reason::OffLink);
        return;
    }
    const PeerId peer = PeerOf(datagram.source);
    if (const auto refused = m_budget->Admit(peer, LooksLikeIFound(datagram.bytes), NowUs()))
    {
        Drop(*refused);
        return;
    }
    const std::string source = datagram.source.to_string();
    auto decoded = Decode(datagram.bytes, source, LockOf);
    if (const auto* reason = std::get_if<Reason>(&decoded))
    {
        Drop(*reason);
        return;
    }
    Shared<ServicePacket> packet(std::move(std::get<ServicePacket>(decoded)));
    Told(*packet, source);
    Tell(PacketReceived{peer, datagram.port, packet});
}

} // namespace lanpeer::reference
