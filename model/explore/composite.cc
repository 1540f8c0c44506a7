#include "model/explore/composite.h"

#include <algorithm>

namespace lanpeer::explore
{

namespace
{

/// Takes an integer of EncodingSink's off the front.
std::uint64_t
TakeInteger(std::string_view& bytes)
{
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7)
    {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if (byte < 0x80)
        {
            return value;
        }
    }
}

} // namespace

void
Composite::Add(FlightId flight)
{
    flights.insert(std::upper_bound(flights.begin(), flights.end(), flight), flight);
}

void
Composite::Remove(std::size_t index)
{
    flights.erase(flights.begin() + static_cast<std::ptrdiff_t>(index));
}

std::uint64_t
CompositeCodec::NumberOf(const Budgets& budgets)
{
    const auto [its, isNew] = m_numbers.emplace(Encoded(budgets), m_budgets.size());
    if (isNew)
    {
        m_budgets.push_back(budgets);
    }
    return its->second;
}

std::string_view
CompositeCodec::Encode(const Composite& composite)
{
    m_bytes.clear();
    EncodingSink sink(m_bytes);
    for (std::size_t host = 0; host < m_hosts; ++host)
    {
        sink.Integer(composite.parts[host]);
    }
    sink.Integer(NumberOf(composite.left));
    sink.Integer(composite.wantsLeft);
    for (const FlightId flight : composite.flights)
    {
        sink.Integer(flight);
    }
    return m_bytes;
}

void
CompositeCodec::Decode(std::string_view bytes, Composite& composite) const
{
    for (std::size_t host = 0; host < m_hosts; ++host)
    {
        composite.parts[host] = static_cast<PartId>(TakeInteger(bytes));
    }
    composite.left = m_budgets[TakeInteger(bytes)];
    composite.wantsLeft = static_cast<std::uint32_t>(TakeInteger(bytes));
    composite.flights.clear();
    while (!bytes.empty())
    {
        composite.flights.push_back(static_cast<FlightId>(TakeInteger(bytes)));
    }
}

} // namespace lanpeer::explore
