#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace lanpeer::traceability
{

/// One test that was run, or one case of a parameterised one.
struct TestResult
{
    std::string program;          ///< "golden-test"
    std::string name;             ///< "Script/Golden.DoesWhatItSays"
    std::string parameter;        ///< "0021_random_delay"; "" of a test without
    bool passed = false;          ///< run to its end without a failure, and not skipped
    std::vector<std::string> ids; ///< what it recorded: requirements, attacks
};

/// The tests of which GoogleTest's XML is in \p folder: in one folder for each program, named after
/// it. Sorted. Throws std::runtime_error, naming the file, for what cannot be read.
std::vector<TestResult> ReadTestResults(const std::filesystem::path& folder);

} // namespace lanpeer::traceability
