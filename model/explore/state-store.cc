#include "model/explore/state-store.h"

namespace lanpeer::explore
{

StateStore::StateStore()
    : m_places(1024)
{
}

std::pair<std::uint32_t, bool>
StateStore::Insert(const Fingerprint& fingerprint, std::uint32_t parent, std::uint32_t step)
{
    const std::size_t mask = m_places.size() - 1;
    std::size_t place = fingerprint.low & mask;
    while (m_places[place] != 0)
    {
        const std::uint32_t state = m_places[place] - 1;
        if (m_fingerprints[state] == fingerprint)
        {
            return {state, false};
        }
        place = (place + 1) & mask;
    }
    const auto state = static_cast<std::uint32_t>(m_fingerprints.size());
    m_places[place] = state + 1;
    m_fingerprints.push_back(fingerprint);
    m_parents.push_back(parent);
    m_steps.push_back(step);
    if (m_fingerprints.size() * 2 > m_places.size())
    {
        Grow();
    }
    return {state, true};
}

void
StateStore::Grow()
{
    std::vector<std::uint32_t> places(m_places.size() * 2);
    const std::size_t mask = places.size() - 1;
    for (std::uint32_t state = 0; state < m_fingerprints.size(); ++state)
    {
        std::size_t place = m_fingerprints[state].low & mask;
        while (places[place] != 0)
        {
            place = (place + 1) & mask;
        }
        places[place] = state + 1;
    }
    m_places = std::move(places);
}

std::size_t
StateStore::Bytes() const
{
    return m_fingerprints.capacity() * sizeof(Fingerprint) +
           (m_parents.capacity() + m_steps.capacity() + m_places.capacity()) *
               sizeof(std::uint32_t);
}

} // namespace lanpeer::explore
