#pragma once

#include "analysis/report/world.h"
#include "analysis/results/stored-run.h"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace lanpeer::report
{

/// Nothing can be reported, or not what was asked for: what() is one line, without the file's name.
class ReportError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// Where the runs of a report come from: a store, or a list in tests.
struct RunSource
{
    /// Gives every run in one order, always the same, with its replay only if it is asked for.
    std::function<void(bool replays, const std::function<void(const analysis::StoredRun&)>&)> each;
    std::string name;      ///< the sweep's, "" if it has none
    std::string sweepText; ///< the sweep's file, "" if there is none
    std::string command;   ///< what to type to have the whole sweep, "" if not known
    std::vector<analysis::MadeBy> makers;
    /// What the scenario of a run was, its parameters set; none, or nullopt: not known.
    std::function<std::optional<World>(const analysis::RunKey&)> world;
};

/// What the page shows, as JSON; page.js is the only reader. All statistics are in it. Equal
/// sources give equal bytes; text that is not UTF-8 is replaced when it is dumped.
///
/// \param replayRow the run that is replayed, by its row (they count from 1); nullopt: the runs of
/// the usual setting that have a replay
/// Throws ReportError: there is no row, or that one has no replay; std::invalid_argument for a row
/// that is not as it was written.
nlohmann::ordered_json BuildModel(const RunSource& source, std::optional<std::size_t> replayRow);

} // namespace lanpeer::report
