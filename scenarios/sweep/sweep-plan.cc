#include "scenarios/sweep/sweep-plan.h"

#include "scenarios/key-table.h"
#include "scenarios/scenario-file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <sodium.h>

namespace lanpeer::scenario
{

namespace
{

using Parameters = std::map<std::string, std::string>;

constexpr std::size_t kCombinationsMax = 1'000'000;

std::vector<std::string>
SetsOf(const Parameters& parameters)
{
    std::vector<std::string> sets;
    for (const auto& [path, value] : parameters)
    {
        sets.push_back(path + "=" + value);
    }
    return sets;
}

/// Every combination of the axes' values.
std::vector<Parameters>
Combinations(const Sweep& sweep)
{
    std::vector<Parameters> combinations = {sweep.sets};
    for (const Axis& axis : sweep.axes)
    {
        if (combinations.size() * axis.values.size() > kCombinationsMax)
        {
            throw ScenarioError(
                fmt::format("{}: axes: more than {} combinations", sweep.name, kCombinationsMax));
        }
        std::vector<Parameters> longer;
        for (const Parameters& combination : combinations)
        {
            for (const std::string& value : axis.values)
            {
                longer.push_back(combination);
                longer.back()[axis.path] = value;
            }
        }
        combinations = std::move(longer);
    }
    return combinations;
}

bool
Fits(const Filter& filter, const Parameters& parameters, const std::string& policy)
{
    return std::all_of(filter.begin(),
                       filter.end(),
                       [&](const auto& one)
                       {
                           const auto& [path, condition] = one;
                           return condition.Holds(path == "policy" ? policy : parameters.at(path));
                       });
}

bool
IsWanted(const Sweep& sweep, const Parameters& parameters, const std::string& policy)
{
    const auto fits = [&](const Filter& filter)
    {
        return Fits(filter, parameters, policy);
    };
    return std::none_of(sweep.skip.begin(), sweep.skip.end(), fits) &&
           (sweep.only.empty() || std::any_of(sweep.only.begin(), sweep.only.end(), fits));
}

/// Events of a run, roughly: bytes that go to nodes, and packets that each node hears of each
/// other. Only their proportions count.
double
Guess(const Scenario& scenario)
{
    const double nodes = scenario.lan.nodes;
    double bytes = 0;
    for (const Resource& resource : scenario.workload.resources)
    {
        bytes += static_cast<double>(resource.bytes);
    }
    constexpr double kBytesOfABroadcast = 600;
    const double resources = static_cast<double>(scenario.workload.resources.size());
    const double times = std::max(scenario.workload.rounds, scenario.workload.days);
    return times * nodes * (bytes + resources * nodes * kBytesOfABroadcast);
}

/// The combination's cells. Throws ScenarioError if its values do not go together.
std::vector<Cell>
CellsAt(const Sweep& sweep, const Parameters& parameters)
{
    std::vector<Cell> cells;
    for (const PolicyChoice policy : sweep.policies)
    {
        if (IsWanted(sweep, parameters, std::string(ToString(policy))))
        {
            cells.push_back({parameters, std::string(ToString(policy)), 1});
        }
    }
    if (cells.empty())
    {
        return cells;
    }
    std::string policies;
    for (const Cell& cell : cells)
    {
        policies += (policies.empty() ? "" : ",") + cell.policy;
    }
    try
    {
        const double guess =
            Guess(LoadScenario({sweep.scenarioFile, SetsOf(parameters), policies}));
        for (Cell& cell : cells)
        {
            cell.guess = guess;
        }
    }
    catch (const ScenarioError& error)
    {
        throw ScenarioError(fmt::format("{}: of {} {}: {}",
                                        sweep.name,
                                        sweep.scenario,
                                        fmt::join(SetsOf(parameters), " "),
                                        error.what()));
    }
    return cells;
}

} // namespace

std::vector<Cell>
CellsOf(const Sweep& sweep)
{
    std::vector<Cell> cells;
    for (const Parameters& parameters : Combinations(sweep))
    {
        const std::vector<Cell> here = CellsAt(sweep, parameters);
        cells.insert(cells.end(), here.begin(), here.end());
    }
    if (cells.empty())
    {
        throw ScenarioError(sweep.name + ": `skip` and `only` leave nothing to run");
    }
    return cells;
}

RunSpec
SpecOf(const Sweep& sweep, const Cell& cell, std::uint64_t run)
{
    // One replicate of each cell can be watched: the first.
    return {sweep.scenarioFile, cell.parameters, cell.policy, sweep.seed, run, run == 1};
}

analysis::RunKey
KeyOf(const Sweep& sweep, const Cell& cell, std::uint64_t run)
{
    return {sweep.scenario, cell.parameters, cell.policy, sweep.seed, run};
}

namespace
{

/// A line that is another for another trace: its path alone would hide what changed in the file.
std::string
TraceText(const std::vector<TraceAsk>& trace)
{
    if (trace.empty())
    {
        return "";
    }
    std::string asks;
    for (const TraceAsk& ask : trace)
    {
        asks += fmt::format("{},{},{}\n", ask.atUs, ask.node, ask.resource);
    }
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(),
                       reinterpret_cast<const unsigned char*>(asks.data()),
                       static_cast<unsigned long long>(asks.size()));
    return fmt::format("# trace {:02x}\n", fmt::join(digest, ""));
}

} // namespace

std::string
ScenarioText(const Sweep& sweep)
{
    Scenario scenario = LoadScenario({sweep.scenarioFile, {}, {}});
    scenario.policies = Scenario().policies; // the sweep has its own
    // A cell of it: what is set may go together with an axis only.
    const std::vector<std::string> sets = SetsOf(CellsOf(sweep).front().parameters);
    return PrintScenario(scenario) +
           TraceText(LoadScenario({sweep.scenarioFile, sets, {}}).workload.trace);
}

} // namespace lanpeer::scenario
