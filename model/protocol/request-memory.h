#pragma once

#include "model/protocol/types.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lanpeer
{

/// Which requests ended not long ago (R-SRV-5). Two generations: Age() forgets the elder, so that a
/// request is remembered for one to two periods with a single timer and no stored time. When full,
/// the elder generation goes early.
class RequestMemory
{
  public:
    void Remember(const RequestKey& key, std::size_t bound)
    {
        if (m_recent >= (bound + 1) / 2)
        {
            Age();
        }
        const auto [known, isNew] = m_keys.emplace(key, true);
        m_recent += isNew || !known->second ? 1 : 0;
        known->second = true;
    }

    bool Knows(const RequestKey& key) const
    {
        return m_keys.count(key) != 0;
    }

    void Age()
    {
        for (auto known = m_keys.begin(); known != m_keys.end();)
        {
            known = std::exchange(known->second, false) ? std::next(known) : m_keys.erase(known);
        }
        m_recent = 0;
    }

    bool Empty() const
    {
        return m_keys.empty();
    }

    std::size_t Count() const
    {
        return m_keys.size();
    }

    friend bool operator==(const RequestMemory& a, const RequestMemory& b)
    {
        return a.m_keys == b.m_keys;
    }

    friend bool operator!=(const RequestMemory& a, const RequestMemory& b)
    {
        return !(a == b);
    }

    /// Feeds the keys with their generations to a sink in an order that does not depend on the hash
    /// table's.
    template <typename Sink>
    friend void VisitValue(Sink& sink, const RequestMemory& memory)
    {
        std::vector<std::string> encoded;
        encoded.reserve(memory.m_keys.size());
        for (const auto& [key, recent] : memory.m_keys)
        {
            encoded.push_back(Encoded(std::pair(key, recent)));
        }
        std::sort(encoded.begin(), encoded.end());
        VisitValue(sink, encoded);
    }

  private:
    std::unordered_map<RequestKey, bool, FieldsHash> m_keys; ///< is it of the recent generation?
    std::size_t m_recent = 0;                                ///< how many are
};

} // namespace lanpeer
