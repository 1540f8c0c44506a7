#pragma once

#include "analysis/run-record.h"

#include <string>

namespace lanpeer::analysis
{

/// One run in time, as a page replays it: who asks, who sends what to whom, who holds what when.
/// One line of JSON, all times in seconds since the run began, rounded as metrics are:
///
///     {"scenario","policy","seed","run","nodes":N,"simulated_s",
///      "resources":[{"name","bytes"}],             name: the last part of its URL
///      "held":[[node,resource],...],               what nodes served without having received it
///      "asks":[[at,node,resource,ended|null,"peer"|"internet"|"local"|"failed"|"running"],...],
///      "transfers":[[begun,ended,from,to,resource,bytes,whole],...]}
///
/// `from` is a node's index, -1 for the Internet, -2 for the caching proxy; `whole` tells whether
/// the receiver had the whole resource after it, accepted. In the order of time: asks by their
/// instant, transfers by their beginning. Equal records give equal bytes.
///
/// Throws std::invalid_argument when CheckRecord does.
std::string ReplayJson(const RunRecord& record);

} // namespace lanpeer::analysis
