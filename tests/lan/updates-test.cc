#include "analysis/metrics.h"
#include "model/lan/parameter-attributes.h"
#include "model/lan/update-application.h"
#include "tests/lan/replicates.h"

#include <gtest/gtest.h>

#include <ns3/boolean.h>
#include <ns3/nstime.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>

// The update services of a simulated office (FIG. 8): the same state machine as on real sockets,
// days instead of minutes.

namespace lanpeer::lan
{
namespace
{

constexpr std::int64_t kHourUs = 3'600'000'000;
constexpr std::int64_t kDayUs = 24 * kHourUs;
constexpr std::uint32_t kNodes = 6;
constexpr std::uint64_t kDat = 200'000;

/// All nodes are on from eight to five, each a minute after the one before it; product "dat" is
/// released at noon of day 0 and at midnight of day 3.
UpdatePlan
TwoReleases(std::int64_t days)
{
    UpdatePlan plan;
    plan.catalogBytes = 7500;
    plan.endUs = days * kDayUs;
    plan.releases = {{"dat", "0012312359", kDat, -1},
                     {"dat", "0101011200", kDat, kDayUs / 2},
                     {"dat", "0101040000", kDat, 3 * kDayUs}};
    for (std::int64_t day = 0; day < std::min<std::int64_t>(days, 5); ++day)
    {
        for (std::uint32_t node = 0; node < kNodes; ++node)
        {
            const std::int64_t laterUs = node * kHourUs / 60;
            plan.on.push_back({node,
                               day * kDayUs + 8 * kHourUs + laterUs,
                               day * kDayUs + 17 * kHourUs + laterUs});
        }
    }
    return plan;
}

OfficeConfig
Office(const UpdatePlan& plan, Policy policy = Policy::Robust)
{
    OfficeConfig office = Spread(policy, kNodes, 60);
    office.updates.emplace();
    office.updates->plan = [plan](const std::function<double()>& /*uniform*/)
    {
        return plan;
    };
    return office;
}

std::uint64_t
InternetBytes(const analysis::RunRecord& record)
{
    return analysis::ComputeMetrics(record).internetBytes;
}

TEST(SimulatedUpdates, EveryNodeInstallsEachReleaseWhichCrossesTheUplinkOnce)
{
    RecordProperty("requirement", "R-UPD-1 R-UPD-2 R-SIM-1 R-SIM-4");
    OfficeSimulation simulation(Office(TwoReleases(5)));
    const analysis::RunRecord record = simulation.Run();
    const analysis::UpdateRecord& updates = *record.updates;
    EXPECT_EQ(updates.releases.size(), 2U);
    EXPECT_EQ(updates.installations.size(), 2 * kNodes);
    EXPECT_EQ(InternetBytes(record), 2 * kDat);
    EXPECT_EQ(analysis::ComputeMetrics(record).updates->missing, 0U);
    // The one of noon is found by the next morning's check at the latest, since a check follows a
    // successful one after 12 hours; the one of midnight at boot.
    for (const analysis::UpdateRecord::Installation& installation : updates.installations)
    {
        const std::int64_t day = installation.atUs / kDayUs;
        EXPECT_EQ(day, installation.release == 0 ? 1 : 3);
        EXPECT_LT(installation.atUs % kDayUs, 8 * kHourUs + kHourUs / 3);
    }
}

TEST(SimulatedUpdates, ChecksAreAtBootAndFiveMinutesLater)
{
    RecordProperty("requirement", "R-UPD-1");
    OfficeSimulation simulation(Office(TwoReleases(5)));
    const analysis::RunRecord record = simulation.Run();
    // Two checks a day on five days; the nine hours to switching off hold no third [0056].
    const std::map<std::string, std::uint64_t> expected = {{"installed", 2ULL * kNodes},
                                                           {"up-to-date", 8ULL * kNodes}};
    EXPECT_EQ(record.updates->checks, expected);
    // Each retrieves the catalog, from the Internet, without a packet [0054].
    EXPECT_EQ(record.catalogBytes, 10ULL * kNodes * 7500);
    EXPECT_EQ(record.packets.iNeed, 2ULL * kNodes);
}

TEST(SimulatedUpdates, WithoutPeeringEveryNodeFetchesForItself)
{
    RecordProperty("requirement", "R-SIM-7");
    OfficeConfig office = Office(TwoReleases(5), Policy::Fig4a);
    office.protocol.peering = false;
    OfficeSimulation simulation(office);
    const analysis::RunRecord record = simulation.Run();
    EXPECT_EQ(InternetBytes(record), 2 * kNodes * kDat);
    EXPECT_EQ(record.updates->installations.size(), 2 * kNodes);
    EXPECT_EQ(record.packets.sentBytes, 0U);
}

TEST(SimulatedUpdates, PeersMayServeTheCatalogToo)
{
    RecordProperty("requirement", "R-UPD-8 R-SIM-7");
    OfficeConfig office = Office(TwoReleases(5));
    office.updates->service.catalogFromPeers = true;
    OfficeSimulation simulation(office);
    const analysis::RunRecord record = simulation.Run();
    EXPECT_EQ(record.updates->installations.size(), 2 * kNodes);
    std::uint64_t checks = 0;
    for (const auto& [outcome, count] : record.updates->checks)
    {
        EXPECT_EQ(outcome.rfind("failed", 0), std::string::npos) << outcome;
        checks += count;
    }
    EXPECT_EQ(checks, 10ULL * kNodes);
    // Who has none yet, or an older one, takes a peer's; who has the newest asks the origin whether
    // it still is (T5).
    EXPECT_LT(record.catalogBytes, 10ULL * kNodes * 7500);
}

TEST(SimulatedUpdates, WhoWasOffInTheMiddleOfARetrievalHasItTheNextMorning)
{
    RecordProperty("requirement", "R-SIM-4 R-SIM-5 R-UPD-5");
    // Alone, and off three seconds after it came on: 1500 kb/s bring 200 kB in a good second, so
    // twice the megabyte does not come.
    UpdatePlan plan;
    plan.catalogBytes = 7500;
    plan.endUs = 2 * kDayUs;
    plan.releases = {{"dat", "0012312359", 2'000'000, -1},
                     {"dat", "0101010100", 2'000'000, kHourUs}};
    plan.on = {{0, 8 * kHourUs, 8 * kHourUs + 8'000'000},
               {0, kDayUs + 8 * kHourUs, kDayUs + 9 * kHourUs}};
    OfficeSimulation simulation(Office(plan));
    const analysis::RunRecord record = simulation.Run();
    ASSERT_EQ(record.updates->installations.size(), 1U);
    EXPECT_GT(record.updates->installations[0].atUs, kDayUs);
    EXPECT_GT(InternetBytes(record), 2'000'000U) << "the first attempt's bytes came too";
    EXPECT_LT(InternetBytes(record), 4'000'000U);
}

TEST(SimulatedUpdates, NothingHappensWhileEverybodyIsOff)
{
    RecordProperty("requirement", "R-PKT-7 R-UPD-1");
    // What three weeks of nobody there add: the days themselves, which are told as progress.
    const std::vector<Figures> runs =
        Replicates(2,
                   [](std::uint64_t run) -> Figures
                   {
                       UpdatePlan plan = TwoReleases(run == 1 ? 5 : 26);
                       OfficeSimulation simulation(Office(plan));
                       const analysis::RunRecord record = simulation.Run();
                       return {static_cast<double>(record.events),
                               static_cast<double>(record.updates->installations.size())};
                   });
    EXPECT_EQ(runs[1][1], runs[0][1]);
    // ... and the timers that were armed when the nodes went off, which ns-3 counts when it drops
    // them.
    EXPECT_LE(runs[1][0] - runs[0][0], 21 + 3 * kNodes) << "events";
}

TEST(SimulatedUpdates, NoConnectionOutlivesItsUse)
{
    RecordProperty("requirement", "R-PKT-7 R-UPD-1");
    // Fifty nodes come on in one instant and overfill the uplink's queue: the last acknowledgement
    // of some of their connections is lost. What then follows comes to an end within the hour.
    const std::vector<Figures> runs = Replicates(
        2,
        [](std::uint64_t run) -> Figures
        {
            constexpr std::uint32_t kMany = 50;
            UpdatePlan plan;
            plan.catalogBytes = 7500;
            plan.endUs = kDayUs;
            plan.releases = {{"dat", "0012312359", kDat, -1}};
            for (std::uint32_t node = 0; node < kMany; ++node)
            {
                plan.on.push_back({node, 8 * kHourUs, (run == 1 ? 9 : 17) * kHourUs});
            }
            OfficeConfig office = Spread(Policy::Robust, kMany, 60);
            office.updates.emplace();
            office.updates->plan = [&plan](const std::function<double()>& /*uniform*/)
            {
                return plan;
            };
            OfficeSimulation simulation(office);
            const analysis::RunRecord record = simulation.Run();
            return {static_cast<double>(record.events), static_cast<double>(record.catalogBytes)};
        });
    EXPECT_EQ(runs[0][1], 2 * 50 * 7500);
    EXPECT_EQ(runs[1][1], runs[0][1]);
    EXPECT_LE(runs[1][0] - runs[0][0], 50) << "events in eight hours of resting nodes";
}

TEST(SimulatedUpdates, EveryParameterIsAnAttribute)
{
    RecordProperty("requirement", "R-SIM-1");
    const auto service = ns3::CreateObject<UpdateApplication>();
    for (const UpdateParameter& parameter : UpdateParameterTable())
    {
        ns3::TypeId::AttributeInformation found;
        EXPECT_TRUE(
            UpdateApplication::GetTypeId().LookupAttributeByName(AttributeName(parameter), &found))
            << parameter.key;
    }
    service->SetAttribute("AfterBoot", ns3::TimeValue(ns3::Seconds(60)));
    service->SetAttribute("BootCheck", ns3::BooleanValue(false));
    EXPECT_EQ(service->Config().afterBootS, 60U);
    EXPECT_FALSE(service->Config().bootCheck);
    EXPECT_FALSE(service->SetAttributeFailSafe("AfterBoot", ns3::TimeValue(ns3::Seconds(0))));
}

TEST(SimulatedUpdates, TheSameSeedGivesTheSameRun)
{
    RecordProperty("requirement", "R-SIM-9");
    const std::vector<Figures> runs =
        Replicates(2,
                   [](std::uint64_t /*run*/) -> Figures
                   {
                       OfficeSimulation simulation(Office(TwoReleases(5), Policy::Fig4b));
                       const analysis::RunRecord record = simulation.Run();
                       Figures figures = {static_cast<double>(record.events),
                                          static_cast<double>(record.uplinkBytes)};
                       for (const auto& installation : record.updates->installations)
                       {
                           figures.push_back(static_cast<double>(installation.atUs));
                       }
                       return figures;
                   });
    EXPECT_EQ(runs[0], runs[1]);
}

} // namespace
} // namespace lanpeer::lan
