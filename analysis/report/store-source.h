#pragma once

#include "analysis/report/report-model.h"
#include "analysis/results/result-store.h"

namespace lanpeer::report
{

/// The runs of a store, which outlives the source, with its texts "name" and "sweep".
RunSource SourceOf(const analysis::ResultStore& store);

} // namespace lanpeer::report
