#pragma once

#include "scenarios/timing-command-line.h"

/// `lanpeer-sim timing`: simulates each row and prints the answer (scenarios/timing).
namespace lanpeer::scenario
{

/// Simulates, each run in a process of its own, prints the table and writes the JSON asked for.
///
/// \returns the program's exit code. Throws std::exception for what goes wrong on the way; nothing
/// has been written then.
int Timing(const TimingCommand& command);

} // namespace lanpeer::scenario
