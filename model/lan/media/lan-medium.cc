#include "model/lan/media/lan-medium.h"

#include "model/lan/media/hub-medium.h"
#include "model/lan/media/switch-medium.h"
#include "model/lan/media/wifi-medium.h"

#include <cmath>
#include <stdexcept>

namespace lanpeer::lan
{

std::unique_ptr<LanMedium>
MakeMedium(const LanNetworkConfig& config, ns3::Ptr<ns3::Node> switchNode)
{
    switch (config.medium)
    {
    case Medium::Switch:
        return std::make_unique<SwitchMedium>(config, switchNode);
    case Medium::Hub:
        return std::make_unique<HubMedium>(config);
    case Medium::Wifi:
        return std::make_unique<WifiMedium>(config);
    }
    throw std::invalid_argument("lan.medium: no such value");
}

ns3::Vector
PlaceOnCircle(std::size_t connection, std::size_t connections)
{
    constexpr double kTurn = 6.283185307179586;
    constexpr double kRadiusM = 15;
    const double angle = kTurn * static_cast<double>(connection) / static_cast<double>(connections);
    return {kRadiusM * (1 + std::cos(angle)), kRadiusM * (1 + std::sin(angle)), 0};
}

} // namespace lanpeer::lan
