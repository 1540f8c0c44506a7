#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace lanpeer::lan
{

/// When a node asks for what, and whether it leaves over it (R-SIM-4). Times in microseconds since
/// the run began.
struct Asker
{
    /// Switched off and on again.
    struct Absence
    {
        std::int64_t fromUs = 0;
        std::int64_t toUs = 0;
    };

    std::uint32_t node = 0;
    std::int64_t atUs = 0;
    std::vector<std::uint32_t> resources{}; ///< all at one instant ([0059]); empty: every one
    std::optional<Absence> away{};          ///< a laptop that leaves, and comes back
};

/// Moves it so much later.
inline void
Postpone(Asker& asker, std::int64_t byUs)
{
    asker.atUs += byUs;
    if (asker.away)
    {
        asker.away->fromUs += byUs;
        asker.away->toUs += byUs;
    }
}

} // namespace lanpeer::lan
