#pragma once

#include <cstdint>

/// What the patent's random response delay gives on paper, to hold the simulation against. Source:
/// [0021]-[0026].
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

/// Standard deviation of the same least delay, in ms: it is D times a Beta(1, k) variable, so
/// D sqrt(k / (k + 2)) / (k + 1). Throws as ExpectedResponseDelayMs().
double ResponseDelayDeviationMs(std::uint32_t holders, double delayMaxMs);

/// P(least delay > ms) = (1 - ms/D)^k; 1 for ms < 0, 0 for ms >= D. Throws as
/// ExpectedResponseDelayMs().
double ResponseDelayExceeds(std::uint32_t holders, double delayMaxMs, double ms);

/// What the least delay stays below with probability `share` in [0, 1], in ms:
/// D (1 - (1 - share)^(1/k)). Throws as ExpectedResponseDelayMs(), and for another share.
double ResponseDelayQuantileMs(std::uint32_t holders, double delayMaxMs, double share);

/// One "I need" to k holders over a LAN that loses frames. `lossPerLink` = p in [0, 1) is the
/// probability with which each cable that a frame passes loses it, on its own (key `lan.loss`); a
/// switch lies between, so that a packet to one node passes two cables, and a broadcast the
/// sender's, for all at once, and each receiver's.
struct LossyAsk
{
    std::uint32_t holders = 1;   ///< k >= 1
    double delayMaxMs = 2000;    ///< D >= 0
    double cancelWindowMs = 0.2; ///< w >= 0, as in ExpectedIHaves()
    double lossPerLink = 0;      ///< p
};

/// What becomes of it, in the mean. Exact under the assumptions of ExpectedIHaves(), loss apart,
/// and with an allowance T of at least the round trip.
struct LossyAnswers
{
    double sent = 0;       ///< "I have" packets that the holders send, per ask
    double received = 0;   ///< of these, what reaches the asker: sent (1-p)^2
    double duplicates = 0; ///< received after the first: received - P(at least one)
    double silence = 0;    ///< probability that none reaches it: a false time-out
    double delayMs = 0;    ///< mean least delay of those that reach it, given one does, without the
                           ///< way of the packets
};

/// Derivation. A holder would be heard with a = (1-p)^3, given that "I need" left the asker's
/// cable: its own cable on the way in, two on the way out. So silence = p + (1-p)(1-a)^k, and the
/// delay is the least of the drawn ones thinned by a: P(> x and heard) = (1 - a x/D)^k - (1-a)^k.
/// Holder j with X_j = x has "I found" on its way to it when one of the others that would be heard
/// drew less than x - w (the first of these surely sends); it misses it with u = 1 - (1-p)^2:
///
///     sent = (1-p)^2 k ( u + (1-u) (1/D) integral from 0 to D of (1 - a (x-w)+/D)^(k-1) dx )
///          = (1-p)^2 ( u k + (1-u) ( k s + (1 - (1 - a(1-s))^k) / a ) ),  s = min(1, w/D)
///
/// p = 0 gives ExpectedIHaves() and ExpectedResponseDelayMs(). Throws std::invalid_argument for
/// what is out of range.
LossyAnswers ExpectedAnswers(const LossyAsk& ask);

} // namespace lanpeer::analysis
