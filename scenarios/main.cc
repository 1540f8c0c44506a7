#include "analysis/results/result-store.h"
#include "scenarios/command-line.h"
#include "scenarios/compare.h"
#include "scenarios/explore.h"
#include "scenarios/listings.h"
#include "scenarios/ranks/on-ranks.h"
#include "scenarios/report.h"
#include "scenarios/scenario-file.h"
#include "scenarios/simulate.h"
#include "scenarios/sweep-command.h"
#include "scenarios/timing.h"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string>
#include <variant>
#include <vector>

// lanpeer-sim. Exit codes: 0 done, 1 failed, 2 wrong use or a bad scenario; one line on stderr.

namespace
{

using namespace lanpeer::scenario;

int
Do(const RunCommand& command)
{
    return Simulate(command);
}

int
Do(const ListCommand& /*command*/)
{
    fmt::print("{}", ListText(ListScenarios()));
    return 0;
}

int
Do(const KeysCommand& command)
{
    fmt::print("{}", command.json ? KeysJson() : KeysText());
    return 0;
}

int
Do(const ReasonsCommand& command)
{
    fmt::print("{}", command.json ? ReasonsJson() : ReasonsText());
    return 0;
}

int
Do(const ExploreCommand& command)
{
    return Explore(command);
}

int
Do(const CompareCommand& command)
{
    return Compare(command);
}

int
Do(const SweepCommand& command)
{
    return RunSweep(command);
}

int
Do(const MergeCommand& command)
{
    return MergeSweeps(command);
}

int
Do(const TableCommand& command)
{
    return PrintTables(command);
}

int
Do(const CsvCommand& command)
{
    return ExportCsv(command);
}

int
Do(const TimingCommand& command)
{
    return Timing(command);
}

int
Do(const ReportCommand& command)
{
    return Report(command);
}

int
Do(const HelpCommand& command)
{
    fmt::print("{}", command.text);
    return 0;
}

/// Each rank would do the same, and all write the same files.
void
RefuseOnRanks(const Command& command)
{
    const bool isForRanks = std::holds_alternative<SweepCommand>(command) ||
                            std::holds_alternative<HelpCommand>(command);
    if (!isForRanks && StartedAsOneOfMany())
    {
        throw UsageError("only sweep is for many ranks; start this without mpirun");
    }
}

} // namespace

int
main(int argc, char** argv)
{
    constexpr int kFailed = 1;
    constexpr int kWrongUse = 2;
    try
    {
        const Command command = ParseCommandLine(std::vector<std::string>(argv + 1, argv + argc));
        RefuseOnRanks(command);
        return std::visit([](const auto& asked) { return Do(asked); }, command);
    }
    catch (const UsageError& error)
    {
        if (!IsFirstRank())
        {
            return 0; // of many that were all told the same: it is said once
        }
        fmt::print(stderr, "lanpeer-sim: {}\n", error.what());
        return kWrongUse;
    }
    catch (const ScenarioError& error)
    {
        fmt::print(stderr, "lanpeer-sim: {}\n", error.what());
        return kWrongUse;
    }
    catch (const lanpeer::analysis::StoreError& error)
    {
        fmt::print(stderr, "lanpeer-sim: {}\n", error.what());
        return kWrongUse;
    }
    catch (const std::exception& error)
    {
        fmt::print(stderr, "lanpeer-sim: {}\n", error.what());
        return kFailed;
    }
}
