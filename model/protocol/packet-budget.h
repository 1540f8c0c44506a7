#pragma once

#include "model/protocol/parameters.h"
#include "model/protocol/reason.h"
#include "model/protocol/types.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace lanpeer
{

/// The rate budgets of R-SRV-7: how many packets are looked at, of one source and of all, before
/// anything is decoded (L3, L4). Token buckets, full at the start, each twice: "I found" packets
/// have a pair of their own, so that a flood of requests does not keep them out.
///
/// Time is an argument; arithmetic is in whole millionths of a packet, so nothing is lost or gained
/// however often it is asked. Time that goes backwards counts as standing still.
///
/// Memory is bounded. A source whose buckets are full is as good as unknown, and such are forgotten
/// first. Buckets only stay spent as long as they refill, and what all may spend is bounded too, so
/// with the default figures a table holds few; but if more than three quarters of kSourcesMax are
/// spent, half of kSourcesMax are kept, the most spent ones, and the others start anew with full
/// buckets. So a flood from one source stays bounded by that source's budget; one from thousands of
/// forged sources is bounded by the total, as it would be anyway.
///
/// A regular value: copies are independent.
class PacketBudget
{
  public:
    /// Sources remembered at a time.
    static constexpr std::size_t kSourcesMax = 4096;

    /// With the four figures of \p config: sourceBurst, sourceRefillPerS, totalBurst,
    /// totalRefillPerS.
    explicit PacketBudget(const PeeringConfig& config);

    /// Takes one packet from the source's bucket and from that of all, or from neither.
    ///
    /// \param iFound which pair: LooksLikeIFound() of packet-codec.h
    /// \param nowUs microseconds since any fixed instant
    ///
    /// \returns nullopt if the packet may be decoded, SourceBudget or TotalBudget if it is to be
    /// dropped.
    std::optional<Reason> Admit(PeerId source, bool iFound, std::uint64_t nowUs);

    /// Sources remembered now, those whose buckets have filled again since included.
    std::size_t Sources() const
    {
        return m_entries.size();
    }

    /// Bytes that the tables take.
    std::size_t MemoryBytes() const;

  private:
    /// What buckets have less than full, in millionths of a packet, at an instant.
    struct Spent
    {
        std::array<std::uint64_t, 2> missing{};
        std::uint64_t atUs = 0;

        void Refill(std::uint64_t nowUs, std::uint64_t perS);
    };

    struct Entry
    {
        PeerId source{};
        Spent spent;
    };

    Entry* Find(PeerId source);
    Entry& Insert(PeerId source, std::uint64_t nowUs);
    void Forget(std::uint64_t nowUs);
    void Index(std::size_t entry);

    std::uint64_t m_sourceBurst; ///< millionths of a packet, as is the next
    std::uint64_t m_totalBurst;
    std::uint64_t m_sourcePerS;
    std::uint64_t m_totalPerS;
    Spent m_total;
    std::vector<Entry> m_entries;       ///< never more than reserved: then some are forgotten
    std::vector<std::uint16_t> m_index; ///< by hash, linear probing; twice as long as m_entries
};

} // namespace lanpeer
