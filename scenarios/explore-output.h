#pragma once

#include "model/explore/explorer.h"

#include <string>
#include <vector>

namespace lanpeer::scenario
{

/// A lane that was explored.
struct ExploredLane
{
    std::string name;
    explore::Report report;
};

/// What is printed of one: a line, and below it what is wrong and the way there.
std::string ReportText(const ExploredLane& explored);

/// An array of an object per lane: {"lane","states","transitions","depth","complete","violation",
/// "cpu_s","states_per_s","bytes_per_state"}; "violation" null or {"requirement","what","story"},
/// the story a list of lines. "cpu_s" and "states_per_s" alone differ from run to run.
std::string ReportsJson(const std::vector<ExploredLane>& explored);

/// The story of what was found as a golden script with the traces that it leaves: a test as it
/// stands. One at whose end a node breaks its contract has none from there on.
std::string StoryText(const std::string& lane, const explore::Finding& finding);

} // namespace lanpeer::scenario
