#pragma once

#include "analysis/results/stored-run.h"
#include "scenarios/processes/process-pool.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace lanpeer::scenario
{

/// One run to do: what it takes to repeat it, on this machine or another.
struct RunSpec
{
    std::string scenarioFile; ///< as LoadScenario() takes it
    std::map<std::string, std::string> parameters;
    std::string policy;
    std::uint64_t seed = 1;
    std::uint64_t run = 1;
    bool keepReplay = false; ///< its course in time is wanted too
};

/// One line of JSON, for another process; and back. FromJson throws std::invalid_argument.
std::string ToJson(const RunSpec& spec);
RunSpec RunSpecFromJson(const std::string& text);

/// What to type to have it once more: `lanpeer-sim run office --set lan.nodes=20 ...`, quoted for a
/// shell.
std::string CommandFor(const RunSpec& spec);

/// What a run gives: each a line of JSON, as a StoredRun has them.
struct RunTexts
{
    std::string metrics;
    std::string nodes;
    std::string replay; ///< empty: not kept
};

/// As one text, which a process can hand to another; and back. Throws std::invalid_argument.
std::string Joined(const RunTexts& texts);
RunTexts Parted(const std::string& text);

/// Does a run, in a process of its own. What it throws fails the run.
using DoRun = std::function<RunTexts(const RunSpec& spec, const processes::SayProgress& say)>;

} // namespace lanpeer::scenario
