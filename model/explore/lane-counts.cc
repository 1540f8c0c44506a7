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
`lanpeer-sim explore --list` says what each is about. This table is written by

    build/bin/lanpeer-sim explore --all --table results/explore.md

and the tests hold every lane that they explore to its row.

| lane | states | transitions | depth | complete |
|---|---:|---:|---:|---|
)";

} // namespace

LaneCount
CountOf(const std::string& lane, const Report& report)
{
    return {lane, report.states, report.transitions, report.depth, report.complete};
}

bool
operator==(const LaneCount& left, const LaneCount& right)
{
    return left.lane == right.lane && left.states == right.states &&
           left.transitions == right.transitions && left.depth == right.depth &&
           left.complete == right.complete;
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
        text += fmt::format("| {} | {} | {} | {} | {} |\n",
                            count.lane,
                            count.states,
                            count.transitions,
                            count.depth,
                            count.complete ? "yes" : "no");
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
        std::string complete;
        if (cells >> count.lane >> count.states >> count.transitions >> count.depth >> complete &&
            (complete == "yes" || complete == "no"))
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
