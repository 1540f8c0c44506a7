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
    const Asker asker{{SenderOf(heard), packet.id, packet.lock}, heard.peer};
    for (std::uint32_t slot = 0; slot < m_jobs.End(); ++slot)
    {
        Job* job = m_jobs.Find(slot);
        if (job != nullptr && job->href == packet.href)
        {
            // One retrieval serves all who ask for it.
            const bool known =
                std::find(job->askers.begin(), job->askers.end(), asker) != job->askers.end();
            if (!known && job->askers.size() < limits::kHelpAskers)
            {
                job->askers.push_back(asker);
            }
            return;
        }
    }
    if (m_jobs.Count() >= limits::kHelpJobs)
    {
        context.Note(Reason::HelpFull, packet.href, heard.peer);
        return;
    }
    const std::uint32_t slot = m_jobs.Insert({packet.href, {asker}});
    context.Do(ArmTimer{{TimerKind::HelpDelay, slot}, 0, context.config.responseDelayMs});
}

void
InternetHelper::HeardIFound(const Context& context, const PacketReceived& heard)
{
    const ServicePacket& packet = *heard.packet;
    const RequestKey key{
        SenderOf(heard), packet.id, packet.key ? std::optional(packet.key->opens) : std::nullopt};
    const auto hasFound = [&key, &heard](const Asker& asker)
    {
        return asker.key == key && (key.lock || asker.peer == heard.peer);
    };
    for (std::uint32_t slot = 0; slot < m_jobs.End(); ++slot)
    {
        if (Job* job = m_jobs.Find(slot))
        {
            auto& askers = job->askers;
            askers.erase(std::remove_if(askers.begin(), askers.end(), hasFound), askers.end());
            if (askers.empty())
            {
                Drop(context, slot);
            }
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
