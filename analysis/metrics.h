#pragma once

#include "analysis/fault-metrics.h"
#include "analysis/run-record.h"
#include "analysis/update-metrics.h"

#include <cstdint>
#include <optional>
#include <string>

namespace lanpeer::analysis
{

/// The caching proxy at the gateway (policy `proxy`).
struct ProxyMetrics
{
    std::uint64_t servedBytes = 0; ///< HTTP body bytes that nodes got from it, aborted included
    std::uint64_t hits = 0;        ///< GETs for what it held whole
    std::uint64_t misses = 0;      ///< GETs that it went upstream for
    std::uint64_t collapsed = 0;   ///< GETs that joined a transfer under way
};

/// The figures of one run: one field per key of the JSON object that `--json` writes
/// (INTERFACES.md; metrics-json.h writes and reads it, schema.json describes it). std::nullopt is
/// JSON's null: nothing to measure. Quantiles are by nearest rank (statistics.h).
struct Metrics
{
    /// Load on the nodes as servers [0023]: HTTP body bytes and GETs served to other nodes, taken
    /// over all `lan.nodes`, those that served nothing included.
    struct Served
    {
        std::uint64_t maxBytes = 0;
        double meanBytes = 0.0;
        std::optional<double>
            maxCopies{};               ///< max_bytes / resource_bytes; null if nothing was asked
        std::optional<double> jain{};  ///< Jain's index of the bytes: 1 when all equal, null
                                       ///< when all zero
        std::uint64_t maxRequests = 0; ///< most GETs that one node served
    };

    /// Packets sent by all nodes, a broadcast once, re-asks included.
    struct Packets
    {
        std::uint64_t iNeed = 0;
        std::uint64_t iHave = 0;
        std::uint64_t iHaveDuplicate = 0; ///< "I have" received after the first for its request
        std::uint64_t iFound = 0;
        std::uint64_t iAmDownloading = 0;
        std::uint64_t downloading = 0; ///< without complete and failed
        std::uint64_t other = 0;       ///< complete, failed, application-defined
        std::uint64_t sentBytes = 0;   ///< their UDP payload
        std::uint64_t received = 0;    ///< deliveries to a node's service port, own ones not
                                       ///< counted, before budgets
    };

    /// "I need" sent to first "I have" heard, busy ones included, over asks that heard one [0021].
    struct ResponseDelayMs
    {
        std::optional<double> mean{};
        std::optional<double> p50{};
        std::optional<double> p95{};
        std::optional<double> max{};
    };

    /// Asked to (first) source chosen, over the requests that came to choose one, also those that
    /// failed or were still running afterwards; `direct`: 0.
    struct FindS
    {
        std::optional<double> mean{};
        std::optional<double> p95{};
        std::optional<double> max{};
    };

    /// A node asked (its first ask) to its whole set there (each resource when it was first found),
    /// over the nodes that came so far; of several updates in a row each round of a node apart.
    /// Times at which the node was away or without power count.
    struct FinishS
    {
        std::optional<double> mean{};
        std::optional<double> p50{};
        std::optional<double> p95{};
        std::optional<double> p99{};
        std::optional<double> last{}; ///< the greatest; null while some node that wanted something
                                      ///< has not its whole set (of some round), for whatever
                                      ///< cause
    };

    /// Requests that ended found, by source.
    struct Sources
    {
        std::uint64_t peer = 0;
        std::uint64_t internet = 0;
        std::uint64_t local = 0;
    };

    std::string scenario{};
    std::string policy{};
    std::uint64_t seed = 0;
    std::uint64_t run = 0;
    std::uint64_t nodes = 0; ///< `lan.nodes`

    std::uint64_t resourceBytes = 0; ///< sum of the sizes of the distinct resources asked for
    std::uint64_t internetBytes = 0; ///< HTTP body bytes of resources that came down the uplink to
                                     ///< whoever received them (nodes, or the proxy), aborted
                                     ///< transfers included, each time they crossed
    std::uint64_t uplinkBytes = 0;   ///< every byte the uplink device delivered downwards
    std::uint64_t catalogBytes = 0;  ///< HTTP body bytes of the catalog, not in internetBytes
    std::optional<double> copies{};  ///< internet_bytes / resource_bytes; null if nothing was asked
    std::optional<double> savedFraction{}; ///< 1 - internet_bytes / (bytes of the requests that
                                           ///< ended found, whatever the source); null if none;
                                           ///< negative when aborted bytes outweigh
    Served served{};
    Packets packets{};
    LanCounts lan{}; ///< frames of the LAN
    ResponseDelayMs responseDelayMs{};
    FindS findS{};
    FinishS finishS{};
    Sources sources{};
    std::uint64_t stalls = 0; ///< transfers given up because no byte came
    ReasonCounts failures{};  ///< requests that ended failed, by reason; reasons with none left out
    ReasonCounts refusals{};  ///< bodies that a verifier refused, likewise
    ReasonCounts dropped{};   ///< packets dropped, likewise
    std::optional<AdversaryRecord> adversaries{}; ///< null where nobody was hostile
    std::optional<ProxyMetrics> proxy{};          ///< null where there was no proxy
    std::optional<UpdateMetrics> updates{};       ///< null where nodes kept no update service
    std::optional<FaultMetrics> faults{};         ///< null where nothing was to go wrong

    double simulatedS = 0.0;
    std::uint64_t events = 0;
    double wallS = 0.0; ///< the only key that may differ between two equal runs
};

/// All figures of one run. Throws std::invalid_argument when CheckRecord does.
Metrics ComputeMetrics(const RunRecord& record);

} // namespace lanpeer::analysis
