#include "scenarios/scenario-file.h"

#include "model/settings/text.h"
#include "model/settings/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <system_error>

namespace lanpeer::scenario
{

using namespace settings;

namespace
{

namespace fs = std::filesystem;

bool
EndsWith(std::string_view text, std::string_view end)
{
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool
LooksLikeFile(std::string_view text)
{
    return text.find('/') != std::string_view::npos || EndsWith(text, ".yaml") ||
           EndsWith(text, ".yml");
}

/// The name goes into JSON and tables: only what is safe everywhere.
std::string
NameOf(const std::string& file)
{
    std::string name = fs::path(file).stem().string();
    for (char& c : name)
    {
        const bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        c = safe ? c : '_';
    }
    return name;
}

/// Names of the scenarios in the folder, sorted.
std::vector<std::string>
ShippedNames()
{
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(ScenarioFolder(), error), end; !error && entry != end;
         entry.increment(error))
    {
        const fs::path& path = entry->path();
        if (path.extension() == ".yaml" && path.filename().string()[0] != '.')
        {
            names.push_back(path.stem().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

[[noreturn]] void
FailToRead(const std::string& file, const std::string& why)
{
    const std::vector<std::string> names = ShippedNames();
    throw ScenarioError(fmt::format("{}: {}; expected a YAML file{}",
                                    file.empty() ? "''" : OneLine(file),
                                    why,
                                    names.empty() ? "" : " or one of " + JoinWords(names)));
}

/// The whole file; no more than a scenario may have, so that /dev/zero is refused too. A pipe will
/// do, as in `lanpeer-sim run <(sed ... office.yaml)`.
std::string
ReadWhole(const std::string& file)
{
    std::error_code ignored;
    if (fs::is_directory(file, ignored))
    {
        FailToRead(file, "is a folder");
    }
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rbe"),
                                                                 std::fclose);
    if (stream == nullptr)
    {
        FailToRead(file, std::strerror(errno));
    }
    std::string text(kYamlBytesMax + 1, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), stream.get()));
    if (std::ferror(stream.get()) != 0)
    {
        FailToRead(file, "cannot be read");
    }
    return text;
}

/// The file that is meant.
std::string
Resolve(const std::string& scenario)
{
    if (LooksLikeFile(scenario))
    {
        return scenario;
    }
    const std::vector<std::string> names = ShippedNames();
    if (std::find(names.begin(), names.end(), scenario) != names.end())
    {
        return (ScenarioFolder() / (scenario + ".yaml")).string();
    }
    std::error_code ignored;
    if (!fs::exists(scenario, ignored))
    {
        FailToRead(scenario, "no such scenario and no such file");
    }
    return scenario;
}

} // namespace

Scenario
LoadScenario(const ScenarioRequest& request)
{
    const std::string file = Resolve(request.scenario);
    ScenarioReader reader(NameOf(file));
    reader.ReadText(file, ReadWhole(file));
    for (const std::string& set : request.sets)
    {
        reader.Set(set);
    }
    if (request.policies)
    {
        reader.SetPolicies(*request.policies);
    }
    return reader.Finish();
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
    for (const std::string& name : ShippedNames())
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
