#include "model/protocol/update/update-judgement.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

// A signed package without a catalog (R-HTTP-2): whoever asks for one gets what was signed under
// the name that was asked for, and nothing else.

namespace lanpeer
{
namespace
{

const std::string kUrl = "http://updates.example/a/dat.202611080000.cab";

PackageFacts
Good()
{
    return {SignatureState::Valid,
            "1001",
            5000,
            std::string(64, 'a'),
            EmbeddedName{"dat.202611080000.cab", "dat", "202611080000"}};
}

class SignedPackage : public testing::Test
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-HTTP-2 R-UPD-4");
    }

    void ExpectRefused(const std::string& url,
                       const PackageFacts& facts,
                       UpdateReason reason,
                       const std::string& detail = "") const
    {
        const auto refusal = JudgeSignedPackage(url, facts, &m_revoked);
        ASSERT_TRUE(refusal) << ToString(reason);
        EXPECT_EQ(refusal->reason, reason) << ToString(refusal->reason);
        EXPECT_EQ(refusal->detail, detail);
    }

    const RevocationList m_revoked{3, {"0fff", "1002"}};
};

TEST_F(SignedPackage, IsTakenUnderItsName)
{
    EXPECT_EQ(JudgeSignedPackage(kUrl, Good(), &m_revoked), std::nullopt);
    EXPECT_EQ(JudgeSignedPackage(kUrl, Good(), nullptr), std::nullopt);
    EXPECT_EQ(JudgeSignedPackage(kUrl + "?from=here", Good(), &m_revoked), std::nullopt);
    EXPECT_EQ(JudgeSignedPackage("https://another.example/dat.202611080000.cab", Good(), nullptr),
              std::nullopt);
}

TEST_F(SignedPackage, L14_UnderAnotherNameItIsRefused)
{
    RecordProperty("attack", "L14 T8");
    // The patent's own case: an old file under the new name.
    ExpectRefused("http://updates.example/dat.202611150000.cab",
                  Good(),
                  UpdateReason::Renamed,
                  "dat.202611080000.cab instead of dat.202611150000.cab");
    ExpectRefused("http://updates.example/engine.202611080000.cab",
                  Good(),
                  UpdateReason::WrongProduct,
                  "dat.202611080000.cab instead of engine.202611080000.cab");
    // The same moment, written otherwise, is another name.
    ExpectRefused("http://updates.example/dat.2611080000.cab",
                  Good(),
                  UpdateReason::Renamed,
                  "dat.202611080000.cab instead of dat.2611080000.cab");
    for (const std::string last : {"", "DAT.202611080000.cab", "dat.202611080000.CAB", "latest"})
    {
        const auto refusal =
            JudgeSignedPackage("http://updates.example/" + last, Good(), &m_revoked);
        ASSERT_TRUE(refusal) << last;
        EXPECT_EQ(refusal->detail, "dat.202611080000.cab instead of " + last);
    }
}

TEST_F(SignedPackage, L14_ANameWithoutItsVersionIsNone)
{
    RecordProperty("attack", "L14");
    PackageFacts facts = Good();
    facts.embedded = EmbeddedName{"myupdate.cab", "myupdate", "7"};
    ExpectRefused("http://updates.example/myupdate.cab",
                  facts,
                  UpdateReason::NoEmbeddedName,
                  "myupdate.cab as myupdate, version 7");
    facts.embedded = EmbeddedName{"dat.202611080000.cab", "dat", "202611010000"};
    ExpectRefused(kUrl,
                  facts,
                  UpdateReason::NoEmbeddedName,
                  "dat.202611080000.cab as dat, version 202611010000");
    facts.embedded = EmbeddedName{"dat.202611080000.cab", "engine", "202611080000"};
    ExpectRefused(kUrl,
                  facts,
                  UpdateReason::NoEmbeddedName,
                  "dat.202611080000.cab as engine, version 202611080000");
    facts.embedded.reset();
    ExpectRefused(kUrl, facts, UpdateReason::NoEmbeddedName);
}

TEST_F(SignedPackage, T1_WhatIsNotSignedByOursIsRefused)
{
    RecordProperty("attack", "T1");
    const std::pair<SignatureState, UpdateReason> cases[]{
        {SignatureState::Missing, UpdateReason::Unsigned},
        {SignatureState::Malformed, UpdateReason::MalformedPackage},
        {SignatureState::Altered, UpdateReason::Altered},
        {SignatureState::Untrusted, UpdateReason::Untrusted},
        {SignatureState::NotForSigning, UpdateReason::NotForSigning},
        {SignatureState::OutOfDate, UpdateReason::OutOfDate},
        {SignatureState::Weak, UpdateReason::WeakSignature}};
    for (const auto& [signature, reason] : cases)
    {
        PackageFacts facts = Good();
        facts.signature = signature;
        ExpectRefused(kUrl, facts, reason);
    }
    PackageFacts nobody = Good();
    nobody.signer.clear();
    ExpectRefused(kUrl, nobody, UpdateReason::Untrusted);
}

TEST_F(SignedPackage, T9_WhomTheRootRevokedIsRefused)
{
    RecordProperty("attack", "T9");
    PackageFacts facts = Good();
    facts.signer = "1002";
    ExpectRefused(kUrl, facts, UpdateReason::RevokedSigner, "1002");
    // Before its name is looked at.
    ExpectRefused("http://updates.example/other", facts, UpdateReason::RevokedSigner, "1002");
    EXPECT_EQ(JudgeSignedPackage(kUrl, facts, nullptr), std::nullopt) << "nothing is known of it";
}

} // namespace
} // namespace lanpeer
