#include "scenarios/explore-output.h"

#include "model/harness/script-file.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <variant>

namespace lanpeer::scenario
{

namespace
{

using Json = nlohmann::ordered_json;

Json
ViolationJson(const std::optional<explore::Finding>& finding)
{
    if (!finding)
    {
        return nullptr;
    }
    return {{"requirement", finding->violation.requirement},
            {"what", finding->violation.what},
            {"story", finding->story}};
}

} // namespace

std::string
ReportText(const ExploredLane& explored)
{
    return fmt::format(
        "{}: {}\n{}", explored.name, explored.report.Summary(), explored.report.Told());
}

std::string
ReportsJson(const std::vector<ExploredLane>& explored)
{
    Json array = Json::array();
    for (const ExploredLane& lane : explored)
    {
        const explore::Report& report = lane.report;
        array.push_back({{"lane", lane.name},
                         {"states", report.states},
                         {"transitions", report.transitions},
                         {"depth", report.depth},
                         {"complete", report.complete},
                         {"delay_ordered", report.delayOrdered},
                         {"violation", ViolationJson(report.finding)},
                         {"cpu_s", report.seconds},
                         {"states_per_s", report.StatesPerSecond()},
                         {"bytes_per_state", report.BytesPerState()}});
    }
    return array.dump(2) + "\n";
}

std::string
StoryText(const std::string& lane, const explore::Finding& finding)
{
    std::string text = fmt::format("# {}: {}\n# The shortest way there in the lane {}.\n"
                                   "# requirement: {}\n\n",
                                   finding.violation.requirement,
                                   finding.violation.what,
                                   lane,
                                   finding.violation.requirement);
    for (const std::string& line : finding.story)
    {
        const bool comment = line.rfind('#', 0) == 0;
        text += line + (comment ? "\n" : "\n----\n\n"); // the trace goes in between
    }
    const auto parsed = harness::ParseScript(text);
    if (const auto* file = std::get_if<harness::ScriptFile>(&parsed))
    {
        const auto run = harness::RunScript(*file);
        if (const auto* done = std::get_if<harness::ScriptRun>(&run))
        {
            return harness::RenderScript(done->file);
        }
    }
    return text;
}

} // namespace lanpeer::scenario
