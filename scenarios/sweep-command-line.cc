#include "scenarios/sweep-command-line.h"

#include "analysis/figure-names.h"
#include "model/settings/text.h"
#include "model/settings/value-reader.h"
#include "scenarios/command-line.h"
#include "scenarios/option-reading.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace lanpeer::scenario
{

using namespace settings;

namespace
{

constexpr std::uint64_t kParallelMax = 4096;
constexpr std::uint64_t kRunsMax = 1000000;
constexpr double kSilenceMinS = 2; ///< ranks speak once a second
constexpr double kSilenceMaxS = 86400;

constexpr const char* kSweepExamples = R"(Examples:
  lanpeer-sim sweep office-size
  lanpeer-sim sweep mine.yaml -j 8 --out results/mine
  lanpeer-sim sweep mine.yaml --dry-run | wc -l
  lanpeer-sim sweep mine.yaml --until-ci 5% --metric finish_s.p95

SWEEP is a YAML file, or the name of one that comes with the program:

  scenario: office                       # a name, or a file beside this one
  set: {workload.window_s: 60}           # the same in all runs
  axes:                                  # every combination is run ...
    lan.nodes: [10, 20, 50]
    uplink.down_kbps: {from: 128, to: 8000, points: 5, scale: log}    # or step: N
  policy: [direct, fig4a, fig4b, robust] # ... under every policy
  skip: [{lan.nodes: {above: 20}, policy: direct}]    # but these; `only` is the opposite
  runs: 5                                # replicates: the same arrivals under every policy
  until_ci: {percent: 5, metric: finish_s.p95, runs_max: 100}

Each run is a process of its own and a row of DIR/sweep.sqlite as soon as it is over. The same
command goes on where an earlier one was stopped. A run that crashes is a row with what it said; exit
code 1 then. `lanpeer-sim report DIR` draws them, `lanpeer-sim csv DIR` writes them as CSV.
)";

constexpr const char* kMergeExamples = R"(Examples:
  lanpeer-sim merge all.sweep monday.sweep tuesday.sweep
  lanpeer-sim merge mine.sweep other/sweep.sqlite

A run that both have must be the same in both, or nothing is added.
)";

constexpr const char* kTableExamples = R"(Examples:
  lanpeer-sim table mine.sweep
  lanpeer-sim table mine.sweep --figure saved_fraction --figure updates.missing

A cell is all replicates of one set of parameters and policy: mean and half-width of its 95 %
interval.
)";

constexpr const char* kCsvExamples = R"(Examples:
  lanpeer-sim csv mine.sweep > mine.csv
  lanpeer-sim csv mine.sweep -o mine.csv

A line per run: what was set, policy, seed, run, then its figures as the JSON names them.
)";

void
CheckFigure(const std::string& option, const std::string& figure)
{
    const auto& names = analysis::FigureNames();
    if (std::find(names.begin(), names.end(), figure) == names.end())
    {
        const auto nearest = Nearest(figure, names);
        throw UsageError(fmt::format("{}: {} is no figure of a run; {}",
                                     option,
                                     Quote(figure),
                                     nearest ? "did you mean " + *nearest + "?"
                                             : "expected one such as finish_s.p95"));
    }
}

} // namespace

void
AddSweep(CLI::App& app, SweepTexts& texts)
{
    CLI::App* sweep = app.add_subcommand("sweep", "Run a scenario over axes of its keys");
    sweep->footer(kSweepExamples);
    sweep
        ->add_option("SWEEP", texts.sweep.sweep, "A YAML file, or a name of one that comes with it")
        ->required()
        ->type_name("");
    sweep
        ->add_option("-j,--jobs",
                     texts.parallel,
                     "Runs at a time [one per processor]; under mpirun each rank does one")
        ->type_name("N");
    sweep->add_option("--out", texts.out, "The folder of its results [NAME.sweep]")
        ->type_name("DIR");
    sweep->add_flag("--dry-run",
                    texts.sweep.dryRun,
                    "Print the command of every run that is missing, and run none");
    sweep->add_flag("--retry-failed", texts.sweep.retryFailed, "Run those that failed once more");
    sweep
        ->add_option("--until-ci",
                     texts.untilCi,
                     "Add replicates until the 95 % interval is within so much of the mean")
        ->type_name("PERCENT");
    sweep->add_option("--metric", texts.metric, "of this figure [internet_bytes]")
        ->type_name("NAME");
    sweep->add_option("--runs-max", texts.runsMax, "but no more than N replicates [100]")
        ->type_name("N");

    sweep
        ->add_option("--rank-silence",
                     texts.rankSilence,
                     "Under mpirun: give up a rank that says nothing for so long [30]")
        ->type_name("SECONDS");

    CLI::App* merge = app.add_subcommand("merge", "Add the runs of other sweeps' files to one");
    merge->add_option("INTO", texts.merge.into, "The folder of a sweep, or its file")
        ->required()
        ->type_name("");
    merge->add_option("FROM", texts.merge.from, "Those whose runs are added")
        ->required()
        ->type_name("");
    merge->footer(kMergeExamples);

    CLI::App* table = app.add_subcommand("table", "Print figures of a sweep, cell by cell");
    table->add_option("DIR", texts.table.from, "The folder of a sweep, or its file")
        ->required()
        ->type_name("");
    table
        ->add_option("--figure",
                     texts.table.figures,
                     "A figure as the JSON names it; repeatable [copies, finish_s.p95]")
        ->type_name("NAME")
        ->allow_extra_args(false);
    table->footer(kTableExamples);

    CLI::App* csv = app.add_subcommand("csv", "Write the runs of a sweep as CSV");
    csv->add_option("DIR", texts.csv.from, "The folder of a sweep, or its file")
        ->required()
        ->type_name("");
    csv->add_flag("--reproducible",
                  texts.csv.reproducible,
                  "Without what differs when the sweep is made again: times and commit");
    csv->add_option("-o,--output", texts.csvFile, "Write it there [standard output]")
        ->type_name("FILE");
    csv->footer(kCsvExamples);
}

SweepCommand
MakeSweep(const CLI::App& sweep, const SweepTexts& texts)
{
    SweepCommand command = texts.sweep;
    command.out = Given(sweep, "--out", texts.out);
    if (const auto parallel = Given(sweep, "--jobs", texts.parallel))
    {
        command.parallel =
            static_cast<unsigned>(ReadNumberOf("--jobs", *parallel, 1, kParallelMax));
    }
    if (auto percent = Given(sweep, "--until-ci", texts.untilCi))
    {
        if (percent->back() == '%')
        {
            percent->pop_back();
        }
        try
        {
            command.untilCiPercent = ReadNumber(
                {"--until-ci", "above 0 to 100 %"}, Value::Scalar(*percent, 1), 1e-6, 100);
        }
        catch (const ValueError& error)
        {
            throw UsageError(error.what());
        }
    }
    command.untilCiMetric = Given(sweep, "--metric", texts.metric);
    if (command.untilCiMetric)
    {
        CheckFigure("--metric", *command.untilCiMetric);
    }
    if (const auto runsMax = Given(sweep, "--runs-max", texts.runsMax))
    {
        command.runsMax = ReadNumberOf("--runs-max", *runsMax, 2, kRunsMax);
    }
    if (const auto silence = Given(sweep, "--rank-silence", texts.rankSilence))
    {
        command.rankSilenceS = ReadRealOf("--rank-silence", *silence, kSilenceMinS, kSilenceMaxS);
    }
    return command;
}

MergeCommand
MakeMerge(const CLI::App& /*merge*/, const SweepTexts& texts)
{
    return texts.merge;
}

TableCommand
MakeTable(const CLI::App& table, const SweepTexts& texts)
{
    TableCommand command = texts.table;
    if (table.get_option("--figure")->count() == 0)
    {
        command.figures = TableCommand().figures;
    }
    for (const std::string& figure : command.figures)
    {
        CheckFigure("--figure", figure);
    }
    return command;
}

CsvCommand
MakeCsv(const CLI::App& csv, const SweepTexts& texts)
{
    CsvCommand command = texts.csv;
    command.file = Given(csv, "--output", texts.csvFile);
    return command;
}

} // namespace lanpeer::scenario
