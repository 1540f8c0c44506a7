#include "analysis/metrics.h"
#include "tests/lan/replicates.h"

#include <gtest/gtest.h>

// Hostile nodes, and a hostile gateway, among nodes that keep themselves up to date (FIG. 8).

namespace lanpeer::lan
{
namespace
{

constexpr std::int64_t kHourUs = 3'600'000'000;
constexpr std::int64_t kDayUs = 24 * kHourUs;
constexpr std::uint32_t kNodes = 6;

/// A release a week, at noon of its first day, for so many weeks; everybody is always on.
UpdatePlan
Weekly(std::int64_t weeks)
{
    UpdatePlan plan;
    plan.catalogBytes = 7500;
    plan.endUs = 7 * weeks * kDayUs;
    plan.releases = {{"dat", "0012312359", 20'000, -1}};
    for (std::int64_t week = 0; week < weeks; ++week)
    {
        const std::string version =
            week < 9 ? "01010" + std::to_string(week + 1) : "0101" + std::to_string(week + 1);
        plan.releases.push_back({"dat", version + "1200", 20'000, 7 * week * kDayUs + kDayUs / 2});
    }
    for (std::uint32_t node = 0; node < kNodes; ++node)
    {
        plan.on.push_back({node, node * kHourUs / 60, plan.endUs});
    }
    return plan;
}

/// Releases missing, altered bodies received and installed, packages installed, checks that failed.
Figures
Updated(std::uint32_t hostile, AdversaryKind kind, bool gateway, std::int64_t weeks)
{
    return Replicates(1,
                      [&](std::uint64_t) -> Figures
                      {
                          OfficeConfig office = Spread(Policy::Robust, kNodes, 60);
                          office.adversaries.count = hostile;
                          office.adversaries.kinds = {kind};
                          office.adversaries.gateway = gateway;
                          office.updates.emplace();
                          office.updates->plan = [weeks](const auto& /*uniform*/)
                          {
                              return Weekly(weeks);
                          };
                          OfficeSimulation simulation(office);
                          const analysis::RunRecord record = simulation.Run();
                          const analysis::Metrics metrics = analysis::ComputeMetrics(record);
                          double failed = 0;
                          for (const auto& [outcome, count] : metrics.updates->checks)
                          {
                              failed +=
                                  outcome.rfind("failed", 0) == 0 ? static_cast<double>(count) : 0;
                          }
                          return {static_cast<double>(metrics.updates->missing),
                                  static_cast<double>(metrics.adversaries->alteredReceived),
                                  static_cast<double>(metrics.adversaries->alteredInstalled),
                                  static_cast<double>(metrics.updates->installations),
                                  failed};
                      })
        .at(0);
}

TEST(HostileNeighbours, KeepNobodyOutOfDateNorGetAnythingInstalled)
{
    RecordProperty("requirement", "R-SIM-6 R-UPD-4 R-UPD-8");
    RecordProperty("attack", "T5 T6");
    // The catalog never comes from a neighbour [0054], so that hostile ones can freeze nobody,
    // however many they are.
    for (const std::uint32_t hostile : {1U, 3U, 5U})
    {
        const Figures figures = Updated(hostile, AdversaryKind::FastLiar, false, 2);
        EXPECT_EQ(figures[0], 0) << hostile << ": missing";
        EXPECT_GT(figures[1], 0) << hostile << ": they were heard";
        EXPECT_EQ(figures[2], 0) << hostile << ": altered and installed";
        EXPECT_EQ(figures[3], 2 * (kNodes - hostile)) << hostile;
    }
}

TEST(AHostileGateway, FreezesEverybodyAndIsNoticedWhenTheCatalogExpires)
{
    RecordProperty("requirement", "R-SIM-6 R-UPD-8");
    RecordProperty("attack", "T5");
    const Figures young = Updated(0, AdversaryKind::Silent, true, 2);
    EXPECT_EQ(young[0], 2 * kNodes) << "missing";
    EXPECT_EQ(young[2], 0);
    EXPECT_EQ(young[4], 0) << "nobody can know yet";
    const Figures old = Updated(0, AdversaryKind::Silent, true, 10); // a catalog counts for 60 days
    EXPECT_EQ(old[0], 10 * kNodes);
    EXPECT_GT(old[4], kNodes) << "said by every node, at every check";
    EXPECT_EQ(old[3], 0);
}

} // namespace
} // namespace lanpeer::lan
