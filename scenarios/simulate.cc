#include "scenarios/simulate.h"

#include "analysis/distribution-graph.h"
#include "analysis/metrics-json.h"
#include "analysis/table.h"
#include "model/lan/capture.h"
#include "model/settings/text.h"
#include "scenarios/office-run.h"
#include "scenarios/output-file.h"
#include "scenarios/output-set.h"
#include "scenarios/processes/run-in-processes.h"
#include "scenarios/progress-line.h"
#include "scenarios/scenario-file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/resource.h>
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
    std::string animFile;  ///< empty: none
    std::string pcap;      ///< what its captures' names begin with; empty: none
    std::unique_ptr<OutputFile> tape;
    std::unique_ptr<OutputFile> graph;
    std::unique_ptr<OutputSet> anim; ///< written by ns-3
    std::unique_ptr<OutputSet> captures;
};

/// Nothing stays nothing.
std::string
WithSuffix(const std::optional<std::string>& file, const std::string& suffix)
{
    return file ? *file + suffix : std::string();
}

/// Throws UsageError.
void
CheckPcapNodes(const Scenario& scenario, const RunCommand& command)
{
    const std::vector<std::string> points = lan::CapturePoints(scenario.lan.nodes);
    for (const std::string& node : command.pcapNodes)
    {
        if (std::find(points.begin(), points.end(), node) == points.end())
        {
            throw UsageError(
                fmt::format("--pcap-nodes {}: no such node; expected 0 to {}, gateway or origin",
                            settings::Quote(node),
                            scenario.lan.nodes - 1));
        }
    }
}

/// A capture is an open file for each device, in each process that runs at a time.
void
RaiseFileLimit(const Scenario& scenario, const RunCommand& command)
{
    constexpr rlim_t kOthers = 256;
    constexpr rlim_t kDevicesPerNode = 2;
    const std::size_t points =
        command.pcapNodes.empty() ? scenario.lan.nodes : command.pcapNodes.size();
    const rlim_t needed = kOthers + kDevicesPerNode * points + scenario.lan.segments;
    rlimit limit{};
    if (!command.pcap || getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
    {
        return;
    }
    limit.rlim_cur = std::min(needed, limit.rlim_max);
    if (limit.rlim_cur < needed || setrlimit(RLIMIT_NOFILE, &limit) != 0)
    {
        throw UsageError(fmt::format("--pcap: {} open files needed, {} allowed; expected fewer "
                                     "nodes by --pcap-nodes",
                                     needed,
                                     limit.rlim_max));
    }
}

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
            Plan& plan = plans.emplace_back();
            plan.policy = policy;
            plan.run = run;
            plan.tapeFile = WithSuffix(command.tape, which);
            plan.graphFile = WithSuffix(command.graph, which);
            plan.animFile = WithSuffix(command.anim, which);
            plan.pcap = WithSuffix(command.pcap, which);
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
        files.emplace_back("--anim", plan.animFile);
    }
    RefuseOneFileTwice(files);
    const auto open = [](const std::string& file)
    {
        return file.empty() ? nullptr : std::make_unique<OutputFile>(file);
    };
    const auto openSet = [](const std::string& prefix)
    {
        return prefix.empty() ? nullptr : std::make_unique<OutputSet>(prefix);
    };
    for (Plan& plan : plans)
    {
        plan.tape = open(plan.tapeFile);
        plan.graph = open(plan.graphFile);
        plan.anim = openSet(plan.animFile);
        plan.captures = openSet(plan.pcap);
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
    Shown shown;
    shown.animFile = plan.anim ? plan.anim->Prefix() : "";
    shown.pcapPrefix = plan.captures ? plan.captures->Prefix() : "";
    shown.pcapNodes = command.pcapNodes;
    const analysis::RunRecord record = RunOffice(office, say, shown);
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

template <typename Output>
void
Commit(const std::unique_ptr<Output>& file)
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
    CheckPcapNodes(scenario, command);
    RaiseFileLimit(scenario, command);
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
        Commit(plan.anim);
        Commit(plan.captures);
    }
    Commit(json);
    fmt::print("{}", command.json == "-" ? text : analysis::TextTable(metrics));
    return std::fflush(stdout) == 0 ? 0 : 1;
}

} // namespace lanpeer::scenario
