#pragma once

#include <cstdint>
#include <functional>
#include <mutex>

namespace lanpeer::reference
{

class PartialFile;

/// How the partial bodies, in whatever thread, ask the store whether there is room for them.
struct Room
{
    /// Of `fits`, of what it looks at in the store, and of what was granted to partial bodies.
    std::mutex mutex;
    /// Whether the body fits if it has that many bytes; empty once the store is no more.
    std::function<bool(const PartialFile& partial, std::uint64_t bytes)> fits;
};

} // namespace lanpeer::reference
