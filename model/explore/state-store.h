#pragma once

#include "model/explore/fingerprint.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace lanpeer::explore
{

/// The states seen: of each its fingerprint, the state it was first reached from and by which step.
/// States are numbered in the order in which they were first seen, the start is 0.
///
/// 24 bytes a state in columns, and 4 bytes for each of two to four places of an open hash table.
class StateStore
{
  public:
    StateStore();

    /// \returns the number of the state, and whether it is new.
    std::pair<std::uint32_t, bool> Insert(const Fingerprint& fingerprint,
                                          std::uint32_t parent,
                                          std::uint32_t step);

    std::size_t Size() const
    {
        return m_fingerprints.size();
    }

    std::uint32_t ParentOf(std::uint32_t state) const
    {
        return m_parents[state];
    }

    std::uint32_t StepTo(std::uint32_t state) const
    {
        return m_steps[state];
    }

    const Fingerprint& FingerprintAt(std::uint32_t state) const
    {
        return m_fingerprints[state];
    }

    /// What it occupies, room for growth included.
    std::size_t Bytes() const;

  private:
    void Grow();

    std::vector<Fingerprint> m_fingerprints;
    std::vector<std::uint32_t> m_parents;
    std::vector<std::uint32_t> m_steps;
    std::vector<std::uint32_t> m_places; ///< number of a state + 1, or 0; at most half are taken
};

} // namespace lanpeer::explore
