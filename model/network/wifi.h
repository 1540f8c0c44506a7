#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace lanpeer::lan
{

/// How the nodes of a wireless LAN find each other (key `lan.wifi.mode`).
enum class WifiMode : std::uint8_t
{
    AccessPoint, ///< the gateway is the access point; everything passes through it
    AdHoc,       ///< everyone sends to everyone; the gateway is one of them
};

/// Which 802.11, at 2.4 GHz and 20 MHz (key `lan.wifi.standard`).
enum class WifiStandard : std::uint8_t
{
    B, ///< 1 to 11 Mb/s
    G, ///< 1 to 54 Mb/s
    N, ///< 1 to 65 Mb/s (long guard interval), frames aggregated
};

/// A wireless LAN (keys `lan.wifi.*`, R-SIM-2 [0016]).
struct Wifi
{
    WifiMode mode = WifiMode::AccessPoint;
    WifiStandard standard = WifiStandard::G;
    double broadcastMbps = 1; ///< one of BroadcastRates(); 1 is the lowest basic rate of all three
    double roomM = 30;        ///< side of the square in which the nodes are, the gateway amid them
};

std::string_view ToString(WifiMode mode);
std::string_view ToString(WifiStandard standard);

/// The basic rates that a broadcast may have, in Mb/s, ascending.
const std::vector<double>& BroadcastRates(WifiStandard standard);

/// As many stations as an access point has numbers for.
constexpr std::uint32_t kStationsMax = 2007;

} // namespace lanpeer::lan
