#pragma once

#include "model/explore/invariants.h"
#include "model/harness/world.h"

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
    std::uint8_t deadlines = 0; ///< a request's deadline passes
    std::uint8_t patience = 0;  ///< the longest wait for peers is over
    std::uint8_t halves = 0;    ///< half of a transfer's bytes arrive and are told of
    std::uint8_t verdicts = 0;  ///< a body is whole for a while before its verdict comes
    /// Rounds of a node without Internet access, which goes on asking until its deadline.
    std::uint8_t backOffs = 0;
    std::uint8_t forgeries = 0; ///< a third party sends an "I found" without the key (ATTACKS L2)

    LANPEER_FIELDS(losses,
                   duplicates,
                   failures,
                   refusals,
                   crashes,
                   deadlines,
                   patience,
                   halves,
                   verdicts,
                   backOffs,
                   forgeries)
};

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
    /// One per node. A node whose configuration has no Internet access cannot reach it either.
    std::vector<std::shared_ptr<const PeeringConfig>> configs;
    std::vector<std::uint32_t> holders; ///< have a copy at the start
    std::vector<Want> wants;            ///< at most 32; the i-th is application request i + 1
    std::vector<std::uint32_t> unreachable; ///< can't reach the Internet, but do not know it
    Budgets budgets;
    /// How a transfer can end badly.
    std::vector<TransferOutcome> failures{TransferOutcome::Failed};
    /// Does it count as an end of a request that its deadline passes? Only where nothing else is
    /// promised: without access to the Internet. Elsewhere a deadline hides what is stuck.
    bool deadlineEnds = false;
    /// Must a request be able to end even if nothing that is under way, or sent later, arrives?
    /// Then one that can end only by somebody's packet counts as stuck.
    bool endsUnheard = true;
    std::size_t stateLimit = 5'000'000;
    Strictness strictness;
};

/// The resource that every lane is about.
constexpr std::string_view kHref = "http://o.test/dat";

} // namespace lanpeer::explore
