#include "scenarios/calendar.h"

#include "model/protocol/update/version-name.h"
#include "scenarios/key-table.h"
#include "tests/scenarios/reading.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace lanpeer::scenario
{
namespace
{

using testing::HasSubstr;

constexpr std::int64_t kHourUs = 3'600'000'000;
constexpr std::int64_t kDayUs = 24 * kHourUs;

UniformSource
Source(std::uint64_t seed)
{
    return [engine = std::mt19937_64(seed)]() mutable
    {
        return static_cast<double>(engine() >> 11U) * 0x1p-53;
    };
}

Scenario
Year()
{
    Scenario scenario;
    scenario.workload.days = 365;
    return scenario;
}

/// Days from one release of a product to the next, whole ones, the first apart.
std::vector<std::int64_t>
DaysBetween(const lan::UpdatePlan& plan, const std::string& product)
{
    std::vector<std::int64_t> days;
    std::int64_t lastDay = -1;
    for (const lan::UpdatePlan::Release& release : plan.releases)
    {
        if (release.product == product && release.atUs >= 0)
        {
            const std::int64_t day = release.atUs / kDayUs;
            if (lastDay >= 0)
            {
                days.push_back(day - lastDay);
            }
            lastDay = day;
        }
    }
    return days;
}

TEST(Calendar, ReleasesFollowEachOtherAsTheirProductSays)
{
    RecordProperty("requirement", "R-SIM-4 R-UPD-3");
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
    {
        const lan::UpdatePlan plan = PlanUpdates(Year(), Source(seed));
        const std::vector<std::int64_t> dats = DaysBetween(plan, "dat");
        EXPECT_GE(dats.size(), 50U);
        for (const std::int64_t days : dats)
        {
            EXPECT_EQ(days, 7);
        }
        for (const std::int64_t days : DaysBetween(plan, "engine"))
        {
            EXPECT_GE(days, 61);
            EXPECT_LE(days, 91);
        }
        for (const std::int64_t days : DaysBetween(plan, "product"))
        {
            EXPECT_GE(days, 42);
            EXPECT_LE(days, 56);
        }
    }
}

TEST(Calendar, AVersionIsTheMinuteOfItsRelease)
{
    RecordProperty("requirement", "R-UPD-3");
    const lan::UpdatePlan plan = PlanUpdates(Year(), Source(1));
    std::set<std::string> products;
    std::int64_t lastUs = -kDayUs;
    for (const lan::UpdatePlan::Release& release : plan.releases)
    {
        const auto timeS = VersionTimeS(release.version);
        ASSERT_TRUE(timeS) << release.version;
        EXPECT_EQ(static_cast<std::int64_t>(*timeS) * 1'000'000,
                  static_cast<std::int64_t>(lan::kRunBeginsS) * 1'000'000 + release.atUs);
        EXPECT_GE(release.atUs, lastUs);
        lastUs = release.atUs;
        if (products.insert(release.product).second)
        {
            EXPECT_LT(release.atUs, 0) << "each product's first is there from the beginning";
        }
    }
    EXPECT_EQ(products.size(), 3U);
}

TEST(Calendar, NodesAreOnDuringOfficeHours)
{
    RecordProperty("requirement", "R-SIM-4");
    Scenario scenario = Year();
    scenario.lan.nodes = 7;
    std::map<std::uint32_t, int> days;
    std::int64_t earliest = kDayUs;
    std::int64_t latest = 0;
    for (const lan::UpdatePlan::OnPeriod& period : PlanUpdates(scenario, Source(3)).on)
    {
        const std::int64_t day = period.fromUs / kDayUs;
        EXPECT_LT(day % 7, 5) << "a weekend";
        EXPECT_EQ(period.toUs / kDayUs, day);
        earliest = std::min(earliest, period.fromUs % kDayUs);
        latest = std::max(latest, period.fromUs % kDayUs);
        EXPECT_GE(period.toUs % kDayUs, 16 * kHourUs);
        EXPECT_LE(period.toUs % kDayUs, 18 * kHourUs);
        ++days[period.node];
    }
    EXPECT_GE(earliest, 7 * kHourUs);
    EXPECT_LE(latest, 9 * kHourUs);
    EXPECT_GT(latest - earliest, kHourUs) << "each node on its own";
    EXPECT_EQ(days.size(), 7U);
    EXPECT_EQ(days[0], 261); // of 365 days from a Monday on
}

TEST(Calendar, WithoutOfficeHoursNodesAreAlwaysOn)
{
    RecordProperty("requirement", "R-SIM-4");
    Scenario scenario = Year();
    scenario.workload.officeHours = false;
    const lan::UpdatePlan plan = PlanUpdates(scenario, Source(3));
    ASSERT_EQ(plan.on.size(), scenario.lan.nodes);
    EXPECT_EQ(plan.on.back().fromUs, 0);
    EXPECT_EQ(plan.on.back().toUs, plan.endUs);
    EXPECT_EQ(plan.endUs, 365 * kDayUs);
}

TEST(Calendar, MoreNodesHaveTheSameReleases)
{
    RecordProperty("requirement", "R-SIM-9");
    Scenario scenario = Year();
    const lan::UpdatePlan few = PlanUpdates(scenario, Source(5));
    scenario.lan.nodes = 500;
    const lan::UpdatePlan many = PlanUpdates(scenario, Source(5));
    ASSERT_EQ(few.releases.size(), many.releases.size());
    for (std::size_t i = 0; i < few.releases.size(); ++i)
    {
        EXPECT_EQ(few.releases[i].atUs, many.releases[i].atUs);
    }
}

TEST(Calendar, KeysAreReadAndPrintedAsTheyStand)
{
    RecordProperty("requirement", "R-SIM-4");
    const std::string text = "workload:\n"
                             "  days: 30\n"
                             "  releases: [{name: dat, bytes: 1000, days_min: 1, days_max: 2}]\n"
                             "  office_hours: off\n"
                             "update: {after_success_s: 60, boot_check: off}\n";
    const Scenario scenario = Read(text);
    EXPECT_EQ(scenario.workload.days, 30U);
    ASSERT_EQ(scenario.workload.releases.size(), 1U);
    EXPECT_EQ(scenario.workload.releases[0].daysMax, 2U);
    EXPECT_FALSE(scenario.workload.officeHours);
    EXPECT_EQ(scenario.update.afterSuccessS, 60U);
    EXPECT_FALSE(scenario.update.bootCheck);
    EXPECT_EQ(PrintScenario(Read(PrintScenario(scenario))), PrintScenario(scenario));
}

TEST(Calendar, WhatDoesNotGoTogetherIsRefusedByName)
{
    RecordProperty("requirement", "R-SIM-4");
    const auto refused = [](const std::string& workload)
    {
        return ErrorOf("workload: {days: 1, " + workload + "}\n");
    };
    EXPECT_THAT(refused("holders: 1"), HasSubstr("workload.holders: with workload.days"));
    EXPECT_THAT(refused("requesters: 1"), HasSubstr("workload.requesters: with workload.days"));
    EXPECT_THAT(refused("on_at_h: 18"), HasSubstr("come on and go off on one day"));
    EXPECT_THAT(refused("hours_spread_h: 4.5"), HasSubstr("come on and go off on one day"));
    EXPECT_THAT(refused("off_at_h: 23"), HasSubstr("come on and go off on one day"));
    EXPECT_EQ(refused("off_at_h: 23, hours_spread_h: 0.5"), "");
    EXPECT_EQ(ErrorOf("workload: {on_at_h: 18}\n"), "") << "means nothing without days";
    EXPECT_THAT(refused("releases: [{name: dat, bytes: 1, days_min: 2, days_max: 1}]"),
                HasSubstr("workload.releases[0].days_max: '1' is out of bounds; expected 2 to"));
    EXPECT_THAT(refused("releases: [{name: a.b, bytes: 1, days_min: 1, days_max: 1}]"),
                HasSubstr("is not a product's name"));
    EXPECT_THAT(refused("releases: [{name: dat, bytes: 1}]"), HasSubstr("days_min is missing"));
}

} // namespace
} // namespace lanpeer::scenario
