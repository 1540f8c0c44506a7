#include "scenarios/report.h"

#include "analysis/report/page.h"
#include "analysis/report/report-model.h"
#include "analysis/report/store-source.h"
#include "analysis/results/result-store.h"
#include "analysis/shell-word.h"
#include "model/settings/text.h"
#include "scenarios/command-line.h"
#include "scenarios/output-file.h"
#include "scenarios/report-world.h"
#include "scenarios/scenario-file.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace lanpeer::scenario
{

using namespace settings;

namespace
{

namespace fs = std::filesystem;

/// The file of results that is meant by a folder of a sweep, or by itself.
fs::path
StoreOf(const std::string& folderOrFile)
{
    std::error_code ignored;
    const fs::path path = folderOrFile;
    return fs::is_directory(path, ignored) ? path / analysis::kStoreFile : path;
}

/// Beside the store, unless something else was asked for.
std::string
PageOf(const ReportCommand& command)
{
    return command.output.value_or(
        (StoreOf(command.source).parent_path() / "report.html").string());
}

/// What to type to have the sweep of that name: it came with the program, or is somebody's file.
std::string
GuessedCommand(const std::string& name)
{
    const auto isPlain = [](char c)
    {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
    };
    if (name.empty() || !std::all_of(name.begin(), name.end(), isPlain))
    {
        return {};
    }
    std::error_code ignored;
    const bool shipped = fs::exists(ScenarioFolder() / "sweeps" / (name + ".yaml"), ignored);
    return "lanpeer-sim sweep " + name + (shipped ? "" : ".yaml");
}

/// What to type to have the whole report again.
std::string
CommandOf(const analysis::ResultStore& store, const ReportCommand& command)
{
    const auto sweep = store.Text("command");
    if (!sweep || sweep->empty())
    {
        return GuessedCommand(store.Text("name").value_or(""));
    }
    std::string report = " && lanpeer-sim report " + analysis::ShellPath(command.source);
    if (command.output)
    {
        report += " -o " + analysis::ShellPath(*command.output);
    }
    if (command.replayRow)
    {
        report += fmt::format(" --replay {}", *command.replayRow);
    }
    return *sweep + report;
}

nlohmann::ordered_json
ModelOf(const ReportCommand& command)
{
    const fs::path file = StoreOf(command.source);
    std::error_code ignored;
    if (!fs::exists(file, ignored))
    {
        const bool isFolder = file != fs::path(command.source);
        throw UsageError(fmt::format("{}: {}; expected the folder of a sweep, or its {}",
                                     OneLine(command.source),
                                     isFolder ? std::string("no ") + analysis::kStoreFile + " in it"
                                              : "is not there",
                                     analysis::kStoreFile));
    }
    try
    {
        const analysis::ResultStore store(file, analysis::ResultStore::Access::Read);
        report::RunSource source = report::SourceOf(store);
        source.command = CommandOf(store, command);
        if (const auto text = store.Text("scenario"))
        {
            source.world = [text](const analysis::RunKey& key)
            {
                return ReportWorld(*text, key);
            };
        }
        return report::BuildModel(source, command.replayRow);
    }
    catch (const analysis::StoreError& error)
    {
        throw UsageError(error.what());
    }
    catch (const report::ReportError& error)
    {
        throw UsageError(fmt::format("{}: {}", OneLine(file.string()), error.what()));
    }
    catch (const std::invalid_argument& error)
    {
        throw UsageError(fmt::format("{}: {}", OneLine(file.string()), OneLine(error.what())));
    }
}

} // namespace

int
Report(const ReportCommand& command)
{
    const std::string path = PageOf(command);
    const nlohmann::ordered_json model = ModelOf(command);
    OutputFile file(path);
    const std::string page = report::MakePage(model);
    file.Write(page);
    file.Finish();
    file.Commit();
    constexpr double kBytesPerMb = 1e6;
    const auto runs = model.at("rows").get<std::size_t>();
    fmt::print("{}: {} run{}, {:.1f} MB\n",
               path,
               runs,
               runs == 1 ? "" : "s",
               static_cast<double>(page.size()) / kBytesPerMb);
    return std::fflush(stdout) == 0 ? 0 : 1;
}

} // namespace lanpeer::scenario
