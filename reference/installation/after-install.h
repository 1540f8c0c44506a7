#pragma once

#include "reference/files/file-descriptor.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::reference
{

/// How the administrator's command ended.
struct AfterInstallReport
{
    bool succeeded = false;      ///< it ran and ended with 0
    std::optional<int> exitCode; ///< nullopt: it did not start, was killed, or took too long
    std::string lastLine;        ///< of what it wrote to either output, printable; "" if nothing
    std::string message;         ///< one line: "exit code 3: cannot restart the scanner"
};

/// Runs a command of the administrator's after a set is in place, and waits for it: to be called
/// where waiting is no harm. Never anything out of a package: the words are the configuration's,
/// the first the absolute path of a program, and no shell reads them.
///
/// It gets LANPEER_SET, LANPEER_RELEASE and LANPEER_FOLDER, no input and no open file of ours, and
/// is the leader of a process group, which is killed when the time is over. What it leaves running
/// when it ends in time is its own affair.
///
/// Whatever goes wrong is in the report.
///
/// \param stop as soon as something can be read there, the group is told to end (SIGTERM), and
///             killed when it has not done so in a moment; none: it may take its time
AfterInstallReport RunAfterInstall(const std::vector<std::string>& command,
                                   const std::string& set,
                                   const std::string& release,
                                   const std::string& folder,
                                   std::chrono::milliseconds timeout,
                                   const FileDescriptor* stop = nullptr);

} // namespace lanpeer::reference
