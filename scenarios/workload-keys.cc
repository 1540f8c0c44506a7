#include "model/protocol/update/catalog.h"
#include "scenarios/key-kinds.h"

namespace lanpeer::scenario
{

namespace
{

constexpr double kYearS = 31536000;
constexpr std::uint64_t kDaysMax = 3660; // versions have two digits of a year
constexpr double kDayH = 24;

void
AddUpdateWorkloadKeys(std::vector<Key>& rows)
{
    // clang-format off
    rows.push_back(CountKey("workload.days", "days", [](auto& s) -> auto& { return s.workload.days; }, 0, kDaysMax,
                            "for which every node keeps itself up to date, from a Monday on; 0: nodes ask as above"));
    rows.push_back(ReleasesKey());
    rows.push_back(CountKey("workload.catalog_bytes", "bytes", [](auto& s) -> auto& { return s.workload.catalogBytes; }, 1,
                            limits::kCatalogBytes, "size of the catalog [0054]"));
    rows.push_back(FlagKey("workload.office_hours", [](auto& s) -> auto& { return s.workload.officeHours; },
                           "nodes are off at night, on Saturdays and on Sundays"));
    rows.push_back(NumberKey("workload.on_at_h", "h", [](auto& s) -> auto& { return s.workload.onAtH; }, 0, kDayH,
                             "hour of the day at which nodes are switched on"));
    rows.push_back(NumberKey("workload.off_at_h", "h", [](auto& s) -> auto& { return s.workload.offAtH; }, 0, kDayH,
                             "hour of the day at which they are switched off"));
    rows.push_back(NumberKey("workload.hours_spread_h", "h", [](auto& s) -> auto& { return s.workload.hoursSpreadH; }, 0, kDayH,
                             "at most by which each of them does so earlier or later, each day"));
    // clang-format on
}

} // namespace

std::vector<Key>
WorkloadKeys()
{
    std::vector<Key> rows;
    const auto requesters = [](auto& s) -> auto&
    {
        return s.workload.requesters;
    };
    // clang-format off
    rows.push_back(WordKey("workload.arrival", [](auto& s) -> auto& { return s.workload.arrival; },
                           std::vector{Arrival::Simultaneous, Arrival::Uniform, Arrival::Morning, Arrival::Poisson},
                           {"trace"}, "how the instants at which nodes ask are spread"));
    rows.push_back(NumberKey("workload.window_s", "s", [](auto& s) -> auto& { return s.workload.windowS; }, 0, kYearS,
                             "within which they ask; of poisson: in which as many ask on average"));
    rows.push_back(LaterKey("workload.trace", "none", false, "a file of instants and nodes, for arrival trace"));
    rows.push_back(ResourcesKey());
    rows.push_back(CountKey("workload.holders", "nodes", [](auto& s) -> auto& { return s.workload.holders; }, 0, kNodesMax,
                            "the lowest indices hold every resource at the start"));
    rows.push_back(OrWord(CountKey("workload.requesters", "nodes", requesters, 0, kNodesMax,
                                   "nodes that ask, those right after the holders"), requesters, "all"));
    // clang-format on
    AddUpdateWorkloadKeys(rows);
    return rows;
}

} // namespace lanpeer::scenario
