#include "scenarios/explore.h"

#include "model/explore/figures.h"
#include "model/explore/lane-counts.h"
#include "model/explore/named-lanes.h"
#include "model/settings/text.h"
#include "scenarios/command-line.h"
#include "scenarios/explore-output.h"
#include "scenarios/figure-files.h"
#include "scenarios/lane-of-options.h"
#include "scenarios/output-file.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <unistd.h>
#include <utility>

namespace lanpeer::scenario
{

using namespace settings;

namespace
{

/// One line on a terminal's standard error that says what is explored and how far it is, at most
/// once a second; nothing where standard error is no terminal.
class ExploringLine
{
  public:
    /// Shown at once; an empty text takes the line away.
    void Show(const std::string& text)
    {
        if (!m_terminal || (text.empty() && !m_shown))
        {
            return;
        }
        fmt::print(stderr, "\r\033[K{}", text);
        std::fflush(stderr);
        m_shown = !text.empty();
    }

    void Begin(const std::string& lane)
    {
        m_begin = Clock::now();
        m_last = m_begin;
        Show(lane);
    }

    void Heard(const std::string& lane, std::size_t states, std::size_t waiting)
    {
        const Clock::time_point now = Clock::now();
        if (now - m_last < std::chrono::seconds(1))
        {
            return;
        }
        m_last = now;
        const std::chrono::duration<double> since = now - m_begin;
        Show(fmt::format("{}: {} states, {} waiting, {:.0f} states/s",
                         lane,
                         states,
                         waiting,
                         static_cast<double>(states) / since.count()));
    }

  private:
    using Clock = std::chrono::steady_clock;

    bool m_terminal = isatty(STDERR_FILENO) == 1;
    bool m_shown = false;
    Clock::time_point m_begin;
    Clock::time_point m_last;
};

const explore::Lane&
Named(const std::string& name)
{
    if (const explore::NamedLane* lane = explore::FindLane(name))
    {
        return lane->lane;
    }
    std::vector<std::string> names;
    for (const explore::NamedLane& lane : explore::NamedLanes())
    {
        names.push_back(lane.name);
    }
    const auto nearest = Nearest(name, names);
    throw UsageError(fmt::format("{}: unknown lane{}; see lanpeer-sim explore --list",
                                 Quote(name),
                                 nearest ? " (did you mean " + *nearest + "?)" : ""));
}

std::vector<explore::Lane>
LanesOf(const ExploreCommand& command)
{
    std::vector<explore::Lane> lanes;
    for (const std::string& name : command.lanes)
    {
        lanes.push_back(Named(name));
    }
    if (command.all)
    {
        for (const explore::NamedLane& lane : explore::NamedLanes())
        {
            lanes.push_back(lane.lane);
        }
    }
    if (lanes.empty())
    {
        lanes.push_back(MakeLane(command.own));
    }
    for (explore::Lane& lane : lanes)
    {
        lane.stateLimit = command.limit.value_or(lane.stateLimit);
    }
    return lanes;
}

/// Explores one after the other; each is printed when it is done, unless only JSON is to be.
std::vector<ExploredLane>
ExploreAll(const std::vector<explore::Lane>& lanes, bool print)
{
    std::vector<ExploredLane> explored;
    ExploringLine line;
    for (const explore::Lane& lane : lanes)
    {
        line.Begin(lane.name);
        const explore::Rules rules(lane);
        explore::Explorer explorer(rules);
        explored.push_back({lane.name,
                            explorer.Run([&](std::size_t states, std::size_t waiting)
                                         { line.Heard(lane.name, states, waiting); })});
        line.Show("");
        if (print)
        {
            fmt::print("{}", ReportText(explored.back()));
            std::fflush(stdout);
        }
    }
    return explored;
}

std::string
CountsOf(const std::vector<ExploredLane>& explored)
{
    std::vector<explore::LaneCount> counts;
    for (const ExploredLane& lane : explored)
    {
        counts.push_back(explore::CountOf(lane.name, lane.report));
    }
    return explore::CountsMarkdown(counts);
}

/// Nothing is told by a story of which only the states were too many.
std::string
FirstStory(const std::vector<ExploredLane>& explored)
{
    for (const ExploredLane& lane : explored)
    {
        const auto& finding = lane.report.finding;
        if (finding && finding->violation.requirement != "limit")
        {
            return StoryText(lane.name, *finding);
        }
    }
    return {};
}

std::unique_ptr<OutputFile>
Open(const std::optional<std::string>& file)
{
    return file && *file != "-" ? std::make_unique<OutputFile>(*file) : nullptr;
}

void
Write(const std::unique_ptr<OutputFile>& file, const std::string& text)
{
    if (file)
    {
        file->Write(text);
        file->Finish();
    }
}

void
Commit(const std::unique_ptr<OutputFile>& file)
{
    if (file)
    {
        file->Commit();
    }
}

int
DrawFigures(const std::string& folder)
{
    ExploringLine line;
    std::vector<std::string> names;
    for (const explore::Figure& figure : explore::Figures())
    {
        names.push_back(figure.name);
    }
    const std::string differences =
        WriteFigures(folder, names, [&line](const std::string& what) { line.Show(what); });
    line.Show("");
    fmt::print("{}",
               differences.empty()
                   ? "The state graphs of the running code are FIG. 3, 4A and 4B, but for what is "
                     "listed in additions.md.\n"
                   : differences);
    return differences.empty() ? 0 : 1;
}

std::string_view
ListWord(explore::LaneList list)
{
    switch (list)
    {
    case explore::LaneList::Sanitized:
    case explore::LaneList::Tests:
        return "tests";
    case explore::LaneList::Long:
        return "long";
    }
    return "";
}

} // namespace

std::string
LanesText()
{
    std::size_t width = 0;
    for (const explore::NamedLane& lane : explore::NamedLanes())
    {
        width = std::max(width, lane.name.size());
    }
    std::string text;
    for (const explore::NamedLane& lane : explore::NamedLanes())
    {
        text +=
            fmt::format("{:<{}}  {:<5}  {}\n", lane.name, width, ListWord(lane.list), lane.about);
    }
    return text;
}

int
Explore(const ExploreCommand& command)
{
    if (command.list)
    {
        fmt::print("{}", LanesText());
        return 0;
    }
    if (command.figures)
    {
        return DrawFigures(*command.figures);
    }
    const std::vector<explore::Lane> lanes = LanesOf(command);
    // What can't be written is said before minutes of exploring, not after.
    const auto table = Open(command.table);
    const auto story = Open(command.story);
    const auto json = Open(command.json);
    const bool onlyJson = command.json == "-";
    const std::vector<ExploredLane> explored = ExploreAll(lanes, !onlyJson);
    const std::string told = FirstStory(explored);
    Write(table, CountsOf(explored));
    Write(story, told);
    Write(json, ReportsJson(explored));
    Commit(table);
    Commit(json);
    if (!told.empty())
    {
        Commit(story); // where nothing is wrong there is nothing to tell
    }
    if (onlyJson)
    {
        fmt::print("{}", ReportsJson(explored));
    }
    const bool complete =
        std::all_of(explored.begin(),
                    explored.end(),
                    [](const ExploredLane& lane) { return lane.report.complete; });
    return complete && std::fflush(stdout) == 0 ? 0 : 1;
}

} // namespace lanpeer::scenario
