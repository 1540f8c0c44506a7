#include "tests/update/samples.h"

#include <gtest/gtest.h>

#include <string>

// Which resources are asked for, and what is installed of them.

namespace lanpeer
{
namespace
{

using namespace samples;

const CatalogEntry kDat = Resource("dat", "202611080000", "scanner");
const CatalogEntry kEngine = Resource("engine", "202611080000", "scanner");
const CatalogEntry kHelp = Resource("help", "2611080000");

TEST(SetsTest, EachNewerResourceIsARequestOfItsOwn)
{
    RecordProperty("requirement", "R-UPD-2");
    Rig rig;
    rig.Start({{"help", "202611080000", "", 0}}); // the same moment as in the catalog
    rig.Check(Signed(Release(1, 5, {kDat, kEngine, kHelp})));
    const auto requests = rig.All<RequestPackage>();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_TRUE(requests[0].entry == kDat);
    EXPECT_TRUE(requests[1].entry == kEngine);
}

TEST(SetsTest, ASetGoesInWholeAndOfOneCatalog)
{
    RecordProperty("requirement", "R-UPD-5");
    RecordProperty("attack", "T7");
    Rig rig;
    rig.Start();
    rig.Check(Signed(Release(1, 5, {kEngine, kDat, kHelp})));
    rig.Deliver(kDat);
    EXPECT_FALSE(rig.Has<InstallSet>());
    rig.Deliver(kEngine);
    const auto installs = rig.All<InstallSet>();
    ASSERT_EQ(installs.size(), 1U); // help is another set, and not awaited
    EXPECT_EQ(installs[0].set, "scanner");
    EXPECT_EQ(installs[0].release, "1-5");
    ASSERT_EQ(installs[0].entries.size(), 2U);
    EXPECT_TRUE(installs[0].entries[0].entry == kDat); // by product
    EXPECT_TRUE(installs[0].entries[1].entry == kEngine);
    EXPECT_TRUE(installs[0].entries[0].fresh);
    EXPECT_EQ(rig.VersionOf("dat"), "");
    rig.Do(SetInstalled{"scanner"});
    EXPECT_EQ(rig.VersionOf("dat"), kDat.version);
    EXPECT_EQ(rig.VersionOf("engine"), kEngine.version);
    EXPECT_TRUE(rig.Has<PersistUpdate>());
}

TEST(SetsTest, WhatOfASetIsThereAlreadyIsCarriedOver)
{
    RecordProperty("requirement", "R-UPD-5");
    Rig rig;
    rig.Start();
    rig.Update(Signed(Release(1, 5, {kDat, kEngine})));
    const CatalogEntry newer = Resource("dat", "202611150000", "scanner");
    rig.Check(Signed(Release(1, 6, {newer, kEngine})));
    ASSERT_EQ(rig.All<RequestPackage>().size(), 1U);
    rig.Deliver(newer);
    ASSERT_EQ(rig.All<InstallSet>().size(), 1U);
    const auto entries = rig.All<InstallSet>()[0].entries;
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_TRUE(entries[0].fresh);
    EXPECT_FALSE(entries[1].fresh);
}

TEST(SetsTest, U2_AnIncompleteSetIsNotInstalledAndItsAgeIsTold)
{
    RecordProperty("requirement", "R-UPD-2 R-UPD-5");
    RecordProperty("attack", "U2");
    Rig rig;
    rig.Start();
    const CatalogArrived catalog = Signed(Release(1, 5, {kDat, kEngine, kHelp}));
    for (const std::uint64_t nowS : {kNowS, kNowS + kDayS})
    {
        rig.Check(catalog, nowS);
        rig.Deliver(kDat);
        rig.Do(PackageFailed{"engine", Reason::NotFound});
        EXPECT_FALSE(rig.Has<InstallSet>());
        if (nowS == kNowS)
        {
            rig.Deliver(kHelp); // the other set goes in
            rig.Do(SetInstalled{"help"});
            EXPECT_EQ(rig.VersionOf("help"), kHelp.version);
        }
        EXPECT_EQ(rig.VersionOf("dat"), "");
        const UpdateStatus status = rig.Service().Status(nowS);
        ASSERT_EQ(status.incomplete.size(), 1U);
        EXPECT_EQ(status.incomplete[0].set, "scanner");
        EXPECT_EQ(status.incomplete[0].sinceS, kNowS); // since the first check that missed it
        EXPECT_EQ(status.lastCheck->reason, UpdateReason::PackageUnavailable);
        EXPECT_EQ(status.lastCheck->subject, "engine");
        EXPECT_EQ(rig.All<ArmUpdateTimer>()[0].minMs, 6 * 3600 * 1000U);
    }
    rig.Update(catalog, kNowS + 2 * kDayS);
    EXPECT_EQ(rig.VersionOf("dat"), kDat.version);
    EXPECT_TRUE(rig.Service().Status(kNowS).incomplete.empty());
}

TEST(SetsTest, AFailedInstallationIsTriedAgain)
{
    RecordProperty("requirement", "R-UPD-5");
    Rig rig;
    rig.Start();
    const CatalogArrived catalog = Signed(Release(1, 5, {kHelp}));
    rig.Check(catalog);
    rig.Deliver(kHelp);
    rig.Do(SetNotInstalled{"help", "no space left"});
    EXPECT_EQ(rig.VersionOf("help"), "");
    EXPECT_EQ(rig.Persisted().lastCheck->reason, UpdateReason::InstallFailed);
    EXPECT_EQ(rig.Persisted().lastCheck->subject, "help");
    rig.Update(catalog);
    EXPECT_EQ(rig.VersionOf("help"), kHelp.version);
}

TEST(SetsTest, OnlyWhatIsSubscribedToButThatInWhole)
{
    RecordProperty("requirement", "R-UPD-2");
    UpdateConfig config = Config();
    config.products = {"engine"};
    Rig rig(config);
    rig.Start();
    rig.Check(Signed(Release(1, 5, {kDat, kEngine, kHelp})));
    EXPECT_EQ(rig.All<RequestPackage>().size(), 2U);
    EXPECT_EQ(rig.Service().Status(kNowS).products.size(), 2U);
}

TEST(SetsTest, T7_OneVersionOfAProductHasOneContent)
{
    RecordProperty("requirement", "R-UPD-5");
    RecordProperty("attack", "T7");
    Rig rig;
    rig.Start();
    rig.Update(Signed(Release(1, 5, {kHelp})));
    CatalogEntry other = kHelp;
    other.sha256 = kDat.sha256;
    rig.Check(Signed(Release(1, 6, {other})));
    EXPECT_FALSE(rig.Has<RequestPackage>());
    EXPECT_EQ(rig.All<TellCheck>()[0].report.reason, UpdateReason::MixAndMatch);
}

TEST(SetsTest, StatusTellsInstalledAndAvailable)
{
    RecordProperty("requirement", "R-UPD-2");
    Rig rig;
    rig.Start({{"dat", "202611010000", "", 0}, {"tool", "202611010000", "", 0}});
    rig.Do(CheckWanted{false, kNowS});
    EXPECT_TRUE(rig.Service().Status(kNowS).checking);
    rig.Do(Signed(Release(1, 5, {kDat, kEngine})));
    const UpdateStatus status = rig.Service().Status(kNowS);
    EXPECT_FALSE(status.checking);
    EXPECT_EQ(status.epoch, 1U);
    EXPECT_EQ(status.version, 5U);
    ASSERT_EQ(status.products.size(), 3U);
    EXPECT_TRUE(status.products[0] ==
                (ProductStatus{"dat", "scanner", "202611010000", kDat.version}));
    EXPECT_TRUE(status.products[1] ==
                (ProductStatus{"engine", "scanner", std::nullopt, kEngine.version}));
    EXPECT_TRUE(status.products[2] == (ProductStatus{"tool", "tool", "202611010000", {}}));
}

} // namespace
} // namespace lanpeer
