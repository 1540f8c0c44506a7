#pragma once

#include "model/harness/arguments.h"
#include "model/protocol/parameters.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace lanpeer::harness
{

/// What the line `peers` of a script says (script.h).
struct PeersLine
{
    std::vector<std::shared_ptr<const PeeringConfig>> configs; ///< one per node
    std::uint32_t holding = 0; ///< so many, from the first on, hold "dat"
};

/// Reads the words behind `peers`. Throws a ScriptError for what is wrong, settings out of bounds
/// or without what they need included.
PeersLine ReadPeersLine(Arguments& words);

} // namespace lanpeer::harness
