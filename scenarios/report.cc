#include "scenarios/report.h"

#include "analysis/report/page.h"
#include "analysis/report/report-model.h"
#include "analysis/report/store-source.h"
#include "analysis/results/result-store.h"
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

/// What to type to have the sweep of that name: it came with the program, or is somebody's file.
std::string
CommandOf(const std::string& name)
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

nlohmann::ordered_json
ModelOf(const ReportCommand& command)
{
    const fs::path file = fs::path(command.folder) / analysis::kStoreFile;
    std::error_code ignored;
    if (!fs::exists(file, ignored))
    {
        throw UsageError(fmt::format("{}: no {} in it; expected the folder of a sweep",
                                     OneLine(command.folder),
                                     analysis::kStoreFile));
    }
    try
    {
        const analysis::ResultStore store(file, analysis::ResultStore::Access::Read);
        report::RunSource source = report::SourceOf(store);
        source.command = CommandOf(source.name);
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
    const std::string path =
        command.output.value_or((fs::path(command.folder) / "report.html").string());
    const nlohmann::ordered_json model = ModelOf(command);
    OutputFile file(path);
    const std::string page = report::MakePage(model);
    file.Write(page);
    file.Finish();
    file.Commit();
    constexpr double kBytesPerMb = 1e6;
    fmt::print("{}: {} runs, {:.1f} MB\n",
               path,
               model.at("rows").get<std::size_t>(),
               static_cast<double>(page.size()) / kBytesPerMb);
    return std::fflush(stdout) == 0 ? 0 : 1;
}

} // namespace lanpeer::scenario
