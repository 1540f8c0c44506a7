#include "model/explore/state-store.h"

#include "model/protocol/fields.h"

#include <limits>
#include <stdexcept>

namespace lanpeer::explore
{

namespace
{

std::uint64_t
HashOfBytes(std::string_view bytes)
{
    HashSink sink;
    sink.Bytes(bytes.data(), bytes.size());
    return sink.Value();
}

std::uint32_t
UpperHalf(std::uint64_t hash)
{
    return static_cast<std::uint32_t>(hash >> 32);
}

} // namespace

StateStore::StateStore()
    : m_places(1024)
{
}

std::string_view
StateStore::BytesOf(std::uint32_t state) const
{
    const std::uint32_t begin = state == 0 ? 0 : m_ends[state - 1];
    return {m_bytes.data() + begin, m_ends[state] - begin};
}

/// Where the state stands in the table, or would stand.
std::size_t
StateStore::PlaceOf(std::string_view bytes, std::uint64_t hash) const
{
    const std::size_t mask = m_places.size() - 1;
    for (std::size_t place = hash & mask;; place = (place + 1) & mask)
    {
        const Place& there = m_places[place];
        const bool its = there.hash == UpperHalf(hash) && there.number != 0 &&
                         BytesOf(there.number - 1) == bytes;
        if (its || there.number == 0)
        {
            return place;
        }
    }
}

std::pair<std::uint32_t, bool>
StateStore::Insert(std::string_view bytes,
                   std::uint32_t parent,
                   std::uint32_t step,
                   std::uint8_t renaming)
{
    const std::uint64_t hash = HashOfBytes(bytes);
    const std::size_t place = PlaceOf(bytes, hash);
    if (m_places[place].number != 0)
    {
        return {m_places[place].number - 1, false};
    }
    if (m_bytes.size() + bytes.size() > std::numeric_limits<std::uint32_t>::max())
    {
        throw std::length_error("more states than can be numbered");
    }
    const auto state = static_cast<std::uint32_t>(Size());
    m_places[place] = {state + 1, UpperHalf(hash)};
    m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
    m_ends.push_back(static_cast<std::uint32_t>(m_bytes.size()));
    m_parents.push_back(parent);
    m_steps.push_back(step);
    m_renamings.push_back(renaming);
    if (Size() * 4 > m_places.size() * 3)
    {
        Grow();
    }
    return {state, true};
}

std::optional<std::uint32_t>
StateStore::Find(std::string_view bytes) const
{
    const std::size_t place = PlaceOf(bytes, HashOfBytes(bytes));
    if (m_places[place].number == 0)
    {
        return std::nullopt;
    }
    return m_places[place].number - 1;
}

void
StateStore::Grow()
{
    m_places.assign(m_places.size() * 2, {});
    const std::size_t mask = m_places.size() - 1;
    for (std::uint32_t state = 0; state < Size(); ++state)
    {
        const std::uint64_t hash = HashOfBytes(BytesOf(state));
        std::size_t place = hash & mask;
        while (m_places[place].number != 0)
        {
            place = (place + 1) & mask;
        }
        m_places[place] = {state + 1, UpperHalf(hash)};
    }
}

std::size_t
StateStore::Bytes() const
{
    return m_bytes.capacity() + m_renamings.capacity() + m_places.capacity() * sizeof(Place) +
           (m_ends.capacity() + m_parents.capacity() + m_steps.capacity()) * sizeof(std::uint32_t);
}

} // namespace lanpeer::explore
