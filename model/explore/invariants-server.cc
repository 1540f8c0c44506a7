#include "model/explore/seeing.h"

#include <algorithm>
#include <fmt/format.h>

// What one server knows of the requests of others, and does about them: R-SRV-1 to -5, R-PKT-6.

namespace lanpeer::explore
{

using harness::World;

namespace
{

/// Does an "I found" come from who made the request? Under rule `lock` only the key tells, whatever
/// address it comes from, and one with a key is about no request without a lock; else only the
/// source address does (R-PKT-6).
bool
MayEnd(const PacketReceived& heard, const KnownRequest& known, const PeeringConfig& config)
{
    const ServicePacket& packet = *heard.packet;
    if (SenderOf(heard) != known.key.node || packet.id != known.key.id)
    {
        return false;
    }
    if (config.lock && (known.key.lock || packet.key))
    {
        return known.key.lock && packet.key && packet.key->opens == *known.key.lock;
    }
    return heard.peer == World::PeerOf(known.requester);
}

} // namespace

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
Monitor::HeardINeed(const Seeing& seeing, const PacketReceived& heard)
{
    const RequestKey key{SenderOf(heard), heard.packet->id, heard.packet->lock};
    const auto armed =
        std::find_if(seeing.actions.begin(),
                     seeing.actions.end(),
                     [](const Action& action)
                     {
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
    const auto place = std::find_if(all.begin(),
                                    all.end(),
                                    [&key](const KnownRequest& other)
                                    { return key.Fields() < other.key.Fields(); });
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
        if (heard.packet->key)
        {
            early.key.lock = heard.packet->key->opens; // of its "I need", which is to come
        }
        early.requester = from;
        m_watches[seeing.host].known.push_back(early);
        known = &m_watches[seeing.host].known.back();
    }
    // Of one that was answered it need not be known: any other answer is one too many.
    if (known != nullptr && MayEnd(heard, *known, seeing.Host().node.Config()) &&
        known->answers == 0)
    {
        known->found = true;
    }
}

void
Monitor::DelayOver(const Seeing& seeing, std::uint32_t slot)
{
    MakeRoom(seeing);
    for (KnownRequest& known : m_watches[seeing.host].known)
    {
        if (known.slot == slot)
        {
            known.slot.reset();
            known.ageings = 0;
        }
    }
}

/// A full memory of ended requests ages when another one ends.
void
Monitor::MakeRoom(const Seeing& seeing)
{
    const auto& all = m_watches[seeing.host].known;
    const auto recent =
        std::count_if(all.begin(),
                      all.end(),
                      [](const KnownRequest& known) { return !known.slot && known.ageings == 0; });
    if (static_cast<std::uint64_t>(recent) >= seeing.Host().node.Config().endedRequests / 2)
    {
        MemoryAged(seeing.host);
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
    MakeRoom(seeing);
    for (KnownRequest& known : m_watches[seeing.host].known)
    {
        if (known.slot != timer.subject)
        {
            continue;
        }
        const auto* heard = std::get_if<PacketReceived>(&seeing.event);
        const bool itsFound = heard != nullptr && heard->packet->kind == PacketKind::IFound &&
                              MayEnd(*heard, known, seeing.Host().node.Config());
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

} // namespace lanpeer::explore
