#include "scenarios/report-command-line.h"

#include "scenarios/command-line.h"
#include "scenarios/option-reading.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <limits>

namespace lanpeer::scenario
{

namespace
{

constexpr std::uint64_t kMostRows = std::numeric_limits<std::uint32_t>::max();

constexpr const char* kExamples = R"(Examples:
  lanpeer-sim report results/office                      # writes results/office/report.html
  lanpeer-sim report results/office -o office.html --replay 6

The page needs no network and no other file. It replays one run of each policy; --replay names
another by its row, as `--csv` and the page itself count them, from 1.
)";

} // namespace

void
AddReport(CLI::App& app, ReportTexts& texts)
{
    CLI::App* report =
        app.add_subcommand("report", "Make one HTML page of many runs: figures, tables, a replay");
    report->footer(kExamples);
    report->add_option("DIR", texts.source, "The folder of a sweep, or its sweep.sqlite")
        ->required()
        ->type_name("");
    report->add_option("-o,--output", texts.output, "Write the page there [DIR/report.html]")
        ->type_name("FILE");
    report->add_option("--replay", texts.replay, "Replay the run of that row")->type_name("ROW");
}

ReportCommand
MakeReport(const CLI::App& report, const ReportTexts& texts)
{
    ReportCommand command;
    command.source = Given(report, "DIR", texts.source).value_or("");
    command.output = Given(report, "--output", texts.output);
    if (const auto row = Given(report, "--replay", texts.replay))
    {
        command.replayRow = ReadNumberOf("--replay", *row, 1, kMostRows);
    }
    return command;
}

} // namespace lanpeer::scenario
