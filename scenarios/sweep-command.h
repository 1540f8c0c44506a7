#pragma once

#include "scenarios/sweep-command-line.h"

/// `lanpeer-sim sweep`, `merge`, `table` and `csv`. Each returns the program's exit code, and
/// throws ScenarioError, StoreError or std::exception: one line.
namespace lanpeer::scenario
{

int RunSweep(const SweepCommand& command);
int MergeSweeps(const MergeCommand& command);
int PrintTables(const TableCommand& command);
int ExportCsv(const CsvCommand& command);

} // namespace lanpeer::scenario
