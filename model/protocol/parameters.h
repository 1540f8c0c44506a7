#pragma once

#include "model/protocol/fields.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lanpeer
{

/// The policies of R-SIM-7 that are a choice of rules.
enum class Policy : std::uint8_t
{
    Fig4a,  ///< the patent's FIG. 4A to the letter
    Fig4b,  ///< the patent's FIG. 4B to the letter: waits for downloads of others
    Robust, ///< ours, the daemon's default
};

std::string_view ToString(Policy policy);
std::optional<Policy> PolicyFromName(std::string_view name);

/// Everything that can be set, for one node. The members that are parameters stand in
/// ParameterTable() with name, default, bounds and meaning; hosts make their keys, settings and
/// attributes from that table and from nothing else (SPEC section 2).
struct PeeringConfig
{
    // Rules of R-SIM-7, each switchable for ablation. The defaults are `robust`.
    bool wait = true;
    bool lock = true;
    bool delay = true;
    bool slots = true;
    bool holders = true;
    bool reask = true;
    bool pause = true;
    bool straddle = true;
    bool helper = true;

    std::uint64_t servicePort = 0;
    std::uint64_t httpPort = 0;
    std::uint64_t responseDelayMs = 0;
    std::uint64_t transmissionAllowanceMs = 0;
    std::uint64_t progressIntervalMs = 0;
    std::uint64_t downloadStallIntervals = 0;
    std::uint64_t peerStallMs = 0;
    std::uint64_t internetStallMs = 0;
    std::uint64_t parallelRequests = 0;
    std::uint64_t parallelTransfers = 0;
    std::uint64_t internetRetries = 0;
    std::uint64_t reasks = 0;
    std::uint64_t requestDeadlineS = 0;
    std::uint64_t longestWaitS = 0;
    std::uint64_t downloadWaits = 0;
    std::uint64_t uploadSlots = 0;
    std::uint64_t busyHintMs = 0;
    std::uint64_t busyBelievedMs = 0;
    std::uint64_t pendingRequests = 0;
    std::uint64_t waiters = 0;
    std::uint64_t endedRequests = 0;
    std::uint64_t rememberedHolders = 0;
    std::uint64_t accessRetryS = 0;
    std::uint64_t sourceBurst = 0;
    std::uint64_t sourceRefillPerS = 0;
    std::uint64_t totalBurst = 0;
    std::uint64_t totalRefillPerS = 0;
    std::uint64_t httpConnections = 0;
    std::uint64_t httpConnectionsPerPeer = 0;
    std::uint64_t httpHeaderMs = 0;
    bool client = true;
    bool server = true;
    bool broadcastIHave = false;
    bool progressToWaiters = false;
    bool askUncacheable = false;
    bool requireLock = false;

    // Not parameters but the node's own situation, set by its host.
    bool peering = true;                    ///< false: no packet is sent or answered (`direct`)
    bool internetAccess = true;             ///< configured access; false is never tried (FIG. 1)
    std::vector<std::string> helperOrigins; ///< "http://host": what a helper may retrieve (L13)

    /// Every parameter at its default, the rules of \p policy.
    static PeeringConfig Defaults(Policy policy = Policy::Robust);

    /// How long a client waits for an answer: D + T [0026]. Derived, never set apart.
    std::uint64_t ClientWaitMs() const
    {
        return responseDelayMs + transmissionAllowanceMs;
    }

    /// How long a resource's downloads may go unheard before they count as stalled.
    std::uint64_t DownloadStallMs() const
    {
        return downloadStallIntervals * progressIntervalMs;
    }

    LANPEER_FIELDS(wait,
                   lock,
                   delay,
                   slots,
                   holders,
                   reask,
                   pause,
                   straddle,
                   helper,
                   servicePort,
                   httpPort,
                   responseDelayMs,
                   transmissionAllowanceMs,
                   progressIntervalMs,
                   downloadStallIntervals,
                   peerStallMs,
                   internetStallMs,
                   parallelRequests,
                   parallelTransfers,
                   internetRetries,
                   reasks,
                   requestDeadlineS,
                   longestWaitS,
                   downloadWaits,
                   uploadSlots,
                   busyHintMs,
                   busyBelievedMs,
                   pendingRequests,
                   waiters,
                   endedRequests,
                   rememberedHolders,
                   accessRetryS,
                   sourceBurst,
                   sourceRefillPerS,
                   totalBurst,
                   totalRefillPerS,
                   httpConnections,
                   httpConnectionsPerPeer,
                   httpHeaderMs,
                   client,
                   server,
                   broadcastIHave,
                   progressToWaiters,
                   askUncacheable,
                   requireLock,
                   peering,
                   internetAccess,
                   helperOrigins)
};

/// What kind of figure a parameter is; hosts choose their own type for it.
enum class Unit : std::uint8_t
{
    Flag,
    Count,
    Milliseconds,
    Seconds,
    Port,
};

/// One row of SPEC section 2 or one rule of R-SIM-7.
struct Parameter
{
    std::string_view key; ///< below `protocol.`: "response_delay_ms", "rules.lock"
    Unit unit;
    std::variant<std::uint64_t PeeringConfig::*, bool PeeringConfig::*> member;
    std::uint64_t defaultValue; ///< of a flag: 0 or 1
    std::uint64_t min;
    std::uint64_t max;
    std::string_view meaning; ///< one line, with its source
};

/// The one table. Keys, daemon settings, ns-3 attributes and documentation are made from it.
const std::vector<Parameter>& ParameterTable();

/// \returns the row of that key, or nullptr.
const Parameter* FindParameter(std::string_view key);

std::uint64_t GetParameter(const PeeringConfig& config, const Parameter& parameter);

/// Sets a value that lies within the row's bounds.
void SetParameter(PeeringConfig& config, const Parameter& parameter, std::uint64_t value);

/// Switches the rules to those of a policy; leaves everything else.
void SetRules(PeeringConfig& config, Policy policy);

/// A setting that contradicts another one.
struct ConfigError
{
    std::string key;
    std::string message;
};

/// \returns the first rule that is on without what it needs (R-SIM-7), or nullopt.
std::optional<ConfigError> CheckConfig(const PeeringConfig& config);

} // namespace lanpeer
