#include "tests/report/sample-sweep.h"

#include "analysis/metrics-json.h"
#include "analysis/node-figures.h"
#include "analysis/replay.h"
#include "tests/analysis/sample-record.h"

#include <nlohmann/json.hpp>

namespace lanpeer::report
{

using analysis::StoredRun;

StoredRun
SampleRun(const std::map<std::string, std::string>& parameters,
          const std::string& policy,
          std::uint64_t run,
          double copies)
{
    analysis::RunRecord record = analysis::SampleRecord();
    record.policy = policy;
    record.run = run;
    for (analysis::Transfer& transfer : record.transfers)
    {
        transfer.begunAtUs = transfer.endedAtUs - 500'000;
    }
    analysis::Metrics metrics = analysis::ComputeMetrics(record);
    metrics.copies = copies;
    metrics.finishS.mean = 10.0 + (policy == "direct" ? 5.0 : 0.0) + static_cast<double>(run);
    StoredRun stored;
    stored.key = {"office", parameters, policy, 1, run};
    stored.metrics = analysis::ToJson(metrics).dump(
        -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    stored.nodes = analysis::ToJsonText(analysis::ComputeNodeFigures(record));
    stored.replay = run == 1 ? analysis::ReplayJson(record) : "";
    stored.by = {"89ab", "0123456789abcdef", true, "3.37", "GNU 12.2.0"};
    stored.command = "lanpeer-sim run office --policy " + policy + " --run " + std::to_string(run);
    return stored;
}

std::vector<StoredRun>
SampleRuns()
{
    std::vector<StoredRun> runs;
    for (const int nodes : {10, 20})
    {
        for (const char* const holders : {"1", "3"})
        {
            const std::map<std::string, std::string> parameters = {
                {"lan.nodes", std::to_string(nodes)}, {"workload.holders", holders}};
            const double scale = nodes / 10.0;
            for (std::uint64_t run = 1; run <= 3; ++run)
            {
                runs.push_back(SampleRun(parameters, "direct", run, 10 * scale));
            }
            for (std::uint64_t run = 1; run <= 3; ++run)
            {
                const double copies = 4.0 + static_cast<double>(run);
                runs.push_back(SampleRun(parameters, "fig4a", run, copies * scale));
            }
            for (std::uint64_t run = 1; run <= 3; ++run)
            {
                runs.push_back(SampleRun(parameters, "robust", run, scale));
            }
        }
    }
    return runs;
}

StoredRun
FailedRun()
{
    StoredRun run;
    run.key = {"office", {{"lan.nodes", "10"}}, "robust", 1, 1};
    run.exitCode = 139;
    run.errorText = "killed by signal 11";
    run.command = "lanpeer-sim run office --policy robust";
    return run;
}

RunSource
SourceOf(const std::vector<StoredRun>& runs)
{
    RunSource source;
    source.name = "sample";
    source.each = [&runs](bool replays, const std::function<void(const StoredRun&)>& take)
    {
        for (StoredRun run : runs)
        {
            run.replay = replays ? run.replay : "";
            run.metrics = replays ? "" : run.metrics;
            take(run);
        }
    };
    source.world = [](const analysis::RunKey& key)
    {
        World world;
        const auto holders = key.parameters.find("workload.holders");
        world.holders = holders == key.parameters.end()
                            ? 0
                            : static_cast<std::uint32_t>(std::stoul(holders->second));
        world.resourceBytes = {1000, 500};
        world.copies = analysis::CopiesCase();
        world.copies->nodes = 4;
        world.copies->arrivals = analysis::Arrivals::Simultaneous;
        return std::optional(world);
    };
    for (const StoredRun& run : runs)
    {
        if (source.makers.empty())
        {
            source.makers.push_back(run.by);
        }
    }
    return source;
}

} // namespace lanpeer::report
