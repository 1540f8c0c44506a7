#include "analysis/report/run-replay.h"

#include "analysis/report/json-figures.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace lanpeer::report
{

using Json = nlohmann::ordered_json;

namespace
{

constexpr int kInternet = -1;
constexpr int kHeld = -3;
constexpr std::size_t kUplinkSteps = 240;

struct Transfer
{
    double begun = 0;
    double ended = 0;
    int from = 0;
    int to = 0;
    std::size_t resource = 0;
    double bytes = 0;
    bool whole = false;
};

/// Where a node's first whole copy of a resource came from.
struct Copy
{
    int from = kHeld;
    double at = 0;
    std::size_t depth = 1;
};

using Copies = std::vector<std::optional<Copy>>; // by node

std::vector<Transfer>
TransfersOf(const Json& replay)
{
    std::vector<Transfer> transfers;
    for (const Json& one : replay.at("transfers"))
    {
        transfers.push_back({one.at(0).get<double>(),
                             one.at(1).get<double>(),
                             one.at(2).get<int>(),
                             one.at(3).get<int>(),
                             one.at(4).get<std::size_t>(),
                             one.at(5).get<double>(),
                             one.at(6).get<bool>()});
    }
    return transfers;
}

double
EndOf(const Json& replay, const std::vector<Transfer>& transfers)
{
    double end = 0;
    for (const Transfer& transfer : transfers)
    {
        end = std::max(end, transfer.ended);
    }
    for (const Json& ask : replay.at("asks"))
    {
        const Json& ended = ask.at(3);
        end = std::max(end, ended.is_null() ? ask.at(0).get<double>() : ended.get<double>());
    }
    return end;
}

/// A transfer's part of one step.
struct Slot
{
    std::size_t step = 0;
    double part = 0;     ///< of the step, 0 to 1: how long the transfer ran in it
    double kilobits = 0; ///< laid there
};

std::vector<Slot>
SlotsOf(const Transfer& transfer, double step)
{
    const auto stepOf = [step](double at)
    {
        return std::min(kUplinkSteps - 1, static_cast<std::size_t>(at / step));
    };
    std::vector<Slot> slots;
    for (std::size_t i = stepOf(transfer.begun); i <= stepOf(transfer.ended); ++i)
    {
        const double low = std::max(transfer.begun, static_cast<double>(i) * step);
        const double high = std::min(transfer.ended, static_cast<double>(i + 1) * step);
        slots.push_back({i, std::max(high - low, step * 1e-6) / step, 0});
    }
    return slots;
}

/// Lays the transfer's kilobits anew where there is least of the others', as water does: to one
/// level, in each step no faster than for the part that the transfer ran in it.
void
Pour(std::vector<Slot>& slots, double kilobits, std::vector<double>& load)
{
    for (Slot& slot : slots)
    {
        load[slot.step] -= slot.kilobits;
    }
    std::sort(slots.begin(),
              slots.end(),
              [&load](const Slot& left, const Slot& right)
              { return load[left.step] < load[right.step]; });
    double parts = 0;
    double weighed = 0; // sum of part x load of the steps under water
    double level = 0;
    for (std::size_t i = 0; i < slots.size(); ++i)
    {
        parts += slots[i].part;
        weighed += slots[i].part * load[slots[i].step];
        level = (kilobits + weighed) / parts;
        if (i + 1 == slots.size() || level <= load[slots[i + 1].step])
        {
            break;
        }
    }
    for (Slot& slot : slots)
    {
        slot.kilobits = slot.part * std::max(0.0, level - load[slot.step]);
        load[slot.step] += slot.kilobits;
    }
}

Json
UplinkJson(const std::vector<Transfer>& transfers, double end)
{
    constexpr double kKilobitsPerByte = 0.008;
    constexpr int kRounds = 12; // each brings it nearer to even
    const double step = end / static_cast<double>(kUplinkSteps);
    std::vector<double> load(kUplinkSteps, 0.0);
    std::vector<std::pair<std::vector<Slot>, double>> laid;
    for (const Transfer& transfer : transfers)
    {
        if (transfer.from == kInternet && step > 0)
        {
            laid.emplace_back(SlotsOf(transfer, step), transfer.bytes * kKilobitsPerByte);
        }
    }
    for (int round = 0; round < kRounds; ++round)
    {
        for (auto& [slots, kilobits] : laid)
        {
            Pour(slots, kilobits, load);
        }
    }
    Json kbps = Json::array();
    for (const double kilobits : load)
    {
        kbps.push_back(Short(step > 0 ? std::max(0.0, kilobits) / step : 0));
    }
    return {{"step_s", Short(step)}, {"kbps", std::move(kbps)}};
}

/// In the order in which transfers ended, so that a giver's copy is known before what came of it.
Copies
CopiesOf(const Json& replay, const std::vector<Transfer>& transfers, std::size_t resource)
{
    Copies copies(replay.at("nodes").get<std::size_t>());
    for (const Json& held : replay.at("held"))
    {
        if (held.at(1).get<std::size_t>() == resource)
        {
            copies.at(held.at(0).get<std::size_t>()) = Copy{};
        }
    }
    for (const Transfer& transfer : transfers)
    {
        const bool counts = transfer.whole && transfer.resource == resource && transfer.to >= 0;
        if (!counts || copies.at(static_cast<std::size_t>(transfer.to)))
        {
            continue;
        }
        std::size_t depth = 1;
        if (transfer.from >= 0)
        {
            const auto& giver = copies.at(static_cast<std::size_t>(transfer.from));
            depth = giver ? giver->depth + 1 : 2;
        }
        copies.at(static_cast<std::size_t>(transfer.to)) =
            Copy{transfer.from, transfer.ended, depth};
    }
    return copies;
}

Json
TreeJson(const Copies& copies)
{
    Json from = Json::array();
    Json at = Json::array();
    Json depth = Json::array();
    std::size_t sum = 0;
    std::size_t most = 0;
    std::size_t count = 0;
    std::vector<std::size_t> served(copies.size(), 0);
    for (const std::optional<Copy>& copy : copies)
    {
        from.push_back(copy ? Json(copy->from) : Json());
        at.push_back(copy ? Short(copy->at) : Json());
        depth.push_back(copy ? Json(copy->depth) : Json());
        if (copy && copy->from != kHeld)
        {
            sum += copy->depth;
            most = std::max(most, copy->depth);
            ++count;
        }
        if (copy && copy->from >= 0)
        {
            ++served.at(static_cast<std::size_t>(copy->from));
        }
    }
    const double mean = count == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(count);
    const auto servedMost = std::max_element(served.begin(), served.end());
    return {{"from", std::move(from)},
            {"at", std::move(at)},
            {"depth", std::move(depth)},
            {"mean_depth", count == 0 ? Json() : Short(mean)},
            {"max_depth", count == 0 ? Json() : Json(most)},
            {"served_most", servedMost == served.end() ? 0 : *servedMost}};
}

} // namespace

Json
RunReplayJson(const std::string& replay, std::size_t row, const std::string& command)
{
    try
    {
        Json object = Json::parse(replay);
        std::vector<Transfer> transfers = TransfersOf(object);
        const double end = EndOf(object, transfers);
        object["row"] = row;
        object["command"] = command;
        object["end_s"] = Short(end);
        object["uplink"] = UplinkJson(transfers, end);
        std::stable_sort(transfers.begin(),
                         transfers.end(),
                         [](const Transfer& left, const Transfer& right)
                         { return left.ended < right.ended; });
        Json trees = Json::array();
        for (std::size_t i = 0; i < object.at("resources").size(); ++i)
        {
            trees.push_back(TreeJson(CopiesOf(object, transfers, i)));
        }
        object["trees"] = std::move(trees);
        return object;
    }
    catch (const Json::exception&)
    {
        throw std::invalid_argument("its course in time is not as it was written");
    }
    catch (const std::out_of_range&)
    {
        throw std::invalid_argument("its course in time names a node that is not there");
    }
}

} // namespace lanpeer::report
