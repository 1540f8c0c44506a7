#pragma once

#include <cstddef>

namespace lanpeer::http
{

/// What a message head (start line and header fields) may cost before it is refused (L10, L18).
struct HeadLimits
{
    /// Bytes of the whole head with its blank line. Values above kHeadBytesCeiling count as that.
    std::size_t maxBytes = 8192;
    /// Header field lines, the start line not counted.
    std::size_t maxFields = 64;
    /// Bytes of a request's target (RFC 9112, 3: longer ones get 414). No meaning for responses.
    std::size_t maxTargetBytes = 1024;
    /// Whether a target must be an alias (R-HTTP-1). False for a simulated origin, whose resources
    /// have paths: then Request::alias is the target without its leading slash.
    bool aliasesOnly = true;
};

/// Beast keeps the length of a field in 16 bits and throws beyond: no limit may let that happen.
inline constexpr std::size_t kHeadBytesCeiling = 32'768;

} // namespace lanpeer::http
