#include "analysis/finish-times.h"

#include <algorithm>
#include <cstddef>
#include <map>

namespace lanpeer::analysis
{

namespace
{

/// One node's resources, by index: when each was there for the first time.
using ThereAtUs = std::map<std::uint32_t, std::int64_t>;

std::vector<ThereAtUs>
ThereByNode(const RunRecord& record)
{
    std::vector<ThereAtUs> nodes(record.nodes.size());
    for (const Request& request : record.requests)
    {
        if (!IsFound(request.end))
        {
            continue;
        }
        // A request that failed may be followed by one that succeeds, and one that succeeded by
        // another: the first success counts.
        const auto [there, isFirst] =
            nodes[request.node].try_emplace(request.resource, *request.endedAtUs);
        if (!isFirst)
        {
            there->second = std::min(there->second, *request.endedAtUs);
        }
    }
    return nodes;
}

} // namespace

std::optional<std::int64_t>
NodeRound::FinishUs() const
{
    return there == wanted && firstAskUs ? std::optional(lastThereUs - *firstAskUs) : std::nullopt;
}

std::vector<std::vector<NodeRound>>
RoundsByNode(const RunRecord& record)
{
    // CheckRecord saw to it that a node asked for nothing outside its set.
    const std::vector<ThereAtUs> there = ThereByNode(record);
    std::vector<std::map<std::uint32_t, NodeRound>> rounds(record.nodes.size());
    for (std::size_t node = 0; node < record.nodes.size(); ++node)
    {
        for (const std::uint32_t resource : record.nodes[node].wanted)
        {
            NodeRound& round = rounds[node][record.resources[resource].round];
            ++round.wanted;
            if (const auto at = there[node].find(resource); at != there[node].end())
            {
                ++round.there;
                round.lastThereUs = std::max(round.lastThereUs, at->second);
            }
        }
    }
    for (const Request& request : record.requests)
    {
        auto& firstUs = rounds[request.node][record.resources[request.resource].round].firstAskUs;
        firstUs = std::min(firstUs.value_or(request.askedAtUs), request.askedAtUs);
    }
    std::vector<std::vector<NodeRound>> byNode(record.nodes.size());
    for (std::size_t node = 0; node < record.nodes.size(); ++node)
    {
        for (const auto& [number, round] : rounds[node])
        {
            byNode[node].push_back(round);
        }
    }
    return byNode;
}

std::vector<std::optional<std::int64_t>>
FinishTimesUs(const RunRecord& record)
{
    std::vector<std::optional<std::int64_t>> timesUs;
    for (const std::vector<NodeRound>& rounds : RoundsByNode(record))
    {
        std::optional<std::int64_t> longestUs;
        for (const NodeRound& round : rounds)
        {
            const auto finishUs = round.FinishUs();
            if (!finishUs)
            {
                longestUs.reset();
                break;
            }
            longestUs = std::max(longestUs.value_or(*finishUs), *finishUs);
        }
        timesUs.push_back(longestUs);
    }
    return timesUs;
}

} // namespace lanpeer::analysis
