#include "model/explore/invariants.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace lanpeer::explore
{

Monitor::Monitor(std::size_t hosts, const Strictness& strictness)
    : m_strictness(strictness)
    , m_watches(hosts)
{
}

void
Monitor::Violate(std::string_view requirement, std::string what)
{
    if (!m_violation)
    {
        m_violation = Violation{std::string(requirement), std::move(what)};
    }
}

void
Monitor::Crashed(std::uint32_t host)
{
    m_watches[host] = {};
}

KnownRequest*
Monitor::Find(std::uint32_t server, const NodeId& node, std::uint32_t id)
{
    for (KnownRequest& known : m_watches[server].known)
    {
        if (known.key.node == node && known.key.id == id)
        {
            return &known;
        }
    }
    return nullptr;
}

void
Monitor::Handled(const World& world,
                 std::uint32_t host,
                 const Event& event,
                 const ActionList& actions)
{
    const Seeing seeing{world, host, event, actions};
    if (const auto* wanted = std::get_if<ResourceWanted>(&event))
    {
        m_watches[host].running |= BitOf(wanted->request);
    }
    else if (const auto* asked = std::get_if<UploadAsked>(&event))
    {
        Asked(seeing, *asked);
    }
    else if (const auto* heard = std::get_if<PacketReceived>(&event))
    {
        if (heard->packet->kind == PacketKind::INeed)
        {
            HeardINeed(seeing, *heard);
        }
        else if (heard->packet->kind == PacketKind::IFound)
        {
            HeardIFound(seeing, *heard);
        }
    }
    for (std::size_t i = 0; i < actions.size(); ++i)
    {
        LookAtAction(seeing, i);
    }
    if (const auto* fired = std::get_if<TimerFired>(&event))
    {
        if (fired->timer.kind == TimerKind::ResponseDelay)
        {
            DelayOver(seeing, fired->timer.subject);
        }
        else if (fired->timer.kind == TimerKind::ForgetEnded)
        {
            MemoryAged(host);
        }
    }
}

// ---------------------------------------------------------------- a server's requests

void
Monitor::HeardINeed(const Seeing& seeing, const PacketReceived& heard)
{
    const RequestKey key{SenderOf(heard), heard.packet->id, heard.packet->lock};
    const auto armed = std::find_if(
        seeing.actions.begin(), seeing.actions.end(), [](const Action& action) {
            const auto* arm = As<ArmTimer>(action);
            return arm != nullptr && arm->timer.kind == TimerKind::ResponseDelay;
        });
    if (armed == seeing.actions.end())
    {
        return;
    }
    const std::uint32_t slot = As<ArmTimer>(*armed)->timer.subject;
    if (KnownRequest* known = Find(seeing.host, key.node, key.id))
    {
        if (known->slot)
        {
            Violate("R-SRV-5",
                    fmt::format("server {} starts a second timer for a pending request",
                                Number(seeing.host)));
        }
        known->slot = slot;
        return;
    }
    KnownRequest known;
    known.key = key;
    known.requester = static_cast<std::uint32_t>(heard.peer) - 1;
    known.slot = slot;
    auto& all = m_watches[seeing.host].known;
    const auto place = std::find_if(all.begin(), all.end(), [&key](const KnownRequest& other) {
        return key.Fields() < other.key.Fields();
    });
    all.insert(place, known);
}

void
Monitor::HeardIFound(const Seeing& seeing, const PacketReceived& heard)
{
    const NodeId node = SenderOf(heard);
    const auto from = static_cast<std::uint32_t>(heard.peer) - 1;
    KnownRequest* known = Find(seeing.host, node, heard.packet->id);
    if (known == nullptr && m_strictness.foundBeforeNeed && from < seeing.world.Size())
    {
        KnownRequest early;
        early.key = {node, heard.packet->id, std::nullopt};
        early.requester = from;
        m_watches[seeing.host].known.push_back(early);
        known = &m_watches[seeing.host].known.back();
    }
    // Of one that was answered it need not be known: any other answer is one too many.
    if (known != nullptr && known->requester == from && known->answers == 0)
    {
        known->found = true;
    }
}

void
Monitor::DelayOver(const Seeing& seeing, std::uint32_t slot)
{
    for (KnownRequest& known : m_watches[seeing.host].known)
    {
        if (known.slot == slot)
        {
            known.slot.reset();
            known.ageings = 0;
        }
    }
}

void
Monitor::MemoryAged(std::uint32_t host)
{
    // Ended requests are remembered for at least one client wait: the second ageing after its end
    // may be the one that forgets it.
    constexpr std::uint32_t kForgotten = 2;
    auto& all = m_watches[host].known;
    for (KnownRequest& known : all)
    {
        known.ageings += known.slot ? 0 : 1;
    }
    all.erase(std::remove_if(all.begin(),
                             all.end(),
                             [](const KnownRequest& known) { return known.ageings >= kForgotten; }),
              all.end());
}

void
Monitor::Answered(const Seeing& seeing, const ServicePacket& packet, std::optional<PeerId> to)
{
    const auto known = packet.to ? Find(seeing.host, *packet.to, packet.id) : nullptr;
    if (known == nullptr)
    {
        Violate("R-SRV-4",
                fmt::format("server {} answers what was not asked", Number(seeing.host)));
        return;
    }
    if (to && *to != World::PeerOf(known->requester))
    {
        Violate("R-SRV-4", fmt::format("server {} answers somebody else", Number(seeing.host)));
    }
    if (known->found)
    {
        Violate("R-SRV-3",
                fmt::format("server {} answers request {:x} of {} after its \"I found\"",
                            Number(seeing.host),
                            packet.id,
                            known->key.node.Text()));
    }
    if (++known->answers > 1)
    {
        Violate("R-SRV-5",
                fmt::format("server {} answers request {:x} of {} again",
                            Number(seeing.host),
                            packet.id,
                            known->key.node.Text()));
    }
}

void
Monitor::Cancelled(const Seeing& seeing, std::size_t i, const TimerKey& timer)
{
    if (!seeing.ArmedBefore(i, timer))
    {
        Violate("contract",
                fmt::format("node {} cancels a timer that is not armed: {} {}",
                            Number(seeing.host),
                            ToString(timer.kind),
                            timer.subject));
    }
    if (timer.kind != TimerKind::ResponseDelay)
    {
        return;
    }
    for (KnownRequest& known : m_watches[seeing.host].known)
    {
        if (known.slot != timer.subject)
        {
            continue;
        }
        const auto* heard = std::get_if<PacketReceived>(&seeing.event);
        const bool itsFound = heard != nullptr && heard->packet->kind == PacketKind::IFound &&
                              SenderOf(*heard) == known.key.node &&
                              heard->packet->id == known.key.id &&
                              heard->peer == World::PeerOf(known.requester);
        if (!itsFound)
        {
            Violate("R-PKT-6",
                    fmt::format("server {} cancels a request of {} that did not end it",
                                Number(seeing.host),
                                known.key.node.Text()));
        }
        known.slot.reset();
        known.ageings = 0;
    }
}

// ---------------------------------------------------------------- the contract, and what is offered

void
Monitor::Asked(const Seeing& seeing, const UploadAsked& asked)
{
    const auto answers = std::count_if(
        seeing.actions.begin(), seeing.actions.end(), [&asked](const Action& action) {
            const auto* answer = As<AnswerUpload>(action);
            return answer != nullptr && answer->upload == asked.upload;
        });
    if (answers != 1)
    {
        Violate("contract",
                fmt::format("node {} answers an upload {} times", Number(seeing.host), answers));
    }
}

void
Monitor::Told(std::uint32_t host, AppRequestId request)
{
    if ((m_watches[host].running & BitOf(request)) == 0)
    {
        Violate("R-CLI-7",
                fmt::format("node {} ends request {} more than once",
                            Number(host),
                            static_cast<std::uint64_t>(request)));
    }
    m_watches[host].running &= ~BitOf(request);
}

void
Monitor::Sent(const Seeing& seeing,
              std::size_t i,
              const ServicePacket& packet,
              std::optional<PeerId> to)
{
    const bool has =
        packet.kind == PacketKind::IHave || packet.kind == PacketKind::DownloadComplete;
    if (has && !seeing.OfferedBefore(i, packet.href))
    {
        Violate("R-HTTP-2",
                fmt::format("node {} says {} of what it does not offer",
                            Number(seeing.host),
                            ToString(packet.kind)));
    }
    if (packet.kind == PacketKind::IHave || packet.kind == PacketKind::IAmDownloading)
    {
        Answered(seeing, packet, to);
    }
}

void
Monitor::LookAtAction(const Seeing& seeing, std::size_t i)
{
    const Action& action = seeing.actions[i];
    if (const auto* broadcast = As<Broadcast>(action))
    {
        Sent(seeing, i, *broadcast->packet, std::nullopt);
    }
    else if (const auto* send = As<SendTo>(action))
    {
        Sent(seeing, i, *send->packet, send->peer);
    }
    else if (const auto* cancel = As<CancelTimer>(action))
    {
        Cancelled(seeing, i, cancel->timer);
    }
    else if (const auto* offer = As<OfferCopy>(action))
    {
        if (seeing.Host().whole.count(offer->href) == 0)
        {
            Violate("R-HTTP-2",
                    fmt::format("node {} offers what is not whole and accepted",
                                Number(seeing.host)));
        }
    }
    else if (const auto* start = As<StartTransfer>(action))
    {
        if (seeing.TransfersBefore(i, start->transfer))
        {
            Violate("contract",
                    fmt::format("node {} starts a transfer that runs", Number(seeing.host)));
        }
    }
    else if (const auto* found = As<TellFound>(action))
    {
        Told(seeing.host, found->request);
    }
    else if (const auto* failed = As<TellFailed>(action))
    {
        Told(seeing.host, failed->request);
    }
}

} // namespace lanpeer::explore
