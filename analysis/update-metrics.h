#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::analysis
{

struct RunRecord;

/// The figures of a run in which nodes keep themselves up to date: the object `updates` of the JSON
/// that `--json` writes. A week is seven days from the beginning of the run; the last may be cut
/// short.
struct UpdateMetrics
{
    /// From a release's publication until a node has installed it or a later one of its product,
    /// over all pairs of a node and a release. A pair that came to no end within the run counts up
    /// to the run's end, and is one of `missing`.
    struct OutOfDate
    {
        std::optional<double> mean{};
        std::optional<double> p50{};
        std::optional<double> p95{};
        std::optional<double> max{};
    };

    std::uint64_t releases = 0;      ///< published during the run
    std::uint64_t installations = 0; ///< by all nodes
    std::uint64_t missing = 0;       ///< pairs of a node and a release that ended without either it
                                     ///< or a later one installed
    OutOfDate outOfDateS{};          ///< by the clock on the wall
    OutOfDate outOfDateOnS{};        ///< of that, only while the node was switched on
    std::vector<std::uint64_t> internetBytesByWeek{}; ///< of resources; sum: internet_bytes, each
                                                      ///< in the week in which its transfer ended
    std::vector<std::uint64_t> catalogBytesByWeek{};  ///< sum: catalog_bytes
    std::map<std::string, std::uint64_t> checks{};    ///< that ended, by outcome
};

/// nullopt where the run had no update services. Expects a record that CheckRecord() has passed.
std::optional<UpdateMetrics> ComputeUpdateMetrics(const RunRecord& record);

} // namespace lanpeer::analysis
