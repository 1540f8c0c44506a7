#include "model/protocol/parameters.h"

#include <algorithm>
#include <array>

namespace lanpeer
{

namespace
{

constexpr std::uint64_t kDayS = 86400;

Parameter
Flag(std::string_view key, bool PeeringConfig::*member, bool value, std::string_view meaning)
{
    return {key, Unit::Flag, member, value ? 1U : 0U, 0, 1, meaning};
}

std::vector<Parameter>
MakeTable()
{
    using C = PeeringConfig;
    constexpr auto count = Unit::Count;
    constexpr auto ms = Unit::Milliseconds;
    constexpr auto s = Unit::Seconds;
    constexpr auto port = Unit::Port;
    // clang-format off
    return {
        {"service_port", port, &C::servicePort, 1967, 1, 65535, "UDP port of the service packets [0017]"},
        {"http_port", port, &C::httpPort, 6515, 1, 65535, "TCP port that serves local copies [0017]"},
        {"response_delay_ms", ms, &C::responseDelayMs, 2000, 0, 600000, "D: a server waits a time drawn from 0 to this before it answers [0021]"},
        {"transmission_allowance_ms", ms, &C::transmissionAllowanceMs, 200, 0, 600000, "T: what a client waits beyond D [0026]"},
        {"progress_interval_ms", ms, &C::progressIntervalMs, 1000, 10, 600000, "between two progress packets of a download (ours, [0034])"},
        {"download_stall_intervals", count, &C::downloadStallIntervals, 5, 1, 1000, "progress intervals without a word after which downloads count as stalled (ours)"},
        {"peer_stall_ms", ms, &C::peerStallMs, 10000, 100, 3600000, "a transfer from a peer has stalled after no byte for this long (ours)"},
        {"internet_stall_ms", ms, &C::internetStallMs, 120000, 100, 3600000, "the same from the Internet (ours)"},
        {"parallel_requests", count, &C::parallelRequests, 6, 1, 1024, "requests of one node in parallel (ours, [0059])"},
        {"parallel_transfers", count, &C::parallelTransfers, 6, 1, 1024, "transfers of one node at a time (ours)"},
        {"internet_retries", count, &C::internetRetries, 5, 0, 1000, "Internet retries in a row that brought no byte (ours)"},
        {"reasks", count, &C::reasks, 1, 0, 16, "re-asks of a request after a failed transfer, rule reask (ours)"},
        {"request_deadline_s", s, &C::requestDeadlineS, kDayS, 1, 365 * kDayS, "a request fails after this long (ours)"},
        {"longest_wait_s", s, &C::longestWaitS, 600, 1, 365 * kDayS, "longest wait of a request for peers, in all (ours)"},
        {"download_waits", count, &C::downloadWaits, 3, 0, 1000, "waits for downloads of others per request (ours)"},
        {"upload_slots", count, &C::uploadSlots, 8, 1, 65536, "uploads at a time, rule slots (ours)"},
        {"busy_hint_ms", ms, &C::busyHintMs, 1000, 1, 3600000, "sent as `busy` and Retry-After when no slot is free (ours)"},
        {"busy_believed_ms", ms, &C::busyBelievedMs, 5000, 1, 3600000, "at most this much of another's busy hint is believed (ours)"},
        {"pending_requests", count, &C::pendingRequests, 8192, 1, 1 << 20, "requests of others pending at a time (ours)"},
        {"waiters", count, &C::waiters, 8192, 1, 1 << 20, "nodes known to wait for one download (ours)"},
        {"ended_requests", count, &C::endedRequests, 8192, 2, 1 << 20, "ended requests remembered for one client wait (ours)"},
        {"remembered_holders", count, &C::rememberedHolders, 16, 1, 1024, "holders remembered per request (ours)"},
        {"access_retry_s", s, &C::accessRetryS, 600, 1, kDayS, "lost Internet access is tried again after this long (ours)"},
        {"source_burst", count, &C::sourceBurst, 64, 1, 1 << 20, "packet budget per source: burst (ours)"},
        {"source_refill_per_s", count, &C::sourceRefillPerS, 16, 1, 1 << 20, "packet budget per source: refill per second (ours)"},
        {"total_burst", count, &C::totalBurst, 16384, 1, 1 << 24, "packet budget in total: burst (ours)"},
        {"total_refill_per_s", count, &C::totalRefillPerS, 4096, 1, 1 << 24, "packet budget in total: refill per second (ours)"},
        {"http_connections", count, &C::httpConnections, 1024, 1, 65536, "connections that the HTTP server keeps at a time (R-HTTP-3)"},
        {"http_connections_per_peer", count, &C::httpConnectionsPerPeer, 16, 1, 65536, "of them, from one peer (R-HTTP-3)"},
        {"http_header_ms", ms, &C::httpHeaderMs, 2000, 10, 600000, "a request's header must be there after this long (R-HTTP-3, L10)"},
        Flag("client", &C::client, true, "the node asks (R-CLI-13, [0018])"),
        Flag("server", &C::server, true, "the node answers and serves (R-CLI-13, [0018])"),
        Flag("broadcast_i_have", &C::broadcastIHave, false, "\"I have\" is broadcast: possible, not preferred [0022]"),
        Flag("progress_to_waiters", &C::progressToWaiters, false, "progress goes to each waiter instead of everyone [0034]"),
        Flag("ask_uncacheable", &C::askUncacheable, false, "the patent's needless \"I need\" for what is not cacheable [0054]"),
        Flag("require_lock", &C::requireLock, false, "requests without a lock are not answered (L24); needs rules.lock"),
        Flag("rules.wait", &C::wait, true, "FIG. 4B: wait for downloads of others [0029]-[0034]"),
        Flag("rules.lock", &C::lock, true, "\"I found\" carries the key to its request's lock (R-PKT-6)"),
        Flag("rules.delay", &C::delay, true, "an \"I need\" says within what delay to answer (R-SRV-2)"),
        Flag("rules.slots", &C::slots, true, "bounded uploads, busy answers (R-SRV-9, R-CLI-9)"),
        Flag("rules.holders", &C::holders, true, "later \"I have\" packets are remembered (R-CLI-8)"),
        Flag("rules.reask", &C::reask, true, "a failed transfer asks again before the Internet (R-CLI-8)"),
        Flag("rules.pause", &C::pause, true, "a drawn pause before the Internet and re-asks (R-CLI-8)"),
        Flag("rules.straddle", &C::straddle, true, "a download that ends inside a wait is an answer (R-CLI-10); needs wait"),
        Flag("rules.helper", &C::helper, true, "nodes with access retrieve for those without (R-CLI-12)"),
    };
    // clang-format on
}

/// The rules of each policy: the table of R-SIM-7.
struct RuleRow
{
    bool PeeringConfig::*rule;
    bool fig4a;
    bool fig4b;
    bool robust;
};

constexpr std::array<RuleRow, 9> kRules{{
    {&PeeringConfig::wait, false, true, true},
    {&PeeringConfig::lock, false, false, true},
    {&PeeringConfig::delay, false, false, true},
    {&PeeringConfig::slots, false, false, true},
    {&PeeringConfig::holders, false, false, true},
    {&PeeringConfig::reask, false, false, true},
    {&PeeringConfig::pause, false, false, true},
    {&PeeringConfig::straddle, false, false, true},
    {&PeeringConfig::helper, false, false, true},
}};

} // namespace

std::string_view
ToString(Policy policy)
{
    switch (policy)
    {
    case Policy::Fig4a:
        return "fig4a";
    case Policy::Fig4b:
        return "fig4b";
    case Policy::Robust:
        return "robust";
    }
    return "";
}

std::optional<Policy>
PolicyFromName(std::string_view name)
{
    for (const Policy policy : {Policy::Fig4a, Policy::Fig4b, Policy::Robust})
    {
        if (ToString(policy) == name)
        {
            return policy;
        }
    }
    return std::nullopt;
}

const std::vector<Parameter>&
ParameterTable()
{
    static const std::vector<Parameter> table = MakeTable();
    return table;
}

const Parameter*
FindParameter(std::string_view key)
{
    const auto& table = ParameterTable();
    const auto found = std::find_if(
        table.begin(), table.end(), [key](const Parameter& row) { return row.key == key; });
    return found == table.end() ? nullptr : &*found;
}

std::uint64_t
GetParameter(const PeeringConfig& config, const Parameter& parameter)
{
    return std::visit([&config](auto member) { return static_cast<std::uint64_t>(config.*member); },
                      parameter.member);
}

void
SetParameter(PeeringConfig& config, const Parameter& parameter, std::uint64_t value)
{
    if (const auto* flag = std::get_if<bool PeeringConfig::*>(&parameter.member))
    {
        config.** flag = value != 0;
    }
    else
    {
        config.*std::get<std::uint64_t PeeringConfig::*>(parameter.member) = value;
    }
}

void
SetRules(PeeringConfig& config, Policy policy)
{
    for (const RuleRow& row : kRules)
    {
        config.*row.rule = policy == Policy::Fig4a   ? row.fig4a
                           : policy == Policy::Fig4b ? row.fig4b
                                                     : row.robust;
    }
}

PeeringConfig
PeeringConfig::Defaults(Policy policy)
{
    PeeringConfig config;
    for (const Parameter& parameter : ParameterTable())
    {
        SetParameter(config, parameter, parameter.defaultValue);
    }
    SetRules(config, policy);
    return config;
}

std::optional<ConfigError>
CheckConfig(const PeeringConfig& config)
{
    if (config.straddle && !config.wait)
    {
        return ConfigError{"rules.straddle", "needs rules.wait"};
    }
    if (config.requireLock && !config.lock)
    {
        return ConfigError{"require_lock", "needs rules.lock"};
    }
    return std::nullopt;
}

} // namespace lanpeer
