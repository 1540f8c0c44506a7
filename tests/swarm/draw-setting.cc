#include "tests/swarm/random.h"
#include "tests/swarm/setting.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

// What a seed decides before the run.

namespace lanpeer::swarm
{

namespace
{

constexpr std::uint32_t kMostNodes = 12;
constexpr std::uint32_t kMostWants = 24; ///< of one node: the monitor keeps account of 32

/// What a parameter may be drawn to be: bounds so small that they are met, waits so short that they
/// end.
struct Range
{
    std::string_view key;
    std::uint64_t perMille; ///< how often it is drawn at all
    std::vector<std::uint64_t> values;
};

const std::vector<Range>&
Ranges()
{
    static const std::vector<Range> ranges{
        {"response_delay_ms", 500, {0, 1, 50, 200, 500, 1000, 5000}},
        {"transmission_allowance_ms", 300, {0, 1, 20, 50, 500, 1000}},
        {"progress_interval_ms", 300, {50, 100, 300, 2000}},
        {"download_stall_intervals", 300, {1, 2, 3}},
        {"peer_stall_ms", 500, {600, 1000, 3000}},
        {"internet_stall_ms", 700, {600, 2000, 5000, 20000}},
        {"parallel_requests", 300, {1, 2, 3}},
        {"parallel_transfers", 300, {1, 2, 3}},
        {"internet_retries", 300, {0, 1, 2, 3}},
        {"reasks", 300, {0, 1, 2, 3}},
        {"request_deadline_s", 100, {1, 5, 20, 60}},
        {"longest_wait_s", 600, {1, 3, 10, 30}},
        {"download_waits", 300, {0, 1, 2, 10}},
        {"upload_slots", 400, {1, 2}},
        {"busy_hint_ms", 300, {1, 100, 3000, 20000}},
        {"busy_believed_ms", 200, {1, 200, 1000}},
        {"pending_requests", 300, {1, 2, 3, 4}},
        {"waiters", 200, {1, 2}},
        {"ended_requests", 300, {2, 3, 4, 5}},
        {"remembered_holders", 300, {1, 2, 3}},
        {"access_retry_s", 600, {1, 3, 10, 60}},
        {"broadcast_i_have", 100, {1}},
        {"progress_to_waiters", 100, {1}},
        {"ask_uncacheable", 100, {1}},
        {"require_lock", 50, {1}},
        {"client", 30, {0}},
        {"server", 60, {0}},
    };
    return ranges;
}

void
DrawChange(Setting& setting, Random& random, std::string_view key, std::uint64_t value)
{
    Change change;
    change.number = static_cast<std::uint32_t>(setting.changes.size() + 1);
    if (random.Chance(400))
    {
        change.host = static_cast<std::uint32_t>(random.Below(setting.nodes.size()));
    }
    change.key = key;
    change.value = value;
    Setting with = setting;
    with.changes.push_back(change);
    for (const auto& config : ConfigsOf(with))
    {
        if (CheckConfig(*config))
        {
            return; // a rule on without what it needs: no such node starts
        }
    }
    setting = std::move(with);
}

void
DrawNodes(Setting& setting, Random& random)
{
    // Small worlds more often: more of what happens concerns the same few.
    const std::uint64_t most = random.OneOf({3, 5, 8, kMostNodes});
    const std::uint64_t count = random.Between(2, most);
    const bool mixed = random.Chance(250);
    const bool cutOff = random.Chance(400); // some have no access
    const auto policyOf = [&random]
    {
        return random.Chance(600) ? Policy::Robust : static_cast<Policy>(random.Below(2));
    };
    const Policy policy = policyOf();
    for (std::uint64_t i = 0; i < count; ++i)
    {
        Node node;
        node.policy = mixed ? policyOf() : policy;
        node.access = !cutOff || random.Chance(500);
        node.liar = random.Chance(80);
        node.allows = !random.Chance(100);
        node.named = random.Chance(100) ? static_cast<std::uint32_t>(random.Below(16) << 1 | 1) : 0;
        setting.nodes.push_back(node);
    }
    for (const Range& range : Ranges())
    {
        if (random.Chance(range.perMille))
        {
            DrawChange(setting, random, range.key, range.values[random.Below(range.values.size())]);
        }
    }
    if (cutOff)
    {
        // Who has no access may go on asking until its deadline: a day of that is long to run.
        setting.changes.push_back({static_cast<std::uint32_t>(setting.changes.size() + 1),
                                   std::nullopt,
                                   "request_deadline_s",
                                   random.OneOf({20, 120, 400})});
    }
    for (const Parameter& parameter : ParameterTable())
    {
        const bool isRule = parameter.key.substr(0, 6) == "rules.";
        if (isRule && random.Chance(80))
        {
            DrawChange(setting, random, parameter.key, random.Below(2));
        }
    }
}

void
DrawResources(Setting& setting, Random& random)
{
    const std::uint64_t count = random.Between(1, 4);
    for (std::uint64_t i = 0; i < count; ++i)
    {
        Resource resource;
        resource.href = fmt::format("http://origin.test/r{}", i + 1);
        resource.bytes = random.OneOf({0, 1, 1000, 100'000, 1'000'000, 3'000'000});
        resource.cacheable = !random.Chance(100);
        setting.resources.push_back(resource);
        std::uint32_t holders = 0;
        const std::uint64_t holding = random.OneOf({0, 0, 1, 1, 2, 4});
        for (std::uint64_t k = 0; k < holding && resource.cacheable; ++k)
        {
            holders |= 1U << random.Below(setting.nodes.size());
        }
        setting.holders.push_back(holders);
    }
}

void
DrawWants(Setting& setting, Random& random)
{
    // All at one instant, in a burst, or over all the time.
    const std::uint64_t count = random.Between(1, 3 * setting.nodes.size() + 4);
    std::vector<std::uint32_t> asked(setting.nodes.size());
    const std::uint64_t spreadUs = random.OneOf({0, 100'000, 2 * kSecondUs, setting.faultsUs});
    const std::uint64_t fromUs = random.Below(setting.faultsUs - spreadUs + 1);
    for (std::uint64_t i = 0; i < count; ++i)
    {
        Want want;
        want.number = static_cast<std::uint32_t>(i + 1);
        want.atUs = fromUs + random.Below(spreadUs + 1);
        want.host = static_cast<std::uint32_t>(random.Below(setting.nodes.size()));
        want.resource = static_cast<std::uint32_t>(random.Below(setting.resources.size()));
        want.options.mayWait = !random.Chance(150);
        want.options.mayUseInternet = !random.Chance(70);
        want.options.cacheable = setting.resources[want.resource].cacheable;
        want.options.verified = !random.Chance(40);
        if (++asked[want.host] <= kMostWants)
        {
            setting.wants.push_back(want);
        }
    }
}

void
DrawOdds(Setting& setting, Random& random)
{
    Odds& odds = setting.odds;
    // Each kind of fault is absent from many runs: where all goes wrong at once little is reached.
    const auto draw = [&random](std::uint64_t& member, std::initializer_list<std::uint64_t> values)
    {
        if (random.Chance(350))
        {
            member = random.OneOf(values);
        }
    };
    draw(odds.loss, {10, 50, 200, 500});
    draw(odds.duplicates, {20, 100, 300});
    draw(odds.late, {20, 100, 400});
    draw(odds.deadLink, {50, 200});
    draw(odds.failed, {50, 200, 600});
    draw(odds.stalled, {50, 200});
    draw(odds.altered, {50, 300});
    draw(odds.slow, {100, 500});
    draw(odds.notFound, {50, 200});
    draw(odds.busy, {50, 300});
    setting.jitterUs = random.OneOf({0, 0, 300, 5'000, 80'000, 400'000});
}

bool
LastsAWhile(MishapKind kind)
{
    switch (kind)
    {
    case MishapKind::Crash:
    case MishapKind::Partition:
    case MishapKind::Uplink:
    case MishapKind::ToldUplink:
    case MishapKind::Lan:
    case MishapKind::StoreFull:
        return true;
    case MishapKind::Cancel:
    case MishapKind::Withdraw:
    case MishapKind::Offer:
    case MishapKind::Stranger:
        return false;
    }
    return false;
}

Mishap
DrawMishap(const Setting& setting, Random& random)
{
    constexpr std::uint64_t kKinds = static_cast<std::uint64_t>(MishapKind::Stranger) + 1;
    Mishap mishap;
    mishap.kind =
        random.Chance(350) ? MishapKind::Stranger : static_cast<MishapKind>(random.Below(kKinds));
    mishap.atUs = random.Below(setting.faultsUs);
    if (LastsAWhile(mishap.kind))
    {
        mishap.untilUs =
            std::min(setting.faultsUs,
                     mishap.atUs + 1 + random.Below(random.OneOf({kSecondUs, setting.faultsUs})));
    }
    mishap.host = static_cast<std::uint32_t>(random.Below(setting.nodes.size()));
    mishap.resource = static_cast<std::uint32_t>(random.Below(setting.resources.size()));
    mishap.mask = static_cast<std::uint32_t>(random.Below(1U << setting.nodes.size()));
    mishap.count = static_cast<std::uint32_t>(random.OneOf({1, 1, 2, 5, 20}));
    mishap.forgery = static_cast<Forgery>(random.Below(kForgeries));
    return mishap;
}

void
DrawMishaps(Setting& setting, Random& random)
{
    const std::uint64_t count = random.Below(random.OneOf({1, 4, 16, 40}));
    for (std::uint64_t i = 0; i < count; ++i)
    {
        Mishap mishap = DrawMishap(setting, random);
        mishap.number = static_cast<std::uint32_t>(i + 1);
        setting.mishaps.push_back(mishap);
    }
}

} // namespace

Setting
DrawSetting(std::uint64_t seed)
{
    Setting setting;
    setting.seed = seed;
    Random random(seed, 0);
    setting.faultsUs = random.Between(2, random.OneOf({5, 15, 40})) * kSecondUs;
    setting.liarsStay = random.Chance(300);
    DrawNodes(setting, random);
    DrawResources(setting, random);
    DrawWants(setting, random);
    DrawOdds(setting, random);
    DrawMishaps(setting, random);
    return setting;
}

} // namespace lanpeer::swarm
