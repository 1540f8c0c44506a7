#pragma once

#include "analysis/report/report-model.h"
#include "analysis/report/sweep.h"

#include <nlohmann/json_fwd.hpp>

namespace lanpeer::report
{

/// What paper says of a sweep's settings, to be drawn beside what was measured:
///
///     [{"measure":index,"policy":index|null,"name","assumes","rows":[[[setting...],low,high]...]}...]
///
/// low < high: bounds. Where the scenario is known (RunSource::world):
/// - response_delay_ms.mean: D/(k+1) (analysis::ExpectedResponseDelayMs), and
/// - i_have_per_i_need: analysis::ExpectedIHaves with a cancel window of two ways over the LAN,
/// each
///   of two cables and two sendings of a packet of 300 bytes; both where somebody holds it at the
///   start, k >= 1;
/// - copies of `fig4a`, `fig4b` and `robust` (internet-copies.h), each resource by itself, in the
///   mean by its bytes; a copy takes as long as its bytes on the idle uplink at least, as all
///   copies of all resources at most.
///
/// Of more than 500 settings nothing is computed: it would take longer than the rest.
nlohmann::ordered_json ClosedFormsJson(const Sweep& sweep, const RunSource& source);

} // namespace lanpeer::report
