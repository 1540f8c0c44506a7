#include "reference/store/store.h"
#include "reference/store/sum.h"

#include <algorithm>
#include <mutex>

// Of Store: what the copies and what arrives may take (R-HTTP-4). Who announces a body announces
// what it likes, so copies go for bytes that were written only; announced ones are held against
// the limits, and refused.

namespace lanpeer::reference
{

namespace
{

std::uint64_t
Excess(std::uint64_t number, std::uint64_t limit)
{
    return number > limit ? number - limit : 0;
}

} // namespace

std::uint64_t
Store::FreeDiskBytes() const
{
    return m_settings.freeDiskBytes ? m_settings.freeDiskBytes() : m_folder.FreeBytes();
}

void
Store::SetLimits(const StoreLimits& limits)
{
    const std::lock_guard<std::mutex> lock(m_room->mutex);
    m_limits = limits;
}

bool
Store::CanFit(const PartialFile& partial, std::uint64_t bytes) const
{
    bytes = std::max(bytes, partial.WrittenBytes());
    std::uint64_t counted = bytes;
    std::uint64_t toWrite = partial.MissingBytes(bytes);
    for (const auto& [href, weak] : m_partials)
    {
        const auto other = weak.lock();
        if (other && other.get() != &partial && !other->HasMoved())
        {
            counted = Sum(counted, other->CountedBytes());
            toWrite = Sum(toWrite, other->MissingBytes(other->CountedBytes()));
        }
    }
    std::uint64_t mayGo = 0;
    for (const auto& [href, copy] : m_copies)
    {
        std::uint64_t& sum = copy.open.expired() ? mayGo : counted;
        sum = Sum(sum, copy.info.sizeBytes);
    }
    return counted <= m_limits.bytes &&
           Sum(m_limits.freeDiskBytes, toWrite) <= Sum(FreeDiskBytes(), mayGo);
}

bool
Store::HasRoomFor(std::uint64_t incomingBytes) const
{
    std::uint64_t counted = Sum(m_totalBytes, incomingBytes);
    std::uint64_t toWrite = incomingBytes;
    for (const auto& [href, weak] : m_partials)
    {
        // What was kept counts as a copy.
        const auto partial = weak.lock();
        if (partial && !partial->HasMoved())
        {
            counted = Sum(counted, partial->CountedBytes());
            toWrite = Sum(toWrite, partial->MissingBytes(partial->CountedBytes()));
        }
    }
    return counted <= m_limits.bytes && Sum(m_limits.freeDiskBytes, toWrite) <= FreeDiskBytes();
}

std::uint64_t
Store::ArrivedBytes() const
{
    std::uint64_t arrived = 0;
    for (const auto& [href, weak] : m_partials)
    {
        const auto partial = weak.lock();
        if (partial && !partial->HasMoved())
        {
            arrived = Sum(arrived, partial->WrittenBytes());
        }
    }
    return arrived;
}

std::vector<std::string>
Store::Evict(std::uint64_t incomingBytes) const
{
    const std::int64_t now = Now();
    std::vector<std::string> hrefs;
    std::vector<const Copy*> rest;
    std::uint64_t freed = 0;
    std::uint64_t restBytes = 0;
    for (const auto& [href, copy] : m_copies)
    {
        if (!copy.open.expired())
        {
            continue;
        }
        // A clock that was set back makes a copy of tomorrow: that one is new.
        const std::int64_t added = copy.info.addedS;
        const auto ageS = now > added ? static_cast<std::uint64_t>(now - added) : 0;
        if (m_limits.ageS != 0 && ageS > m_limits.ageS)
        {
            hrefs.push_back(href);
            freed = Sum(freed, copy.info.sizeBytes);
        }
        else
        {
            rest.push_back(&copy);
            restBytes = Sum(restBytes, copy.info.sizeBytes);
        }
    }
    const std::uint64_t arrived = ArrivedBytes();
    const std::uint64_t freeDisk = FreeDiskBytes();
    std::uint64_t excess =
        std::max(Excess(Sum(m_totalBytes, Sum(arrived, incomingBytes)), m_limits.bytes),
                 Excess(Sum(m_limits.freeDiskBytes, incomingBytes), freeDisk));
    if (excess > Sum(freed, restBytes))
    {
        // What arrives cannot stay, and is refused; then the disk has its bytes back.
        excess = std::max(Excess(m_totalBytes, m_limits.bytes),
                          Excess(m_limits.freeDiskBytes, Sum(freeDisk, arrived)));
    }
    std::sort(
        rest.begin(), rest.end(), [](const Copy* a, const Copy* b) { return a->use < b->use; });
    for (auto copy = rest.begin(); copy != rest.end() && freed < excess; ++copy)
    {
        hrefs.push_back((*copy)->info.href);
        freed = Sum(freed, (*copy)->info.sizeBytes);
    }
    return hrefs;
}

} // namespace lanpeer::reference
