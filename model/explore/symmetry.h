#pragma once

#include "model/explore/composite.h"
#include "model/explore/parts.h"
#include "model/explore/renaming.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace lanpeer::explore
{

/// A renaming by its place among those of a lane; the first one, 0, changes nothing.
using RenamingId = std::uint8_t;

/// Nodes that are alike: the same configuration, the same copies, the same access, the same wishes.
/// Worlds that differ only in which of them has which number behave alike, so that one of them
/// stands for all: the one that is lowest as numbers of parts.
///
/// Nobody is renamed: the worlds that are stepped, and the stories told, are real ones. What is
/// stored of a world is the lowest one that it can be renamed to, and by which renaming.
///
/// Two that may both retrieve from the Internet are not alike under rule `wait`: the lower name
/// decides a tie (R-CLI-5). Nothing else in the core compares names.
class Symmetry
{
  public:
    /// \param lane, parts outlive the symmetry
    Symmetry(const Lane& lane, Parts& parts);

    /// How many renamings there are; 1: no two nodes are alike.
    std::size_t Size() const
    {
        return m_renamings.size();
    }

    /// Finds the world that stands for a real one. \returns the renaming that leads there.
    RenamingId Lowest(const Composite& real, Composite& lowest);

    /// The real world that was renamed so.
    void Real(const Composite& lowest, RenamingId renaming, Composite& real) const;

    /// A hash that is the same for all worlds that a world can be renamed to, whatever the numbers
    /// of their parts are. Slow.
    std::uint64_t Fingerprint(const Composite& real) const;

    /// First backwards through \p back, then through \p forth.
    RenamingId BackAndForth(RenamingId back, RenamingId forth) const
    {
        return m_backAndForth[back * Size() + forth];
    }

    /// Which requests of applications (bit i: i + 1) are which in the renamed world.
    std::uint32_t Wants(RenamingId renaming, std::uint32_t bits) const
    {
        return m_wants[renaming][bits & (kWantSets - 1)];
    }

    /// The opposite of Wants().
    std::uint32_t RealWants(RenamingId renaming, std::uint32_t bits) const
    {
        return m_wants[BackAndForth(renaming, 0)][bits & (kWantSets - 1)];
    }

  private:
    static constexpr std::size_t kWantSets = std::size_t{1} << kMaxWants;

    PartId PartAs(RenamingId renaming, PartId part);
    FlightId FlightAs(RenamingId renaming, FlightId flight);
    bool RenameHosts(const Composite& real, RenamingId renaming, const PartIds* lowest);
    void RenameRest(const Composite& real, RenamingId renaming);

    const Lane& m_lane;
    Parts& m_parts;
    std::vector<Renaming> m_renamings;
    std::vector<RenamingId> m_backAndForth;
    std::vector<std::array<std::uint8_t, kWantSets>> m_wants; ///< by renaming and set
    std::vector<PartId> m_partsAs;     ///< by part and renaming; kNoPart: not found out yet
    std::vector<FlightId> m_flightsAs; ///< by flight and renaming
    Composite m_candidate;             ///< kept for its memory
};

} // namespace lanpeer::explore
