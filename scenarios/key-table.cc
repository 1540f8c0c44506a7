#include "scenarios/key-table.h"

#include "model/protocol/update/catalog.h"
#include "scenarios/key-kinds.h"

#include <algorithm>
#include <set>
#include <string>

namespace lanpeer::scenario
{

namespace
{

// The bounds keep every figure within what the simulation can hold, and far from what makes sense.
constexpr std::uint64_t kQueueMax = 1000000;
constexpr double kKbpsMin = 0.1;
constexpr double kKbpsMax = 1e9;
constexpr double kYearS = 31536000;
constexpr std::uint64_t kDaysMax = 3660; // versions have two digits of a year
constexpr double kDayH = 24;

void
AddLanKeys(std::vector<Key>& rows)
{
    // clang-format off
    rows.push_back(CountKey("lan.nodes", "", [](auto& s) -> auto& { return s.lan.nodes; }, 1, kNodesMax,
                            "nodes of the LAN; the gateway and the origin come on top"));
    rows.push_back(WordKey("lan.medium", [](auto& s) -> auto& { return s.lan.medium; },
                           std::vector{Medium::Switch}, {"hub", "wifi"}, "what the frames travel over [0016]"));
    rows.push_back(NumberKey("lan.rate_mbps", "Mb/s", [](auto& s) -> auto& { return s.lan.rateMbps; }, 0.001, 1e6,
                             "rate of every cable, in each direction"));
    rows.push_back(NumberKey("lan.latency_us", "us", [](auto& s) -> auto& { return s.lan.latencyUs; }, 0, 1e9,
                             "one way, node to switch"));
    rows.push_back(NumberKey("lan.loss", "", [](auto& s) -> auto& { return s.lan.loss; }, 0, 1,
                             "probability that a link loses a frame"));
    rows.push_back(SegmentsKey());
    rows.push_back(CountKey("lan.queue_packets", "packets", [](auto& s) -> auto& { return s.lan.queuePackets; }, 1, kQueueMax,
                            "room of every device's queue"));
    rows.push_back(WordKey("lan.arp", [](auto& s) -> auto& { return s.lan.arp; },
                           std::vector{Arp::Static, Arp::Cold}, {},
                           "static: all addresses known at the start; cold: none"));
    rows.push_back(FlagKey("lan.arp_jitter", [](auto& s) -> auto& { return s.lan.arpJitter; },
                           "ARP requests wait 0 to 10 ms; needs lan.arp cold"));
    // clang-format on
}

void
AddUplinkKeys(std::vector<Key>& rows)
{
    const auto down = [](auto& s) -> auto&
    {
        return s.uplink.downKbps;
    };
    const auto up = [](auto& s) -> auto&
    {
        return s.uplink.upKbps;
    };
    const auto latency = [](auto& s) -> auto&
    {
        return s.uplink.latencyMs;
    };
    const auto queue = [](auto& s) -> auto&
    {
        return s.uplink.queuePackets;
    };
    const std::string word = "preset"; // the figure of uplink.preset
    // clang-format off
    rows.push_back(PresetKey());
    rows.push_back(OrWord(NumberKey("uplink.down_kbps", "kb/s", down, kKbpsMin, kKbpsMax, "rate towards the LAN"), down, word));
    rows.push_back(OrWord(NumberKey("uplink.up_kbps", "kb/s", up, kKbpsMin, kKbpsMax, "rate towards the Internet"), up, word));
    rows.push_back(OrWord(NumberKey("uplink.latency_ms", "ms", latency, 0, 1e6, "one way, gateway to origin"), latency, word));
    rows.push_back(OrWord(CountKey("uplink.queue_packets", "packets", queue, 1, kQueueMax, "room of the queue at either end"), queue, word));
    // clang-format on
    rows.push_back(InternetNodesKey());
}

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

void
AddWorkloadKeys(std::vector<Key>& rows)
{
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
    AddUpdateWorkloadKeys(rows);
    rows.push_back(PolicyKey());
    rows.push_back(LaterKey("faults", "none", true, "nodes that die, links that fail, ... (R-SIM-5)"));
    rows.push_back(LaterKey("adversaries", "none", true, "nodes that lie, flood, ... (R-SIM-6)"));
    // clang-format on
}

std::vector<Key>
MakeTable()
{
    std::vector<Key> rows;
    rows.push_back(AboutKey());
    AddLanKeys(rows);
    AddUplinkKeys(rows);
    AddWorkloadKeys(rows);
    for (auto& more : {ProtocolKeys(), UpdateKeys()})
    {
        rows.insert(rows.end(), more.begin(), more.end());
    }
    return rows;
}

bool
LiesBelow(std::string_view path, std::string_view group)
{
    return path.size() > group.size() && path.substr(0, group.size()) == group &&
           path[group.size()] == '.';
}

} // namespace

void
Key::Set(Scenario& scenario, const Value& value) const
{
    read(*this, value, scenario);
}

std::string
Key::Print(const Scenario& scenario) const
{
    return print(scenario);
}

std::string
Key::Default() const
{
    return print(Scenario{});
}

Expected
Key::Expectation() const
{
    return {path, allowed};
}

const std::vector<Key>&
KeyTable()
{
    static const std::vector<Key> table = MakeTable();
    return table;
}

const Key*
FindKey(std::string_view path)
{
    const auto& table = KeyTable();
    const auto found =
        std::find_if(table.begin(),
                     table.end(),
                     [path](const Key& row)
                     { return row.path == path || (row.subtree && LiesBelow(path, row.path)); });
    return found == table.end() ? nullptr : &*found;
}

bool
IsGroup(std::string_view path)
{
    const auto& table = KeyTable();
    return std::any_of(
        table.begin(), table.end(), [path](const Key& row) { return LiesBelow(row.path, path); });
}

std::vector<std::string>
AllPaths()
{
    std::vector<std::string> paths;
    std::set<std::string> groups;
    for (const Key& row : KeyTable())
    {
        for (auto dot = row.path.find('.'); dot != std::string::npos;
             dot = row.path.find('.', dot + 1))
        {
            groups.insert(row.path.substr(0, dot));
        }
        paths.push_back(row.path);
    }
    paths.insert(paths.end(), groups.begin(), groups.end());
    return paths;
}

std::string
PrintScenario(const Scenario& scenario)
{
    std::string printed;
    for (const Key& row : KeyTable())
    {
        const std::string value = row.Print(scenario);
        if (value != row.Default())
        {
            printed += row.path + ": " + value + "\n";
        }
    }
    return printed.empty() ? "{}\n" : printed;
}

} // namespace lanpeer::scenario
