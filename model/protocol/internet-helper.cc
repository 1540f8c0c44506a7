#include "model/protocol/internet-helper.h"

#include "model/protocol/limits.h"
#include "model/protocol/uri.h"

#include <algorithm>

namespace lanpeer
{

void
InternetHelper::HeardINeed(const Context& context, const PacketReceived& heard)
{
    const ServicePacket& packet = *heard.packet;
    if (!Allowed(context, packet.href))
    {
        return;
    }
    for (std::uint32_t slot = 0; slot < m_jobs.End(); ++slot)
    {
        const Job* job = m_jobs.Find(slot);
        if (job != nullptr && job->href == packet.href)
        {
            return; // one retrieval serves all who ask for it
        }
    }
    if (m_jobs.Count() >= limits::kHelpJobs)
    {
        context.Note(Reason::HelpFull, packet.href, heard.peer);
        return;
    }
    const RequestKey key{SenderOf(heard), packet.id, packet.lock};
    const std::uint32_t slot = m_jobs.Insert({key, heard.peer, packet.href});
    context.Do(ArmTimer{{TimerKind::HelpDelay, slot}, 0, context.config.responseDelayMs});
}

void
InternetHelper::HeardIFound(const Context& context, const PacketReceived& heard)
{
    const ServicePacket& packet = *heard.packet;
    const RequestKey key{
        SenderOf(heard), packet.id, packet.key ? std::optional(packet.key->opens) : std::nullopt};
    for (std::uint32_t slot = 0; slot < m_jobs.End(); ++slot)
    {
        const Job* job = m_jobs.Find(slot);
        const bool its = job != nullptr && job->key == key;
        if (its && (key.lock || job->peer == heard.peer))
        {
            Drop(context, slot);
            return;
        }
    }
}

void
InternetHelper::HeardOfSource(const Context& context, const std::string& href)
{
    for (std::uint32_t slot = 0; slot < m_jobs.End(); ++slot)
    {
        const Job* job = m_jobs.Find(slot);
        if (job != nullptr && job->href == href)
        {
            Drop(context, slot);
            return;
        }
    }
}

std::optional<std::string>
InternetHelper::DelayOver(std::uint32_t slot)
{
    const Job* job = m_jobs.Find(slot);
    if (job == nullptr)
    {
        return std::nullopt;
    }
    std::string href = job->href;
    m_jobs.Erase(slot);
    return href;
}

bool
InternetHelper::Allowed(const Context& context, const std::string& href) const
{
    const auto& origins = context.config.helperOrigins;
    const auto origin = OriginOf(href);
    const bool listed =
        origin && std::find(origins.begin(), origins.end(), *origin) != origins.end();
    return listed && (!m_catalog || m_catalog->count(href) != 0);
}

void
InternetHelper::Drop(const Context& context, std::uint32_t slot)
{
    context.Do(CancelTimer{{TimerKind::HelpDelay, slot}});
    m_jobs.Erase(slot);
}

} // namespace lanpeer
