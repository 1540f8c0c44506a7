#include "scenarios/sweep-command.h"

#include "analysis/metrics-json.h"
#include "analysis/node-figures.h"
#include "analysis/replay.h"
#include "analysis/results/cell-table.h"
#include "analysis/results/csv.h"
#include "analysis/results/result-store.h"
#include "analysis/results/run-key.h"
#include "analysis/shell-word.h"
#include "model/settings/text.h"
#include "scenarios/built-from.h"
#include "scenarios/command-line.h"
#include "scenarios/office-run.h"
#include "scenarios/output-file.h"
#include "scenarios/ranks/on-ranks.h"
#include "scenarios/scenario-file.h"
#include "scenarios/sweep/conduct.h"
#include "scenarios/sweep/local-runners.h"
#include "scenarios/sweep/sweep-folder.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string_view>

namespace lanpeer::scenario
{

namespace
{

volatile std::sig_atomic_t g_stop = 0;

/// Until it goes, SIGINT and SIGTERM are not the end but a wish for it.
class StopBySignal
{
  public:
    StopBySignal()
    {
        g_stop = 0;
        struct sigaction action = {};
        action.sa_handler = [](int)
        {
            g_stop = 1;
        };
        sigaction(SIGINT, &action, &m_interrupt);
        sigaction(SIGTERM, &action, &m_terminate);
    }

    ~StopBySignal()
    {
        sigaction(SIGINT, &m_interrupt, nullptr);
        sigaction(SIGTERM, &m_terminate, nullptr);
    }

    StopBySignal(const StopBySignal&) = delete;
    StopBySignal& operator=(const StopBySignal&) = delete;

  private:
    struct sigaction m_interrupt = {};
    struct sigaction m_terminate = {};
};

RunTexts
DoOne(const RunSpec& spec, const processes::SayProgress& say)
{
    std::vector<std::string> sets;
    for (const auto& [path, value] : spec.parameters)
    {
        sets.push_back(path + "=" + value);
    }
    const Scenario scenario = LoadScenario({spec.scenarioFile, sets, spec.policy});
    lan::OfficeConfig office = OfficeOf(scenario, scenario.policies.front());
    office.seed = spec.seed;
    office.run = spec.run;
    const analysis::RunRecord record = RunOffice(office, say);
    RunTexts texts;
    texts.metrics = analysis::ToJson(analysis::ComputeMetrics(record))
                        .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    texts.nodes = analysis::ToJsonText(analysis::ComputeNodeFigures(record));
    if (spec.keepReplay)
    {
        texts.replay = analysis::ReplayJson(record);
    }
    return texts;
}

/// The options' wishes over the file's.
void
SetUntilCi(const SweepCommand& command, Sweep& sweep)
{
    if (!command.untilCiPercent && (command.untilCiMetric || command.runsMax) && !sweep.untilCi)
    {
        throw UsageError(std::string(command.untilCiMetric ? "--metric" : "--runs-max") +
                         " needs --until-ci, or `until_ci` in the sweep");
    }
    if (!command.untilCiPercent && !command.untilCiMetric && !command.runsMax)
    {
        return;
    }
    UntilCi until = sweep.untilCi.value_or(UntilCi());
    until.percent = command.untilCiPercent.value_or(until.percent);
    until.metric = command.untilCiMetric.value_or(until.metric);
    until.runsMax = command.runsMax.value_or(until.runsMax);
    sweep.untilCi = until;
}

/// What to type to have the sweep once more.
std::string
TypedAs(const SweepCommand& command)
{
    std::string line = "lanpeer-sim sweep " + analysis::ShellWord(command.sweep);
    if (command.out)
    {
        line += " --out " + analysis::ShellWord(*command.out);
    }
    if (command.untilCiPercent)
    {
        line += fmt::format(" --until-ci {}%", *command.untilCiPercent);
    }
    if (command.untilCiMetric)
    {
        line += " --metric " + *command.untilCiMetric;
    }
    if (command.runsMax)
    {
        line += fmt::format(" --runs-max {}", *command.runsMax);
    }
    return line;
}

SweepConductor::Failed
WhatFailed(const SweepCommand& command)
{
    return command.retryFailed ? SweepConductor::Failed::RunAgain : SweepConductor::Failed::AreOver;
}

/// The command of every run that is missing; nothing is written.
int
PrintMissing(const SweepCommand& command, const Sweep& sweep, const std::filesystem::path& file)
{
    const analysis::MadeBy by = BuiltFrom();
    SweepConductor conductor(sweep, CellsOf(sweep), by);
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored))
    {
        conductor.TakeOver(analysis::ResultStore(file, analysis::ResultStore::Access::Read),
                           WhatFailed(command));
    }
    for (const RunSpec& spec : conductor.Missing())
    {
        fmt::print("{}\n", CommandFor(spec));
    }
    return std::fflush(stdout) == 0 ? 0 : 1;
}

/// The first failed runs, so that nobody needs to look into the file to know what is wrong.
void
TellFailed(const analysis::ResultStore& store)
{
    constexpr int kShown = 3;
    int shown = 0;
    store.ForEach({false, false, false},
                  [&shown](const analysis::StoredRun& run)
                  {
                      if (run.exitCode == 0 || ++shown > kShown)
                      {
                          return;
                      }
                      std::string text = run.errorText;
                      text.erase(text.find_last_not_of('\n') + 1);
                      fmt::print(stderr,
                                 "lanpeer-sim: failed: {}\n  {}\n",
                                 settings::WholeLine(run.command),
                                 settings::OneLine(text.substr(text.rfind('\n') + 1)));
                  });
}

int
TellEnd(const SweepEnd& end,
        const analysis::ResultStore& store,
        const std::filesystem::path& file,
        double wallS)
{
    if (end.failed > 0)
    {
        TellFailed(store);
    }
    const std::size_t now = end.runs - end.already;
    fmt::print("{}: {} run{}{}{}{}\n",
               file.string(),
               end.runs,
               end.runs == 1 ? "" : "s",
               end.failed > 0 ? fmt::format(", {} of them failed", end.failed) : "",
               end.already > 0 ? fmt::format(", {} were there before", end.already) : "",
               now > 0 ? fmt::format("; {:.1f} s of CPU in {}", end.cpuS, DurationText(wallS))
                       : "");
    if (end.missing > 0)
    {
        fmt::print(
            stderr,
            "lanpeer-sim: stopped; {} runs are missing: the same command goes on with them\n",
            end.missing);
    }
    if (end.loose > 0)
    {
        fmt::print(stderr,
                   "lanpeer-sim: in {} cells the interval is still wider than asked, with as many "
                   "replicates as --runs-max allows\n",
                   end.loose);
    }
    return end.failed > 0 || end.missing > 0 ? 1 : 0;
}

/// The runs that are missing in the sweep's folder, where `makeRunners` says.
int
ConductSweep(const SweepCommand& command, const MakeRunners& makeRunners)
{
    Sweep sweep = LoadSweep(command.sweep);
    SetUntilCi(command, sweep);
    const std::filesystem::path folder = command.out.value_or(sweep.name + ".sweep");
    if (command.dryRun)
    {
        return PrintMissing(command, sweep, folder / analysis::kStoreFile);
    }
    const analysis::MadeBy by = BuiltFrom();
    SweepConductor conductor(sweep, CellsOf(sweep), by);
    SweepFolder place(folder, sweep, by);
    place.Store().SetText("command", TypedAs(command));
    conductor.TakeOver(place.Store(), WhatFailed(command));
    const auto begun = std::chrono::steady_clock::now();
    SweepEnd end;
    {
        SweepProgress progress;
        const StopBySignal signals;
        const std::unique_ptr<Runners> runners = makeRunners();
        end = conductor.Conduct(*runners, place.Store(), progress, [] { return g_stop != 0; });
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begun;
    return TellEnd(end, place.Store(), folder / analysis::kStoreFile, wall.count());
}

/// What runs depend on besides what they are told: the program and the scenario's file.
std::string
SameEverywhere(const SweepCommand& command)
{
    return Describe(BuiltFrom()) + "\n" + ScenarioText(LoadSweep(command.sweep));
}

} // namespace

int
RunSweep(const SweepCommand& command)
{
    if (!StartedByMpi())
    {
        return ConductSweep(
            command, [&] { return std::make_unique<LocalRunners>(command.parallel, DoOne); });
    }
    RankWork work;
    work.conduct = [&](const MakeRunners& makeRunners)
    {
        return ConductSweep(command, makeRunners);
    };
    work.doRun = DoOne;
    work.sameEverywhere = [&]
    {
        return SameEverywhere(command);
    };
    work.parallel = command.parallel;
    if (command.rankSilenceS)
    {
        work.silence = std::chrono::milliseconds(std::llround(*command.rankSilenceS * 1000));
    }
    return DoOnRanks(work);
}

int
MergeSweeps(const MergeCommand& command)
{
    for (const std::string& from : command.from) // before anything is made
    {
        const analysis::ResultStore store(StoreFile(from), analysis::ResultStore::Access::Read);
    }
    const std::filesystem::path into = StoreFileToMake(command.into);
    const FolderLock lock(into.has_parent_path() ? into.parent_path() : ".");
    analysis::ResultStore store(into, analysis::ResultStore::Access::Write);
    for (const std::string& from : command.from)
    {
        const std::size_t added = store.Merge(StoreFile(from));
        fmt::print("{}: {} run{} of {} added\n", into.string(), added, added == 1 ? "" : "s", from);
    }
    return 0;
}

int
PrintTables(const TableCommand& command)
{
    const analysis::ResultStore store(StoreFile(command.from), analysis::ResultStore::Access::Read);
    if (store.Count() == 0)
    {
        throw analysis::StoreError(StoreFile(command.from).string() + ": has no runs");
    }
    const char* between = "";
    for (const std::string& figure : command.figures)
    {
        fmt::print("{}{}", between, CellTable(store, figure));
        between = "\n";
    }
    return std::fflush(stdout) == 0 ? 0 : 1;
}

int
ExportCsv(const CsvCommand& command)
{
    const analysis::ResultStore store(StoreFile(command.from), analysis::ResultStore::Access::Read);
    const auto columns =
        command.reproducible ? analysis::CsvColumns::Reproducible : analysis::CsvColumns::All;
    if (!command.file)
    {
        analysis::WriteCsv(store, columns, [](std::string_view line) { fmt::print("{}", line); });
        return std::fflush(stdout) == 0 ? 0 : 1;
    }
    OutputFile file(*command.file);
    analysis::WriteCsv(store, columns, [&file](std::string_view line) { file.Write(line); });
    file.Finish();
    file.Commit();
    return 0;
}

} // namespace lanpeer::scenario
