#include "model/protocol/update/version-name.h"
#include "tests/update/samples.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

// What a catalog may not do (R-UPD-8): each attack is refused by name, the old version stays, and
// the next good update works.

namespace lanpeer
{
namespace
{

using namespace samples;

const CatalogEntry kOld = Resource("dat", "202611010000");
const CatalogEntry kNew = Resource("dat", "202611080000");

/// A node that holds release 1-5, with the old dat installed.
class CatalogAttacksTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-UPD-8");
        m_rig.Start();
        m_rig.Update(Signed(Release(1, 5, {kOld})));
        ASSERT_EQ(m_rig.VersionOf("dat"), kOld.version);
    }

    /// It is refused for that reason, nothing changes but the report, and release 1-6 then works.
    void ExpectRefused(const CatalogArrived& attack,
                       UpdateReason reason,
                       const std::string& word,
                       std::uint64_t nowS = kNowS)
    {
        const UpdateMemory before = m_rig.Persisted();
        m_rig.Check(attack, nowS);
        EXPECT_EQ(m_rig.Verdict(), reason);
        EXPECT_EQ(std::string(MeaningOf(reason)).find(word), 0U) << MeaningOf(reason);
        m_rig.Do(CatalogFailed{Reason::ContentRefused});
        ASSERT_EQ(m_rig.All<TellCheck>().size(), 1U);
        EXPECT_EQ(m_rig.All<TellCheck>()[0].report.outcome, CheckOutcome::Failed);
        EXPECT_EQ(m_rig.All<TellCheck>()[0].report.reason, reason);
        EXPECT_TRUE(m_rig.Persisted().held == before.held);
        EXPECT_TRUE(m_rig.Persisted().revoked == before.revoked);
        EXPECT_EQ(m_rig.VersionOf("dat"), kOld.version);
    }

    void ExpectGoodUpdateWorks(const CatalogArrived& good, std::uint64_t nowS = kNowS)
    {
        m_rig.Update(good, nowS);
        EXPECT_EQ(m_rig.VersionOf("dat"), kNew.version);
    }

    Rig m_rig;
};

TEST_F(CatalogAttacksTest, T3_ACatalogOfAnotherRoleAddsNothing)
{
    RecordProperty("attack", "T3");
    const Catalog more = Release(1, 6, {kOld, Resource("extra", "202611080000")});
    const std::pair<SignatureState, UpdateReason> cases[]{
        {SignatureState::Missing, UpdateReason::Unsigned},
        {SignatureState::Malformed, UpdateReason::MalformedPackage},
        {SignatureState::Altered, UpdateReason::Altered},
        {SignatureState::Untrusted, UpdateReason::Untrusted},
        {SignatureState::NotForSigning, UpdateReason::NotForSigning}};
    for (const auto& [signature, reason] : cases)
    {
        CatalogArrived attack = Signed(more);
        attack.facts.signature = signature;
        ExpectRefused(attack, reason, "arbitrary software: ");
    }
    EXPECT_EQ(m_rig.VersionOf("extra"), "");
    ExpectGoodUpdateWorks(Signed(Release(1, 6, {kNew})));
}

TEST_F(CatalogAttacksTest, T1_WeakOrOutdatedSignaturesDoNotCount)
{
    RecordProperty("attack", "T1");
    CatalogArrived attack = Signed(Release(1, 6, {kNew}));
    attack.facts.signature = SignatureState::Weak;
    ExpectRefused(attack, UpdateReason::WeakSignature, "the signature's");
    attack.facts.signature = SignatureState::OutOfDate;
    ExpectRefused(attack, UpdateReason::OutOfDate, "the signer's");
    ExpectGoodUpdateWorks(Signed(Release(1, 6, {kNew})));
}

TEST_F(CatalogAttacksTest, T4_AfterAFastForwardANewEpochRecovers)
{
    RecordProperty("attack", "T4 T9");
    // A stolen key signs the highest version there is, and a dat of the far future.
    const CatalogEntry far = Resource("dat", "209912312359");
    m_rig.Update(Signed(Release(1, std::numeric_limits<std::int32_t>::max(), {far})));
    EXPECT_EQ(m_rig.VersionOf("dat"), far.version);
    m_rig.Check(Signed(Release(1, 6, {kNew})));
    EXPECT_EQ(m_rig.Verdict(), UpdateReason::Rollback);
    m_rig.Do(CatalogFailed{Reason::ContentRefused});
    // The root revokes that key: a new epoch restarts the version, of the products too.
    CatalogArrived recovery = Signed(Release(2, 1, {kNew}), "0b02");
    recovery.revoked = RevocationList{2, {kSigner}};
    const std::uint64_t nowS = kNowS + kDayS;
    m_rig.Check(recovery, nowS);
    ASSERT_EQ(m_rig.Verdict(), UpdateReason::None);
    m_rig.Do(PackageArrived{"dat", FactsOf(kNew, "0b02")});
    m_rig.Do(PackageFound{"dat"});
    m_rig.Do(SetInstalled{"dat"});
    EXPECT_EQ(m_rig.VersionOf("dat"), kNew.version);
}

TEST_F(CatalogAttacksTest, T4_ANewEpochNeedsTheRootsWord)
{
    RecordProperty("attack", "T4 T9");
    CatalogArrived attack = Signed(Release(2, 1, {kNew}), "0b02");
    ExpectRefused(attack, UpdateReason::FastForward, "fast-forward: "); // the list is not newer
    attack.revoked = RevocationList{2, {"0c03"}};
    ExpectRefused(attack, UpdateReason::FastForward, "fast-forward: "); // another is revoked
    attack.revoked = RevocationList{1, {kSigner}};
    ExpectRefused(attack, UpdateReason::BadRevocationList, "key compromise: ");
    attack.revoked = RevocationList{2, {kSigner}};
    m_rig.Check(attack);
    EXPECT_EQ(m_rig.Verdict(), UpdateReason::None);
}

TEST(EpochTest, T4_NoEpochIsAboveItsListsNumberNotEvenForTheFirstCatalog)
{
    RecordProperty("requirement", "R-UPD-8");
    RecordProperty("attack", "T4");
    Rig rig;
    rig.Start();
    for (const std::uint64_t epoch : {std::uint64_t{2}, limits::kCatalogNumberMax})
    {
        rig.Check(Signed(Release(epoch, 5, {kOld})));
        ASSERT_EQ(rig.Verdict(), UpdateReason::FastForward);
        EXPECT_EQ(rig.All<JudgeBody>()[0].detail,
                  "epoch " + std::to_string(epoch) + " with revocation list 1");
        rig.Do(CatalogFailed{Reason::ContentRefused});
        EXPECT_FALSE(rig.Persisted().held);
    }
    rig.Update(Signed(Release(1, 5, {kOld})));
    // As far as the root's lists have come a node that sees them first may go.
    CatalogArrived third = Signed(Release(3, 1, {kNew}), "0b02");
    third.revoked = RevocationList{3, {kSigner, "0b01"}};
    rig.Check(third);
    EXPECT_EQ(rig.Verdict(), UpdateReason::None);
}

TEST_F(CatalogAttacksTest, T8_WithinANewEpochNothingGoesBackEither)
{
    RecordProperty("attack", "T8");
    // What the new epoch lists is installed already, by the old one.
    CatalogArrived recovery = Signed(Release(2, 1, {kOld}), "0b02");
    recovery.revoked = RevocationList{2, {kSigner}};
    m_rig.Update(recovery);
    EXPECT_EQ(m_rig.Persisted().lastCheck->outcome, CheckOutcome::UpToDate);
    CatalogArrived older = Signed(Release(2, 2, {Resource("dat", "202610010000")}), "0b02");
    older.revoked = recovery.revoked;
    m_rig.Check(older);
    EXPECT_FALSE(m_rig.Has<RequestPackage>());
    EXPECT_EQ(m_rig.Persisted().lastCheck->reason, UpdateReason::RollbackOfProduct);
}

TEST_F(CatalogAttacksTest, T5_AnExpiredCatalogIsAFreeze)
{
    RecordProperty("attack", "T5");
    Catalog frozen = Release(1, 6, {kNew});
    frozen.expiresS = kNowS - 1;
    ExpectRefused(Signed(frozen), UpdateReason::Expired, "freeze: ");
    frozen.expiresS = kNowS; // the last second at which it counts
    ExpectGoodUpdateWorks(Signed(frozen));
}

TEST_F(CatalogAttacksTest, T5_TheExpiryIsJudgedByTheStartOfTheCheck)
{
    RecordProperty("attack", "T5");
    m_rig.Do(CheckWanted{true, kNowS});
    EXPECT_EQ(m_rig.All<RequestCatalog>()[0].asOfS, kNowS);
    m_rig.Do(CheckWanted{true, kNowS + 90 * kDayS}); // joins: another time changes nothing
    EXPECT_TRUE(m_rig.Actions().empty());
    m_rig.Do(Signed(Release(1, 6, {kNew})));
    EXPECT_EQ(m_rig.Verdict(), UpdateReason::None);
    EXPECT_EQ(m_rig.All<RequestPackage>()[0].asOfS, kNowS);
}

TEST(CatalogFromPeersTest, T5_AFrozenPeerCannotHoldBack)
{
    RecordProperty("requirement", "R-UPD-8");
    RecordProperty("attack", "T5");
    UpdateConfig config = Config();
    config.catalogFromPeers = true;
    Rig rig(config);
    rig.Start();
    rig.Update(Signed(Release(1, 5, {kOld})));
    CatalogArrived same = Signed(Release(1, 5, {kOld}));
    same.source = Source::Peer;
    same.body = 7;
    rig.Check(same);
    EXPECT_EQ(rig.Verdict(), UpdateReason::NoNewerThanHeld);
    EXPECT_EQ(rig.All<JudgeBody>()[0].body, 7U);
    ASSERT_EQ(rig.All<CancelRequest>().size(), 1U);
    ASSERT_EQ(rig.All<RequestCatalog>().size(), 1U);
    EXPECT_FALSE(rig.All<RequestCatalog>()[0].mayUsePeers);
    rig.Do(same); // once more: nothing else is asked
    EXPECT_FALSE(rig.Has<RequestCatalog>());
    rig.Do(Signed(Release(1, 6, {kNew})));
    EXPECT_EQ(rig.Verdict(), UpdateReason::None);
    EXPECT_EQ(rig.All<RequestPackage>().size(), 1U);
}

TEST(CatalogFromPeersTest, APeersNewerCatalogCounts)
{
    RecordProperty("requirement", "R-UPD-8");
    UpdateConfig config = Config();
    config.catalogFromPeers = true;
    Rig rig(config);
    rig.Start();
    rig.Do(CheckWanted{true, kNowS});
    EXPECT_TRUE(rig.All<RequestCatalog>()[0].mayUsePeers);
    CatalogArrived peers = Signed(Release(1, 5, {kOld}));
    peers.source = Source::Peer;
    rig.Do(peers);
    EXPECT_EQ(rig.Verdict(), UpdateReason::None);
    EXPECT_TRUE(rig.Has<TellCatalog>());
}

TEST_F(CatalogAttacksTest, T7_OneVersionHasOneContent)
{
    RecordProperty("attack", "T7");
    ExpectRefused(Signed(Release(1, 5, {kNew})), UpdateReason::MixAndMatch, "mix-and-match: ");
    ExpectGoodUpdateWorks(Signed(Release(1, 6, {kNew})));
}

TEST_F(CatalogAttacksTest, T8_AnOlderCatalogIsARollback)
{
    RecordProperty("attack", "T8");
    ExpectRefused(Signed(Release(1, 4, {kNew})), UpdateReason::Rollback, "rollback: ");
    ExpectRefused(Signed(Release(0, 9, {kNew})), UpdateReason::Rollback, "rollback: ");
    m_rig.Restart(); // what was seen outlives the process
    ExpectRefused(Signed(Release(1, 4, {kNew})), UpdateReason::Rollback, "rollback: ");
    ExpectGoodUpdateWorks(Signed(Release(1, 6, {kNew})));
}

TEST_F(CatalogAttacksTest, T8_ANewerCatalogMayNotListAnOlderProduct)
{
    RecordProperty("attack", "T8");
    const CatalogEntry older = Resource("dat", "202610010000");
    m_rig.Check(Signed(Release(1, 6, {older, Resource("engine", "202611010000")})));
    ASSERT_EQ(m_rig.All<RequestPackage>().size(), 1U); // the other set goes in
    EXPECT_EQ(m_rig.All<RequestPackage>()[0].entry.product, "engine");
    m_rig.Deliver(Resource("engine", "202611010000"));
    m_rig.Do(SetInstalled{"engine"});
    EXPECT_EQ(m_rig.Persisted().lastCheck->reason, UpdateReason::RollbackOfProduct);
    EXPECT_EQ(m_rig.Persisted().lastCheck->subject, "dat");
    EXPECT_EQ(m_rig.VersionOf("dat"), kOld.version);
    EXPECT_EQ(m_rig.VersionOf("engine"), "202611010000");
    ExpectGoodUpdateWorks(Signed(Release(1, 7, {kNew})));
}

TEST_F(CatalogAttacksTest, T9_ARevokedSignerSignsNothingMore)
{
    RecordProperty("attack", "T9");
    // The same epoch, another certificate: the list takes the old one's word away.
    CatalogArrived rotation = Signed(Release(1, 6, {kOld}), "0b02");
    rotation.revoked = RevocationList{2, {kSigner}};
    m_rig.Check(rotation);
    ASSERT_EQ(m_rig.Verdict(), UpdateReason::None);
    CatalogArrived stolen = Signed(Release(1, 7, {kNew}));
    ExpectRefused(stolen, UpdateReason::RevokedSigner, "key compromise: ");
    stolen.revoked = RevocationList{3, {}}; // a newer list alone does not bring it back
    ExpectRefused(stolen, UpdateReason::RevokedSigner, "key compromise: ");
    CatalogArrived next = Signed(Release(1, 7, {kNew}), "0b02");
    ExpectRefused(next, UpdateReason::OldRevocationList, "key compromise: ");
    next.revoked.reset();
    ExpectRefused(next, UpdateReason::NoRevocationList, "key compromise: ");
    next.revoked = RevocationList{2, {}};
    ExpectRefused(next, UpdateReason::BadRevocationList, "key compromise: ");
    next.revoked = RevocationList{2, {kSigner}};
    m_rig.Check(next);
    EXPECT_EQ(m_rig.Verdict(), UpdateReason::None);
    m_rig.Do(PackageArrived{"dat", FactsOf(kNew)}); // signed by the old one
    EXPECT_EQ(m_rig.Verdict(), UpdateReason::RevokedSigner);
}

TEST_F(CatalogAttacksTest, T9_AListThatRevokesItsOwnCatalogsSigner)
{
    RecordProperty("attack", "T9");
    CatalogArrived attack = Signed(Release(1, 6, {kNew}));
    attack.revoked = RevocationList{2, {kSigner}};
    ExpectRefused(attack, UpdateReason::RevokedSigner, "key compromise: ");
    ExpectGoodUpdateWorks(Signed(Release(1, 6, {kNew})));
}

TEST_F(CatalogAttacksTest, T10_ASignedFileThatIsNotTheCatalog)
{
    RecordProperty("attack", "T10 L14");
    for (const EmbeddedName& name : {EmbeddedName{"other.cab", "myupdate", "6"},
                                     EmbeddedName{"myupdate.cab", "other", "6"},
                                     EmbeddedName{"myupdate.cab", "myupdate", "5"}})
    {
        CatalogArrived attack = Signed(Release(1, 6, {kNew}));
        attack.facts.embedded = name;
        ExpectRefused(attack, UpdateReason::WrongName, "wrong software: ");
    }
    CatalogArrived attack = Signed(Release(1, 6, {kNew}));
    attack.facts.signer.clear();
    ExpectRefused(attack, UpdateReason::Untrusted, "arbitrary software: ");
    attack = Signed(Release(1, 6, {kNew}));
    attack.facts.embedded.reset();
    ExpectRefused(attack, UpdateReason::NoEmbeddedName, "wrong software: ");
    ExpectGoodUpdateWorks(Signed(Release(1, 6, {kNew})));
}

TEST_F(CatalogAttacksTest, WhatIsSignedMustAlsoBeOne)
{
    CatalogArrived attack = Signed(Release(1, 6, {kNew}));
    attack.catalog.reset();
    attack.text = "<catalog/>";
    ExpectRefused(attack, UpdateReason::MalformedCatalog, "the catalog's text");
    attack.catalog = Release(1, 6, {kNew, kNew});
    ExpectRefused(attack, UpdateReason::MalformedCatalog, "the catalog's text");
    ExpectGoodUpdateWorks(Signed(Release(1, 6, {kNew})));
}

TEST_F(CatalogAttacksTest, L23_TimeDoesNotGoBack)
{
    RecordProperty("requirement", "R-UPD-8 R-UPD-9");
    RecordProperty("attack", "L23 T5");
    const std::uint64_t laterS = kNowS + 15 * kDayS;
    const CatalogArrived held = Signed(Release(1, 5, {kOld}));
    ExpectRefused(held, UpdateReason::Expired, "freeze: ", laterS);
    // Set back, the clock does not bring what has expired to life again.
    m_rig.Do(CheckWanted{true, kNowS});
    ASSERT_EQ(m_rig.All<UpdateNote>().size(), 1U);
    EXPECT_EQ(m_rig.All<UpdateNote>()[0].reason, UpdateReason::ClockBehind);
    m_rig.Do(held);
    EXPECT_EQ(m_rig.Verdict(), UpdateReason::Expired);
    m_rig.Do(CatalogFailed{Reason::ContentRefused});
    m_rig.Restart();
    m_rig.Check(held);
    EXPECT_EQ(m_rig.Verdict(), UpdateReason::Expired);
}

TEST_F(CatalogAttacksTest, L23_AClockOnceFarAheadLocksNobodyOut)
{
    RecordProperty("requirement", "R-UPD-8 R-UPD-9");
    RecordProperty("attack", "L23");
    ExpectRefused(
        Signed(Release(1, 6, {kNew})), UpdateReason::Expired, "freeze: ", kNowS + 30 * 365 * kDayS);
    Catalog next = Release(1, 7, {kNew});
    next.expiresS += 7 * kDayS;
    ExpectGoodUpdateWorks(Signed(next));
}

TEST(ClockTest, L23_NeitherTheBuildNorWhatIsSignedLiesInTheFuture)
{
    RecordProperty("requirement", "R-UPD-8 R-UPD-9");
    RecordProperty("attack", "L23");
    UpdateConfig config = Config();
    const std::uint64_t newS = *VersionTimeS(kNew.version);
    for (const std::uint64_t floorS : {newS - 30 * kDayS, newS - 100 * kDayS})
    {
        config.timeFloorS = floorS;
        Rig rig(config);
        rig.Do(UpdateStarted{{}, {}, 0}); // the battery is empty
        rig.Do(CheckWanted{true, 0});
        EXPECT_EQ(rig.All<RequestCatalog>()[0].asOfS, floorS);
        rig.Do(Signed(Release(1, 5, {kNew})));
        EXPECT_EQ(rig.Verdict(), UpdateReason::None);
        // What is signed is believed a month beyond what is known otherwise, and no further.
        EXPECT_EQ(rig.Persisted().highestSeenS, std::min(newS, floorS + 31 * kDayS));
    }
}

/// A catalog with a year that was mistyped, or that a stolen key signed.
class FarFutureTest : public testing::TestWithParam<const char*>
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-UPD-8 R-UPD-9");
        RecordProperty("attack", "L23 T4");
        m_rig.Start();
        m_rig.Update(Far(6));
    }

    static CatalogArrived Far(std::uint64_t version)
    {
        Catalog catalog = Release(1, version, {Resource("dat", GetParam())});
        catalog.expiresS = limits::kCatalogNumberMax;
        return Signed(catalog);
    }

    /// A new epoch, by another certificate, that counts for so long.
    static CatalogArrived Recovery(std::uint64_t expiresS)
    {
        Catalog catalog = Release(2, 1, {kNew});
        catalog.expiresS = expiresS;
        CatalogArrived recovery = Signed(catalog, "0b02");
        recovery.revoked = RevocationList{2, {kSigner}};
        return recovery;
    }

    std::uint64_t AheadS() const
    {
        return m_rig.Persisted().highestSeenS - kNowS;
    }

    Rig m_rig;
};

TEST_P(FarFutureTest, L23_TheNextGoodCatalogIsTaken)
{
    EXPECT_EQ(AheadS(), 31 * kDayS);
    EXPECT_FALSE(m_rig.Service().Status(kNowS).staleSinceS);
    CatalogArrived recovery = Recovery(kNowS + 32 * kDayS);
    recovery.body = 9;
    m_rig.Check(recovery, kNowS + kDayS);
    EXPECT_EQ(m_rig.All<JudgeBody>()[0].body, 9U);
    // Certificates are judged as of a time that is near.
    ASSERT_EQ(m_rig.All<RequestPackage>().size(), 1U);
    EXPECT_EQ(m_rig.All<RequestPackage>()[0].asOfS, kNowS + 31 * kDayS);
    m_rig.Do(PackageArrived{"dat", FactsOf(kNew, "0b02")});
    m_rig.Do(PackageFound{"dat"});
    m_rig.Do(SetInstalled{"dat"});
    EXPECT_EQ(m_rig.VersionOf("dat"), kNew.version);
}

TEST_P(FarFutureTest, L23_WithinAMonthOneOfTwoWeeksIsTakenToo)
{
    m_rig.Check(Recovery(kNowS + 14 * kDayS), kNowS + kDayS);
    EXPECT_EQ(m_rig.Verdict(), UpdateReason::Expired);
    m_rig.Do(CatalogFailed{Reason::ContentRefused});
    m_rig.Check(Recovery(kNowS + 31 * kDayS), kNowS + 17 * kDayS);
    EXPECT_EQ(m_rig.Verdict(), UpdateReason::None);
}

TEST_P(FarFutureTest, L23_ItDoesNotCreepWithEachCheck)
{
    for (std::uint64_t check = 0; check < 100; ++check)
    {
        m_rig.Check(Far(7 + check));
        ASSERT_EQ(m_rig.Verdict(), UpdateReason::None);
        ASSERT_EQ(AheadS(), 31 * kDayS);
        m_rig.Restart();
    }
    m_rig.Do(CheckWanted{true, kNowS + 32 * kDayS}); // the clock has caught up
    EXPECT_EQ(m_rig.All<RequestCatalog>()[0].asOfS, kNowS + 32 * kDayS);
    EXPECT_TRUE(m_rig.All<UpdateNote>().empty());
}

INSTANTIATE_TEST_SUITE_P(L23,
                         FarFutureTest,
                         testing::Values("203611291200", "999912312359"),
                         [](const testing::TestParamInfo<const char*>& version)
                         { return std::string("V") + version.param; });

} // namespace
} // namespace lanpeer
