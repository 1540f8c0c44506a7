#pragma once

#include "analysis/report/json-figures.h"
#include "analysis/report/sweep.h"

#include <string>
#include <vector>

namespace lanpeer::report
{

/// What the sweep says, in plain sentences made of its figures: each with its interval, none that
/// claims more than the intervals allow. Empty where there is no cell.
std::vector<std::string> Findings(const Sweep& sweep, const Units& units, const Setting& usual);

/// "number of nodes 50, arrival window 60 s" of a setting; empty for none.
std::string Words(const Sweep& sweep, const Setting& setting);

} // namespace lanpeer::report
