#pragma once

#include <cstdint>
#include <vector>

/// What no policy can be better than, to hold measurements against.
namespace lanpeer::analysis
{

/// A resource that somebody asks for.
struct AskedResource
{
    std::uint64_t bytes = 0;
    bool heldOnLan = false; ///< some node holds it at the start, and stays
};

/// Least bytes of resources over the uplink (internet_bytes): one copy of each that no node held, 0
/// of the others. Exact for one fetch each; assumes that not everybody's request fails.
std::uint64_t LeastInternetBytes(const std::vector<AskedResource>& resources);

/// A switched LAN and its uplink; rates in Mb/s of 10^6 bits per second (keys `lan.rate_mbps`,
/// `uplink.down_kbps` / 1000), greater than 0.
struct FlowLan
{
    struct Node
    {
        double uploadMbps = 100;   ///< its cable towards the switch
        double downloadMbps = 100; ///< and from it
        bool holds = false;        ///< has everything at the start
        bool wants = true;         ///< must have it at the end (ignored for one that holds)
    };

    double uplinkMbps = 1.5;
    std::vector<Node> nodes;
};

/// Least time in s from the instant at which all that want it ask until the last has the whole of
/// `bytes` = S > 0: the least t for which a maximum flow on the LAN's graph carries all that is to
/// be received (push-relabel, Boost.Graph).
///
///     Internet ---- U t -----> switch ---- min(d_i t, S) ----> receiver i ---- S ---> sink
///     node j ---- u_j (t - t_j) --^
///
/// The fluid model of Kumar and Ross ("Peer-Assisted File Distribution: The Minimum Distribution
/// Time", IEEE HOTWEB 2006), with copies offered only when whole, as R-HTTP-2 has it: a node that
/// holds it uploads from t_j = 0, any other, whether it wants it or not (a helper of `robust`
/// retrieves what others want), not before the first whole copy can be there, at
/// S / min(greatest d_i of those that do not hold it, U + uploads of holders). If nobody holds it,
/// S must cross the uplink too: t >= S / U. Everything else is left out: the waits, the headers,
/// TCP, that a byte given away must have come before. So it is a lower bound of finish_s.last,
/// seldom reached, when all ask at one instant, and of nothing when they do not: finish_s counts
/// from each node's own ask. 0 if nobody wants it.
///
/// Of the bisection's last two times the one at which it is not feasible, 1e-9 of it below. Throws
/// std::invalid_argument for what is out of range.
double LeastFinishS(const FlowLan& lan, double bytes);

/// The same for several resources of `bytes` in all, that everybody who wants wants all of. Each is
/// offered when it is whole: t_j is when the smallest, of `smallestBytes` <= bytes, can be there.
double LeastFinishS(const FlowLan& lan, double bytes, double smallestBytes);

/// A LAN of that many nodes of one kind, the first `holders` of which hold it; the others want it.
FlowLan EvenLan(std::uint32_t nodes, std::uint32_t holders, double rateMbps, double uplinkMbps);

} // namespace lanpeer::analysis
