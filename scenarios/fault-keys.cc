#include "scenarios/key-kinds.h"
#include "scenarios/list-reading.h"

#include <utility>

namespace lanpeer::scenario
{

namespace
{

constexpr double kYearS = 31536000;
constexpr double kHoldMaxMs = 60000;
constexpr std::uint64_t kPpsMax = 1000000;
constexpr std::size_t kOutagesMax = 1000;
constexpr std::string_view kOutageAllowed = "{from_s: NUMBER, for_s: NUMBER}";

void
ReadUplinkDown(const Key& key, const Value& value, Scenario& scenario)
{
    if (IsWord(value, "none"))
    {
        scenario.faults.uplinkDown.clear();
        return;
    }
    const std::vector<Value>& items = ReadItems(key, value, kOutagesMax);
    std::vector<FaultSettings::Outage> outages;
    for (std::size_t i = 0; i < items.size(); ++i)
    {
        const Expected expected = ItemOf(key, i, std::string(kOutageAllowed));
        const auto parts = ReadParts(expected, items[i], {"from_s", "for_s"});
        // After the end of the one before it, so that how long the line is down can be added up.
        const double earliestS = outages.empty() ? 0 : outages.back().fromS + outages.back().forS;
        const auto seconds = [&expected](const std::string& part, const Value& given, double min)
        {
            const Expected forPart{expected.path + "." + part,
                                   fmt::format("{} to {}", min, kYearS)};
            return ReadNumber(forPart, given, min, kYearS);
        };
        const double fromS = seconds("from_s", *parts[0], earliestS);
        outages.push_back({fromS, seconds("for_s", *parts[1], 0)});
    }
    scenario.faults.uplinkDown = std::move(outages);
}

std::string
PrintUplinkDown(const Scenario& scenario)
{
    const auto& outages = scenario.faults.uplinkDown;
    if (outages.empty())
    {
        return "none";
    }
    return PrintList(outages,
                     [](const FaultSettings::Outage& outage) {
                         return fmt::format("{{from_s: {}, for_s: {}}}", outage.fromS, outage.forS);
                     });
}

Key
UplinkDownKey()
{
    Key row;
    row.path = "faults.uplink_down";
    row.type = "list";
    row.allowed = fmt::format("none or a list of {}", kOutageAllowed);
    row.meaning = "times, from when nodes begin to ask, in which the uplink passes nothing";
    row.read = ReadUplinkDown;
    row.print = PrintUplinkDown;
    return row;
}

void
AddLinkFaultKeys(std::vector<Key>& rows)
{
    // clang-format off
    rows.push_back(NumberKey("faults.duplication", "", [](auto& s) -> auto& { return s.faults.duplication; }, 0, 1,
                             "probability that a packet comes over its LAN to a host, the gateway too, twice"));
    rows.push_back(NumberKey("faults.reordering", "", [](auto& s) -> auto& { return s.faults.reordering; }, 0, 1,
                             "probability that it is held there, so that later ones overtake it"));
    rows.push_back(NumberKey("faults.reordering_max_ms", "ms", [](auto& s) -> auto& { return s.faults.reorderingMaxMs; }, 0,
                             kHoldMaxMs, "for a drawn time of 0 to this"));
    rows.push_back(NumberKey("faults.corruption", "", [](auto& s) -> auto& { return s.faults.corruption; }, 0, 1,
                             "probability that it is altered behind Ethernet's check sum; before it: lan.loss"));
    rows.push_back(NumberKey("faults.corruption_unseen", "", [](auto& s) -> auto& { return s.faults.corruptionUnseen; }, 0, 1,
                             "share of those that UDP's or TCP's check sum does not show: two words change places"));
    rows.push_back(CountKey("faults.deaf", "nodes", [](auto& s) -> auto& { return s.faults.deaf; }, 0, kNodesMax,
                            "drawn nodes that no service packet reaches"));
    rows.push_back(CountKey("faults.mute", "nodes", [](auto& s) -> auto& { return s.faults.mute; }, 0, kNodesMax,
                            "drawn nodes whose broadcasts reach nobody"));
    // clang-format on
}

void
AddMachineFaultKeys(std::vector<Key>& rows)
{
    const auto restart = [](auto& s) -> auto&
    {
        return s.faults.restartAfterS;
    };
    // clang-format off
    rows.push_back(CountKey("faults.crashes", "nodes", [](auto& s) -> auto& { return s.faults.crashes; }, 0, kNodesMax,
                            "drawn nodes that lose power once; what they hold whole stays, what was partial is lost"));
    rows.push_back(NumberKey("faults.crash_within_s", "s", [](auto& s) -> auto& { return s.faults.crashWithinS; }, 0, kYearS,
                             "at a drawn instant of that time, from when nodes begin to ask"));
    rows.push_back(OrWord(NumberKey("faults.restart_after_s", "s", restart, 0, kYearS,
                                    "until they are on again, and ask again for what they have not got"), restart, "never"));
    rows.push_back(CountKey("faults.full_disks", "nodes", [](auto& s) -> auto& { return s.faults.fullDisks; }, 0, kNodesMax,
                            "drawn nodes that can keep nothing: their requests fail, reason store-failed"));
    // clang-format on
}

} // namespace

std::vector<Key>
FaultKeys()
{
    const auto limit = [](auto& s) -> auto&
    {
        return s.faults.stormControlPps;
    };
    std::vector<Key> rows;
    AddLinkFaultKeys(rows);
    AddMachineFaultKeys(rows);
    // clang-format off
    rows.push_back(OrWord(CountKey("faults.storm_control_pps", "1/s", limit, 1, kPpsMax,
                                   "broadcasts per second that a port of the switch takes; those above are dropped"), limit, "off"));
    // clang-format on
    rows.push_back(UplinkDownKey());
    return rows;
}

} // namespace lanpeer::scenario
