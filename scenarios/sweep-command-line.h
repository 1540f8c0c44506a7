#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CLI
{
class App;
} // namespace CLI

namespace lanpeer::scenario
{

/// `lanpeer-sim sweep SWEEP ...`
struct SweepCommand
{
    std::string sweep;              ///< a file or a name: LoadSweep() decides
    std::optional<std::string> out; ///< a folder; none: NAME.sweep
    unsigned parallel = 0;          ///< 0: one per processor
    bool dryRun = false;
    bool retryFailed = false;
    std::optional<double> untilCiPercent; ///< these three win over the file's until_ci
    std::optional<std::string> untilCiMetric;
    std::optional<std::uint64_t> runsMax;
    std::optional<double> rankSilenceS; ///< under MPI: after that a rank is given up
};

/// `lanpeer-sim merge INTO FROM...`: folders of sweeps, or their files.
struct MergeCommand
{
    std::string into;
    std::vector<std::string> from;
};

/// `lanpeer-sim csv DIR [-o FILE]`
struct CsvCommand
{
    std::string from;
    std::optional<std::string> file; ///< none: standard output
    bool reproducible = false;
};

/// `lanpeer-sim table DIR [--figure NAME]...`
struct TableCommand
{
    std::string from;
    std::vector<std::string> figures = {"copies", "finish_s.p95"};
};

/// What CLI11 hands over of them: texts, judged when all are there.
struct SweepTexts
{
    SweepCommand sweep;
    MergeCommand merge;
    CsvCommand csv;
    TableCommand table;
    std::string out;
    std::string parallel;
    std::string untilCi;
    std::string metric;
    std::string runsMax;
    std::string rankSilence;
    std::string csvFile;
};

/// Adds the commands to the program's. \p texts outlives the parsing.
void AddSweep(CLI::App& app, SweepTexts& texts);

/// Throw UsageError. Files are neither read nor written.
SweepCommand MakeSweep(const CLI::App& sweep, const SweepTexts& texts);
MergeCommand MakeMerge(const CLI::App& merge, const SweepTexts& texts);
TableCommand MakeTable(const CLI::App& table, const SweepTexts& texts);
CsvCommand MakeCsv(const CLI::App& csv, const SweepTexts& texts);

} // namespace lanpeer::scenario
