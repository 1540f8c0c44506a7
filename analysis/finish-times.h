#pragma once

#include "analysis/run-record.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace lanpeer::analysis
{

/// How far a node came in one round of updates: its own first ask, and when the last of its set
/// was there (each resource when it was first found).
struct NodeRound
{
    std::size_t wanted = 0; ///< resources of its set
    std::size_t there = 0;  ///< found so far
    std::optional<std::int64_t> firstAskUs{};
    std::int64_t lastThereUs = 0;

    /// From its first ask to its whole set there, in microseconds; nullopt: it did not come so far.
    std::optional<std::int64_t> FinishUs() const;
};

/// The rounds in which each node wanted something, by node index, in the order of the rounds. The
/// record must be one that CheckRecord passes.
std::vector<std::vector<NodeRound>> RoundsByNode(const RunRecord& record);

/// The longest round of each node, in microseconds, by node index; nullopt where it wanted nothing
/// or has not its whole set. Without rounds: from its first ask to its whole set there.
std::vector<std::optional<std::int64_t>> FinishTimesUs(const RunRecord& record);

} // namespace lanpeer::analysis
