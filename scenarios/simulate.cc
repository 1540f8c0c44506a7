#include "scenarios/simulate.h"

#include "analysis/distribution-graph.h"
#include "analysis/metrics-json.h"
#include "analysis/table.h"
#include "scenarios/office-run.h"
#include "scenarios/output-file.h"
#include "scenarios/processes/run-in-processes.h"
#include "scenarios/progress-line.h"
#include "scenarios/scenario-file.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lanpeer::scenario
{

namespace
{

/// What one process runs.
struct Plan
{
    PolicyChoice policy = PolicyChoice::Robust;
    std::uint64_t run = 1;
    std::string tapeFile;  ///< empty: none
    std::string graphFile; ///< empty: none
    std::unique_ptr<OutputFile> tape;
    std::unique_ptr<OutputFile> graph;
};

/// The order of the output: policy as given, then run.
std::vector<Plan>
PlansOf(const Scenario& scenario, const RunCommand& command)
{
    std::vector<Plan> plans;
    const bool several = scenario.policies.size() > 1 || command.lastRun > command.firstRun;
    for (const PolicyChoice policy : scenario.policies)
    {
        for (std::uint64_t run = command.firstRun; run <= command.lastRun; ++run)
        {
            const std::string which =
                several ? fmt::format(".{}.{}", ToString(policy), run) : std::string();
            plans.push_back({policy,
                             run,
                             command.tape ? *command.tape + which : std::string(),
                             command.graph ? *command.graph + which : std::string(),
                             nullptr,
                             nullptr});
        }
    }
    return plans;
}

/// What can't be written is said before minutes of simulation, not after.
/// \returns the file of --json, if it is one
std::unique_ptr<OutputFile>
OpenFiles(const RunCommand& command, std::vector<Plan>& plans)
{
    const bool toFile = command.json && *command.json != "-";
    std::vector<std::pair<std::string, std::string>> files;
    files.emplace_back("--json", toFile ? *command.json : std::string());
    for (const Plan& plan : plans)
    {
        files.emplace_back("--tape", plan.tapeFile);
        files.emplace_back("--graph", plan.graphFile);
    }
    RefuseOneFileTwice(files);
    const auto open = [](const std::string& file)
    {
        return file.empty() ? nullptr : std::make_unique<OutputFile>(file);
    };
    for (Plan& plan : plans)
    {
        plan.tape = open(plan.tapeFile);
        plan.graph = open(plan.graphFile);
    }
    return open(files.front().second);
}

std::string
RunOne(const Scenario& scenario,
       const RunCommand& command,
       const Plan& plan,
       const processes::SayProgress& say)
{
    lan::OfficeConfig office = OfficeOf(scenario, plan.policy);
    office.seed = command.seed;
    office.run = plan.run;
    if (plan.tape)
    {
        office.tape = [&tape = *plan.tape](std::string_view line)
        {
            tape.Write(line);
        };
    }
    const analysis::RunRecord record = RunOffice(office, say);
    if (plan.tape)
    {
        plan.tape->Finish();
    }
    if (plan.graph)
    {
        plan.graph->Write(analysis::DistributionGraph(record).ToGraphviz());
        plan.graph->Finish();
    }
    return analysis::ToJsonText({analysis::ComputeMetrics(record)});
}

std::vector<analysis::Metrics>
RunAll(const Scenario& scenario, const RunCommand& command, const std::vector<Plan>& plans)
{
    ProgressLine progress(plans.size());
    std::vector<std::string> results;
    try
    {
        results = processes::RunInProcesses(
            plans.size(),
            0,
            [&scenario, &command, &plans](std::size_t index, const processes::SayProgress& say)
            { return RunOne(scenario, command, plans[index], say); },
            [&progress](std::size_t index, double done) { progress.Heard(index, done); });
    }
    catch (const processes::JobFailed& failed)
    {
        progress.Clear();
        const Plan& plan = plans[failed.Index()];
        throw std::runtime_error(
            fmt::format("{}, run {}: {}", ToString(plan.policy), plan.run, failed.what()));
    }
    progress.Clear();
    std::vector<analysis::Metrics> metrics;
    for (const std::string& result : results)
    {
        metrics.push_back(analysis::MetricsFromJsonText(result).front());
    }
    return metrics;
}

void
Commit(const std::unique_ptr<OutputFile>& file)
{
    if (file)
    {
        file->Commit();
    }
}

} // namespace

int
Simulate(const RunCommand& command)
{
    const Scenario scenario = LoadScenario({command.scenario, command.sets, command.policies});
    std::vector<Plan> plans = PlansOf(scenario, command);
    const std::unique_ptr<OutputFile> json = OpenFiles(command, plans);
    const std::vector<analysis::Metrics> metrics = RunAll(scenario, command, plans);
    const std::string text = analysis::ToJsonText(metrics);
    if (json)
    {
        json->Write(text);
        json->Finish();
    }
    for (const Plan& plan : plans)
    {
        Commit(plan.tape);
        Commit(plan.graph);
    }
    Commit(json);
    fmt::print("{}", command.json == "-" ? text : analysis::TextTable(metrics));
    return std::fflush(stdout) == 0 ? 0 : 1;
}

} // namespace lanpeer::scenario
