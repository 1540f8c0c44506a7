// report-cost: what a report of many runs costs.
//
//   report-cost DIR [--rows 10000] [--nodes 50]
//
// Makes a store of so many made-up runs in DIR (five replicates of four policies, over the number
// of nodes and the window), with figures by node and, of each first run, a course in time; then its
// report, and says how long each took and how large they are. tests/bench/open-report.mjs opens it.

#include "analysis/metrics-json.h"
#include "analysis/node-figures.h"
#include "analysis/report/page.h"
#include "analysis/report/report-model.h"
#include "analysis/report/store-source.h"
#include "analysis/results/result-store.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

namespace
{

using namespace lanpeer::analysis;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kReplicates = 5;
constexpr std::uint64_t kValues = 10; // of the window
constexpr const char* kPolicies[] = {"direct", "fig4a", "fig4b", "robust"};

double
Since(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Every node asks once and is served by the one before it.
std::string
CourseOf(const StoredRun& run, std::uint64_t nodes)
{
    nlohmann::ordered_json course = {{"scenario", run.key.scenario},
                                     {"policy", run.key.policy},
                                     {"seed", 1},
                                     {"run", 1},
                                     {"nodes", nodes},
                                     {"simulated_s", 60},
                                     {"resources", {{{"name", "a.cab"}, {"bytes", 910000}}}},
                                     {"held", nlohmann::ordered_json::array()}};
    for (std::uint64_t node = 0; node < nodes; ++node)
    {
        const double at = static_cast<double>(node) * 1.234567;
        const int from = static_cast<int>(node) - 1;
        course["asks"].push_back({at, node, 0, at + 1.5, "peer"});
        course["transfers"].push_back({at + 0.5, at + 1.5, from, node, 0, 910000, true});
    }
    return course.dump();
}

StoredRun
MadeUp(std::uint64_t index, std::uint64_t nodes, std::mt19937& random)
{
    std::uniform_real_distribution<double> uniform(0.5, 1.5);
    const std::uint64_t cell = index / kReplicates;
    StoredRun run;
    run.key.scenario = "office";
    run.key.policy = kPolicies[cell % std::size(kPolicies)];
    run.key.run = index % kReplicates + 1;
    const std::uint64_t setting = cell / std::size(kPolicies);
    run.key.parameters = {{"workload.window_s", std::to_string(60 * (setting % kValues + 1))},
                          {"lan.nodes", std::to_string(10 * (setting / kValues + 1))}};
    Metrics metrics;
    metrics.scenario = run.key.scenario;
    metrics.policy = run.key.policy;
    metrics.run = run.key.run;
    metrics.internetBytes = static_cast<std::uint64_t>(uniform(random) * 2e7);
    metrics.copies = uniform(random) * 9;
    metrics.savedFraction = uniform(random) / 1.5;
    metrics.served.meanBytes = uniform(random) * 1e6;
    metrics.served.jain = uniform(random) / 1.5;
    metrics.finishS.mean = uniform(random) * 100;
    metrics.finishS.p95 = uniform(random) * 200;
    metrics.finishS.last = uniform(random) * 300;
    run.metrics = ToJson(metrics).dump();
    NodeFigures figures;
    for (std::uint64_t node = 0; node < nodes; ++node)
    {
        figures.servedBytes.push_back(static_cast<std::uint64_t>(uniform(random) * 1e6));
        figures.finishS.emplace_back(uniform(random) * 100);
    }
    run.nodes = ToJsonText(figures);
    run.replay = run.key.run == 1 ? CourseOf(run, nodes) : "";
    run.by = {"89ab", "0123456789abcdef", false, "3.37", "GNU 12.2.0"};
    run.command = "lanpeer-sim run office";
    return run;
}

void
MakeStore(const fs::path& file, std::uint64_t rows, std::uint64_t nodes)
{
    fs::remove(file);
    ResultStore store(file, ResultStore::Access::Write);
    store.SetText("name", "made-up");
    std::mt19937 random(1);
    for (std::uint64_t i = 0; i < rows; ++i)
    {
        store.Add(MadeUp(i, nodes, random));
    }
}

} // namespace

int
main(int argc, char** argv)
{
    CLI::App app("What a report of many runs costs");
    std::string folder;
    std::uint64_t rows = 10000;
    std::uint64_t nodes = 50;
    app.add_option("DIR", folder)->required();
    app.add_option("--rows", rows);
    app.add_option("--nodes", nodes);
    CLI11_PARSE(app, argc, argv);

    fs::create_directories(folder);
    const fs::path file = fs::path(folder) / kStoreFile;
    MakeStore(file, rows, nodes);
    fmt::print("store: {} rows, {:.1f} MB\n", rows, static_cast<double>(fs::file_size(file)) / 1e6);

    const auto begin = Clock::now();
    const ResultStore store(file, ResultStore::Access::Read);
    const auto model = lanpeer::report::BuildModel(lanpeer::report::SourceOf(store), std::nullopt);
    const double modelS = Since(begin);
    const std::string page = lanpeer::report::MakePage(model);
    const fs::path report = fs::path(folder) / "report.html";
    std::ofstream(report, std::ios::binary) << page;
    fmt::print("report: {:.2f} s, of which its model {:.2f} s; {:.2f} MB\n",
               Since(begin),
               modelS,
               static_cast<double>(page.size()) / 1e6);
    return 0;
}
