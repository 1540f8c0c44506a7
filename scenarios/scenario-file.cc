#include "scenarios/scenario-file.h"

#include "model/settings/text.h"
#include "scenarios/trace-file.h"
#include "scenarios/yaml-file.h"

#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace lanpeer::scenario
{

using namespace settings;

namespace fs = std::filesystem;

Scenario
LoadScenario(const ScenarioRequest& request)
{
    const YamlFile file = FindYaml(request.scenario, ScenarioFolder(), "scenario");
    ScenarioReader reader(file.name);
    reader.ReadText(file.path, file.text);
    for (const std::string& set : request.sets)
    {
        reader.Set(set);
    }
    if (request.policies)
    {
        reader.SetPolicies(*request.policies);
    }
    Scenario scenario = reader.Finish();
    try
    {
        LoadTrace(scenario);
    }
    catch (const ScenarioError&)
    {
        throw; // of the trace's own lines
    }
    catch (const std::runtime_error& unreadable)
    {
        reader.Blame({"workload.trace"},
                     fmt::format("{} cannot be read: {}; expected a CSV file",
                                 Quote(scenario.workload.traceFile),
                                 unreadable.what()));
    }
    return scenario;
}

fs::path
ScenarioFolder()
{
    const char* const chosen = std::getenv("LANPEER_SCENARIO_DIR");
    if (chosen != nullptr && *chosen != '\0')
    {
        return chosen;
    }
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (!error)
    {
        fs::path installed = program.parent_path().parent_path() / "share/lanpeer/scenarios";
        if (fs::is_directory(installed, error))
        {
            return installed;
        }
    }
    return LANPEER_SCENARIO_SOURCE_DIR;
}

std::vector<ShippedScenario>
ListScenarios()
{
    const fs::path folder = ScenarioFolder();
    std::error_code error;
    if (!fs::is_directory(folder, error))
    {
        throw ScenarioError(fmt::format("{}: no such folder; expected the scenarios there, or "
                                        "LANPEER_SCENARIO_DIR to name it",
                                        OneLine(folder.string())));
    }
    std::vector<ShippedScenario> scenarios;
    for (const std::string& name : YamlNames(folder))
    {
        try
        {
            const Scenario scenario = LoadScenario({name, {}, std::nullopt});
            scenarios.push_back({name, scenario.about.substr(0, scenario.about.find('\n'))});
        }
        catch (const ScenarioError& unreadable)
        {
            scenarios.push_back({name, fmt::format("(cannot be read: {})", unreadable.what())});
        }
    }
    return scenarios;
}

} // namespace lanpeer::scenario
