#pragma once

#include "analysis/report/json-figures.h"
#include "analysis/report/report-model.h"
#include "analysis/report/sweep.h"

#include <nlohmann/json_fwd.hpp>

namespace lanpeer::report
{

/// What paper says of a sweep's settings, to be drawn beside what was measured:
///
///     {"forms":[{"measure":index,"policy":index|null,"name","assumes",
///                "rows":[[[setting...],low,high]...]}...],
///      "none":[[measure|null, why in a sentence]...]}
///
/// low < high: bounds. `none` tells where there is none: of a measure, or (null) of any. Where the
/// scenario is known (RunSource::world):
/// - response_delay_ms.mean and i_have_per_i_need: analysis::ExpectedAnswers with a cancel window
///   of two ways over the LAN, each of two cables and two sendings of a packet of 300 bytes; where
///   somebody holds it at the start, k >= 1, and one node asks: with more of them k would grow;
/// - copies of `fig4a`, `fig4b` and `robust` (internet-copies.h), each resource by itself, in the
///   mean by its bytes; a copy takes as long as its bytes on the idle uplink at least, as all
///   copies of all resources at most;
/// - internet_bytes and copies of any policy: at least analysis::LeastInternetBytes, where nobody
///   holds anything at the start (else at least 0, which says nothing);
/// - finish_s.last of any policy: at least analysis::LeastFinishS, where all ask at one instant.
///
/// Of more than 500 settings nothing is computed: it would take longer than the rest.
nlohmann::ordered_json ClosedFormsJson(const Sweep& sweep,
                                       const RunSource& source,
                                       const Units& units);

/// One way over the LAN in ms: two cables, two sendings.
double WayMs(const World& world);

} // namespace lanpeer::report
