#pragma once

#include "analysis/results/result-store.h"

#include <string>
#include <vector>

namespace lanpeer::analysis
{

/// A figure of a sweep, cell by cell, for a terminal or a page of Markdown: a row for each
/// combination of what was varied (the scenario, too, in a file that has several), a column for
/// each policy, and in each the mean over the replicates and the half-width of its 95 % interval
/// (R-SIM-9). "-" where there was nothing to measure, or no run; "(2 of 5)" behind a figure that
/// only so many runs had; failed runs are counted below.
///
/// \param figure a name of FigureNames(); throws std::invalid_argument if it is none
/// UTF-8, ends with a newline. Throws StoreError; std::invalid_argument if there is no run.
std::string CellTable(const ResultStore& store, const std::string& figure);

} // namespace lanpeer::analysis
