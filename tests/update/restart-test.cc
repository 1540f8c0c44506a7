#include "tests/update/samples.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

// A crash at any point: what was persisted, and what is on the disk, is what the next start has.

namespace lanpeer
{
namespace
{

using namespace samples;

const CatalogEntry kOld = Resource("dat", "202611010000");
const CatalogEntry kNew = Resource("dat", "202611080000");

std::vector<InstalledProduct>
OnDisk(const CatalogEntry& entry)
{
    return {{entry.product, entry.version, "", 0}};
}

TEST(RestartTest, T8_TheHighestVersionsOutliveTheProcess)
{
    RecordProperty("requirement", "R-UPD-5");
    RecordProperty("attack", "T8");
    Rig rig;
    rig.Start();
    rig.Update(Signed(Release(1, 5, {kNew})));
    rig.Restart();
    rig.Check(Signed(Release(1, 4, {kOld})));
    EXPECT_EQ(rig.Verdict(), UpdateReason::Rollback);
    // Not even where somebody took the new one from the disk.
    rig.Start();
    EXPECT_EQ(rig.VersionOf("dat"), "");
    rig.Check(Signed(Release(1, 6, {kOld})));
    EXPECT_FALSE(rig.Has<RequestPackage>());
    EXPECT_EQ(rig.Persisted().lastCheck->reason, UpdateReason::RollbackOfProduct);
    rig.Update(Signed(Release(1, 7, {kNew})));
    EXPECT_EQ(rig.VersionOf("dat"), kNew.version);
}

/// A crash behind each action of an update: with what had been persisted by then, and with the old
/// as well as the new on the disk, the next check ends with the new one installed.
TEST(RestartTest, ACrashBehindEachActionOfAnUpdate)
{
    RecordProperty("requirement", "R-UPD-5");
    std::vector<UpdateEvent> events{CheckWanted{true, kNowS},
                                    Signed(Release(1, 6, {kNew})),
                                    PackageArrived{"dat", FactsOf(kNew)},
                                    PackageFound{"dat"},
                                    SetInstalled{"dat"}};
    Rig rig;
    rig.Start();
    rig.Update(Signed(Release(1, 5, {kOld})));
    UpdateMemory memory = rig.Persisted();
    std::size_t crashes = 0;
    bool mayBeThere = false; // from InstallSet on the disk may have either
    for (const UpdateEvent& event : events)
    {
        rig.Do(event);
        for (const UpdateAction& action : rig.Actions())
        {
            const auto* persist = std::get_if<PersistUpdate>(&action);
            memory = persist == nullptr ? memory : persist->memory;
            mayBeThere = mayBeThere || std::holds_alternative<InstallSet>(action);
            for (const bool there : {false, true})
            {
                if ((there && !mayBeThere) || (!there && rig.VersionOf("dat") == kNew.version))
                {
                    continue;
                }
                Rig next;
                next.Do(UpdateStarted{memory, OnDisk(there ? kNew : kOld), kNowS});
                EXPECT_EQ(next.VersionOf("dat"), (there ? kNew : kOld).version);
                next.Update(Signed(Release(1, 6, {kNew})));
                EXPECT_EQ(next.VersionOf("dat"), kNew.version);
                EXPECT_EQ(next.Persisted().lastCheck->outcome,
                          there ? CheckOutcome::UpToDate : CheckOutcome::Installed);
                EXPECT_TRUE(*FindInstalled(next.Persisted().highest, "dat") ==
                            (InstalledProduct{"dat", kNew.version, kNew.sha256, 1}));
                ++crashes;
            }
        }
    }
    EXPECT_GT(crashes, 10U);
}

TEST(RestartTest, TheHeldCatalogIsKnownAtOnce)
{
    RecordProperty("requirement", "R-UPD-2");
    Rig rig;
    rig.Start();
    rig.Update(Signed(Release(1, 5, {kNew})));
    rig.Restart();
    const UpdateStatus status = rig.Service().Status(kNowS);
    ASSERT_EQ(status.products.size(), 1U);
    EXPECT_EQ(status.products[0].available, kNew.version);
    EXPECT_EQ(status.lastCheck->outcome, CheckOutcome::Installed);
    EXPECT_TRUE(rig.Service().IsArmed(UpdateTimer::AfterBoot));
}

TEST(RestartTest, WhatIsPersistedComesBeforeWhatDependsOnIt)
{
    RecordProperty("requirement", "R-UPD-5");
    RecordProperty("attack", "T8");
    Rig rig;
    rig.Start();
    rig.Check(Signed(Release(1, 5, {kNew})));
    ASSERT_FALSE(rig.Actions().empty());
    const auto* persist = std::get_if<PersistUpdate>(&rig.Actions().front());
    ASSERT_NE(persist, nullptr);
    EXPECT_EQ(persist->memory.held->catalog.version, 5U);
    EXPECT_EQ(persist->memory.revoked->number, 1U);
}

} // namespace
} // namespace lanpeer
