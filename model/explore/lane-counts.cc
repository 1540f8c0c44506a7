#include "model/explore/lane-counts.h"

#include <algorithm>
#include <fmt/format.h>
#include <sstream>

namespace lanpeer::explore
{

namespace
{

constexpr std::string_view kHead = R"(# Explored lanes

Every interleaving of the real state machines, lane by lane: `lanpeer-sim explore LANE` explores one,
`lanpeer-sim explore --list` says what each is about. Of a delay-ordered lane not every one, but all
in which no timer overtakes what is faster than it: an under-approximation, which reaches more nodes
and says nothing of the other orders. This table is written by

    build/bin/lanpeer-sim explore --all --table results/explore.md

and the tests hold every lane that they explore to its row.

Beyond reach, untimed and under policy robust: one that holds and two that ask while a transfer fails, a
content is refused or one crashes. Each was tried, and had more than 40 million states, the limit, at depth
23, 20 and 22; where nothing goes wrong the depth is 33. Delay-ordered, a loss, a failure and a crash meet
in three-one-holds-all-wrong-ordered.robust.

| lane | states | transitions | depth | complete |
|---|---:|---:|---:|---|
)";

constexpr std::string_view kDelayOrdered = ", delay-ordered";

} // namespace

LaneCount
CountOf(const std::string& lane, const Report& report)
{
    return {lane,
            report.states,
            report.transitions,
            report.depth,
            report.complete,
            report.delayOrdered};
}

bool
operator==(const LaneCount& left, const LaneCount& right)
{
    return left.lane == right.lane && left.states == right.states &&
           left.transitions == right.transitions && left.depth == right.depth &&
           left.complete == right.complete && left.delayOrdered == right.delayOrdered;
}

bool
operator!=(const LaneCount& left, const LaneCount& right)
{
    return !(left == right);
}

std::string
CountsMarkdown(const std::vector<LaneCount>& counts)
{
    std::string text(kHead);
    for (const LaneCount& count : counts)
    {
        text += fmt::format("| {} | {} | {} | {} | {}{} |\n",
                            count.lane,
                            count.states,
                            count.transitions,
                            count.depth,
                            count.complete ? "yes" : "no",
                            count.delayOrdered ? kDelayOrdered : "");
    }
    return text;
}

std::vector<LaneCount>
ReadCounts(std::string_view markdown)
{
    std::vector<LaneCount> counts;
    std::istringstream lines{std::string(markdown)};
    for (std::string line; std::getline(lines, line);)
    {
        std::replace(line.begin(), line.end(), '|', ' ');
        std::istringstream cells(line);
        LaneCount count;
        if (!(cells >> count.lane >> count.states >> count.transitions >> count.depth >> std::ws))
        {
            continue;
        }
        std::string complete;
        std::getline(cells, complete);
        complete.erase(complete.find_last_not_of(' ') + 1);
        const std::size_t behind =
            complete.size() - std::min(complete.size(), kDelayOrdered.size());
        count.delayOrdered = complete.compare(behind, std::string::npos, kDelayOrdered) == 0;
        complete.erase(count.delayOrdered ? behind : complete.size());
        if (complete == "yes" || complete == "no")
        {
            count.complete = complete == "yes";
            counts.push_back(count);
        }
    }
    return counts;
}

std::optional<LaneCount>
FindCount(const std::vector<LaneCount>& counts, std::string_view lane)
{
    const auto its = std::find_if(counts.begin(),
                                  counts.end(),
                                  [lane](const LaneCount& count) { return count.lane == lane; });
    return its == counts.end() ? std::nullopt : std::optional(*its);
}

} // namespace lanpeer::explore
