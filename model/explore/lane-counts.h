#pragma once

#include "model/explore/explorer.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::explore
{

/// What a lane's exploration came to, without the times: the same on any machine.
struct LaneCount
{
    std::string lane;
    std::size_t states = 0;
    std::size_t transitions = 0;
    std::size_t depth = 0;
    bool complete = false;
    bool delayOrdered = false; ///< complete, if it is, in that order only
};

LaneCount CountOf(const std::string& lane, const Report& report);

bool operator==(const LaneCount& left, const LaneCount& right);
bool operator!=(const LaneCount& left, const LaneCount& right);

/// The counts as a file of Markdown (results/explore.md): what it is, then a table of a row each.
std::string CountsMarkdown(const std::vector<LaneCount>& counts);

/// Reads the rows back. Lines that are no row of a name, three figures and a yes or no are passed
/// over.
std::vector<LaneCount> ReadCounts(std::string_view markdown);

/// The count of one lane, if it is among them.
std::optional<LaneCount> FindCount(const std::vector<LaneCount>& counts, std::string_view lane);

} // namespace lanpeer::explore
