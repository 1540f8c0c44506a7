#include "tests/update/samples.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>

// When checks are made [0056], and that each of them ends.

namespace lanpeer
{
namespace
{

using namespace samples;

const CatalogEntry kDat = Resource("dat", "202611080000");

/// The time that the last event armed that timer with.
std::optional<std::uint64_t>
ArmedS(const Rig& rig, UpdateTimer timer)
{
    for (const auto& arm : rig.All<ArmUpdateTimer>())
    {
        if (arm.timer == timer)
        {
            EXPECT_EQ(arm.minMs, arm.maxMs);
            return arm.minMs / 1000;
        }
    }
    return std::nullopt;
}

TEST(ScheduleTest, AtBootAndFiveMinutesAfter)
{
    RecordProperty("requirement", "R-UPD-1");
    UpdateConfig config = Config();
    config.bootCheck = true;
    Rig rig(config);
    rig.Start();
    EXPECT_EQ(ArmedS(rig, UpdateTimer::AfterBoot), 300U);
    ASSERT_EQ(rig.All<RequestCatalog>().size(), 1U);
    EXPECT_EQ(rig.All<RequestCatalog>()[0].url, kCatalogUrl);
    EXPECT_FALSE(rig.All<RequestCatalog>()[0].mayUsePeers); // not cacheable [0054]
    // One check at a time: the second finds the first running.
    rig.Do(UpdateTimerFired{UpdateTimer::AfterBoot, kNowS + 300});
    EXPECT_TRUE(rig.Actions().empty());
    rig.Do(CatalogFailed{Reason::InternetFailed});
    EXPECT_EQ(ArmedS(rig, UpdateTimer::NextCheck), 6 * 3600U);
}

TEST(ScheduleTest, SixHoursAfterAFailureTwelveAfterASuccess)
{
    RecordProperty("requirement", "R-UPD-1");
    Rig rig;
    rig.Start();
    EXPECT_FALSE(rig.Has<RequestCatalog>());
    rig.Do(UpdateTimerFired{UpdateTimer::AfterBoot, kNowS + 300});
    EXPECT_TRUE(rig.Has<RequestCatalog>());
    rig.Do(CatalogFailed{Reason::InternetFailed});
    EXPECT_EQ(ArmedS(rig, UpdateTimer::NextCheck), 6 * 3600U);
    rig.Do(UpdateTimerFired{UpdateTimer::NextCheck, kNowS + 6 * 3600});
    EXPECT_TRUE(rig.Has<RequestCatalog>());
    rig.Do(Signed(Release(1, 5, {})));
    EXPECT_EQ(rig.All<TellCheck>()[0].report.outcome, CheckOutcome::UpToDate);
    EXPECT_EQ(ArmedS(rig, UpdateTimer::NextCheck), 12 * 3600U);
    rig.Update(Signed(Release(1, 6, {kDat})));
    EXPECT_EQ(rig.Persisted().lastCheck->outcome, CheckOutcome::Installed);
    EXPECT_EQ(ArmedS(rig, UpdateTimer::NextCheck), 12 * 3600U);
}

TEST(ScheduleTest, ASpreadIsForTheHostToDraw)
{
    RecordProperty("requirement", "R-UPD-1");
    UpdateConfig config = Config();
    config.spreadS = 60;
    Rig rig(config);
    rig.Start();
    ASSERT_EQ(rig.All<ArmUpdateTimer>().size(), 1U);
    EXPECT_EQ(rig.All<ArmUpdateTimer>()[0].minMs, 300000U);
    EXPECT_EQ(rig.All<ArmUpdateTimer>()[0].maxMs, 360000U);
}

TEST(ScheduleTest, WhoOnlyLooksInstallsNothingAndLeavesTheSchedule)
{
    RecordProperty("requirement", "R-UPD-1");
    Rig rig;
    rig.Start();
    rig.Do(CheckWanted{false, kNowS});
    rig.Do(Signed(Release(1, 5, {kDat})));
    EXPECT_FALSE(rig.Has<RequestPackage>());
    EXPECT_EQ(rig.All<TellCheck>()[0].report.outcome, CheckOutcome::Newer);
    EXPECT_FALSE(ArmedS(rig, UpdateTimer::NextCheck));
    EXPECT_TRUE(rig.Service().IsArmed(UpdateTimer::AfterBoot));
    // Somebody who wants it installed joins one who looks.
    rig.Do(CheckWanted{false, kNowS});
    rig.Do(CheckWanted{true, kNowS});
    rig.Do(Signed(Release(1, 5, {kDat})));
    EXPECT_TRUE(rig.Has<RequestPackage>());
}

TEST(ScheduleTest, ADueCheckMakesALookAnInstallation)
{
    RecordProperty("requirement", "R-UPD-1");
    Rig rig;
    rig.Start();
    rig.Do(CheckWanted{false, kNowS});
    rig.Do(UpdateTimerFired{UpdateTimer::AfterBoot, kNowS + 300});
    rig.Do(Signed(Release(1, 5, {kDat})));
    EXPECT_TRUE(rig.Has<RequestPackage>());
}

TEST(ScheduleTest, U1_ACheckThatTakesTooLongEnds)
{
    RecordProperty("requirement", "R-UPD-1");
    RecordProperty("attack", "U1");
    Rig rig;
    rig.Start();
    rig.Do(CheckWanted{true, kNowS});
    EXPECT_EQ(ArmedS(rig, UpdateTimer::Deadline), 6 * 3600U);
    rig.Do(UpdateTimerFired{UpdateTimer::Deadline, kNowS});
    EXPECT_EQ(rig.All<CancelRequest>().size(), 1U);
    EXPECT_EQ(rig.All<TellCheck>()[0].report.reason, UpdateReason::TooSlow);
    rig.Check(Signed(Release(1, 5, {kDat, Resource("engine", "202611080000")})));
    rig.Deliver(kDat);
    rig.Do(UpdateTimerFired{UpdateTimer::Deadline, kNowS});
    ASSERT_EQ(rig.All<CancelRequest>().size(), 1U);
    EXPECT_EQ(rig.All<CancelRequest>()[0].product, "engine");
    EXPECT_FALSE(rig.Has<TellCheck>()); // dat is being installed
    rig.Do(SetInstalled{"dat"});
    ASSERT_EQ(rig.All<TellCheck>().size(), 1U);
    EXPECT_EQ(rig.All<TellCheck>()[0].report.reason, UpdateReason::TooSlow);
    EXPECT_EQ(rig.VersionOf("dat"), kDat.version);
}

TEST(ScheduleTest, T5_StaleIsTold)
{
    RecordProperty("requirement", "R-UPD-1 R-UPD-8");
    RecordProperty("attack", "T5");
    Rig rig;
    rig.Start();
    EXPECT_FALSE(rig.Service().Status(kNowS + 2 * kDayS).staleSinceS);
    EXPECT_EQ(rig.Service().Status(kNowS + 2 * kDayS + 1).staleSinceS, kNowS + 2 * kDayS);
    Catalog catalog = Release(1, 5, {});
    catalog.expiresS = kNowS + kDayS;
    rig.Check(Signed(catalog));
    EXPECT_FALSE(rig.Service().Status(kNowS + kDayS).staleSinceS);
    EXPECT_EQ(rig.Service().Status(kNowS + kDayS + 1).staleSinceS, catalog.expiresS);
    rig.Do(CheckWanted{true, kNowS + kDayS + 1});
    rig.Do(CatalogFailed{Reason::NoInternet});
    bool told = false;
    for (const UpdateNote& note : rig.All<UpdateNote>())
    {
        told = told || note.reason == UpdateReason::Stale;
    }
    EXPECT_TRUE(told);
}

TEST(ScheduleTest, T5_AClockOnceAheadDoesNotSilenceStale)
{
    RecordProperty("requirement", "R-UPD-1 R-UPD-9");
    RecordProperty("attack", "T5 L23");
    UpdateMemory memory; // of a first start by a clock that was ten years ahead
    memory.lastFreshS = kNowS + 3650 * kDayS;
    Rig rig;
    rig.Do(UpdateStarted{memory, {}, kNowS});
    EXPECT_FALSE(rig.Service().Status(kNowS + 2 * kDayS).staleSinceS);
    EXPECT_EQ(rig.Service().Status(kNowS + 2 * kDayS + 1).staleSinceS, kNowS + 2 * kDayS);
}

TEST(ScheduleTest, WhoStopsTakesEverythingBack)
{
    RecordProperty("requirement", "R-UPD-1");
    Rig rig;
    rig.Start();
    rig.Check(Signed(Release(1, 5, {kDat, Resource("engine", "202611080000")})));
    rig.Deliver(kDat);
    rig.Do(UpdateStopped{kNowS});
    EXPECT_EQ(rig.All<CancelUpdateTimer>().size(), 2U); // after boot, deadline
    ASSERT_EQ(rig.All<CancelRequest>().size(), 1U);
    EXPECT_EQ(rig.All<CancelRequest>()[0].product, "engine");
    rig.Do(CheckWanted{true, kNowS});
    EXPECT_TRUE(rig.Actions().empty());
    EXPECT_EQ(rig.Service().State(), UpdateState::Off);
}

TEST(UpdateParametersTest, TheTableIsTheConfiguration)
{
    RecordProperty("requirement", "R-UPD-1");
    std::set<std::string_view> keys;
    for (const UpdateParameter& row : UpdateParameterTable())
    {
        EXPECT_TRUE(keys.insert(row.key).second) << row.key;
        EXPECT_LE(row.min, row.defaultValue) << row.key;
        EXPECT_LE(row.defaultValue, row.max) << row.key;
        EXPECT_EQ(FindUpdateParameter(row.key), &row);
        UpdateConfig config = UpdateConfig::Defaults();
        EXPECT_EQ(GetParameter(config, row), row.defaultValue) << row.key;
        SetParameter(config, row, row.max);
        EXPECT_EQ(GetParameter(config, row), row.max) << row.key;
        UpdateConfig defaults = UpdateConfig::Defaults();
        EXPECT_EQ(config == defaults, row.max == row.defaultValue) << row.key;
    }
    EXPECT_EQ(keys.size(), 8U);
    EXPECT_EQ(FindUpdateParameter("none"), nullptr);
}

TEST(UpdateParametersTest, WhatTheHostSetsIsChecked)
{
    RecordProperty("requirement", "R-UPD-1");
    UpdateConfig config = UpdateConfig::Defaults();
    EXPECT_EQ(CheckConfig(config)->key, "catalog_url");
    config.catalogUrl = kCatalogUrl;
    EXPECT_FALSE(CheckConfig(config));
    config.products = {"dat", "../dat"};
    EXPECT_EQ(CheckConfig(config)->key, "products");
    for (const char* url : {"http://updates.example/", "ftp://a.example/b.cab", "b.cab"})
    {
        config.catalogUrl = url;
        EXPECT_EQ(CheckConfig(config)->key, "catalog_url") << url;
    }
}

TEST(UpdateReasonTest, EachHasANameOfItsOwn)
{
    RecordProperty("requirement", "R-UPD-8");
    std::set<std::string_view> names;
    for (const UpdateReasonRow& row : UpdateReasonTable())
    {
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        EXPECT_EQ(ToString(row.reason), row.name);
        EXPECT_FALSE(MeaningOf(row.reason).empty());
    }
}

} // namespace
} // namespace lanpeer
