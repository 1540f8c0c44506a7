#pragma once

#include "analysis/regression/comparison.h"

#include <string>

namespace lanpeer::regression
{

/// The comparison as JUnit XML, for CI servers: one test suite; a test case for each scenario,
/// policy and metric that can get worse, which fails with a line per run that did, and one `runs`
/// for each scenario and policy (or whole file that is missing), which fails when a run is.
/// Informational metrics are no test cases. The last is a newline.
std::string JunitXml(const Comparison& comparison);

} // namespace lanpeer::regression
