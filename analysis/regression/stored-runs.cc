#include "analysis/regression/stored-runs.h"

#include "analysis/metrics-json.h"
#include "analysis/regression/compared-metrics.h"
#include "analysis/results/result-store.h"
#include "analysis/results/run-key.h"
#include "model/settings/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string_view>
#include <system_error>

namespace lanpeer::regression
{

namespace
{

namespace fs = std::filesystem;
using settings::OneLine;
using settings::WholeLine;

[[noreturn]] void
Refuse(const std::string& path, const std::string& why)
{
    throw RunsError(fmt::format("{}: {}", WholeLine(path), why));
}

[[noreturn]] void
CannotBeRead(const std::string& path, int error)
{
    Refuse(path, fmt::format("cannot be read: {}", std::strerror(error)));
}

std::string
ReadText(const std::string& path)
{
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file)
    {
        CannotBeRead(path, errno);
    }
    std::string text;
    std::array<char, 65536> buffer{};
    while (file.read(buffer.data(), buffer.size()) || file.gcount() > 0)
    {
        text.append(buffer.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad())
    {
        CannotBeRead(path, errno == 0 ? EIO : errno);
    }
    return text;
}

/// What is printed of a run must not carry commands to a terminal or to who reads a log, and what
/// is written of it must be XML: names are kept as one line of plain text.
std::vector<analysis::Metrics>
ParseRuns(const std::string& path, const std::string& text)
{
    std::vector<analysis::Metrics> runs;
    try
    {
        runs = analysis::MetricsFromJsonText(text);
        for (const analysis::Metrics& run : runs)
        {
            FiguresOf(run); // what no run can have is refused here, by the file's name
        }
    }
    catch (const std::invalid_argument& error)
    {
        constexpr std::string_view kPrefix = "metrics: "; // of every such message
        std::string_view why = error.what();
        why.remove_prefix(why.substr(0, kPrefix.size()) == kPrefix ? kPrefix.size() : 0);
        Refuse(path, "is not what `lanpeer-sim run --json` writes: " + OneLine(why));
    }
    for (analysis::Metrics& run : runs)
    {
        run.scenario = WholeLine(run.scenario);
        run.policy = WholeLine(run.policy);
    }
    return runs;
}

StoredRuns
LoadFile(const std::string& name, const std::string& path)
{
    StoredRuns stored{name, WholeLine(path), ParseRuns(path, ReadText(path))};
    if (stored.runs.empty())
    {
        Refuse(path, "holds no run");
    }
    std::set<std::string> seen;
    for (const analysis::Metrics& run : stored.runs)
    {
        const std::string runName = RunName(run);
        if (!seen.insert(runName).second)
        {
            Refuse(path, "holds a run twice: " + runName);
        }
    }
    return stored;
}

/// "lan.nodes=20, uplink.preset=isdn"
std::string
SettingsText(const analysis::RunKey& key)
{
    std::string text;
    for (const auto& [path, value] : key.parameters)
    {
        text += (text.empty() ? "" : ", ") + path + "=" + value;
    }
    return WholeLine(text);
}

/// Without figures if it failed.
analysis::Metrics
RunOfRow(const std::string& path, const analysis::StoredRun& row)
{
    analysis::Metrics run;
    if (row.exitCode == 0)
    {
        const auto runs = ParseRuns(path + ": " + analysis::Describe(row.key), row.metrics);
        if (runs.size() != 1)
        {
            Refuse(path, "has a row that is not one run");
        }
        run = runs.front();
    }
    run.scenario = WholeLine(row.key.scenario);
    run.policy = WholeLine(row.key.policy);
    run.seed = row.key.seed;
    run.run = row.key.run;
    return run;
}

/// By what was set, in the order of the rows.
std::vector<StoredRuns>
LoadSweep(const std::string& path)
{
    std::vector<StoredRuns> cells;
    std::map<std::string, std::size_t> places;
    try
    {
        const analysis::ResultStore store(path, analysis::ResultStore::Access::Read);
        store.ForEach(
            {true, false, false},
            [&](const analysis::StoredRun& row)
            {
                const std::string name = SettingsText(row.key);
                const auto [place, isNew] = places.emplace(name, cells.size());
                if (isNew)
                {
                    cells.push_back({name, WholeLine(path), {}, {}});
                }
                StoredRuns& cell = cells[place->second];
                (row.exitCode == 0 ? cell.runs : cell.failed).push_back(RunOfRow(path, row));
            });
    }
    catch (const analysis::StoreError& error)
    {
        throw RunsError(error.what());
    }
    if (cells.empty())
    {
        Refuse(path, "holds no run");
    }
    return cells;
}

} // namespace

std::string
RunName(const analysis::Metrics& run)
{
    return fmt::format("{}, {}, seed {}, run {}", run.scenario, run.policy, run.seed, run.run);
}

RunSet
LoadRuns(const std::string& path)
{
    RunSet set{path, false, {}};
    std::error_code error;
    const fs::path sweep = fs::path(path) / analysis::kStoreFile;
    if (fs::exists(sweep, error))
    {
        set.isSweep = true;
        set.files = LoadSweep(sweep.string());
        return set;
    }
    set.isFolder = fs::is_directory(path, error);
    if (!set.isFolder)
    {
        set.files.push_back(LoadFile("", path));
        return set;
    }
    std::vector<fs::path> files;
    fs::directory_iterator entry(path, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error))
    {
        if (entry->path().extension() == ".json")
        {
            files.push_back(entry->path());
        }
    }
    if (error)
    {
        CannotBeRead(path, error.value());
    }
    if (files.empty())
    {
        Refuse(path, "is a folder without any .json, and without sweep.sqlite");
    }
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files)
    {
        set.files.push_back(LoadFile(WholeLine(file.stem().string()), file.string()));
    }
    return set;
}

} // namespace lanpeer::regression
