#include "analysis/finish-times.h"

#include <algorithm>
#include <cstddef>
#include <map>

namespace lanpeer::analysis
{

namespace
{

/// How far one node came: its first ask, and when each resource was there for the first time.
struct NodeProgress
{
    std::optional<std::int64_t> firstAskUs{};
    std::map<std::uint32_t, std::int64_t> thereAtUs{};
};

std::vector<NodeProgress>
ProgressByNode(const RunRecord& record)
{
    std::vector<NodeProgress> nodes(record.nodes.size());
    for (const Request& request : record.requests)
    {
        NodeProgress& node = nodes[request.node];
        node.firstAskUs = std::min(node.firstAskUs.value_or(request.askedAtUs), request.askedAtUs);
        if (IsFound(request.end))
        {
            // A request that failed may be followed by one that succeeds, and one that succeeded by
            // another: the first success counts.
            const auto [there, isFirst] =
                node.thereAtUs.try_emplace(request.resource, *request.endedAtUs);
            if (!isFirst)
            {
                there->second = std::min(there->second, *request.endedAtUs);
            }
        }
    }
    return nodes;
}

} // namespace

std::vector<std::optional<std::int64_t>>
FinishTimesUs(const RunRecord& record)
{
    const std::vector<NodeProgress> progress = ProgressByNode(record);
    std::vector<std::optional<std::int64_t>> timesUs(record.nodes.size());
    for (std::size_t i = 0; i < record.nodes.size(); ++i)
    {
        // CheckRecord saw to it that a node asked for nothing outside its set.
        const std::size_t wanted = record.nodes[i].wanted.size();
        if (wanted == 0 || progress[i].thereAtUs.size() < wanted)
        {
            continue;
        }
        std::int64_t lastUs = 0;
        for (const auto& [resource, thereAtUs] : progress[i].thereAtUs)
        {
            lastUs = std::max(lastUs, thereAtUs);
        }
        timesUs[i] = lastUs - *progress[i].firstAskUs;
    }
    return timesUs;
}

} // namespace lanpeer::analysis
