#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace lanpeer::explore
{

/// The states seen, each as a few bytes (CompositeCodec), with the state that it was first reached
/// from and by which step. States are numbered in the order in which they were first seen, the
/// start is 0.
///
/// They stand behind each other in one piece of memory; an open hash table finds them. It keeps a
/// part of each hash beside the number, so that hardly any but the right state is looked at. A
/// state costs its bytes, 12 more, and 11 to 21 of the table.
class StateStore
{
  public:
    StateStore();

    /// \param renaming kept with a new state; by which renaming it stands for the world that was
    /// reached (symmetry.h)
    /// \returns the number of the state, and whether it is new.
    std::pair<std::uint32_t, bool> Insert(std::string_view bytes,
                                          std::uint32_t parent,
                                          std::uint32_t step,
                                          std::uint8_t renaming);

    /// \returns the number of a state that was seen.
    std::optional<std::uint32_t> Find(std::string_view bytes) const;

    std::size_t Size() const
    {
        return m_ends.size();
    }

    /// Valid until the next Insert().
    std::string_view BytesOf(std::uint32_t state) const;

    std::uint32_t ParentOf(std::uint32_t state) const
    {
        return m_parents[state];
    }

    std::uint32_t StepTo(std::uint32_t state) const
    {
        return m_steps[state];
    }

    std::uint8_t RenamingTo(std::uint32_t state) const
    {
        return m_renamings[state];
    }

    /// What it occupies, room for growth included.
    std::size_t Bytes() const;

  private:
    /// A place of the table.
    struct Place
    {
        std::uint32_t number = 0; ///< of a state + 1; 0: free
        std::uint32_t hash = 0;   ///< upper half of its hash
    };

    std::size_t PlaceOf(std::string_view bytes, std::uint64_t hash) const;
    void Grow();

    std::vector<char> m_bytes;
    std::vector<std::uint32_t> m_ends; ///< where a state's bytes end and the next one's begin
    std::vector<std::uint32_t> m_parents;
    std::vector<std::uint32_t> m_steps;
    std::vector<std::uint8_t> m_renamings;
    std::vector<Place> m_places; ///< at most three quarters are taken
};

} // namespace lanpeer::explore
