#pragma once

#include <cstdint>
#include <limits>

namespace lanpeer::reference
{

/// The largest number if there is none so large.
inline std::uint64_t
Sum(std::uint64_t a, std::uint64_t b)
{
    return a > std::numeric_limits<std::uint64_t>::max() - b
               ? std::numeric_limits<std::uint64_t>::max()
               : a + b;
}

} // namespace lanpeer::reference
