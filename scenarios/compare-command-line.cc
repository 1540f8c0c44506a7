#include "scenarios/compare-command-line.h"

#include "analysis/regression/compared-metrics.h"
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

constexpr double kMostPercent = 1000;

constexpr const char* kExamples = R"(Examples:
  lanpeer-sim compare before.json after.json
  lanpeer-sim compare results/baseline /tmp/candidate --junit compare.xml --github
  lanpeer-sim compare before.sweep after.sweep
  lanpeer-sim compare before.json after.json --tolerance 2 --metric internet_bytes,finish_s.last

Files are those of `run --json`; of two folders the *.json of equal names are compared. Runs are
paired by scenario, policy, seed and run; those of two sweeps' folders (sweep.sqlite) by what was set
as well, and one that failed counts as missing. Without --tolerance counts must agree exactly, other
numbers to a part in 10^9. Exit code 0: nothing got worse; 1: something did, or is missing in
CANDIDATE; 2: wrong use. wall_s is never compared.

)";

std::string
Footer()
{
    const auto names = [](regression::Direction direction)
    {
        std::string list;
        for (const regression::ComparedMetric& metric : regression::ComparedMetrics())
        {
            list += metric.direction == direction ? fmt::format("  {}\n", metric.name) : "";
        }
        return list;
    };
    return fmt::format("{}Worse when higher:\n{}Worse when lower:\n{}Told when they changed:\n{}",
                       kExamples,
                       names(regression::Direction::LowerIsBetter),
                       names(regression::Direction::HigherIsBetter),
                       names(regression::Direction::Informational));
}

/// "2" or "2%".
double
ReadTolerance(std::string text)
{
    if (text.size() > 1 && text.back() == '%')
    {
        text.pop_back();
    }
    try
    {
        return ReadNumber({"--tolerance", fmt::format("0 to {} (percent)", kMostPercent)},
                          Value::Scalar(text, 1),
                          0,
                          kMostPercent);
    }
    catch (const ValueError& error)
    {
        throw UsageError(error.what());
    }
}

void
RequireKnown(const std::string& metric)
{
    const std::vector<std::string> known = regression::MetricNames();
    if (std::find(known.begin(), known.end(), metric) != known.end())
    {
        return;
    }
    const auto nearest = Nearest(metric, known);
    throw UsageError(fmt::format("--metric: {} is not compared{}; see lanpeer-sim compare --help",
                                 Quote(metric),
                                 nearest ? " (did you mean " + *nearest + "?)" : ""));
}

} // namespace

void
AddCompare(CLI::App& app, CompareTexts& texts)
{
    CLI::App* compare =
        app.add_subcommand("compare", "Compare runs with a baseline: which figures got worse");
    compare->footer(Footer());
    compare
        ->add_option(
            "BASELINE", texts.baseline, "A file of `run --json`, a folder of them, or of a sweep")
        ->required()
        ->type_name("");
    compare->add_option("CANDIDATE", texts.candidate, "The same, of what is judged")
        ->required()
        ->type_name("");
    compare
        ->add_option("--tolerance", texts.tolerance, "What a figure may get worse, in percent [0]")
        ->type_name("PCT");
    compare->add_option("--metric", texts.metrics, "Compare only these; repeatable [all]")
        ->type_name("NAME,...")
        ->delimiter(',')
        ->allow_extra_args(false);
    compare->add_option("--junit", texts.junit, "Write the comparison there, as JUnit XML")
        ->type_name("FILE");
    compare->add_flag("--github", texts.github, "Print GitHub's annotation lines too");
}

CompareCommand
MakeCompare(const CLI::App& compare, const CompareTexts& texts)
{
    CompareCommand command;
    command.baseline = texts.baseline;
    command.candidate = texts.candidate;
    command.metrics = texts.metrics;
    command.junit = Given(compare, "--junit", texts.junit);
    command.github = texts.github;
    if (const auto tolerance = Given(compare, "--tolerance", texts.tolerance))
    {
        command.tolerancePercent = ReadTolerance(*tolerance);
    }
    for (const std::string& metric : command.metrics)
    {
        RequireKnown(metric);
    }
    // BASELINE and CANDIDATE may be one: compared with itself.
    const std::string junit = command.junit.value_or("");
    RefuseOneFileTwice({{"BASELINE", command.baseline}, {"--junit", junit}});
    RefuseOneFileTwice({{"CANDIDATE", command.candidate}, {"--junit", junit}});
    return command;
}

} // namespace lanpeer::scenario
