#pragma once

#include "model/protocol/fields.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace lanpeer
{

/// A table of values named by small numbers, the lowest free one first. Numbers are reused, so that
/// the state of a node that did much is the state of one that did little: what the explorer needs
/// to see two histories meet.
template <typename T>
class SlotTable
{
  public:
    /// Puts a value into the lowest free slot. \returns the slot.
    std::uint32_t Insert(T value)
    {
        const std::uint32_t slot = m_lowestFree;
        if (slot == m_slots.size())
        {
            m_slots.emplace_back(std::move(value));
        }
        else
        {
            m_slots[slot] = std::move(value);
        }
        ++m_count;
        do
        {
            ++m_lowestFree;
        } while (m_lowestFree < m_slots.size() && m_slots[m_lowestFree]);
        return slot;
    }

    /// \returns the slot that Insert() would take.
    std::uint32_t NextSlot() const
    {
        return m_lowestFree;
    }

    /// \returns the value of a slot, or nullptr where there is none.
    T* Find(std::uint32_t slot)
    {
        return slot < m_slots.size() && m_slots[slot] ? &*m_slots[slot] : nullptr;
    }

    const T* Find(std::uint32_t slot) const
    {
        return slot < m_slots.size() && m_slots[slot] ? &*m_slots[slot] : nullptr;
    }

    /// Frees a slot that is in use.
    void Erase(std::uint32_t slot)
    {
        m_slots[slot].reset();
        --m_count;
        while (!m_slots.empty() && !m_slots.back())
        {
            m_slots.pop_back();
        }
        m_lowestFree = slot < m_lowestFree ? slot : m_lowestFree;
    }

    std::size_t Count() const
    {
        return m_count;
    }

    /// One more than the highest slot in use.
    std::uint32_t End() const
    {
        return static_cast<std::uint32_t>(m_slots.size());
    }

    // What is free and how many there are follows from the slots.
    LANPEER_FIELDS(m_slots)

  private:
    std::vector<std::optional<T>> m_slots;
    std::uint32_t m_lowestFree = 0;
    std::size_t m_count = 0;
};

} // namespace lanpeer
