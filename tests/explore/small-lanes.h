#pragma once

#include "model/explore/lane.h"

#include <cstdint>
#include <memory>
#include <string>

// Lanes that are explored in no time, for tests of the explorer itself.

namespace lanpeer::explore
{

/// The first \p holders nodes hold, the \p askers after them ask.
inline Lane
SmallLane(Policy policy, std::uint32_t holders, std::uint32_t askers)
{
    PeeringConfig config = PeeringConfig::Defaults(policy);
    config.internetRetries = 1;
    config.reasks = 1;
    config.downloadWaits = 1;
    config.uploadSlots = 1;
    const auto shared = std::make_shared<const PeeringConfig>(config);
    Lane lane;
    lane.name = "small";
    for (std::uint32_t host = 0; host < holders + askers; ++host)
    {
        lane.configs.push_back(shared);
        if (host < holders)
        {
            lane.holders.push_back(host);
        }
        else
        {
            lane.wants.push_back({host, {}});
        }
    }
    return lane;
}

} // namespace lanpeer::explore
