#include "model/lan/origin-order.h"

#include <ns3/ipv4-address.h>
#include <string_view>

namespace lanpeer::lan
{

std::optional<std::pair<ns3::InetSocketAddress, http::GetOrder>>
OriginOrder(const std::string& href)
{
    constexpr std::string_view scheme = "http://";
    constexpr std::uint16_t port = 80;
    if (href.compare(0, scheme.size(), scheme) != 0)
    {
        return std::nullopt;
    }
    const std::size_t slash = href.find('/', scheme.size());
    if (slash == std::string::npos)
    {
        return std::nullopt;
    }
    http::GetOrder order;
    order.authority = href.substr(scheme.size(), slash - scheme.size());
    order.target = href.substr(slash);
    const ns3::Ipv4Address address(order.authority.c_str());
    return std::pair(ns3::InetSocketAddress(address, port), order);
}

} // namespace lanpeer::lan
