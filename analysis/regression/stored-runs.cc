#include "analysis/regression/stored-runs.h"

#include "analysis/metrics-json.h"
#include "analysis/regression/compared-metrics.h"
#include "model/settings/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
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
        Refuse(path, "is a folder without any .json");
    }
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files)
    {
        set.files.push_back(LoadFile(WholeLine(file.stem().string()), file.string()));
    }
    return set;
}

} // namespace lanpeer::regression
