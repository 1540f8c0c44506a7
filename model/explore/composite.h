#pragma once

#include "model/explore/parts.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lanpeer::explore
{

/// A world as numbers of its parts: one explored state.
struct Composite
{
    PartIds parts{};
    std::vector<FlightId> flights; ///< sorted: in which order they were sent is no state
    Budgets left;
    std::uint32_t wantsLeft = 0; ///< bit i: the i-th want was not made yet

    void Add(FlightId flight);

    /// Takes the flight at an index out.
    void Remove(std::size_t index);
};

/// Writes composites as a few bytes, and reads them. Different ones give different bytes.
class CompositeCodec
{
  public:
    explicit CompositeCodec(std::size_t hosts)
        : m_hosts(hosts)
    {
    }

    /// \returns the bytes, valid until the next call.
    std::string_view Encode(const Composite& composite);

    void Decode(std::string_view bytes, Composite& composite) const;

  private:
    std::uint64_t NumberOf(const Budgets& budgets);

    std::size_t m_hosts;
    std::string m_bytes;
    std::vector<Budgets> m_budgets;
    std::unordered_map<std::string, std::uint64_t> m_numbers; ///< of budgets, by encoding
};

} // namespace lanpeer::explore
