#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lanpeer::lan
{

/// When a simulated run begins by the clock on the wall: Monday, 2001-01-01 00:00 UTC, in seconds
/// since 1970.
constexpr std::uint64_t kRunBeginsS = 978307200;

/// What happens to an office that keeps itself up to date, whatever its nodes do: what the
/// publisher releases and who is switched on when (R-SIM-4). Times in microseconds since the run
/// began.
struct UpdatePlan
{
    /// A version of a product, one .cab file [0058].
    struct Release
    {
        std::string product; ///< "dat"
        std::string version; ///< "0101031412": the minute of its release (R-UPD-3)
        std::uint64_t bytes = 0;
        std::int64_t atUs = 0; ///< before 0: installed on every node when the run begins
    };

    struct OnPeriod
    {
        std::uint32_t node = 0;
        std::int64_t fromUs = 0;
        std::int64_t toUs = 0;
    };

    std::vector<Release> releases; ///< in the order of time; each product's first is before 0
    std::vector<OnPeriod> on;      ///< in the order of time; a node's own do not touch
    std::uint64_t catalogBytes = 0;
    std::int64_t endUs = 0;
};

} // namespace lanpeer::lan
