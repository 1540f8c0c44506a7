#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace lanpeer::scenario
{

/// `lanpeer-sim report DIR`
struct ReportCommand
{
    std::string source;                   ///< the folder of a sweep, or its store itself
    std::optional<std::string> output;    ///< none: report.html beside the store
    std::optional<std::size_t> replayRow; ///< counted from 1
};

/// Writes the report of a sweep, whole or not at all, and says on standard output where it is.
/// \returns the exit code. Throws UsageError for what has no sweep, one without runs, a row
/// that cannot be replayed and a store that cannot be read; std::runtime_error when the page cannot
/// be made or written.
int Report(const ReportCommand& command);

} // namespace lanpeer::scenario
