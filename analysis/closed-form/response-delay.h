#pragma once

#include <cstdint>

/// What the patent's timing gives on paper, to hold the simulation against. Source: [0021]-[0024].
namespace lanpeer::analysis
{

/// Expected number of "I have" packets that one "I need" draws, when `holders` k servers have a
/// copy, each draws its delay uniformly from [0, delayMaxMs] = [0, D] on its own [0021], and the
/// "I found" that follows the first "I have" reaches every other holder `cancelWindowMs` = w after
/// that one sent [0024]:
///
///     E = k w/D + 1 - (w/D)^k
///
/// Derivation. Holder j sends when its delay X_j is less than w above the least of the others:
/// nobody's "I found" can then have reached it. (If it is the least itself, that holds trivially.)
/// Given X_j = x, it sends surely for x < w; for x >= w it does when each of the other k - 1 drew
/// more than x - w, that is with probability (1 - (x-w)/D)^(k-1). Over x, uniform on [0, D]:
///
///     P(j sends) = (1/D) ( w + integral from w to D of (1 - (x-w)/D)^(k-1) dx )
///                = w/D + integral from 0 to 1 - w/D of (1-u)^(k-1) du       [u = (x-w)/D]
///                = w/D + (1 - (w/D)^k) / k
///
/// and the k holders give k times that. All but the first are the duplicates: E - 1.
///
/// Assumes: "I need" reaches all holders at one instant; w is the same for all of them, about two
/// one-way latencies and the asker's turnaround; nothing is lost; no busy answers; one asker.
/// k = 0 gives 0. D = 0 ("no randomisation", R-SRV-8) or w >= D: all k send, E = k. Throws
/// std::invalid_argument when a time is negative.
double ExpectedIHaves(std::uint32_t holders, double cancelWindowMs, double delayMaxMs);

/// Mean of the least of `holders` k >= 1 delays drawn uniformly from [0, delayMaxMs] = [0, D], in
/// ms: D / (k + 1), because P(least > x) = (1 - x/D)^k, integrated from 0 to D. A measured
/// response_delay_ms has the way of "I need" and of "I have" on top. Throws std::invalid_argument
/// for no holder (nobody answers) or a negative time.
double ExpectedResponseDelayMs(std::uint32_t holders, double delayMaxMs);

} // namespace lanpeer::analysis
