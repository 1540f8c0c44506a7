#pragma once

#include <optional>
#include <string>
#include <vector>

namespace lanpeer::scenario
{

/// `lanpeer-sim compare BASELINE CANDIDATE ...`
struct CompareCommand
{
    std::string baseline;             ///< a file of `run --json`, or a folder of them
    std::string candidate;            ///< likewise
    double tolerancePercent = 0.0;    ///< at least 0
    std::vector<std::string> metrics; ///< by name; none: all
    std::optional<std::string> junit; ///< a file
    bool github = false;
};

/// Compares, and tells what got worse on standard output. Throws UsageError for what cannot be read
/// or compared, before anything is written, and std::runtime_error where a file cannot be written.
/// \returns 0: nothing got worse; 1: something did, or is missing in the candidate
int Compare(const CompareCommand& command);

} // namespace lanpeer::scenario
