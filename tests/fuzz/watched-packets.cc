#include "model/protocol/limits.h"
#include "model/protocol/packet-codec.h"
#include "model/protocol/packet-format.h"
#include "model/protocol/uri.h"
#include "tests/fuzz/fuzzing.h"
#include "tests/fuzz/watched-node.h"
#include "tests/unit/packet-samples.h"

#include <algorithm>

// What a node sends: that it can be sent at all, and that there is reason to.

namespace lanpeer::fuzz
{

using samples::kSource;

void
WatchedNode::Sent(const Event& event, const ServicePacket& packet, const SendTo* to)
{
    Require(Config().peering, "without peering nothing is sent");
    Require(packet.node == m_host.node.Self(), "R-PKT-1: who sends it says so");
    CheckForm(event, packet);
    switch (packet.kind)
    {
    case PacketKind::INeed:
        SentINeed(event, packet, to);
        break;
    case PacketKind::IHave:
    case PacketKind::IAmDownloading:
        SentAnswer(event, packet, to);
        break;
    case PacketKind::IFound:
        SentIFound(packet, to);
        break;
    case PacketKind::Downloading:
    case PacketKind::DownloadComplete:
    case PacketKind::DownloadFailed:
        SentOfDownload(packet, to);
        break;
    case PacketKind::ApplicationDefined:
        Require(std::holds_alternative<ApplicationPacketToSend>(event), "an application's packet");
        break;
    }
}

void
WatchedNode::CheckForm(const Event& event, const ServicePacket& packet) const
{
    const auto sent = Encode(packet, kSource);
    const bool applications = std::holds_alternative<ApplicationPacketToSend>(event);
    Require(sent.has_value() || applications, "what a node wants sent can be encoded");
    if (sent)
    {
        Require(sent->size() <= limits::kPacketBytes, "R-PKT-4: 1,400 bytes");
        const auto decoded = samples::Decoded(*sent);
        const auto* same = std::get_if<ServicePacket>(&decoded);
        Require(same != nullptr && *same == packet, "what a node sends is heard as it is");
    }
}

void
WatchedNode::SentINeed(const Event& event, const ServicePacket& packet, const SendTo* to)
{
    const auto* drawn = std::get_if<TokenDrawn>(&event);
    Require(to == nullptr && drawn != nullptr, "R-CLI-1: each \"I need\" has a fresh lock");
    const auto& requests = m_host.node.Client().Requests();
    const ClientRequest* request = requests.Find(drawn->key.subject);
    Require(request != nullptr && request->href == packet.href, "R-PKT-7: somebody asks");
    const RequestOptions& options = request->options;
    Require((options.cacheable && options.verified) || Config().askUncacheable,
            "R-CLI-11: no packet for what is not shared");
    Require(MayTravel(packet.href, options.allowQuery), "R-PKT-4: an href that may travel");
    Require(packet.lock.has_value() == Config().lock &&
                (!packet.lock || *packet.lock == drawn->lock),
            "R-PKT-6: the lock of what was drawn");
    Require(packet.id <= limits::kRequestIdSentMax, "R-PKT-1: an ID of at most 2^31 - 1");
    for (std::uint32_t slot = 0; slot < requests.End(); ++slot)
    {
        const ClientRequest* other = requests.Find(slot);
        Require(other == nullptr || slot == drawn->key.subject || other->id != packet.id ||
                    other->rounds == 0,
                "[0038]: an ID of its own");
    }
    m_needs.push_back({packet.id, packet.lock, drawn->token, packet.href, false});
}

void
WatchedNode::SentIFound(const ServicePacket& packet, const SendTo* to)
{
    const auto need = std::find_if(m_needs.rbegin(),
                                   m_needs.rend(),
                                   [&packet](const SentNeed& one)
                                   { return one.id == packet.id && one.href == packet.href; });
    Require(to == nullptr && need != m_needs.rend(), "who says \"I found\" has asked");
    Require(packet.key.has_value() == Config().lock &&
                (!packet.key ||
                 (packet.key->secret == need->secret && packet.key->opens == need->lock)),
            "R-PKT-6: \"I found\" has the key of its lock");
    Require(packet.wait || !need->found, "R-CLI-2: one \"I found\" per \"I need\"");
    Require(!packet.wait || Config().wait, "rule wait");
    need->found = true;
}

void
WatchedNode::SentAnswer(const Event& event, const ServicePacket& packet, const SendTo* to)
{
    const auto* fired = std::get_if<TimerFired>(&event);
    Require(fired != nullptr && fired->timer.kind == TimerKind::ResponseDelay,
            "R-SRV-4: an answer at the end of a delay");
    const auto its = m_due.find(fired->timer.subject);
    Require(its != m_due.end(), "R-SRV-5: one answer per request");
    const DueAnswer& due = its->second;
    const bool named = due.key.node.MayTravel();
    Require(packet.id == due.key.id && packet.href == due.href &&
                packet.to == (named ? std::optional(due.key.node) : std::nullopt),
            "R-SRV-4: what was asked is answered");
    Require((to == nullptr) == Config().broadcastIHave, "[0022]: to the requester, or everyone");
    Require(to == nullptr || (to->peer == due.peer && to->port == due.port),
            "R-SRV-4: the requester is answered");
    if (packet.kind == PacketKind::IHave)
    {
        CheckOffered(packet);
        Require(packet.busyMs.has_value() == SlotsFull(), "R-SRV-9: busy when it is");
        return;
    }
    Require(m_announced.count(packet.href) == 1, "R-SRV-4: a download that was announced");
    Require(Config().wait && m_offered.count(packet.href) == 0, "R-SRV-4: whole is \"I have\"");
}

void
WatchedNode::SentOfDownload(const ServicePacket& packet, const SendTo* to)
{
    Require(Config().server, "R-CLI-13: who serves nobody tells nobody");
    if (packet.kind == PacketKind::Downloading)
    {
        Require(to == nullptr ||
                    (Config().progressToWaiters && m_announced.count(packet.href) == 1),
                "[0034]: the first goes to everyone");
        m_announced.insert(packet.href);
        return;
    }
    Require(to == nullptr && m_announced.erase(packet.href) == 1,
            "R-CLI-5: the end of a download that was announced");
    if (packet.kind == PacketKind::DownloadComplete)
    {
        CheckOffered(packet);
    }
}

/// R-HTTP-2: never an offer of what is not whole and accepted, and where it is.
void
WatchedNode::CheckOffered(const ServicePacket& packet) const
{
    const auto copy = m_offered.find(packet.href);
    Require(copy != m_offered.end(), "R-HTTP-2: what is told of is offered");
    Require(packet.location && packet.location->path == copy->second &&
                packet.location->port == Config().httpPort,
            "R-HTTP-1: under its alias");
}

} // namespace lanpeer::fuzz
