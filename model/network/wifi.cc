#include "model/network/wifi.h"

namespace lanpeer::lan
{

std::string_view
ToString(WifiMode mode)
{
    switch (mode)
    {
    case WifiMode::AccessPoint:
        return "ap";
    case WifiMode::AdHoc:
        return "adhoc";
    }
    return "";
}

std::string_view
ToString(WifiStandard standard)
{
    switch (standard)
    {
    case WifiStandard::B:
        return "b";
    case WifiStandard::G:
        return "g";
    case WifiStandard::N:
        return "n";
    }
    return "";
}

const std::vector<double>&
BroadcastRates(WifiStandard standard)
{
    static const std::vector<double> ofB = {1, 2, 5.5, 11};
    static const std::vector<double> ofOthers = {1, 2, 5.5, 6, 11, 12, 24};
    return standard == WifiStandard::B ? ofB : ofOthers;
}

} // namespace lanpeer::lan
