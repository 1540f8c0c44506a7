#pragma once

#include "scenarios/compare.h"
#include "scenarios/explore.h"
#include "scenarios/report.h"
#include "scenarios/sweep-command-line.h"
#include "scenarios/timing-command-line.h"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace lanpeer::scenario
{

/// `lanpeer-sim run SCENARIO ...`
struct RunCommand
{
    std::string scenario;                ///< a file or a name: LoadScenario() decides
    std::vector<std::string> sets;       ///< of --set, in their order, not yet judged
    std::optional<std::string> policies; ///< of --policy, not yet judged
    std::uint64_t seed = 1;              ///< 1 to 2^32 - 1, as ns-3 wants it
    std::uint64_t firstRun = 1;          ///< runs firstRun to lastRun: --run N is N to N,
    std::uint64_t lastRun = 1;           ///< --runs N is 1 to N
    std::optional<std::string> json;     ///< a file, or "-" for standard output
    std::optional<std::string> tape;     ///< a file, or with several runs or policies one for each
    std::optional<std::string> graph;    ///< likewise
    std::optional<std::string> anim;     ///< likewise
    std::optional<std::string> pcap;     ///< what file names begin with
    std::vector<std::string> pcapNodes;  ///< an index, "gateway" or "origin"; none: all of them
};

/// `lanpeer-sim list`
struct ListCommand
{
};

/// `lanpeer-sim keys`
struct KeysCommand
{
    bool json = false;
};

/// `lanpeer-sim reasons`
struct ReasonsCommand
{
    bool json = false;
};

/// `--help`: the text goes to standard output, exit 0.
struct HelpCommand
{
    std::string text;
};

using Command = std::variant<RunCommand,
                             ListCommand,
                             KeysCommand,
                             ReasonsCommand,
                             ExploreCommand,
                             CompareCommand,
                             SweepCommand,
                             MergeCommand,
                             TableCommand,
                             CsvCommand,
                             TimingCommand,
                             ReportCommand,
                             HelpCommand>;

/// Wrong use. what() is the one line for stderr; exit 2.
class UsageError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// Throws UsageError if two of the options (their name, and the file each names or "" for none)
/// name one file.
void RefuseOneFileTwice(const std::vector<std::pair<std::string, std::string>>& files);

/// \param arguments without the program's name
/// Throws UsageError. Files are not written.
Command ParseCommandLine(const std::vector<std::string>& arguments);

} // namespace lanpeer::scenario
