#pragma once

#include "scenarios/command-line.h"

/// `lanpeer-sim run`: from scenarios to simulations, and from records to what is printed.
namespace lanpeer::scenario
{

/// Runs every policy and every run asked for, each in a process of its own, prints the table and
/// writes the files asked for.
///
/// \returns the program's exit code. Throws ScenarioError for what is wrong with the scenario, and
/// std::exception for what goes wrong on the way; nothing has been written then.
int Simulate(const RunCommand& command);

} // namespace lanpeer::scenario
