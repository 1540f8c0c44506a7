#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lanpeer::harness
{

/// One command of a golden script and the trace below it.
struct ScriptStep
{
    std::string above; ///< comments and blank lines, each with its end
    std::string command;
    std::string trace;    ///< lines, each with its end
    std::size_t line = 0; ///< of the command, counted from 1
};

/// A golden script: commands (script.h), each with the trace that it is expected to leave.
///
///     # [0021] a comment, kept as it is
///     want 2 dat
///     ----
///     n2 wanted r1 dat
///        ...
///
/// The trace ends at the first blank line, so none holds one.
struct ScriptFile
{
    std::vector<ScriptStep> steps;
    std::string below; ///< comments after the last step

    /// What the line `# requirement: ...` says; empty where there is none.
    std::string requirements;
};

/// Why a script can't be used.
struct ScriptFileError
{
    std::size_t line = 0;
    std::string what;
};

std::variant<ScriptFile, ScriptFileError> ParseScript(std::string_view text);

/// The text that ParseScript() reads as \p file.
std::string RenderScript(const ScriptFile& file);

/// A script as its commands made it.
struct ScriptRun
{
    ScriptFile file;                ///< the same commands, the traces that there were
    std::vector<std::string> tapes; ///< of each node of each world
};

std::variant<ScriptRun, ScriptFileError> RunScript(const ScriptFile& file);

} // namespace lanpeer::harness
