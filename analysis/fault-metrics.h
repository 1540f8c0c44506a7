#pragma once

#include "analysis/fault-record.h"

#include <cstdint>

namespace lanpeer::analysis
{

/// The keys of the JSON object `faults`: see FaultRecord, whose counts they are. `left` are its
/// leaves.
struct FaultMetrics
{
    std::uint64_t duplicated = 0;
    std::uint64_t reordered = 0;
    std::uint64_t corrupted = 0;
    std::uint64_t corruptedDelivered = 0;
    std::uint64_t unheard = 0;
    std::uint64_t stormDropped = 0;
    std::uint64_t uplinkDropped = 0;
    double uplinkDownS = 0.0;
    std::uint64_t fullDisks = 0;
    std::uint64_t crashes = 0;
    std::uint64_t left = 0;
    std::uint64_t requestsLost = 0;
};

FaultMetrics ComputeFaultMetrics(const FaultRecord& record);

} // namespace lanpeer::analysis
