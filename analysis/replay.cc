#include "analysis/replay.h"

#include "analysis/metrics-json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace lanpeer::analysis
{

namespace
{

using Json = nlohmann::ordered_json;

double
Seconds(std::int64_t us)
{
    constexpr double kUsPerS = 1e6;
    return RoundedForJson(static_cast<double>(us) / kUsPerS);
}

int
Number(Place place)
{
    switch (place.kind)
    {
    case Place::Kind::Internet:
        return -1;
    case Place::Kind::Proxy:
        return -2;
    case Place::Kind::Node:
        break;
    }
    return static_cast<int>(place.node);
}

std::string_view
Word(RequestEnd end)
{
    switch (end)
    {
    case RequestEnd::Running:
        return "running";
    case RequestEnd::FoundLocal:
        return "local";
    case RequestEnd::FoundPeer:
        return "peer";
    case RequestEnd::FoundInternet:
        return "internet";
    case RequestEnd::Failed:
        break;
    }
    return "failed";
}

/// The indices of `items`, in the order of their times, those of one instant as they stand.
template <typename Item, typename Time>
std::vector<std::size_t>
InOrder(const std::vector<Item>& items, Time time)
{
    std::vector<std::size_t> order(items.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(),
                     order.end(),
                     [&items, &time](std::size_t left, std::size_t right)
                     { return time(items[left]) < time(items[right]); });
    return order;
}

Json
Resources(const RunRecord& record)
{
    Json resources = Json::array();
    for (const Resource& resource : record.resources)
    {
        const std::string name = resource.href.substr(resource.href.rfind('/') + 1);
        resources.push_back({{"name", name}, {"bytes", resource.bytes}});
    }
    return resources;
}

/// What nodes sent that they had not received before.
Json
Held(const RunRecord& record)
{
    std::set<std::pair<std::uint32_t, std::uint32_t>> received;
    std::set<std::pair<std::uint32_t, std::uint32_t>> held;
    for (const Transfer& transfer : record.transfers) // in the order in which they ended
    {
        if (transfer.from.kind == Place::Kind::Node &&
            received.count({transfer.from.node, transfer.resource}) == 0)
        {
            held.emplace(transfer.from.node, transfer.resource);
        }
        if (transfer.to.kind == Place::Kind::Node && transfer.completedTheCopy)
        {
            received.emplace(transfer.to.node, transfer.resource);
        }
    }
    Json list = Json::array();
    for (const auto& [node, resource] : held)
    {
        list.push_back({node, resource});
    }
    return list;
}

Json
Asks(const RunRecord& record)
{
    Json asks = Json::array();
    for (const std::size_t i :
         InOrder(record.requests, [](const Request& request) { return request.askedAtUs; }))
    {
        const Request& request = record.requests[i];
        asks.push_back({Seconds(request.askedAtUs),
                        request.node,
                        request.resource,
                        request.endedAtUs ? Json(Seconds(*request.endedAtUs)) : Json(nullptr),
                        Word(request.end)});
    }
    return asks;
}

Json
Transfers(const RunRecord& record)
{
    Json transfers = Json::array();
    for (const std::size_t i :
         InOrder(record.transfers, [](const Transfer& transfer) { return transfer.begunAtUs; }))
    {
        const Transfer& transfer = record.transfers[i];
        transfers.push_back({Seconds(transfer.begunAtUs),
                             Seconds(transfer.endedAtUs),
                             Number(transfer.from),
                             Number(transfer.to),
                             transfer.resource,
                             transfer.bodyBytes,
                             transfer.completedTheCopy});
    }
    return transfers;
}

} // namespace

std::string
ReplayJson(const RunRecord& record)
{
    CheckRecord(record);
    Json object;
    object["scenario"] = record.scenario;
    object["policy"] = record.policy;
    object["seed"] = record.seed;
    object["run"] = record.run;
    object["nodes"] = record.nodes.size();
    object["simulated_s"] = Seconds(record.simulatedUs);
    object["resources"] = Resources(record);
    object["held"] = Held(record);
    object["asks"] = Asks(record);
    object["transfers"] = Transfers(record);
    // A scenario file's name may be any bytes: replaced where they are not UTF-8, not thrown at.
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace lanpeer::analysis
