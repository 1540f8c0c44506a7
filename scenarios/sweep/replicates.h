#pragma once

#include "scenarios/sweep/sweep-file.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace lanpeer::scenario
{

/// How many replicates a cell is to have, given the figures of its first ones, all of which are
/// over; nullopt among them: nothing to measure. It depends on nothing else, so a sweep that was
/// interrupted, or ran elsewhere, comes to the same number.
///
/// Without `until`: `runs`. With it: at least `runs` (and 2); then, while the half-width of the 95
/// % interval of their mean is above so many per cent of the mean, as many as its shrinking with
/// the root of their number lets expect, at most twice as many as there are, and never above
/// runsMax. As many as there are: enough, or of no use.
///
/// An interval that was looked at before it was decided to stop covers a little less than 95 %.
///
/// \param failed of them that have no figure because they failed
std::uint64_t ReplicatesWanted(std::uint64_t runs,
                               const std::optional<UntilCi>& until,
                               const std::vector<std::optional<double>>& figures,
                               std::size_t failed);

/// Whether the interval is as tight as `until` wants it; without `until`, or with nothing to
/// measure, it is.
bool IsTight(const std::optional<UntilCi>& until,
             const std::vector<std::optional<double>>& figures);

} // namespace lanpeer::scenario
