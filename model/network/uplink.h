#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace lanpeer::lan
{

/// The line from the gateway to the Internet (keys `uplink.*`, R-SIM-3). The default is "dsl".
struct Uplink
{
    double downKbps = 1500;          ///< towards the LAN, in kb/s of 1,000 bits per second
    double upKbps = 256;             ///< towards the Internet, in kb/s
    double latencyMs = 20;           ///< one way, gateway to origin, in ms
    std::uint32_t queuePackets = 50; ///< DropTail queue at either end, in packets
};

/// An uplink under the name that users type (key `uplink.preset`).
struct UplinkPreset
{
    std::string_view name;
    Uplink uplink;
};

/// Every preset, in the order of the table of INTERFACES.md.
const std::vector<UplinkPreset>& UplinkPresets();

/// The uplink of the preset of that name; nothing if there is none.
std::optional<Uplink> FindUplinkPreset(std::string_view name);

} // namespace lanpeer::lan
