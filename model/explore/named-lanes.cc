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

constexpr std::size_t kStateLimit = 40'000'000;

enum class Who : std::uint8_t
{
    OneHoldsOneAsks,
    BothAsk,
    OneHoldsOneAsksTwice,  ///< two applications of one node, one of which may not wait
    WhoAsksHasNoAccess,    ///< as it is configured; the other may help
    WhoAsksFindsItHasNone, ///< it believes that it has
    OneHoldsTwoAsk,
    TwoHoldOneAsks,
    ThreeAsk,
    TwoMayHelpOneWithoutAccess,
    OneHoldsThreeAsk,
    TwoHoldTwoAsk,
    FourAsk,
    OneAsksInTurn,      ///< twice, the one not cacheable; a request at a time
    OneTransfersInTurn, ///< the same; two requests, a transfer at a time
};

/// One holds, one asks twice; neither request joins the other.
Lane
OneAsksInTurn(Policy policy, std::uint64_t requests)
{
    Lane lane = HoldersAndAskers(LaneConfig(policy), 1, 1);
    PeeringConfig narrow = *lane.configs[1];
    narrow.parallelRequests = requests;
    narrow.parallelTransfers = 1;
    lane.configs[1] = std::make_shared<const PeeringConfig>(narrow);
    RequestOptions uncacheable;
    uncacheable.cacheable = false;
    lane.wants.push_back({1, uncacheable});
    return lane;
}

/// Only the last node asks, and has no Internet access; nobody holds.
Lane
OneWithoutAccess(Policy policy, std::uint32_t others)
{
    Lane lane = HoldersAndAskers(LaneConfig(policy), others, 1);
    lane.holders.clear();
    PeeringConfig without = *lane.configs.back();
    without.internetAccess = false;
    lane.configs.back() = std::make_shared<const PeeringConfig>(without);
    return lane;
}

Lane
Nodes(Policy policy, Who who)
{
    switch (who)
    {
    case Who::OneHoldsOneAsks:
        return HoldersAndAskers(LaneConfig(policy), 1, 1);
    case Who::OneHoldsOneAsksTwice:
    {
        Lane lane = HoldersAndAskers(LaneConfig(policy), 1, 1);
        RequestOptions impatient;
        impatient.mayWait = false;
        lane.wants.push_back({1, impatient});
        return lane;
    }
    case Who::BothAsk:
        return HoldersAndAskers(LaneConfig(policy), 0, 2);
    case Who::WhoAsksHasNoAccess:
        return OneWithoutAccess(policy, 1);
    case Who::WhoAsksFindsItHasNone:
    {
        Lane lane = HoldersAndAskers(LaneConfig(policy), 1, 1);
        lane.holders.clear();
        lane.unreachable = {1};
        return lane;
    }
    case Who::OneHoldsTwoAsk:
        return HoldersAndAskers(LaneConfig(policy), 1, 2);
    case Who::TwoHoldOneAsks:
        return HoldersAndAskers(LaneConfig(policy), 2, 1);
    case Who::ThreeAsk:
        return HoldersAndAskers(LaneConfig(policy), 0, 3);
    case Who::TwoMayHelpOneWithoutAccess:
        return OneWithoutAccess(policy, 2);
    case Who::OneHoldsThreeAsk:
        return HoldersAndAskers(LaneConfig(policy), 1, 3);
    case Who::TwoHoldTwoAsk:
        return HoldersAndAskers(LaneConfig(policy), 2, 2);
    case Who::FourAsk:
        return HoldersAndAskers(LaneConfig(policy), 0, 4);
    case Who::OneAsksInTurn:
        return OneAsksInTurn(policy, 1);
    case Who::OneTransfersInTurn:
        return OneAsksInTurn(policy, 2);
    }
    return {};
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
    bool delayOrdered = false;
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
        {"two-one-at-a-time",
         "one asks twice and makes one request at a time; failures, one taken back, a deadline",
         LaneList::Sanitized,
         Who::OneAsksInTurn,
         Of({{&B::failures, 2}, {&B::cancels, 1}, {&B::deadlines, 1}})},
        {"two-transfers-in-turn",
         "one asks twice and fetches one at a time; a failure, one taken back, a deadline",
         LaneList::Sanitized,
         Who::OneTransfersInTurn,
         Of({{&B::failures, 1}, {&B::cancels, 1}, {&B::deadlines, 1}})},
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

/// Strangers, who hear all and hold nothing.
std::vector<Row>
StrangerRows()
{
    using B = Budgets;
    return {
        {"two-stranger-pretends",
         "one holds, one asks; a stranger pretends to download, three times (L6, L7)",
         LaneList::Sanitized,
         Who::OneHoldsOneAsks,
         Of({{&B::pretences, 3}, {&B::losses, 1}})},
        {"two-both-ask-stranger-pretends",
         "both ask; a stranger pretends to download (L6, L7)",
         LaneList::Tests,
         Who::BothAsk,
         Of({{&B::pretences, 1}})},
        {"two-both-ask-stranger-cancels",
         "both ask; a stranger sends \"I found\" for others, twice (L2)",
         LaneList::Tests,
         Who::BothAsk,
         Of({{&B::forgeries, 2}})},
    };
}

/// Three nodes, untimed.
std::vector<Row>
ThreeNodeRows()
{
    using B = Budgets;
    const std::vector<Policy> allButRobust{Policy::Fig4a, Policy::Fig4b};
    return {
        {"three-one-holds",
         "one holds, two ask, nothing goes wrong",
         LaneList::Tests,
         Who::OneHoldsTwoAsk,
         {}},
        {"three-one-holds-loss",
         "one holds, two ask and a packet is lost",
         LaneList::Tests,
         Who::OneHoldsTwoAsk,
         Of({{&B::losses, 1}}),
         allButRobust},
        {"three-one-holds-failure",
         "one holds, two ask and a transfer fails",
         LaneList::Tests,
         Who::OneHoldsTwoAsk,
         Of({{&B::failures, 1}}),
         allButRobust},
        {"three-one-holds-crash",
         "one holds, two ask and one crashes",
         LaneList::Tests,
         Who::OneHoldsTwoAsk,
         Of({{&B::crashes, 1}}),
         allButRobust},
        {"three-one-holds-all-wrong",
         "one holds, two ask, and all goes wrong",
         LaneList::Tests,
         Who::OneHoldsTwoAsk,
         Of({{&B::losses, 1},
             {&B::duplicates, 1},
             {&B::failures, 1},
             {&B::refusals, 1},
             {&B::crashes, 1}}),
         {Policy::Fig4a}},
        {"three-two-hold-all-wrong",
         "two hold, one asks; a loss, a duplicate, a failure and a crash meet",
         LaneList::Tests,
         Who::TwoHoldOneAsks,
         Of({{&B::losses, 1}, {&B::duplicates, 1}, {&B::failures, 1}, {&B::crashes, 1}})},
        {"three-two-hold-refusal",
         "two hold, one asks; a loss and a refusal meet",
         LaneList::Tests,
         Who::TwoHoldOneAsks,
         Of({{&B::losses, 1}, {&B::refusals, 1}})},
        {"three-all-ask",
         "three ask, nobody holds",
         LaneList::Tests,
         Who::ThreeAsk,
         {},
         {Policy::Fig4a}},
        {"three-one-holds-loss",
         "one holds, two ask and a packet is lost",
         LaneList::Long,
         Who::OneHoldsTwoAsk,
         Of({{&B::losses, 1}}),
         {Policy::Robust}},
    };
}

/// Three and four nodes, delay-ordered.
std::vector<Row>
OrderedRows()
{
    using B = Budgets;
    const std::vector<Policy> allButFig4a{Policy::Fig4b, Policy::Robust};
    const std::vector<Policy> all{Policy::Fig4a, Policy::Fig4b, Policy::Robust};
    return {
        {"three-one-holds-all-wrong-ordered",
         "one holds, two ask; a loss, a failure and a crash meet, delay-ordered",
         LaneList::Tests,
         Who::OneHoldsTwoAsk,
         Of({{&B::losses, 1}, {&B::failures, 1}, {&B::crashes, 1}}),
         all,
         true},
        {"three-all-ask-ordered",
         "three ask, nobody holds, delay-ordered",
         LaneList::Tests,
         Who::ThreeAsk,
         {},
         all,
         true},
        {"three-all-ask-loss-ordered",
         "three ask and a packet is lost, delay-ordered",
         LaneList::Tests,
         Who::ThreeAsk,
         Of({{&B::losses, 1}}),
         allButFig4a,
         true},
        {"three-two-may-help-ordered",
         "who asks has no Internet access, the other two may help, delay-ordered",
         LaneList::Tests,
         Who::TwoMayHelpOneWithoutAccess,
         {},
         {Policy::Robust},
         true},
        {"four-one-holds-ordered",
         "one holds, three ask, delay-ordered",
         LaneList::Tests,
         Who::OneHoldsThreeAsk,
         {},
         all,
         true},
        {"four-two-hold-loss-ordered",
         "two hold, two ask and a packet is lost, delay-ordered",
         LaneList::Tests,
         Who::TwoHoldTwoAsk,
         Of({{&B::losses, 1}}),
         all,
         true},
        {"four-all-ask-ordered",
         "four ask, nobody holds, delay-ordered",
         LaneList::Tests,
         Who::FourAsk,
         {},
         {Policy::Fig4a},
         true},
    };
}

void
Add(std::vector<NamedLane>& lanes, const std::vector<Row>& rows)
{
    for (const Row& row : rows)
    {
        for (const Policy policy : row.policies)
        {
            NamedLane named{fmt::format("{}.{}", row.name, ToString(policy)),
                            std::string(row.about),
                            row.list,
                            policy,
                            Nodes(policy, row.who)};
            named.lane.name = named.name;
            named.lane.budgets = row.budgets;
            named.lane.delayOrdered = row.delayOrdered;
            lanes.push_back(std::move(named));
        }
    }
}

std::vector<NamedLane>
MakeLanes()
{
    std::vector<NamedLane> lanes;
    Add(lanes, TwoNodeRows());
    Add(lanes, StrangerRows());
    Add(lanes, ThreeNodeRows());
    Add(lanes, OrderedRows());
    return lanes;
}

} // namespace

PeeringConfig
LaneConfig(Policy policy)
{
    PeeringConfig config = PeeringConfig::Defaults(policy);
    config.internetRetries = 1;
    config.reasks = 1;
    config.downloadWaits = 1;
    config.uploadSlots = 1;
    config.helperOrigins = {std::string(kHref.substr(0, kHref.rfind('/')))};
    return config;
}

Lane
HoldersAndAskers(const PeeringConfig& config, std::uint32_t holders, std::uint32_t askers)
{
    Lane lane;
    lane.stateLimit = kStateLimit;
    const auto shared = std::make_shared<const PeeringConfig>(config);
    for (std::uint32_t host = 0; host < holders + askers; ++host)
    {
        lane.configs.push_back(shared);
        if (host < holders)
        {
            lane.holders.push_back(host);
        }
        else
        {
            lane.wants.push_back({host, {}});
        }
    }
    return lane;
}

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
