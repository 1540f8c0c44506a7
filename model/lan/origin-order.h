#pragma once

#include "model/http/get.h"

#include <ns3/inet-socket-address.h>
#include <optional>
#include <string>
#include <utility>

namespace lanpeer::lan
{

/// Where a resource of an origin is asked for, and how: takes `http://ADDRESS/PATH` apart. There
/// are no names in the simulation: an origin's URL carries its address. Nothing for any other URL.
std::optional<std::pair<ns3::InetSocketAddress, http::GetOrder>> OriginOrder(
    const std::string& href);

} // namespace lanpeer::lan
