#include "scenarios/compare.h"

#include "analysis/regression/comparison-text.h"
#include "analysis/regression/comparison.h"
#include "analysis/regression/github-lines.h"
#include "analysis/regression/junit.h"
#include "scenarios/command-line.h"
#include "scenarios/output-file.h"

#include <fmt/format.h>

#include <cstdio>

namespace lanpeer::scenario
{

namespace
{

void
WriteJunit(const CompareCommand& command, const regression::Comparison& comparison)
{
    if (command.junit)
    {
        OutputFile file(*command.junit);
        file.Write(regression::JunitXml(comparison));
        file.Finish();
        file.Commit();
    }
}

} // namespace

int
Compare(const CompareCommand& command)
{
    regression::RunSet baseline;
    regression::RunSet candidate;
    regression::Comparison comparison;
    try
    {
        baseline = regression::LoadRuns(command.baseline);
        candidate = regression::LoadRuns(command.candidate);
        comparison =
            regression::Compare(baseline, candidate, {command.tolerancePercent, command.metrics});
    }
    catch (const regression::RunsError& error)
    {
        throw UsageError(error.what());
    }
    WriteJunit(command, comparison);
    const bool isWorse = comparison.IsWorse();
    fmt::print("{}", regression::ComparisonText(comparison));
    if (isWorse || comparison.Count(regression::Verdict::Better) > 0)
    {
        fmt::print("\n{}", regression::AcceptText(comparison, baseline, candidate));
    }
    if (command.github)
    {
        fmt::print("{}", regression::GithubLines(comparison));
    }
    return std::fflush(stdout) == 0 && !isWorse ? 0 : 1;
}

} // namespace lanpeer::scenario
