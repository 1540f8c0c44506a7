#include "scenarios/report.h"

#include "analysis/report/page.h"
#include "analysis/report/report-model.h"
#include "analysis/report/store-source.h"
#include "analysis/results/result-store.h"
#include "model/settings/text.h"
#include "scenarios/command-line.h"
#include "scenarios/output-file.h"
#include "scenarios/scenario-file.h"
#include "scenarios/scenario-reader.h"
#include "scenarios/scenario.h"

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

std::optional<analysis::Arrivals>
ArrivalsOf(Arrival arrival)
{
    switch (arrival)
    {
    case Arrival::Simultaneous:
        return analysis::Arrivals::Simultaneous;
    case Arrival::Uniform:
        return analysis::Arrivals::Uniform;
    case Arrival::Poisson:
        return analysis::Arrivals::Poisson;
    case Arrival::Morning:
        break;
    }
    return std::nullopt;
}

/// Where the closed forms of copies hold.
std::optional<analysis::CopiesCase>
CopiesCaseOf(const Scenario& scenario, const PeeringConfig& config)
{
    const Workload& workload = scenario.workload;
    const auto arrivals = ArrivalsOf(workload.arrival);
    const bool everybodyAsks = workload.holders == 0 && !workload.requesters && workload.days == 0;
    const bool ownRules =
        std::any_of(scenario.protocol.begin(),
                    scenario.protocol.end(),
                    [](const auto& set) { return set.first.rfind("rules.", 0) == 0; });
    if (!arrivals || !everybodyAsks || ownRules || scenario.lan.loss > 0 ||
        scenario.internet.kind != InternetNodes::Kind::All)
    {
        return std::nullopt;
    }
    constexpr double kMsPerS = 1000;
    analysis::CopiesCase copies;
    copies.arrivals = *arrivals;
    copies.nodes = scenario.lan.nodes;
    copies.windowMs = workload.windowS * kMsPerS;
    copies.delayMaxMs = static_cast<double>(config.responseDelayMs);
    copies.allowanceMs = static_cast<double>(config.transmissionAllowanceMs);
    return copies;
}

/// What is known of the scenario of a run, whose file the store has kept; nullopt: it is another
/// version's.
std::optional<report::World>
WorldOf(const std::string& scenarioText, const analysis::RunKey& key)
{
    try
    {
        ScenarioReader reader("scenario");
        reader.ReadText("scenario", scenarioText);
        for (const auto& [path, value] : key.parameters)
        {
            reader.Set(path + "=" + value);
        }
        const Scenario scenario = reader.Finish();
        const PeeringConfig config = ConfigFor(scenario, PolicyChoice::Robust);
        report::World world;
        world.holders = scenario.workload.days > 0 ? 0 : scenario.workload.holders;
        world.delayMs = static_cast<double>(config.responseDelayMs);
        world.latencyUs = scenario.lan.latencyUs;
        world.rateMbps = scenario.lan.rateMbps;
        world.copies = CopiesCaseOf(scenario, config);
        world.uplinkKbps = UplinkOf(scenario).downKbps;
        for (const Resource& resource : scenario.workload.resources)
        {
            world.resourceBytes.push_back(static_cast<double>(resource.bytes));
        }
        return world;
    }
    catch (const ScenarioError&)
    {
        return std::nullopt;
    }
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
                return WorldOf(*text, key);
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
