#pragma once

#include "analysis/regression/comparison.h"

#include <string>

namespace lanpeer::regression
{

/// For a terminal: a table of what got worse and of nothing else, what is missing, and in a line
/// for each metric what got better or only changed; how many were compared in the last. UTF-8, ends
/// with a newline.
std::string ComparisonText(const Comparison& comparison);

/// How what was measured now becomes the baseline: the command that does it, to be typed in the
/// folder where the paths hold, and where its reason belongs. A baseline folder with a `remake` of
/// its own is made by that; else files are copied over it.
std::string AcceptText(const Comparison& comparison,
                       const RunSet& baseline,
                       const RunSet& candidate);

/// "office, robust"; with the file's name where that is another: "office-small (office), robust".
std::string PlaceText(const Place& place);

/// "internet_bytes, seed 1, run 2: 100 to 120 (+20.0 %)"
std::string FigureLine(const ComparedFigure& figure);

} // namespace lanpeer::regression
