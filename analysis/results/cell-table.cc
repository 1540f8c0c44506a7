#include "analysis/results/cell-table.h"

#include "analysis/figure-names.h"
#include "analysis/results/run-key.h"
#include "analysis/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>

namespace lanpeer::analysis
{

namespace
{

/// The replicates of one cell.
struct Sample
{
    std::vector<double> values;
    std::size_t runs = 0;
};

using Row = std::vector<std::string>;

/// What stands in the first columns, by path; "scenario" is one of them.
using Combination = std::map<std::string, std::string>;

/// All samples, rows and policies in the order of the file.
struct Cells
{
    std::vector<Combination> rows;
    std::vector<std::string> policies;
    std::map<std::pair<Combination, std::string>, Sample> samples;
    std::size_t failed = 0;
};

template <typename T>
void
AddNew(std::vector<T>& list, const T& item)
{
    if (std::find(list.begin(), list.end(), item) == list.end())
    {
        list.push_back(item);
    }
}

Cells
ReadCells(const ResultStore& store, const std::string& figure)
{
    Cells cells;
    store.ForEach({true, false, false},
                  [&](const StoredRun& run)
                  {
                      Combination here = run.key.parameters;
                      here["scenario"] = run.key.scenario;
                      if (cells.rows.empty() || cells.rows.back() != here)
                      {
                          cells.rows.push_back(here);
                      }
                      AddNew(cells.policies, run.key.policy);
                      Sample& sample = cells.samples[{here, run.key.policy}];
                      ++sample.runs;
                      if (run.metrics.empty())
                      {
                          ++cells.failed;
                          return;
                      }
                      const auto value = FigureOf(MetricsOf(run), figure);
                      if (value)
                      {
                          sample.values.push_back(*value);
                      }
                  });
    if (cells.rows.empty())
    {
        throw std::invalid_argument("no runs");
    }
    SortPolicies(cells.policies);
    return cells;
}

/// The paths of which more than one value was run.
std::vector<std::string>
Varied(const Cells& cells)
{
    std::map<std::string, std::set<std::string>> values;
    for (const auto& row : cells.rows)
    {
        for (const auto& [path, value] : row)
        {
            values[path].insert(value);
        }
    }
    std::vector<std::string> paths;
    for (const auto& [path, all] : values)
    {
        if (all.size() > 1)
        {
            paths.push_back(path);
        }
    }
    return paths;
}

/// Decimals that suit figures of that size.
int
DecimalsFor(double largest)
{
    const double size = std::abs(largest);
    return size >= 10000 ? 0 : size >= 1000 ? 1 : size >= 10 ? 2 : 3;
}

std::string
Text(const Sample& sample, int decimals)
{
    if (sample.values.empty())
    {
        return "-";
    }
    const Summary summary = Summarize(sample.values);
    std::string text = fmt::format("{:.{}f}", summary.mean, decimals);
    if (summary.halfWidth)
    {
        text += fmt::format(" ± {:.{}f}", *summary.halfWidth, decimals);
    }
    if (sample.values.size() < sample.runs)
    {
        text += fmt::format(" ({} of {})", sample.values.size(), sample.runs);
    }
    return text;
}

int
DecimalsOf(const Cells& cells)
{
    double largest = 0;
    for (const auto& [key, sample] : cells.samples)
    {
        for (const double value : sample.values)
        {
            largest = std::max(largest, std::abs(value));
        }
    }
    return DecimalsFor(largest);
}

/// "5 runs", or "2 to 40 runs" where cells have more or fewer.
std::string
RunsText(const Cells& cells)
{
    std::size_t fewest = cells.samples.begin()->second.runs;
    std::size_t most = fewest;
    for (const auto& [key, sample] : cells.samples)
    {
        fewest = std::min(fewest, sample.runs);
        most = std::max(most, sample.runs);
    }
    if (most == 1)
    {
        return "1 run of each, so no interval";
    }
    return fewest == most ? fmt::format("{} runs of each", most)
                          : fmt::format("{} to {} runs of each", fewest, most);
}

std::size_t
Width(const std::string& text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(),
                      text.end(),
                      [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// In columns; the first `left` to the left, the others to the right.
std::string
Aligned(const std::vector<Row>& rows, std::size_t left)
{
    std::vector<std::size_t> widths(rows.front().size(), 0);
    for (const Row& row : rows)
    {
        for (std::size_t i = 0; i < row.size(); ++i)
        {
            widths[i] = std::max(widths[i], Width(row[i]));
        }
    }
    std::string text;
    for (const Row& row : rows)
    {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i)
        {
            const std::string space(widths[i] - Width(row[i]), ' ');
            line += (i == 0 ? "" : "  ") + (i < left ? row[i] + space : space + row[i]);
        }
        text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
    }
    return text;
}

} // namespace

std::string
CellTable(const ResultStore& store, const std::string& figure)
{
    const Cells cells = ReadCells(store, figure);
    const std::vector<std::string> varied = Varied(cells);
    const int decimals = DecimalsOf(cells);
    std::vector<Row> rows;
    rows.push_back(varied);
    rows.back().insert(rows.back().end(), cells.policies.begin(), cells.policies.end());
    for (const auto& parameters : cells.rows)
    {
        Row row;
        for (const std::string& path : varied)
        {
            const auto value = parameters.find(path);
            row.push_back(value == parameters.end() ? "" : value->second);
        }
        for (const std::string& policy : cells.policies)
        {
            const auto sample = cells.samples.find({parameters, policy});
            row.push_back(sample == cells.samples.end() ? "-" : Text(sample->second, decimals));
        }
        rows.push_back(row);
    }
    const std::string name = store.Text("name").value_or(cells.rows.front().at("scenario"));
    std::string text = fmt::format("{}: {}; {}; mean ± half-width of its 95 % interval\n\n{}",
                                   name,
                                   figure,
                                   RunsText(cells),
                                   Aligned(rows, varied.size()));
    if (cells.failed > 0)
    {
        text += fmt::format("\nFailed, and in no figure: {}\n", cells.failed);
    }
    return text;
}

} // namespace lanpeer::analysis
