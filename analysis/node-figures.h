#pragma once

#include "analysis/run-record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::analysis
{

/// The figures of one run by node, where Metrics has their mean, quantiles and so on: the load on
/// each as a server [0023], and when each had what it wanted.
struct NodeFigures
{
    /// HTTP body bytes served to other nodes, by node index.
    std::vector<std::uint64_t> servedBytes{};
    /// From a node's first ask to its whole set there, in seconds, by node index; nullopt: it
    /// wanted nothing, or did not come so far.
    std::vector<std::optional<double>> finishS{};
    /// Whether it wanted something, by node index. Empty: not known, of a record made before it was
    /// kept.
    std::vector<bool> wanted{};
};

/// Throws std::invalid_argument when CheckRecord does.
NodeFigures ComputeNodeFigures(const RunRecord& record);

/// {"served_bytes":[...],"finish_s":[...],"wanted":[0|1...]} on one line, seconds rounded as
/// metrics are, null for nullopt; and back, "wanted" absent where it is not known.
/// NodeFiguresFromJsonText throws std::invalid_argument.
std::string ToJsonText(const NodeFigures& figures);
NodeFigures NodeFiguresFromJsonText(std::string_view text);

} // namespace lanpeer::analysis
