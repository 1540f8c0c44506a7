#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace lanpeer::lan
{

/// What goes wrong on the links of the hosts, in parts of the packets that come in over them
/// (R-SIM-5; keys `faults.duplication` and so on). What the cables lose is LanNetworkConfig::loss.
struct LinkFaults
{
    double duplication = 0;          ///< share that comes twice
    double reordering = 0;           ///< share that is held, so that later ones overtake it
    double reorderingMaxMs = 10;     ///< held for a drawn 0 to this
    double corruption = 0;           ///< share that is altered behind Ethernet's check sum
    double corruptionUnseen = 0.001; ///< share of those whose damage the check sum of UDP or TCP
                                     ///< does not show: two words of the payload change places
};

/// What goes wrong in an office, drawn and decided before the run begins (R-SIM-5). Times in
/// microseconds since then; nodes by index.
struct FaultPlan
{
    /// The uplink passes nothing in either direction.
    struct Outage
    {
        std::int64_t fromUs = 0;
        std::int64_t toUs = 0;
    };

    /// A machine without power. What it held whole stays on its disk, what was partial is lost.
    struct Crash
    {
        std::uint32_t node = 0;
        std::int64_t atUs = 0;
        std::optional<std::int64_t> backAtUs{}; ///< none: it never comes back
    };

    LinkFaults links;
    std::vector<std::uint32_t> deaf;      ///< no service packet reaches them (U3)
    std::vector<std::uint32_t> mute;      ///< their broadcasts reach nobody (U3)
    std::vector<std::uint32_t> fullDisks; ///< they can keep nothing that they fetch
    std::vector<Crash> crashes;
    std::vector<Outage> uplinkDown; ///< in the order of time, none before another ends
    std::optional<std::uint32_t> stormControlPps; ///< broadcasts that a port of the switch takes
                                                  ///< per second; none: all
};

/// Moves all that has an instant so much later.
void Postpone(FaultPlan& plan, std::int64_t byUs);

/// Whether packets on the hosts' links have to be looked at one by one.
bool HasLinkFaults(const FaultPlan& plan);

} // namespace lanpeer::lan
