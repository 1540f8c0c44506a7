#include "authority.h"
#include "oracle.h"
#include "reference/packages/authenticode.h"
#include "reference/packages/cabinet.h"
#include "reference/packages/package-error.h"
#include "reference/packages/revocation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

// Whose signature is believed, and when (T9).

namespace lanpeer::reference
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string
SignedBy(const Identity& identity, const std::string& chain = "")
{
    return SignCabinet(MakeCabinet({{"a", "x", false}}),
                       {identity.certificate + chain, identity.key});
}

/// By the way of osslsigncode, which signs with what our own signing refuses.
std::string
SignedAnyway(const Identity& identity)
{
    const TemporaryFolder folder;
    return SignByOsslsigncode(folder, MakeCabinet({{"a", "x", false}}), identity, {"-h", "sha256"});
}

SignatureReport
Check(const std::string& bytes, std::int64_t asOfS = kAsOfS, const Trust& trust = TrustIn(Root()))
{
    return CheckSignature(MemorySource(bytes), trust, asOfS);
}

Identity
Intermediate(const CertificateOrder& changes = {})
{
    CertificateOrder order = changes;
    order.name = "between";
    order.serial = 0x2001;
    order.purposes = "";
    return MakeIdentity(order, KeyOf("RSA", 2048, 4), Root());
}

TEST(CertificateChain, T9ExpiredOrNotYetValidAtTheTimeAsked)
{
    RecordProperty("attack", "T9 L23");
    CertificateOrder order;
    order.fromS = kAsOfS - 1000;
    order.untilS = kAsOfS + 1000;
    const std::string bytes = SignedBy(MakeIdentity(order, KeyOf("RSA", 2048, 1), Root()));
    EXPECT_EQ(Check(bytes).state, SignatureState::Valid);
    for (const std::int64_t asOfS : {kAsOfS - 1001, kAsOfS + 1001})
    {
        EXPECT_EQ(Check(bytes, asOfS).state, SignatureState::OutOfDate);
        const TemporaryFolder folder;
        const Oracle oracle =
            VerifyByOsslsigncode(folder, bytes, Root(), {"-time", std::to_string(asOfS)});
        EXPECT_FALSE(oracle.accepted) << oracle.output;
    }
    EXPECT_THAT(Check(bytes, kAsOfS + 1001).message, HasSubstr("expired"));
}

TEST(CertificateChain, NotForSigningCode)
{
    RecordProperty("requirement", "R-UPD-7");
    CertificateOrder none;
    none.purposes = "";
    CertificateOrder web;
    web.purposes = "serverAuth,clientAuth";
    CertificateOrder any;
    any.purposes = "anyExtendedKeyUsage";
    CertificateOrder noSignatures;
    noSignatures.usages = "keyEncipherment";
    for (const CertificateOrder& order : {none, web, any, noSignatures})
    {
        const Identity identity = MakeIdentity(order, KeyOf("RSA", 2048, 1), Root());
        EXPECT_EQ(Check(SignedAnyway(identity)).state, SignatureState::NotForSigning)
            << order.purposes;
        EXPECT_THROW(SignedBy(identity), PackageError) << order.purposes;
    }
    CertificateOrder both;
    both.purposes = "serverAuth,codeSigning";
    both.usages = "digitalSignature";
    EXPECT_EQ(Check(SignedBy(MakeIdentity(both, KeyOf("RSA", 2048, 1), Root()))).state,
              SignatureState::Valid);
}

TEST(CertificateChain, T9TheRootItselfSignsNoPackages)
{
    RecordProperty("attack", "T9");
    EXPECT_EQ(Check(SignedAnyway(Root())).state, SignatureState::NotForSigning);
    CertificateOrder authority;
    authority.authority = true;
    EXPECT_EQ(Check(SignedAnyway(MakeIdentity(authority, KeyOf("RSA", 2048, 1), Root()))).state,
              SignatureState::NotForSigning);
}

TEST(CertificateChain, T9NoneInBetween)
{
    RecordProperty("requirement", "R-UPD-7");
    RecordProperty("attack", "T9");
    // Of good certificates all: were one in between stolen, the root's list could not say so.
    CertificateOrder authority;
    authority.authority = true;
    const Identity between = Intermediate(authority);
    const Identity publisher = MakeIdentity({}, KeyOf("RSA", 2048, 1), between);
    const SignatureReport report = Check(SignedBy(publisher, between.certificate));
    EXPECT_EQ(report.state, SignatureState::Untrusted);
    EXPECT_EQ(report.message,
              "the signer's certificate is not issued by the root itself, but by one in between");
    EXPECT_EQ(Check(SignedBy(publisher)).state, SignatureState::Untrusted)
        << "the one in between is missing";
    EXPECT_EQ(Check(SignedBy(Publisher(), Root().certificate)).state, SignatureState::Valid)
        << "the root's own may come along";
    EXPECT_EQ(Check(SignedBy(Publisher(), between.certificate)).state, SignatureState::Malformed)
        << "others may not";
}

TEST(CertificateChain, T9WhoMayNotCertifyDoesNot)
{
    RecordProperty("attack", "T9");
    // A publisher that makes itself another publisher.
    const Identity between = Intermediate();
    const Identity publisher = MakeIdentity({}, KeyOf("RSA", 2048, 1), between);
    EXPECT_EQ(Check(SignedBy(publisher, between.certificate)).state, SignatureState::Untrusted);
}

TEST(CertificateChain, ShortKeysAndOldDigests)
{
    RecordProperty("requirement", "R-UPD-7");
    const Identity weak = MakeIdentity({}, KeyOf("RSA", 1024), Root());
    const std::string bytes = SignedBy(weak);
    EXPECT_EQ(Check(bytes).state, SignatureState::Weak);
    Trust historical = TrustIn(Root());
    historical.allowWeakKeys = true;
    EXPECT_EQ(Check(bytes, kAsOfS, historical).state, SignatureState::Valid);
    const Identity weaker = MakeIdentity({}, KeyOf("RSA", 768), Root());
    EXPECT_EQ(Check(SignedAnyway(weaker), kAsOfS, historical).state, SignatureState::Weak);
    EXPECT_THROW(SignedBy(weaker), PackageError);

    CertificateOrder old;
    old.digest = "SHA1";
    const std::string bySha1 = SignedBy(MakeIdentity(old, KeyOf("RSA", 2048, 1), Root()));
    EXPECT_EQ(Check(bySha1).state, SignatureState::Weak);
    EXPECT_EQ(Check(bySha1, kAsOfS, historical).state, SignatureState::Weak);
}

TEST(CertificateChain, EllipticCurvesToo)
{
    RecordProperty("requirement", "R-UPD-7");
    const std::string bytes = SignedBy(MakeIdentity({}, KeyOf("EC", 256), Root()));
    EXPECT_EQ(Check(bytes).state, SignatureState::Valid) << Check(bytes).message;
    const TemporaryFolder folder;
    const Oracle oracle = VerifyByOsslsigncode(folder, bytes, Root());
    EXPECT_TRUE(oracle.accepted) << oracle.output;
}

TEST(CertificateChain, TrustAndKeysAreReadStrictly)
{
    RecordProperty("requirement", "R-UPD-7");
    EXPECT_THROW(Trust(""), PackageError);
    EXPECT_THROW(Trust("no PEM"), PackageError);
    EXPECT_THROW(Trust(Root().key), PackageError);
    EXPECT_THROW(Trust(Root().certificate + Root().certificate.substr(0, 300)), PackageError);
    EXPECT_EQ(Trust(Root().certificate + OtherRoot().certificate).Roots().size(), 2U);
    EXPECT_THROW(SigningKey(Publisher().certificate, Root().key), PackageError);
    EXPECT_THROW(SigningKey(Publisher().certificate, ""), PackageError);
    EXPECT_THROW(SigningKey("", Publisher().key), PackageError);
}

// ---------------------------------------------------------------- the root's revocation list

RevocationOrder
Order()
{
    return {7, {"1001", "0A", "ff00"}, kAsOfS - 1000, kAsOfS + 1000};
}

std::string
Refusal(const std::string& list, std::int64_t asOfS = kAsOfS)
{
    try
    {
        ReadRevocationList(list, TrustIn(Root()), asOfS);
        return "";
    }
    catch (const PackageError& error)
    {
        return error.what();
    }
}

TEST(Revocations, T9AreReadAsTheRootMadeThem)
{
    RecordProperty("attack", "T9");
    RecordProperty("requirement", "R-UPD-8");
    const RevocationList list =
        ReadRevocationList(MakeRevocationList(Order(), KeyFor(Root())), TrustIn(Root()), kAsOfS);
    EXPECT_EQ(list.number, 7U);
    EXPECT_THAT(list.revoked, ElementsAre("0a", "1001", "ff00"));
    RevocationOrder first;
    const RevocationList none =
        ReadRevocationList(MakeRevocationList(first, KeyFor(Root())), TrustIn(Root()), kAsOfS);
    EXPECT_EQ(none.number, 0U);
    EXPECT_THAT(none.revoked, IsEmpty());
}

TEST(Revocations, T9SignedByAnybodyElse)
{
    RecordProperty("attack", "T9");
    EXPECT_THAT(Refusal(MakeRevocationList(Order(), KeyFor(OtherRoot()))),
                HasSubstr("not signed by a root"));
    EXPECT_THAT(Refusal(MakeRevocationList(Order(), KeyFor(Publisher()))),
                HasSubstr("not signed by a root"));
}

TEST(Revocations, T9AnyByteChanged)
{
    RecordProperty("attack", "T9");
    std::string list = MakeRevocationList(Order(), KeyFor(Root()));
    for (std::size_t i = 0; i < list.size(); ++i)
    {
        list[i] = static_cast<char>(list[i] ^ 1);
        EXPECT_NE(Refusal(list), "") << i;
        list[i] = static_cast<char>(list[i] ^ 1);
    }
    EXPECT_NE(Refusal(list + '\0'), "");
    EXPECT_NE(Refusal(list.substr(1)), "");
    EXPECT_NE(Refusal(""), "");
    EXPECT_NE(Refusal(std::string(kMaxRevocationListBytes + 1, 'x')), "");
}

TEST(Revocations, T9OutOfItsTime)
{
    RecordProperty("attack", "T9 L23");
    const std::string list = MakeRevocationList(Order(), KeyFor(Root()));
    EXPECT_EQ(Refusal(list), "");
    EXPECT_THAT(Refusal(list, kAsOfS - 1001), HasSubstr("time to come"));
    EXPECT_THAT(Refusal(list, kAsOfS + 1001), HasSubstr("out of date"));
    RevocationOrder stays = Order();
    stays.untilS.reset();
    EXPECT_EQ(Refusal(MakeRevocationList(stays, KeyFor(Root())), kAsOfS + 1'000'000), "");
}

TEST(Revocations, RefusesToMakeAListOfNoNumbers)
{
    for (const char* serial : {"", "-1", "0x10", "one", "10 "})
    {
        RevocationOrder order = Order();
        order.revoked = {serial};
        EXPECT_THROW(MakeRevocationList(order, KeyFor(Root())), PackageError) << serial;
    }
}

} // namespace
} // namespace lanpeer::reference
