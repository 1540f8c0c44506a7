#pragma once

#include "scenarios/scenario-reader.h"
#include "scenarios/scenario.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::scenario
{

/// A key that a sweep varies, and its values as text of YAML, in their order.
struct Axis
{
    std::string path; ///< "lan.nodes"
    std::vector<std::string> values;
};

/// What a value must be for a filter to hold: one of the texts, or a number within bounds.
struct Condition
{
    std::vector<std::string> oneOf; ///< empty: the bounds say it
    std::optional<double> above;
    std::optional<double> below;
    std::optional<double> atLeast;
    std::optional<double> atMost;

    bool Holds(const std::string& value) const;
};

/// Conditions that must hold together, by path of an axis or "policy".
using Filter = std::map<std::string, Condition>;

/// Goes on with replicates until the 95 % interval of a figure is tight enough, cell by cell.
struct UntilCi
{
    std::string metric = "internet_bytes"; ///< a name of analysis::FigureNames()
    double percent = 5;                    ///< half-width at most so much of the mean
    std::uint64_t runsMax = 100;           ///< and then no more
};

/// Many runs of one scenario, as its file says (R-SIM-10). Every combination of the axes' values is
/// run under every policy; `runs` replicates of each, of the same run numbers, so that what is
/// drawn for the workload and the links is the same under every policy.
struct Sweep
{
    std::string name;                        ///< of its file, without folder and ".yaml"
    std::string about;                       ///< lines: what it asks; why; what to look for
    std::string scenario;                    ///< as the file has it
    std::string scenarioFile;                ///< as LoadScenario() takes it
    std::map<std::string, std::string> sets; ///< the same in all runs, by path, as text of YAML
    std::vector<Axis> axes;
    std::vector<PolicyChoice> policies;
    std::vector<Filter> skip; ///< what fits one of them is left out
    std::vector<Filter> only; ///< if there are any: what fits none of them is left out
    std::uint64_t runs = 5;
    std::uint64_t seed = 1;
    std::optional<UntilCi> untilCi;
    std::string text; ///< the file's
};

constexpr std::uint64_t kReplicatesMax = 1'000'000;

/// Reads a sweep: a YAML file, or the name of one that comes with the program (in the folder
/// `sweeps` of ScenarioFolder()). Keys: about, scenario, set, axes, policy, skip, only, runs, seed,
/// until_ci. Throws ScenarioError: one line that names file, line and key.
Sweep LoadSweep(const std::string& fileOrName);

/// The same of a text. \param file as messages call it; its folder is where the scenario is sought
Sweep ReadSweep(const std::filesystem::path& file, const std::string& text);

} // namespace lanpeer::scenario
