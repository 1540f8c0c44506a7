#include "model/protocol/packet-budget.h"

#include <algorithm>
#include <limits>

namespace lanpeer
{

namespace
{

/// One packet, in the millionths that the buckets count in: at N packets per second a bucket gains
/// exactly N of them every microsecond.
constexpr std::uint64_t kPacket = 1000000;

constexpr std::size_t kSourcesMin = 16; ///< tables are not made smaller
constexpr std::uint16_t kFree = 0xFFFF;
static_assert(PacketBudget::kSourcesMax < kFree, "entries are numbered by 16 bits");

std::uint64_t
InMillionths(std::uint64_t packets)
{
    return std::min(packets, std::numeric_limits<std::uint64_t>::max() / kPacket / 2) * kPacket;
}

/// Where a source's search begins in an index of \p size, a power of two.
std::size_t
Slot(PeerId source, std::size_t size)
{
    const std::uint64_t mixed = static_cast<std::uint64_t>(source) * 0x9E3779B97F4A7C15ULL;
    return static_cast<std::size_t>(mixed >> 32) & (size - 1);
}

/// Room for a third more than \p live, so that forgetting, which looks at all, is rare.
std::size_t
RoomFor(std::size_t live)
{
    std::size_t room = kSourcesMin;
    while (room * 3 < live * 4)
    {
        room *= 2;
    }
    return room;
}

static_assert(PacketBudget::kSourcesMax % 4 == 0);

} // namespace

PacketBudget::PacketBudget(const PeeringConfig& config)
    : m_sourceBurst(InMillionths(config.sourceBurst))
    , m_totalBurst(InMillionths(config.totalBurst))
    , m_sourcePerS(config.sourceRefillPerS)
    , m_totalPerS(config.totalRefillPerS)
{
}

void
PacketBudget::Spent::Refill(std::uint64_t nowUs, std::uint64_t perS)
{
    if (nowUs <= atUs)
    {
        return;
    }
    const std::uint64_t elapsedUs = nowUs - atUs;
    atUs = nowUs;
    for (std::uint64_t& m : missing)
    {
        if (m != 0 && perS != 0)
        {
            // By division, since the product may not fit; where it matters it is less than m.
            m = elapsedUs > (m - 1) / perS ? 0 : m - elapsedUs * perS;
        }
    }
}

std::optional<Reason>
PacketBudget::Admit(PeerId source, bool iFound, std::uint64_t nowUs)
{
    const std::size_t pair = iFound ? 1 : 0;
    Entry* entry = Find(source);
    std::uint64_t missing = 0;
    if (entry != nullptr)
    {
        entry->spent.Refill(nowUs, m_sourcePerS);
        missing = entry->spent.missing[pair];
    }
    if (missing + kPacket > m_sourceBurst)
    {
        return Reason::SourceBudget;
    }
    m_total.Refill(nowUs, m_totalPerS);
    if (m_total.missing[pair] + kPacket > m_totalBurst)
    {
        return Reason::TotalBudget;
    }
    m_total.missing[pair] += kPacket;
    // Only now: what the total refuses makes no entry either.
    Entry& charged = entry != nullptr ? *entry : Insert(source, nowUs);
    charged.spent.missing[pair] += kPacket;
    return std::nullopt;
}

std::size_t
PacketBudget::MemoryBytes() const
{
    return m_entries.capacity() * sizeof(Entry) + m_index.capacity() * sizeof(std::uint16_t);
}

PacketBudget::Entry*
PacketBudget::Find(PeerId source)
{
    if (m_index.empty())
    {
        return nullptr;
    }
    // The index is at most half full: the search meets a free place.
    for (std::size_t slot = Slot(source, m_index.size()); m_index[slot] != kFree;
         slot = (slot + 1) & (m_index.size() - 1))
    {
        Entry& entry = m_entries[m_index[slot]];
        if (entry.source == source)
        {
            return &entry;
        }
    }
    return nullptr;
}

PacketBudget::Entry&
PacketBudget::Insert(PeerId source, std::uint64_t nowUs)
{
    if (m_entries.size() * 2 == m_index.size())
    {
        Forget(nowUs);
    }
    m_entries.push_back({source, {{}, nowUs}});
    Index(m_entries.size() - 1);
    return m_entries.back();
}

/// Forgets the sources whose buckets are full, and if need be those whose buckets are fullest;
/// makes tables of the size that fits what is left.
void
PacketBudget::Forget(std::uint64_t nowUs)
{
    const auto missing = [](const Entry& entry)
    {
        return entry.spent.missing[0] + entry.spent.missing[1];
    };
    const auto full = [missing, nowUs, this](Entry& entry)
    {
        entry.spent.Refill(nowUs, m_sourcePerS);
        return missing(entry) == 0;
    };
    m_entries.erase(std::remove_if(m_entries.begin(), m_entries.end(), full), m_entries.end());
    if (m_entries.size() > kSourcesMax / 4 * 3)
    {
        const auto half = m_entries.begin() + kSourcesMax / 2;
        const auto more = [missing](const Entry& a, const Entry& b)
        {
            return missing(a) != missing(b) ? missing(a) > missing(b) : a.source < b.source;
        };
        std::nth_element(m_entries.begin(), half, m_entries.end(), more);
        m_entries.erase(half, m_entries.end());
    }
    const std::size_t room = RoomFor(m_entries.size());
    std::vector<Entry> kept;
    kept.reserve(room);
    kept.assign(m_entries.begin(), m_entries.end());
    m_entries.swap(kept);
    m_index.assign(2 * room, kFree);
    m_index.shrink_to_fit();
    for (std::size_t entry = 0; entry < m_entries.size(); ++entry)
    {
        Index(entry);
    }
}

void
PacketBudget::Index(std::size_t entry)
{
    std::size_t slot = Slot(m_entries[entry].source, m_index.size());
    while (m_index[slot] != kFree)
    {
        slot = (slot + 1) & (m_index.size() - 1);
    }
    m_index[slot] = static_cast<std::uint16_t>(entry);
}

} // namespace lanpeer
