#pragma once

#include "analysis/results/result-store.h"

#include <functional>
#include <string_view>

namespace lanpeer::analysis
{

/// Which columns there are.
enum class CsvColumns
{
    All,
    Reproducible ///< without what differs when a sweep is made again: times, sources and commit
};

/// The rows of a file as CSV (RFC 4180, lines end with LF): scenario, a column for each parameter,
/// policy, seed, run, exit_code, a column for each figure of the metrics ("finish_s.p95"; empty:
/// nothing to measure, or the run failed; what is counted by reason: the sum), stderr, cpu_s,
/// wall_s, sources, commit, dirty, ns3, compiler, command. In the order of ResultStore::ForEach.
///
/// Throws StoreError, and what `write` throws.
void WriteCsv(const ResultStore& store,
              CsvColumns columns,
              const std::function<void(std::string_view)>& write);

} // namespace lanpeer::analysis
