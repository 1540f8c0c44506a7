#include "model/protocol/peering-node.h"

#include "model/protocol/limits.h"

#include <utility>

namespace lanpeer
{

PeeringNode::PeeringNode(NodeId self, std::shared_ptr<const PeeringConfig> config)
    : m_self(self)
    , m_config(std::move(config))
{
}

void
PeeringNode::Handle(const Event& event, ActionList& actions)
{
    const Context context{*m_config, m_self, actions};
    std::visit([this, &context](const auto& happened) { On(context, happened); }, event);
}

void
PeeringNode::On(const Context& context, const ResourceWanted& event)
{
    m_client.Wanted(context, event, m_copies);
}

void
PeeringNode::On(const Context& context, const RequestCancelled& event)
{
    m_client.CancelRequest(context, event.request, m_copies);
}

void
PeeringNode::On(const Context& context, const PacketReceived& event)
{
    const ServicePacket& packet = *event.packet;
    if (!m_config->peering || packet.node == m_self) // R-SRV-6
    {
        return;
    }
    switch (packet.kind)
    {
    case PacketKind::INeed:
        HeardINeed(context, event);
        break;
    case PacketKind::IFound:
        m_server.HeardIFound(context, event);
        m_helper.HeardIFound(context, event);
        m_client.Heard(context, event, m_copies);
        break;
    case PacketKind::IHave:
        HeardOfSource(context, packet);
        m_client.Heard(context, event, m_copies);
        break;
    case PacketKind::IAmDownloading:
    case PacketKind::Downloading:
    case PacketKind::DownloadComplete:
        HeardOfSource(context, packet);
        [[fallthrough]];
    case PacketKind::DownloadFailed:
        if (m_config->wait)
        {
            m_client.Heard(context, event, m_copies);
        }
        break;
    case PacketKind::ApplicationDefined:
        HeardApplicationPacket(context, event);
        break;
    }
}

void
PeeringNode::HeardINeed(const Context& context, const PacketReceived& heard)
{
    if (!m_config->server)
    {
        return;
    }
    const std::string& href = heard.packet->href;
    if (m_config->requireLock && !heard.packet->lock)
    {
        context.Note(Reason::LockRequired, href, heard.peer);
        return;
    }
    const Located located = Locate(href);
    m_server.HeardINeed(context, heard, located);
    if (located.retrieval)
    {
        m_client.HeardINeed(context, href);
    }
    const bool mayHelp = m_config->helper && !heard.packet->onlyCached &&
                         m_client.HasAccess(context) && !located.Anything() && !m_client.Runs(href);
    if (mayHelp)
    {
        m_helper.HeardINeed(context, heard);
    }
}

void
PeeringNode::HeardOfSource(const Context& context, const ServicePacket& packet)
{
    if (LeadsToItsSender(packet))
    {
        m_helper.HeardOfSource(context, packet.href);
    }
}

void
PeeringNode::HeardApplicationPacket(const Context& context, const PacketReceived& heard) const
{
    if (m_applicationTypes.count(heard.packet->type) != 0)
    {
        context.Do(TellPacket{heard.peer, heard.port, heard.packet});
    }
    else
    {
        context.Note(Reason::UnknownType, {}, heard.peer);
    }
}

Located
PeeringNode::Locate(const std::string& href) const
{
    Located located;
    located.copy = m_copies.FindOffered(href);
    if (located.copy == nullptr && m_config->wait)
    {
        located.retrieval = m_client.Retrieving(href);
    }
    return located;
}

void
PeeringNode::On(const Context& context, const TimerFired& event)
{
    const TimerKey& timer = event.timer;
    switch (timer.kind)
    {
    case TimerKind::ResponseDelay:
        if (const std::string* href = m_server.PendingHref(timer.subject))
        {
            m_server.DelayOver(context, timer.subject, Locate(*href));
        }
        break;
    case TimerKind::ForgetEnded:
        m_server.ForgetEnded(context);
        break;
    case TimerKind::HelpDelay:
        if (const auto href = m_helper.DelayOver(timer.subject))
        {
            HelpWith(context, *href);
        }
        break;
    case TimerKind::ResponseWait:
    case TimerKind::Pause:
    case TimerKind::HolderWait:
    case TimerKind::BackOff:
    case TimerKind::TransferStall:
    case TimerKind::DownloadStall:
    case TimerKind::Patience:
    case TimerKind::Deadline:
    case TimerKind::Progress:
    case TimerKind::Quiet:
    case TimerKind::AccessRetry:
        m_client.Fired(context, timer, m_copies);
        break;
    }
}

void
PeeringNode::HelpWith(const Context& context, const std::string& href)
{
    // Meanwhile this node may have come to it, or lost its own access.
    if (!m_copies.Holds(href) && !m_client.Runs(href) && m_client.HasAccess(context))
    {
        m_client.Help(context, href, m_copies);
    }
}

void
PeeringNode::On(const Context& context, const TokenDrawn& event)
{
    switch (event.key.purpose)
    {
    case TokenPurpose::Request:
        m_client.Drawn(context, event, m_copies);
        break;
    case TokenPurpose::Alias:
        m_copies.AliasDrawn(context, event.key.subject, event.token);
        break;
    }
}

void
PeeringNode::On(const Context& context, const TransferProgressed& event)
{
    m_client.Progressed(context, event, m_copies);
}

void
PeeringNode::On(const Context& context, const BodyComplete& event)
{
    m_client.Whole(context, event, m_copies);
}

void
PeeringNode::On(const Context& context, const TransferEnded& event)
{
    m_client.Ended(context, event, m_copies);
}

void
PeeringNode::On(const Context& context, const UploadAsked& event)
{
    m_server.UploadAsked(context, event, m_copies);
}

void
PeeringNode::On(const Context& /*context*/, const UploadEnded& /*event*/)
{
    m_server.UploadEnded();
}

void
PeeringNode::On(const Context& context, const CopyOffered& event)
{
    m_copies.Add(context, event.href, event.size, false);
}

void
PeeringNode::On(const Context& context, const CopyWithdrawn& event)
{
    m_copies.Remove(context, event.href);
}

void
PeeringNode::On(const Context& context, const InternetAccessChanged& event)
{
    m_client.AccessChanged(context, event.access, m_copies);
}

void
PeeringNode::On(const Context& context, const LanChanged& event)
{
    m_client.LanChanged(context, event.up, m_copies);
}

void
PeeringNode::On(const Context& context, const ApplicationPacketToSend& event)
{
    if (!m_config->peering)
    {
        return;
    }
    ServicePacket packet;
    packet.kind = PacketKind::ApplicationDefined;
    packet.type = event.type;
    packet.attributes = event.attributes;
    if (event.peer)
    {
        context.SendTo(*event.peer, event.port, std::move(packet));
    }
    else
    {
        context.Broadcast(std::move(packet));
    }
}

void
PeeringNode::On(const Context& context, const ApplicationTypeRegistered& event)
{
    if (!event.registered)
    {
        m_applicationTypes.erase(event.type);
    }
    else if (m_applicationTypes.size() < limits::kApplicationTypes)
    {
        m_applicationTypes.insert(event.type);
    }
    else
    {
        context.Note(Reason::UnknownType, {});
    }
}

void
PeeringNode::On(const Context& /*context*/, const CatalogHeld& event)
{
    m_helper.CatalogHeld(event.hrefs);
}

void
PeeringNode::On(const Context& context, const Restarted& event)
{
    *this = PeeringNode(event.self, m_config);
    for (const CopyOffered& copy : event.copies)
    {
        m_copies.Add({*m_config, m_self, context.actions}, copy.href, copy.size, false);
    }
}

} // namespace lanpeer
