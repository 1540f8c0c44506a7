#pragma once

#include "model/protocol/action.h"
#include "model/protocol/types.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace lanpeer
{

/// The requests that a server knows, by key: the pending ones with their slot, and those that ended
/// not long ago (R-SRV-5). One table for both, since every packet is looked up in both.
///
/// Ended ones are of two generations: Age() forgets the elder, so that a request is remembered for
/// one to two periods with a single timer and no stored time. When full, the elder generation goes
/// early.
///
/// Compared and encoded by the ended ones: the pending ones follow from the server's table.
class RequestIndex
{
  public:
    /// Takes up a request that is not known.
    void Add(const RequestKey& key, std::uint32_t slot)
    {
        m_known.emplace(key, Known{slot, State::Pending});
    }

    /// What is known of a request: Idle (nothing), Delay (it is pending; \p slot is set) or
    /// Remembered.
    ServerState StateOf(const RequestKey& key, std::uint32_t& slot) const
    {
        const auto known = m_known.find(key);
        if (known == m_known.end())
        {
            return ServerState::Idle;
        }
        if (known->second.state != State::Pending)
        {
            return ServerState::Remembered;
        }
        slot = known->second.slot;
        return ServerState::Delay;
    }

    /// A pending request has ended.
    ///
    /// \param bound how many ended ones may be remembered, at least 2
    void End(const RequestKey& key, std::size_t bound)
    {
        if (m_recent >= (bound + 1) / 2 || m_ended >= bound)
        {
            Age();
        }
        m_known.at(key).state = State::Recent;
        ++m_recent;
        ++m_ended;
    }

    void Age()
    {
        for (auto known = m_known.begin(); known != m_known.end();)
        {
            State& state = known->second.state;
            if (state == State::Elder)
            {
                known = m_known.erase(known);
                --m_ended;
                continue;
            }
            state = state == State::Recent ? State::Elder : state;
            ++known;
        }
        m_recent = 0;
    }

    std::size_t EndedCount() const
    {
        return m_ended;
    }

    friend bool operator==(const RequestIndex& a, const RequestIndex& b)
    {
        std::string unused;
        const EncodingSink sink(unused);
        return a.EncodedEnded(sink) == b.EncodedEnded(sink);
    }

    friend bool operator!=(const RequestIndex& a, const RequestIndex& b)
    {
        return !(a == b);
    }

    template <typename Sink>
    friend void VisitValue(Sink& sink, const RequestIndex& index)
    {
        VisitValue(sink, index.EncodedEnded(sink));
    }

  private:
    enum class State : std::uint8_t
    {
        Pending,
        Recent,
        Elder,
    };

    struct Known
    {
        std::uint32_t slot = 0;
        State state = State::Pending;
    };

    /// The ended ones, in an order that does not depend on the hash table's.
    template <typename Sink>
    std::vector<std::string> EncodedEnded(const Sink& sink) const
    {
        std::vector<std::string> encoded;
        for (const auto& [key, known] : m_known)
        {
            if (known.state != State::Pending)
            {
                encoded.push_back(EncodedFor(sink, key));
                encoded.back().push_back(known.state == State::Recent ? 'r' : 'e');
            }
        }
        std::sort(encoded.begin(), encoded.end());
        return encoded;
    }

    std::unordered_map<RequestKey, Known, FieldsHash> m_known;
    std::size_t m_recent = 0;
    std::size_t m_ended = 0;
};

} // namespace lanpeer
