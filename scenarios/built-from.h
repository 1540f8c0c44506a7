#pragma once

#include "analysis/results/stored-run.h"

namespace lanpeer::scenario
{

/// By what this program was made: the commit of its sources when it was built, and so on.
analysis::MadeBy BuiltFrom();

} // namespace lanpeer::scenario
