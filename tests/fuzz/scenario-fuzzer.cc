#include "scenarios/key-table.h"
#include "scenarios/scenario-reader.h"
#include "tests/fuzz/fuzzing.h"
#include "tests/fuzz/settings-message.h"

#include <algorithm>
#include <string>
#include <vector>

// A scenario file, behind it any number of options, each after a line end: "\n--set PATH=VALUE" or
// "\n--policy a,b".

namespace lanpeer::fuzz
{

namespace
{

using namespace lanpeer::scenario;

constexpr std::string_view kSet = "\n--set ";
constexpr std::string_view kPolicy = "\n--policy ";
constexpr std::string_view kFile = "s.yaml";

struct Told
{
    std::string file;
    std::vector<std::pair<bool, std::string>> options; ///< true: --policy
};

Told
Split(std::string_view text)
{
    const auto next = [&text]
    {
        return std::min({text.find(kSet), text.find(kPolicy), text.size()});
    };
    Told told;
    std::size_t end = next();
    told.file = text.substr(0, end);
    text.remove_prefix(end);
    while (!text.empty())
    {
        const bool policy = text.substr(0, kPolicy.size()) == kPolicy;
        text.remove_prefix(policy ? kPolicy.size() : kSet.size());
        end = next();
        told.options.emplace_back(policy, text.substr(0, end));
        text.remove_prefix(end);
    }
    return told;
}

Scenario
Read(const Told& told)
{
    ScenarioReader reader("s");
    reader.ReadText(std::string(kFile), told.file);
    for (const auto& [policy, argument] : told.options)
    {
        policy ? reader.SetPolicies(argument) : reader.Set(argument);
    }
    return reader.Finish();
}

void
CheckPromises(const Scenario& scenario)
{
    const std::uint64_t nodes = scenario.lan.nodes;
    Require(!CheckScenario(scenario), "its keys go together");
    Require(nodes >= 1 && nodes <= kNodesMax, "as many nodes as there may be");
    Require(std::uint64_t{FirstRequester(scenario)} + RequesterCount(scenario) <= nodes,
            "nodes that are there");
    Require(InternetAccess(scenario).size() == nodes, "access of each node");
    Require(UplinkOf(scenario).downKbps > 0 && UplinkOf(scenario).upKbps > 0, "a rate");
    Require(!scenario.workload.resources.empty() && !scenario.policies.empty(), "all there");
    for (const PolicyChoice policy : scenario.policies)
    {
        const PeeringConfig config = ConfigFor(scenario, policy);
        Require(!CheckConfig(config), "no setting contradicts another");
        for (const Parameter& parameter : ParameterTable())
        {
            const std::uint64_t value = GetParameter(config, parameter);
            Require(value >= parameter.min && value <= parameter.max, "a setting's bounds");
        }
    }
    const std::string printed = PrintScenario(scenario);
    Require(PrintScenario(Read({printed, {}})) == printed, "printed, it is read as the same");
}

/// "s.yaml:LINE: ..." of a line that is there, or the option that is to blame.
void
CheckMessage(std::string_view message, const Told& told)
{
    RequireOneLine(message);
    if (message.substr(0, 2) == "--")
    {
        Require(!told.options.empty(), "an option is to blame only where there is one");
        return;
    }
    RequireNamesALine(message, kFile, told.file);
}

} // namespace

} // namespace lanpeer::fuzz

int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace lanpeer::fuzz;
    const Told told = Split(TextOf(data, size));
    try
    {
        CheckPromises(Read(told));
    }
    catch (const ScenarioError& error)
    {
        CheckMessage(error.what(), told);
    }
    return 0;
}
