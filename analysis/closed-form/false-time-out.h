#pragma once

#include <cstdint>

namespace lanpeer::analysis
{

/// One "I need" on a LAN where `holders` have the resource: what the asker's wait of D + T [0026]
/// is up against.
struct TimeOutCase
{
    std::uint32_t holders = 1; ///< k >= 0; 0: nobody could answer, and a time-out is certain
    double delayMaxMs = 2000;  ///< D >= 0
    double allowanceMs = 200;  ///< T >= 0
    double roundTripMs = 0.1;  ///< r >= 0: the least time from "I need" sent to "I have" heard, the
                               ///< drawn delay apart
    double spreadMs = 0;       ///< s >= 0: the round trip is uniform on [r, r + s]
    double lossPerLink = 0;    ///< p in [0, 1]: of every frame on every cable (key `lan.loss`)
};

/// Probability that a holder exists and still no "I have" comes within D + T, so that the asker
/// goes to the Internet for nothing [0026], [0028].
///
/// Each holder draws X uniformly from [0, D] and has a round trip R uniformly from [r, r + s], both
/// on its own. It is in time with
///
///     h = P(X + R <= D + T) = (1/s) integral from r to r+s of min(1, max(0, (D + T - y)/D)) dy
///
/// (D = 0: the share of [r, r + s] below T). Over a switch "I need" passes the asker's cable once
/// for all and each holder's cable for itself, "I have" two cables back:
///
///     P = p + (1 - p) (1 - (1-p)^3 h)^k
///
/// Nobody but a holder that was heard is followed by an "I found", so that cancelling others never
/// silences all of them: the formula is exact under these assumptions. Not in it: round trips that
/// depend on each other (a loaded switch, a computer that sleeps), busy answers, answers that queue
/// behind each other on the asker's cable (k frames within D). Throws std::invalid_argument for
/// what is out of range.
double FalseTimeOutProbability(const TimeOutCase& what);

/// Least allowance T in ms with FalseTimeOutProbability() at most `atMost` in (0, 1), the members
/// of `what` but allowanceMs given; a negative number if no T does, since losses alone are more. At
/// most r + s: then nobody is late. To the nearest 1/1000 ms above.
double LeastAllowanceMs(const TimeOutCase& what, double atMost);

} // namespace lanpeer::analysis
