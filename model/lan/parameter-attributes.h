#pragma once

#include "model/protocol/parameters.h"
#include "model/protocol/update/update-parameters.h"

#include <ns3/type-id.h>
#include <string>
#include <string_view>

namespace lanpeer::lan
{

/// The attribute's name of a parameter: `response_delay_ms` is `ResponseDelay` (the unit is in the
/// value, a Time), `rules.lock` is `RuleLock`, `upload_slots` is `UploadSlots`.
std::string AttributeName(const Parameter& parameter);

/// The same for the update service: `after_boot_s` is `AfterBoot`.
std::string AttributeName(const UpdateParameter& parameter);

/// Gives UpdateApplication one attribute for every row of UpdateParameterTable().
void AddUpdateAttributes(ns3::TypeId& tid);

/// Gives PeeringApplication one attribute for every row of ParameterTable(), and InternetAccess.
void AddParameterAttributes(ns3::TypeId& tid);

} // namespace lanpeer::lan
