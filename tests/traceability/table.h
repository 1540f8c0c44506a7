#pragma once

#include "tests/traceability/requirement-list.h"
#include "tests/traceability/test-results.h"

#include <string>
#include <vector>

namespace lanpeer::traceability
{

/// What is wrong, a line each: what has no test that passed and is not open, what is open and has
/// one, what tests name that is not in the list.
std::vector<std::string> FindFaults(const RequirementList& list,
                                    const std::vector<TestResult>& tests);

/// The page, in Markdown: the same for the same list and tests, whatever the machine.
std::string RenderTable(const RequirementList& list, const std::vector<TestResult>& tests);

} // namespace lanpeer::traceability
