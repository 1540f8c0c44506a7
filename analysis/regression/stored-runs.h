#pragma once

#include "analysis/metrics.h"

#include <stdexcept>
#include <string>
#include <vector>

namespace lanpeer::regression
{

/// What cannot be read, is no measurement, or does not go together: what() is the one line that
/// names the file and what is wrong with it. Wrong use, exit 2.
class RunsError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// The runs of one file, or those of a sweep that share what was set in its scenario.
struct StoredRuns
{
    std::string name; ///< `office` of FOLDER/office.json, or "lan.nodes=20, ..." of a sweep, by
                      ///< which two are a pair; "" if the file was named itself
    std::string file; ///< its path
    std::vector<analysis::Metrics> runs;     ///< in the file's order; at least one, but of a sweep
    std::vector<analysis::Metrics> failed{}; ///< runs of a sweep that failed: what RunName() tells
                                             ///< of them, no figures
};

/// What a path names.
struct RunSet
{
    std::string path;
    bool isFolder = false;         ///< of files
    std::vector<StoredRuns> files; ///< at least one, by name; exactly one if it is a file
    bool isSweep = false;
};

/// Reads what `lanpeer-sim run --json` wrote: one such file, or a folder of them (its *.json, not
/// those of folders within); or what `lanpeer-sim sweep` wrote: a folder with a sweep.sqlite. This
/// is the one place that knows how runs are stored. Throws RunsError: no such file, not JSON, not a
/// run, a folder without any, the same run twice in one file.
RunSet LoadRuns(const std::string& path);

/// "office, robust, seed 1, run 2"
std::string RunName(const analysis::Metrics& run);

} // namespace lanpeer::regression
