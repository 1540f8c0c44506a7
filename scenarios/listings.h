#pragma once

#include "scenarios/scenario-file.h"

#include <string>
#include <vector>

/// What `lanpeer-sim list`, `keys` and `reasons` print: whole texts that end with a new line.
namespace lanpeer::scenario
{

/// A line per scenario: its name and what it is.
std::string ListText(const std::vector<ShippedScenario>& scenarios);

/// Every row of KeyTable(), grouped, in columns: key, default, unit, what may stand there, meaning.
std::string KeysText();

/// The same as an array of {"key","default","type","unit","allowed","built","not_in_this_version",
/// "meaning"}; "default" is text of YAML, "built" false for a key that takes nothing else yet,
/// "not_in_this_version" the words that are refused by name.
std::string KeysJson();

/// Every row of ReasonTable(), grouped.
std::string ReasonsText();

/// The same as an array of {"reason","group","meaning"}.
std::string ReasonsJson();

} // namespace lanpeer::scenario
