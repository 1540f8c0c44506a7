#include "tests/update/samples.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

// What a package may not be (R-UPD-4): refused by name, asked for elsewhere, and the right one is
// installed after all.

namespace lanpeer
{
namespace
{

using namespace samples;

const CatalogEntry kOld = Resource("dat", "202611010000");
const CatalogEntry kNew = Resource("dat", "202611080000");
const CatalogEntry kEngine = Resource("engine", "202611080000");

/// A node with the old dat, that has asked for the new one and an engine.
class PackageAttacksTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-UPD-4");
        m_rig.Start();
        m_rig.Update(Signed(Release(1, 5, {kOld})));
        m_rig.Check(Signed(Release(1, 6, {kNew, kEngine})));
        ASSERT_EQ(m_rig.All<RequestPackage>().size(), 2U);
    }

    void ExpectRefused(const PackageFacts& attack, UpdateReason reason, const std::string& word)
    {
        m_rig.Do(PackageArrived{"dat", attack});
        EXPECT_EQ(m_rig.Verdict(), reason);
        EXPECT_EQ(std::string(MeaningOf(reason)).find(word), 0U) << MeaningOf(reason);
        ASSERT_EQ(m_rig.All<UpdateNote>().size(), 1U);
        EXPECT_EQ(m_rig.All<UpdateNote>()[0].reason, reason);
        EXPECT_EQ(m_rig.All<UpdateNote>()[0].subject, "dat");
        EXPECT_EQ(m_rig.VersionOf("dat"), kOld.version);
    }

    /// Another source has the right one: it goes in.
    void ExpectGoodOneWorks()
    {
        m_rig.Deliver(kNew);
        ASSERT_EQ(m_rig.All<InstallSet>().size(), 1U);
        m_rig.Do(SetInstalled{"dat"});
        EXPECT_EQ(m_rig.VersionOf("dat"), kNew.version);
    }

    Rig m_rig;
};

TEST_F(PackageAttacksTest, T1_WhatIsNotSignedByOurs)
{
    RecordProperty("attack", "T1");
    const std::pair<SignatureState, UpdateReason> cases[]{
        {SignatureState::Missing, UpdateReason::Unsigned},
        {SignatureState::Malformed, UpdateReason::MalformedPackage},
        {SignatureState::Altered, UpdateReason::Altered},
        {SignatureState::Untrusted, UpdateReason::Untrusted},
        {SignatureState::NotForSigning, UpdateReason::NotForSigning}};
    for (const auto& [signature, reason] : cases)
    {
        PackageFacts attack = FactsOf(kNew);
        attack.signature = signature;
        ExpectRefused(attack, reason, "arbitrary software: ");
    }
    ExpectGoodOneWorks();
}

TEST_F(PackageAttacksTest, T2_NotAByteMoreThanTheCatalogSays)
{
    RecordProperty("attack", "T2 L15");
    PackageFacts attack = FactsOf(kNew);
    attack.sizeBytes = kNew.sizeBytes + 1;
    attack.signature = SignatureState::Malformed; // the host stopped reading
    attack.embedded.reset();
    ExpectRefused(attack, UpdateReason::EndlessData, "endless data: ");
    ExpectGoodOneWorks();
}

TEST_F(PackageAttacksTest, L15_NotAByteLessEither)
{
    RecordProperty("attack", "L15");
    PackageFacts attack = FactsOf(kNew);
    attack.sizeBytes = kNew.sizeBytes - 1;
    attack.signature = SignatureState::Malformed;
    ExpectRefused(attack, UpdateReason::Truncated, "truncated: ");
    ExpectGoodOneWorks();
}

TEST_F(PackageAttacksTest, T7_AnOldCabDoesNotGoWithANewCatalog)
{
    RecordProperty("attack", "T7");
    // Of the right name, size and signer, but not the file of this release.
    PackageFacts attack = FactsOf(kNew);
    attack.sha256 = kOld.sha256;
    ExpectRefused(attack, UpdateReason::WrongFile, "wrong file: ");
    ExpectGoodOneWorks();
}

TEST_F(PackageAttacksTest, T10_TwoValidCabsSwapped)
{
    RecordProperty("attack", "T10");
    ExpectRefused(FactsOf(kEngine), UpdateReason::WrongProduct, "wrong software: ");
    m_rig.Do(PackageArrived{"engine", FactsOf(kNew)});
    EXPECT_EQ(m_rig.Verdict(), UpdateReason::WrongProduct);
    PackageFacts nameless = FactsOf(kNew);
    nameless.embedded.reset();
    ExpectRefused(nameless, UpdateReason::NoEmbeddedName, "wrong software: ");
    ExpectGoodOneWorks();
}

TEST_F(PackageAttacksTest, L14_ARenamedOldFileAlthoughSigned)
{
    RecordProperty("attack", "L14");
    ExpectRefused(
        FactsOf(kOld), UpdateReason::Renamed, "renamed: "); // the patent's own case [0066]
    EXPECT_EQ(m_rig.All<JudgeBody>()[0].detail,
              "dat.202611010000.cab instead of dat.202611080000.cab");
    for (auto member : {&EmbeddedName::file, &EmbeddedName::version})
    {
        PackageFacts attack = FactsOf(kNew);
        (*attack.embedded).*member = (*FactsOf(kOld).embedded).*member;
        ExpectRefused(attack, UpdateReason::Renamed, "renamed: ");
    }
    // The same moment in the other form is another name.
    PackageFacts attack = FactsOf(kNew);
    attack.embedded->version = "2611080000";
    ExpectRefused(attack, UpdateReason::Renamed, "renamed: ");
    ExpectGoodOneWorks();
}

TEST_F(PackageAttacksTest, ALastRefusalIsWhatTheReportTells)
{
    ExpectRefused(FactsOf(kOld), UpdateReason::Renamed, "renamed: ");
    m_rig.Do(PackageFailed{"dat", Reason::ContentRefused});
    EXPECT_FALSE(m_rig.Has<InstallSet>());
    m_rig.Deliver(kEngine);
    m_rig.Do(SetInstalled{"engine"});
    EXPECT_EQ(m_rig.Persisted().lastCheck->reason, UpdateReason::Renamed);
    EXPECT_EQ(m_rig.Persisted().lastCheck->subject, "dat");
    m_rig.Update(Signed(Release(1, 6, {kNew, kEngine})));
    EXPECT_EQ(m_rig.VersionOf("dat"), kNew.version);
}

TEST_F(PackageAttacksTest, AVerdictIsOnTheBodyThatItNames)
{
    // The host gave up body 7, which was accepted, and has another.
    const PackageFacts good = FactsOf(kNew);
    m_rig.Do(PackageArrived{"dat", good, 7});
    EXPECT_TRUE(m_rig.All<JudgeBody>()[0] == (JudgeBody{"dat", UpdateReason::None, "", 7}));
    m_rig.Do(PackageArrived{"dat", FactsOf(kOld), 8});
    ASSERT_EQ(m_rig.Verdict(), UpdateReason::Renamed);
    EXPECT_EQ(m_rig.All<JudgeBody>()[0].body, 8U);
    EXPECT_EQ(m_rig.All<UpdateNote>()[0].body, 8U);
    m_rig.Do(PackageArrived{"dat", good, 9});
    EXPECT_TRUE(m_rig.All<JudgeBody>()[0] == (JudgeBody{"dat", UpdateReason::None, "", 9}));
    m_rig.Do(PackageArrived{"dat", good, 10}); // and once more, as good
    EXPECT_TRUE(m_rig.All<JudgeBody>()[0] == (JudgeBody{"dat", UpdateReason::None, "", 10}));
    m_rig.Do(PackageFound{"dat"});
    EXPECT_TRUE(m_rig.Has<InstallSet>());
    m_rig.Do(PackageArrived{"dat", good, 11});
    EXPECT_TRUE(m_rig.All<JudgeBody>()[0] == (JudgeBody{"dat", UpdateReason::NotAsked, "", 11}));
    CatalogArrived late = Signed(Release(1, 7, {kNew}));
    late.body = 12;
    m_rig.Do(late);
    EXPECT_TRUE(m_rig.All<JudgeBody>()[0] ==
                (JudgeBody{std::nullopt, UpdateReason::NotAsked, "", 12}));
}

TEST_F(PackageAttacksTest, WhatWasRefusedInThePlaceOfAnAcceptedOneIsNotInstalled)
{
    m_rig.Do(PackageArrived{"dat", FactsOf(kNew), 1});
    m_rig.Do(PackageArrived{"dat", FactsOf(kOld), 2});
    m_rig.Do(PackageFound{"dat"});
    EXPECT_FALSE(m_rig.Has<InstallSet>());
}

TEST_F(PackageAttacksTest, NothingGoesInThatWasNotAccepted)
{
    m_rig.Do(PackageFound{"dat"});
    EXPECT_FALSE(m_rig.Has<InstallSet>());
    m_rig.Deliver(kEngine);
    m_rig.Do(SetInstalled{"engine"});
    EXPECT_EQ(m_rig.Persisted().lastCheck->reason, UpdateReason::NotJudged);
    m_rig.Do(PackageArrived{"dat", FactsOf(kNew)});
    EXPECT_EQ(m_rig.Verdict(), UpdateReason::NotAsked);
}

} // namespace
} // namespace lanpeer
