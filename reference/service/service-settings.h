#pragma once

#include "model/protocol/parameters.h"
#include "model/protocol/types.h"
#include "reference/retrieval/fetch.h"
#include "reference/service/interfaces.h"
#include "reference/store/store.h"

#include <cstdint>
#include <optional>
#include <string>

namespace lanpeer::reference
{

/// Everything about a service that its owner may set.
struct ServiceSettings
{
    PeeringConfig protocol = PeeringConfig::Defaults();
    InterfaceChoice interfaces;
    std::string stateFolder;
    StoreLimits store;
    RetrieverSettings retrieval;
    std::uint64_t resourceBytesMax = 10'000'000'000; ///< of one resource (T2)
    std::uint64_t judgeS = 60;                       ///< for an application to look at a body
    std::uint64_t uploadBytesPerS = 0;               ///< R-HTTP-3; 0: no limit
    std::optional<NodeId> node;                      ///< drawn at each start if none (L25)
    std::string tapeFile;                            ///< empty: none is written
};

} // namespace lanpeer::reference
