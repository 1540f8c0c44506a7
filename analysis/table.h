#pragma once

#include "analysis/metrics.h"

#include <string>
#include <vector>

/// The table that `lanpeer-sim run` prints: the policies side by side (R-SIM-7), every figure the
/// mean over the runs and the half-width of its 95 % interval (R-SIM-9). Metrics are the rows and
/// policies the columns: what is compared stands in one line, and four policies fit 160 columns.
///
/// Units: bytes as B, kB (1000 bytes), MB or GB, one unit per row; times in s or ms. "-" where
/// there was nothing to measure; where only some of the runs could be measured, "(2 of 3)" behind
/// the figure says how many, since a mean over the lucky ones only would flatter. One run: no
/// interval can be given, and the header says so.
///
/// `runs` are all runs of one scenario in any order; policies appear in the order of their first.
/// Throws std::invalid_argument when there is none, or when scenarios or node counts differ.
namespace lanpeer::analysis
{

/// For a terminal; UTF-8, ends with a newline.
std::string TextTable(const std::vector<Metrics>& runs);

} // namespace lanpeer::analysis
