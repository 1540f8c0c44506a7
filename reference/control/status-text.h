#pragma once

#include "reference/service/peering-service.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace lanpeer::reference
{

/// As `lanpeer status --json` shows it, without the traffic.
nlohmann::ordered_json StatusJson(const ServiceStatus& status);

nlohmann::ordered_json TrafficJson(const TrafficRow& row);

/// Both as Prometheus text (exposition format 0.0.4).
std::string StatusPrometheus(const ServiceStatus& status, const std::vector<TrafficRow>& traffic);

} // namespace lanpeer::reference
