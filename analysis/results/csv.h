#pragma once

#include "analysis/results/result-store.h"

#include <functional>
#include <string_view>

namespace lanpeer::analysis
{

/// The rows of a file as CSV (RFC 4180, lines end with LF): scenario, a column for each parameter,
/// policy, seed, run, exit_code, a column for each figure of the metrics ("finish_s.p95"; empty:
/// nothing to measure, or the run failed; what is counted by reason: the sum), cpu_s, commit,
/// dirty, ns3, compiler, command. In the order of ResultStore::ForEach.
///
/// Throws StoreError, and what `write` throws.
void WriteCsv(const ResultStore& store, const std::function<void(std::string_view)>& write);

} // namespace lanpeer::analysis
