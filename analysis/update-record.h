#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace lanpeer::analysis
{

/// What a collector writes down of the nodes' update services (FIG. 8 [0052]-[0067]), beside the
/// requests that they led to. Times as in RunRecord: whole microseconds since the run began.
struct UpdateRecord
{
    /// A version of a product that the publisher put on its server during the run.
    struct Release
    {
        std::string product;
        std::uint32_t resource = 0; ///< index into RunRecord::resources
        std::int64_t publishedAtUs = 0;
    };

    /// A node has installed a release [0067].
    struct Installation
    {
        std::uint32_t node = 0;    ///< index into RunRecord::nodes
        std::uint32_t release = 0; ///< index into releases
        std::int64_t atUs = 0;
    };

    /// A node was switched on from here to there.
    struct OnPeriod
    {
        std::uint32_t node = 0;
        std::int64_t fromUs = 0;
        std::int64_t toUs = 0;
    };

    /// Bytes of the catalog came down the uplink.
    struct CatalogArrival
    {
        std::int64_t atUs = 0;
        std::uint64_t bodyBytes = 0;
    };

    std::vector<Release> releases{};               ///< in the order of time
    std::vector<Installation> installations{};     ///< in the order of time
    std::vector<OnPeriod> on{};                    ///< a node's own do not overlap
    std::vector<CatalogArrival> catalogs{};        ///< add up to RunRecord::catalogBytes
    std::map<std::string, std::uint64_t> checks{}; ///< ended, by outcome: "up-to-date",
                                                   ///< "installed", "failed: REASON"
};

} // namespace lanpeer::analysis
