#pragma once

#include "model/explore/invariants.h"
#include "model/protocol/event.h"
#include "model/protocol/parameters.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::explore
{

/// How often what need not happen may still happen. What is left is part of the explored state.
struct Budgets
{
    std::uint8_t losses = 0;
    std::uint8_t duplicates = 0;
    std::uint8_t failures = 0;  ///< a transfer ends in one of Lane::failures, or stalls
    std::uint8_t refusals = 0;  ///< the verifier refuses a whole body
    std::uint8_t crashes = 0;   ///< each may be followed by a restart
    std::uint8_t cancels = 0;   ///< an application takes its request back
    std::uint8_t deadlines = 0; ///< a request's deadline passes
    std::uint8_t patience = 0;  ///< the longest wait for peers is over
    std::uint8_t halves = 0;    ///< half of a transfer's bytes arrive and are told of
    std::uint8_t verdicts = 0;  ///< a body is whole for a while before its verdict comes
    /// Rounds of a node without Internet access, which goes on asking until its deadline.
    std::uint8_t backOffs = 0;
    std::uint8_t forgeries = 0; ///< a stranger sends an "I found" without the key (ATTACKS L2)
    /// A stranger says that it downloads, gets on with it, or has done so (ATTACKS L6, L7).
    std::uint8_t pretences = 0;

    LANPEER_FIELDS(losses,
                   duplicates,
                   failures,
                   refusals,
                   crashes,
                   cancels,
                   deadlines,
                   patience,
                   halves,
                   verdicts,
                   backOffs,
                   forgeries,
                   pretences)
};

/// One of the budgets.
using Budget = std::uint8_t Budgets::*;

/// A request that an application makes at some time, any time.
struct Want
{
    std::uint32_t host = 0;
    RequestOptions options;
};

/// What is explored: some nodes, who holds, who asks, and what may go wrong.
struct Lane
{
    std::string name;
    std::vector<std::shared_ptr<const PeeringConfig>> configs; ///< one per node, at most 8
    std::vector<std::uint32_t> holders;                        ///< have a copy at the start
    std::vector<Want> wants;                ///< at most 8; the i-th is application request i + 1
    std::vector<std::uint32_t> unreachable; ///< believe in an Internet access that they have not
    Budgets budgets;
    std::vector<TransferOutcome> failures{TransferOutcome::Failed}; ///< how transfers end badly
    /// Leave out what can make no difference (reduction.h)?
    bool reduced = true;
    /// Let one world stand for all that differ in the numbers of nodes that are alike (symmetry.h)?
    bool symmetric = true;
    /// Hold back timers that take longer than what else goes on (successors.h)? An
    /// under-approximation: what is not found then may still be there.
    bool delayOrdered = false;
    std::size_t stateLimit = 20'000'000;
    Strictness strictness;
};

/// The resource that every lane is about.
constexpr std::string_view kHref = "http://origin.test/dat";

constexpr std::uint64_t kResourceBytes = 1000;

constexpr std::size_t kMaxHosts = 8;
constexpr std::size_t kMaxWants = 8;

} // namespace lanpeer::explore
