#pragma once

#include "analysis/results/stored-run.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lanpeer::report
{

/// Shares of the nodes, in percent, at which curves over nodes are kept: 0, 2, ... 100.
constexpr std::size_t kCurvePoints = 51;

/// What a report needs of one run that is done.
struct Replicate
{
    std::uint64_t seed = 1;
    std::uint64_t run = 1;
    std::vector<std::optional<double>> values; ///< as Measures()
    /// Bytes served by the node at that share of the nodes, the one that served most first; empty:
    /// not known.
    std::vector<double> load;
    /// Seconds until that share of the nodes that wanted something had all of it; nullopt: it never
    /// was so many. Empty: not known.
    std::vector<std::optional<double>> finish;
};

/// Something that was varied, and its values in the order in which they are shown.
struct Axis
{
    std::string path;                ///< "lan.nodes"; "scenario"
    std::string label;               ///< for people: "number of nodes"; else the path
    std::string unit;                ///< "s"; empty: none
    std::vector<std::string> values; ///< as the sweep has them
    std::vector<double> numbers;     ///< the same; empty where one of them is no number
};

/// A setting: for each axis the place of its value.
using Setting = std::vector<std::size_t>;

/// The runs of one policy in one setting, by seed and run.
struct Cell
{
    Setting setting;
    std::size_t policy = 0; ///< of Sweep::policies
    std::vector<Replicate> runs;
    analysis::RunKey key; ///< of one of them
};

/// A run that gave nothing.
struct Failure
{
    std::size_t row = 0;
    std::string what; ///< its policy, parameters and run, for people
    int exitCode = 0;
    std::string errorText;
    std::string command;
};

/// The runs of a sweep, sorted into cells.
struct Sweep
{
    std::size_t rows = 0;
    std::size_t done = 0;
    std::size_t failed = 0;
    std::vector<std::string> scenarios;
    std::vector<std::string> policies; ///< from none to all of the rules
    std::vector<Axis> axes;
    std::map<std::string, std::string> fixed; ///< what was set, and to the same in all rows
    std::vector<Cell> cells;                  ///< by setting, then policy
    std::vector<Failure> failures;            ///< the first few
    std::string firstCommand;                 ///< of the first run that is done
};

/// Takes the rows of a store one after the other.
class SweepReader
{
  public:
    /// \p run has metrics and nodes. Throws std::invalid_argument, naming the row (they count from
    /// 1), if these are not as they were written.
    void Take(const analysis::StoredRun& run);

    Sweep Finish();

  private:
    struct Row
    {
        analysis::RunKey key;
        Replicate replicate;
    };

    void FindAxes();
    void FindPolicies();
    void FillCells();

    Sweep m_sweep;
    std::vector<Row> m_rows; ///< those that are done
};

/// The setting and policy of a run of that sweep; nullopt where it has no such.
std::optional<std::pair<Setting, std::size_t>> PlaceOf(const Sweep& sweep,
                                                       const analysis::RunKey& key);

/// The value of an axis in a run: a parameter, or its scenario. What was not set there is called
/// kNotSet.
std::string ValueOf(const analysis::RunKey& key, const std::string& path);
constexpr const char* kNotSet = "(not set)";

/// The setting to show first, with values given for some of the axes: the one with most cells, then
/// with the values nearest to the middle of theirs. `free` is an axis along which a figure goes
/// (its place in the result means nothing); nullopt: none. There is a cell at least.
Setting UsualSetting(const Sweep& sweep, std::optional<std::size_t> free = std::nullopt);

/// The cell there; nullptr: none.
const Cell* CellAt(const Sweep& sweep, const Setting& setting, std::size_t policy);

} // namespace lanpeer::report
