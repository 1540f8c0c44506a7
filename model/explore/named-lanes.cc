#include "model/explore/named-lanes.h"

#include <algorithm>
#include <fmt/format.h>
#include <initializer_list>
#include <memory>
#include <utility>

namespace lanpeer::explore
{

namespace
{

constexpr std::size_t kStateLimit = 20'000'000;

/// Small bounds, so that what repeats needs not repeat often.
std::shared_ptr<const PeeringConfig>
ConfigOf(Policy policy)
{
    PeeringConfig config = PeeringConfig::Defaults(policy);
    config.internetRetries = 1;
    config.reasks = 1;
    config.downloadWaits = 1;
    config.uploadSlots = 1;
    config.helperOrigins = {"http://origin.test"};
    return std::make_shared<const PeeringConfig>(config);
}

enum class Who : std::uint8_t
{
    OneHoldsOneAsks,
    BothAsk,
    OneHoldsOneAsksTwice,  ///< two applications of one node, one of which may not wait
    WhoAsksHasNoAccess,    ///< as it is configured; the other may help
    WhoAsksFindsItHasNone, ///< it believes that it has
};

/// Two nodes, as the policy has them.
Lane
TwoNodes(Policy policy, Who who)
{
    Lane lane;
    lane.configs = {ConfigOf(policy), ConfigOf(policy)};
    lane.stateLimit = kStateLimit;
    lane.wants = {{1, {}}};
    switch (who)
    {
    case Who::OneHoldsOneAsks:
        lane.holders = {0};
        break;
    case Who::OneHoldsOneAsksTwice:
    {
        lane.holders = {0};
        RequestOptions impatient;
        impatient.mayWait = false;
        lane.wants.push_back({1, impatient});
        break;
    }
    case Who::BothAsk:
        lane.wants.push_back({0, {}});
        break;
    case Who::WhoAsksHasNoAccess:
    {
        PeeringConfig without = *lane.configs[1];
        without.internetAccess = false;
        lane.configs[1] = std::make_shared<const PeeringConfig>(without);
        break;
    }
    case Who::WhoAsksFindsItHasNone:
        lane.unreachable = {1};
        break;
    }
    return lane;
}

Budgets
Of(std::initializer_list<std::pair<Budget, std::uint8_t>> given)
{
    Budgets budgets;
    for (const auto& [budget, count] : given)
    {
        budgets.*budget = count;
    }
    return budgets;
}

/// A lane of every policy, or of some.
struct Row
{
    std::string_view name;
    std::string_view about;
    LaneList list = LaneList::Sanitized;
    Who who = Who::BothAsk;
    Budgets budgets;
    std::vector<Policy> policies{Policy::Fig4a, Policy::Fig4b, Policy::Robust};
};

/// Two nodes, untimed: any packet may overtake, any timer may run out at any time, and what the
/// budgets allow goes wrong.
std::vector<Row>
TwoNodeRows()
{
    using B = Budgets;
    return {
        {"two-one-holds-all-wrong",
         "one holds, one asks, and all goes wrong",
         LaneList::Sanitized,
         Who::OneHoldsOneAsks,
         Of({{&B::losses, 2},
             {&B::duplicates, 1},
             {&B::failures, 1},
             {&B::refusals, 1},
             {&B::crashes, 1},
             {&B::halves, 1},
             {&B::verdicts, 1},
             {&B::forgeries, 1}})},
        {"two-both-ask-loss",
         "both ask and two packets are lost",
         LaneList::Sanitized,
         Who::BothAsk,
         Of({{&B::losses, 2}})},
        {"two-both-ask-duplicate",
         "both ask and a packet comes twice",
         LaneList::Sanitized,
         Who::BothAsk,
         Of({{&B::duplicates, 1}})},
        {"two-both-ask-failure",
         "both ask, a transfer fails and a packet is lost",
         LaneList::Sanitized,
         Who::BothAsk,
         Of({{&B::failures, 1}, {&B::losses, 1}})},
        {"two-both-ask-refusal",
         "both ask and a content is refused",
         LaneList::Sanitized,
         Who::BothAsk,
         Of({{&B::refusals, 1}})},
        {"two-both-ask-crash",
         "both ask and one crashes",
         LaneList::Sanitized,
         Who::BothAsk,
         Of({{&B::crashes, 1}})},
        {"two-both-ask-patience",
         "both ask, patience ends and a packet is lost",
         LaneList::Sanitized,
         Who::BothAsk,
         Of({{&B::patience, 1}, {&B::losses, 1}})},
        {"two-both-ask-deadline",
         "both ask and a deadline passes",
         LaneList::Sanitized,
         Who::BothAsk,
         Of({{&B::deadlines, 1}})},
        {"two-both-ask-cancel",
         "both ask and one takes it back",
         LaneList::Sanitized,
         Who::BothAsk,
         Of({{&B::cancels, 1}})},
        {"two-asks-twice-cancel",
         "one holds, one asks twice (once unwilling to wait) and takes it back",
         LaneList::Sanitized,
         Who::OneHoldsOneAsksTwice,
         Of({{&B::cancels, 2}, {&B::losses, 1}, {&B::failures, 1}})},
        {"two-no-access",
         "who asks has no Internet access; the other may help, fail, or it takes it back",
         LaneList::Sanitized,
         Who::WhoAsksHasNoAccess,
         Of({{&B::backOffs, 1}, {&B::failures, 1}, {&B::cancels, 1}})},
        {"two-finds-no-access",
         "who asks finds that it has no Internet access",
         LaneList::Sanitized,
         Who::WhoAsksFindsItHasNone,
         Of({{&B::backOffs, 1}})},
        {"two-both-ask-loss-failure-crash",
         "both ask; a loss, a failure and a crash meet",
         LaneList::Tests,
         Who::BothAsk,
         Of({{&B::losses, 1}, {&B::failures, 1}, {&B::crashes, 1}})},
        {"two-both-ask-loss-duplicate-failure-crash",
         "both ask; a loss, a duplicate, a failure and a crash meet",
         LaneList::Tests,
         Who::BothAsk,
         Of({{&B::losses, 1}, {&B::duplicates, 1}, {&B::failures, 1}, {&B::crashes, 1}}),
         {Policy::Fig4a, Policy::Fig4b}},
        // Under robust all four at once are more than 20 million states. It has them in the lane of
        // two-one-holds-all-wrong; here a duplicate and a failure, above the other three.
        {"two-both-ask-duplicate-failure",
         "both ask; a duplicate and a failure meet",
         LaneList::Tests,
         Who::BothAsk,
         Of({{&B::duplicates, 1}, {&B::failures, 1}}),
         {Policy::Robust}},
    };
}

std::vector<NamedLane>
MakeLanes()
{
    std::vector<NamedLane> lanes;
    for (const Row& row : TwoNodeRows())
    {
        for (const Policy policy : row.policies)
        {
            NamedLane named{fmt::format("{}.{}", row.name, ToString(policy)),
                            std::string(row.about),
                            row.list,
                            TwoNodes(policy, row.who)};
            named.lane.name = named.name;
            named.lane.budgets = row.budgets;
            lanes.push_back(std::move(named));
        }
    }
    return lanes;
}

} // namespace

const std::vector<NamedLane>&
NamedLanes()
{
    static const std::vector<NamedLane> lanes = MakeLanes();
    return lanes;
}

const NamedLane*
FindLane(std::string_view name)
{
    const auto& lanes = NamedLanes();
    const auto its = std::find_if(
        lanes.begin(), lanes.end(), [name](const NamedLane& lane) { return lane.name == name; });
    return its == lanes.end() ? nullptr : &*its;
}

} // namespace lanpeer::explore
