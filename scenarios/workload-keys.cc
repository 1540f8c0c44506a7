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

/// Several updates in a row, and nodes that leave over them.
void
AddRepeatedWorkloadKeys(std::vector<Key>& rows)
{
    constexpr std::uint64_t kRoundsMax = 10000;
    // clang-format off
    rows.push_back(CountKey("workload.rounds", "", [](auto& s) -> auto& { return s.workload.rounds; }, 1, kRoundsMax,
                            "updates in a row: the publisher releases all resources anew, and who needs them asks again"));
    rows.push_back(NumberKey("workload.round_every_s", "s", [](auto& s) -> auto& { return s.workload.roundEveryS; }, 0, kYearS,
                             "from the begin of one round to the begin of the next"));
    rows.push_back(NumberKey("workload.leave_share", "", [](auto& s) -> auto& { return s.workload.leaveShare; }, 0, 1,
                             "probability that a node leaves after it has asked, and comes back: a laptop"));
    rows.push_back(NumberKey("workload.leave_within_s", "s", [](auto& s) -> auto& { return s.workload.leaveWithinS; }, 0, kYearS,
                             "it leaves a drawn time of 0 to this after that"));
    rows.push_back(NumberKey("workload.away_max_s", "s", [](auto& s) -> auto& { return s.workload.awayMaxS; }, 0, kYearS,
                             "and is back a drawn time of 0 to this later; what it has not got it asks for again"));
    // clang-format on
}

/// The file of Arrival::Trace.
Key
TraceKey()
{
    constexpr std::size_t kPathBytesMax = 4096;
    Key row;
    row.path = "workload.trace";
    row.type = "text";
    row.allowed = "none or the path of a CSV file";
    row.meaning =
        "for arrival trace: the header time,node,resource and a line per ask; from the folder "
        "of the scenario that names it";
    row.isFile = true;
    row.read = [](const Key& key, const Value& value, Scenario& scenario)
    {
        if (IsWord(value, "none"))
        {
            scenario.workload.traceFile.clear();
            return;
        }
        if (value.kind != Value::Kind::Scalar || value.text.empty() ||
            value.text.size() > kPathBytesMax || !IsPlainText(value.text))
        {
            throw ValueError::Unexpected(key.Expectation(), value, "is no path");
        }
        scenario.workload.traceFile = value.text;
    };
    row.print = [](const Scenario& scenario)
    {
        const std::string& file = scenario.workload.traceFile;
        return file.empty() ? "none" : QuoteYaml(file);
    };
    return row;
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
                           std::vector{Arrival::Simultaneous, Arrival::Uniform, Arrival::Morning, Arrival::Poisson,
                                       Arrival::Trace},
                           {}, "how the instants at which nodes ask are spread"));
    rows.push_back(NumberKey("workload.window_s", "s", [](auto& s) -> auto& { return s.workload.windowS; }, 0, kYearS,
                             "within which they ask; of poisson: in which as many ask on average"));
    rows.push_back(TraceKey());
    rows.push_back(ResourcesKey());
    rows.push_back(CountKey("workload.holders", "nodes", [](auto& s) -> auto& { return s.workload.holders; }, 0, kNodesMax,
                            "the lowest indices hold every resource at the start"));
    rows.push_back(OrWord(CountKey("workload.requesters", "nodes", requesters, 0, kNodesMax,
                                   "nodes that ask, those right after the holders"), requesters, "all"));
    // clang-format on
    AddRepeatedWorkloadKeys(rows);
    AddUpdateWorkloadKeys(rows);
    return rows;
}

} // namespace lanpeer::scenario
