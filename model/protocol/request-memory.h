#pragma once

#include "model/protocol/types.h"

#include <algorithm>
#include <cstddef>
#include <unordered_set>
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
        if (m_recent.size() >= (bound + 1) / 2)
        {
            Age();
        }
        m_recent.insert(key);
    }

    bool Knows(const RequestKey& key) const
    {
        return m_recent.count(key) != 0 || m_elder.count(key) != 0;
    }

    void Age()
    {
        m_elder = std::move(m_recent);
        m_recent.clear();
    }

    bool Empty() const
    {
        return m_recent.empty() && m_elder.empty();
    }

    std::size_t Count() const
    {
        return m_recent.size() + m_elder.size();
    }

    friend bool operator==(const RequestMemory& a, const RequestMemory& b)
    {
        return a.m_recent == b.m_recent && a.m_elder == b.m_elder;
    }

    friend bool operator!=(const RequestMemory& a, const RequestMemory& b)
    {
        return !(a == b);
    }

    /// Feeds both generations to a sink in an order that does not depend on the hash table's.
    template <typename Sink>
    friend void VisitValue(Sink& sink, const RequestMemory& memory)
    {
        for (const Keys* keys : {&memory.m_recent, &memory.m_elder})
        {
            std::vector<std::string> encoded;
            encoded.reserve(keys->size());
            for (const RequestKey& key : *keys)
            {
                encoded.push_back(Encoded(key));
            }
            std::sort(encoded.begin(), encoded.end());
            VisitValue(sink, encoded);
        }
    }

  private:
    using Keys = std::unordered_set<RequestKey, FieldsHash>;

    Keys m_recent;
    Keys m_elder;
};

} // namespace lanpeer
