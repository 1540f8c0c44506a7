#include "model/protocol/local-copies.h"

#include "model/protocol/base64url.h"

#include <utility>

namespace lanpeer
{

void
LocalCopies::Add(const Context& context, const std::string& href, std::uint64_t size, bool announce)
{
    if (const auto found = m_byHref.find(href); found != m_byHref.end())
    {
        // Held already, by way of an application that offered it meanwhile: resources are immutable
        // once named, so nothing changes but that others are still to be told.
        LocalCopy& held = *m_copies.Find(found->second);
        held.announceComplete = held.announceComplete || announce;
        if (!held.alias.empty() && held.announceComplete)
        {
            held.announceComplete = false;
            AnnounceComplete(context, held);
        }
        return;
    }
    const std::uint32_t slot = m_copies.Insert(LocalCopy{href, size, {}, announce});
    m_byHref.emplace(href, slot);
    context.Do(DrawToken{{TokenPurpose::Alias, slot}});
}

void
LocalCopies::AliasDrawn(const Context& context, std::uint32_t slot, const Token& token)
{
    LocalCopy* copy = m_copies.Find(slot);
    if (copy == nullptr || !copy->alias.empty())
    {
        return;
    }
    copy->alias = ToBase64Url(token);
    m_byAlias.emplace(copy->alias, slot);
    context.Do(OfferCopy{copy->href, copy->alias, copy->size});
    if (std::exchange(copy->announceComplete, false))
    {
        AnnounceComplete(context, *copy);
    }
}

void
LocalCopies::Remove(const Context& context, const std::string& href)
{
    const auto found = m_byHref.find(href);
    if (found == m_byHref.end())
    {
        return;
    }
    const std::uint32_t slot = found->second;
    m_byAlias.erase(m_copies.Find(slot)->alias);
    m_byHref.erase(found);
    m_copies.Erase(slot);
    context.Do(WithdrawCopy{href});
}

bool
LocalCopies::Holds(const std::string& href) const
{
    return m_byHref.count(href) != 0;
}

const LocalCopy*
LocalCopies::FindOffered(const std::string& href) const
{
    const auto found = m_byHref.find(href);
    if (found == m_byHref.end())
    {
        return nullptr;
    }
    const LocalCopy* copy = m_copies.Find(found->second);
    return copy->alias.empty() ? nullptr : copy;
}

const LocalCopy*
LocalCopies::FindAlias(const std::string& alias) const
{
    const auto found = m_byAlias.find(alias);
    return found == m_byAlias.end() ? nullptr : m_copies.Find(found->second);
}

void
LocalCopies::AnnounceComplete(const Context& context, const LocalCopy& copy)
{
    ServicePacket packet;
    packet.kind = PacketKind::DownloadComplete;
    packet.href = copy.href;
    packet.location = Location{copy.alias, static_cast<std::uint16_t>(context.config.httpPort)};
    packet.size = Tellable(copy.size);
    context.Broadcast(std::move(packet));
}

} // namespace lanpeer
