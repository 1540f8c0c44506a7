#pragma once

#include "scenarios/scenario-reader.h"
#include "scenarios/scenario.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::scenario
{

/// Which scenario, and what is different in it.
struct ScenarioRequest
{
    std::string scenario;                ///< a YAML file, or the name of one that comes with it
    std::vector<std::string> sets;       ///< "PATH=VALUE"; a later one wins over an earlier one
    std::optional<std::string> policies; ///< "a,b,c"; wins over the file and all of `sets`
};

/// Reads it, throwing ScenarioError. A word without '/' that does not end in ".yaml" or ".yml" is
/// first looked for among those that come with it: `./office` is the file.
Scenario LoadScenario(const ScenarioRequest& request);

/// A scenario that comes with the program.
struct ShippedScenario
{
    std::string name;
    std::string about; ///< the first line of its key `about`
};

/// Where they are: $LANPEER_SCENARIO_DIR if set, or share/lanpeer/scenarios beside the folder of an
/// installed program, or the source tree that it was built from.
std::filesystem::path ScenarioFolder();

/// By name. One that cannot be read is listed, with the reason; throws ScenarioError if there is no
/// folder.
std::vector<ShippedScenario> ListScenarios();

} // namespace lanpeer::scenario
