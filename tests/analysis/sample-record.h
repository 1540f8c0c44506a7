#pragma once

#include "analysis/run-record.h"

namespace lanpeer::analysis
{

/// A run small enough to compute by hand. Four nodes; resources a.cab (1000 B), b.cab (500 B) and
/// c.cab (9999 B), which nobody asks for.
///
/// - Node 0 wants a and b, asks at 0 s and 0.1 s, and gets both from the Internet: a in two
///   transfers (400 B, broken off, and the other 600 B), there at 3 s; b there at 5 s.
/// - Node 1 wants a and b, asks for both at 10 s, and gets both from node 0, at 10.6 s and 10.9 s.
/// - Node 2 wants a, asks at 20 s, fails at 21 s after 300 B from the Internet, asks again at 30 s
///   and gets it from node 1 at 31 s.
/// - Node 3 wants nothing.
RunRecord SampleRecord();

/// Twelve days of two nodes that keep themselves up to date, small enough to compute by hand.
/// Product a is released at day 0, 00:00 and at day 7, 00:00 (1000 B each), product b (500 B) at
/// day 7, 00:00.
///
/// - Node 1 is on from 00:00 to 01:00 of day 0, when it installs a's first, from the Internet; and
///   for four hours of day 11 without installing anything.
/// - Node 0 is on from 08:00 to 09:00 of day 0 and from 08:00 to 10:00 of day 7. It installs a's
///   first at 08:30 of day 0, from node 1; a's second at 09:00 and b at 10:00 of day 7, from the
///   Internet.
///
/// 30 B of catalogs came in the first week, 45 B in the second.
RunRecord UpdatesRecord();

/// One node that wants one resource of 1000 B and never asked.
RunRecord EmptyRecord();

/// A request of node and resource that came from the Internet, source chosen at once.
Request DirectRequest(std::uint32_t node,
                      std::uint32_t resource,
                      std::int64_t askedAtUs,
                      std::int64_t endedAtUs);

} // namespace lanpeer::analysis
