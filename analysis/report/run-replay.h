#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>

namespace lanpeer::report
{

/// What a page needs to show one run in time: a run's course (analysis/replay.h) as it was stored
/// and, beside it,
///
///     "end_s"    when the last ask or transfer ended
///     "uplink"   {"step_s", "kbps":[...]}: body bytes from the Internet in steps of equal length
///                from 0 to end_s. Only when each transfer began and ended is known: their bytes
///                are laid out in between so that the line's load is as even as it can be
///     "trees"    one for each resource: {"from":[...],"at":[...],"depth":[...],"mean_depth",
///                "max_depth","served_most"}. from: by node, who gave it its first whole copy: a
///                node, -1 the Internet, -2 the proxy, -3 it held one at the start, null it has
///                none; at: when, in seconds; depth: 1 for a copy from the Internet (or held), one
///                more for each transfer between nodes
///
/// \param row of the store, from 1; \param command what to type to have that run
/// Throws std::invalid_argument when the text is not as it was written.
nlohmann::ordered_json RunReplayJson(const std::string& replay,
                                     std::size_t row,
                                     const std::string& command);

} // namespace lanpeer::report
