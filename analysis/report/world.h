#pragma once

#include "analysis/closed-form/internet-copies.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::report
{

/// What closed forms need to know of the scenario that a run was of.
struct World
{
    std::uint32_t nodes = 1;
    std::uint32_t holders = 0; ///< of every resource, at the start
    std::uint32_t askers = 1;  ///< nodes that ask for every resource; 0: update services ask
    bool atOnce = false;       ///< all of these at one instant
    double delayMs = 2000;     ///< D
    double latencyUs = 25;     ///< of a cable
    double rateMbps = 100;     ///< of a cable
    double lossPerCable = 0;   ///< of every frame

    /// Who asks when, where the closed forms of copies hold: everybody asks once, for resources
    /// that nobody holds, everybody has Internet access, no frame is lost and no rule is switched
    /// apart. Its retrievalMs and sharing are not set.
    std::optional<analysis::CopiesCase> copies{};
    std::string noCopies{}; ///< why they do not: "frames are lost"
    double uplinkKbps = 1500;
    std::vector<double> resourceBytes{};
};

} // namespace lanpeer::report
