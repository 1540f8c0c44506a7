#pragma once

#include <cstdint>

namespace lanpeer::analysis
{

/// How the instants at which nodes ask are spread, as the scenario key `workload.arrival` has them.
enum class Arrivals : std::uint8_t
{
    Simultaneous, ///< all at one instant
    Uniform,      ///< each on its own, uniform over the window
    Poisson,      ///< a Poisson process of `nodes` per window, until each node asked once
};

/// Nodes of one LAN, all with Internet access, want one resource that none of them holds.
struct CopiesCase
{
    Arrivals arrivals = Arrivals::Uniform;
    std::uint32_t nodes = 50;    ///< n >= 1, all of them ask
    double windowMs = 60'000;    ///< W >= 0; W = 0 is Simultaneous
    double delayMaxMs = 2000;    ///< D >= 0: the longest pause of `robust`
    double allowanceMs = 200;    ///< T >= 0: a client waits v = D + T
    double retrievalMs = 5000;   ///< R > 0: one copy over the idle uplink, from start to offered
    double propagationMs = 0.06; ///< d, 0 <= d <= v: "downloading" sent to heard
    std::uint32_t sharing = 1; ///< c >= 1: at most so many transfers share the uplink at a time; a
                               ///< copy then takes R to c R (equal shares). n is always enough for
                               ///< one resource. 1: copies do not slow each other
};

/// What lies between; exact where low == high.
struct Bounds
{
    double low = 0;
    double high = 0;
};

/// The functions below assume: no loss, no failure, no false time-out, everybody may wait, packets
/// that take no time but for d, and no node that answers busy for longer than it may be waited for.
/// Ties count: whoever acts within d of another cannot know of it. They throw std::invalid_argument
/// for what is out of range. Unit: copies, in the mean over the arrivals.

/// Policy `fig4a` (FIG. 4A [0020], [0028]): a server without a whole copy stays silent, so whoever
/// asks before the first copy is offered fetches one of its own. That is v + R after the first
/// asked, v + c R at the latest:
///
///     low = G(v + R), high = G(v + c R)
///
/// where G(h) is AsksWithin(). Exact for sharing 1, and for Simultaneous: n.
Bounds Fig4aCopies(const CopiesCase& what);

/// Policy `fig4b` (FIG. 4B [0029]-[0034], [0046]-[0048]). Let the first ask at 0: it times out and
/// says "downloading" at v, and has its copy at v + R', R <= R' <= c R. Who asks at x
/// - within d: times out before it heard of it, and fetches: it has no pause;
/// - up to R': finds a download in progress at its time-out, and waits;
/// - from R' to v + R': may find that the download ended inside its own wait, which in state 144 is
///   no answer [0048], and fetch; not if another download is in progress at its time-out, or if a
///   delay drawn long enough made the downloader answer "I have";
/// - later: is answered "I have".
///
///     high = G(d) + G(v + c R) - G(max(R, d))
///     low = G(d) + P(somebody asks between d + c R and v)
///
/// The second term of low: the first of these surely fetches, since it cannot see a download. Exact
/// for Simultaneous: n.
Bounds Fig4bCopies(const CopiesCase& what);

/// Policy `robust` (rules `wait`, `pause`, `straddle`): node i, asking at A_i, would begin to
/// retrieve after its wait and a pause drawn uniformly from [0, D], at A_i + v + P_i; whoever hears
/// "downloading" before waits for it, also when it ended inside a wait. So node i fetches exactly
/// when A_i + P_i is less than d above the least of all:
///
///     E = n integral of f(z) (1 - F(z - d))^(n-1) dz
///
/// with F, f the distribution and density of A + P. Simultaneous: exact, and the same as
/// ExpectedIHaves(n, d, D). Uniform: exact (a trapezoid f; integrated numerically, to 1e-9).
/// Poisson: A_i + P_i are an inhomogeneous Poisson process, exact for a process that goes on; low
/// and high take in that it ends after n asks (equal but for rounding unless about n ask within
/// D). What R and c are does not matter.
Bounds RobustCopies(const CopiesCase& what);

/// G(h): expected number of nodes, the first included, that ask less than `ms` = h >= 0 after the
/// first. Simultaneous: n, also for h = 0. Uniform: n h/W + 1 - (h/W)^n (the same question as
/// ExpectedIHaves()). Poisson: 1 + E min(N, n - 1), N ~ Poisson(n h / W).
double AsksWithin(const CopiesCase& what, double ms);

/// Probability that some node other than the first asks between `fromMs` and `toMs` after it.
double SomebodyAsks(const CopiesCase& what, double fromMs, double toMs);

} // namespace lanpeer::analysis
