#pragma once

#include "analysis/report/sweep.h"

#include <nlohmann/json_fwd.hpp>

namespace lanpeer::report
{

/// What paper says of a sweep's settings, to be drawn beside what was measured:
///
///     [{"measure":index,"name","assumes","rows":[[[setting...],value]...]}...]
///
/// - response_delay_ms.mean: D/(k+1) (analysis::ExpectedResponseDelayMs), and
/// - i_have_per_i_need: analysis::ExpectedIHaves with a cancel window of two ways over the LAN,
/// each
///   of two cables and two sendings of a packet of 300 bytes,
///
/// where the setting says how many holders k >= 1 there are at the start (workload.holders) as a
/// number; D is protocol.response_delay_ms, 2000 where it is not set. Empty where none says so.
nlohmann::ordered_json ClosedFormsJson(const Sweep& sweep);

} // namespace lanpeer::report
