#include "authority.h"
#include "oracle.h"
#include "reference/packages/authenticode.h"
#include "reference/packages/cabinet.h"
#include "reference/packages/little-endian.h"
#include "reference/packages/package-error.h"
#include "tampering.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

// Signatures that are not to be believed (T1), and what could be hidden beside one that is.

namespace lanpeer::reference
{
namespace
{

using testing::HasSubstr;

const std::string&
Unsigned()
{
    static const std::string bytes = MakeCabinet({{"virus.dat", std::string(5000, 'v'), false}});
    return bytes;
}

const std::string&
Signed()
{
    static const std::string bytes = SignCabinet(Unsigned(), KeyFor(Publisher()));
    return bytes;
}

SignatureReport
Check(const std::string& bytes, const Identity& root = Root())
{
    return CheckSignature(MemorySource(bytes), TrustIn(root), kAsOfS);
}

std::string
TamperedSample(const std::function<void(PKCS7*)>& change)
{
    return Tampered(Signed(), change);
}

TEST(SignatureAttacks, T1Unsigned)
{
    RecordProperty("attack", "T1");
    for (const std::string& bytes : {Unsigned(), WithRoomForSignature(Unsigned())})
    {
        const SignatureReport report = Check(bytes);
        EXPECT_EQ(report.state, SignatureState::Missing);
        EXPECT_EQ(report.message, "it is not signed");
        EXPECT_EQ(report.signer, "");
    }
}

TEST(SignatureAttacks, T1NoCabinet)
{
    RecordProperty("attack", "T1");
    for (const std::string& bytes : {std::string(),
                                     std::string("MSCF"),
                                     std::string("<html>404</html>"),
                                     std::string(5000, '\0')})
    {
        EXPECT_EQ(Check(bytes).state, SignatureState::Malformed);
    }
}

TEST(SignatureAttacks, T1SignedByAnotherKey)
{
    RecordProperty("attack", "T1");
    const std::string bytes = SignCabinet(Unsigned(), KeyFor(OtherPublisher()));
    EXPECT_EQ(Check(bytes, OtherRoot()).state, SignatureState::Valid);
    // A root of the same name does not help.
    const SignatureReport report = Check(bytes);
    EXPECT_EQ(report.state, SignatureState::Untrusted) << report.message;
    EXPECT_EQ(report.signer, "1001");
}

TEST(SignatureAttacks, T1TheCertificateOfAnotherKey)
{
    RecordProperty("attack", "T1");
    // The key of somebody else, under the publisher's certificate.
    const Identity forger = MakeIdentity({}, KeyOf("RSA", 2048, 3), Root());
    const std::string bytes = SignCabinet(Unsigned(), KeyFor(forger));
    ASSERT_EQ(Check(bytes).state, SignatureState::Valid);
    const Pkcs7Ptr signature = SignatureOf(bytes);
    sk_X509_pop_free(signature->d.sign->cert, X509_free);
    signature->d.sign->cert = sk_X509_new_null();
    sk_X509_push(signature->d.sign->cert, CertificateOf(Publisher()).release());
    const SignatureReport report = Check(WithSignature(bytes, DerOf(signature.get(), i2d_PKCS7)));
    EXPECT_EQ(report.state, SignatureState::Altered) << report.message;
    EXPECT_THAT(report.message, HasSubstr("not by the signer's key"));
}

TEST(SignatureAttacks, T1AnyBitFlipped)
{
    RecordProperty("attack", "T1");
    ASSERT_EQ(Check(Signed()).state, SignatureState::Valid);
    const Trust trust = TrustIn(Root());
    std::string bytes = Signed();
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit)
    {
        char& byte = bytes[bit / 8];
        byte = static_cast<char>(byte ^ (1 << bit % 8));
        const SignatureReport report = CheckSignature(MemorySource(bytes), trust, kAsOfS);
        EXPECT_NE(report.state, SignatureState::Valid) << "bit " << bit;
        EXPECT_NE(report.message, "") << "bit " << bit;
        byte = static_cast<char>(byte ^ (1 << bit % 8));
    }
}

TEST(SignatureAttacks, T1SaysThatItWasAltered)
{
    RecordProperty("attack", "T1");
    // A byte of each signed part: the header, the tables, the data.
    for (const std::size_t at : {std::size_t{33}, std::size_t{80}, SignatureOffset(Signed()) - 1})
    {
        std::string bytes = Signed();
        bytes[at] = static_cast<char>(bytes[at] ^ 1);
        const SignatureReport report = Check(bytes);
        EXPECT_EQ(report.state, SignatureState::Altered) << at << ": " << report.message;
        EXPECT_EQ(report.signer, "1001");
    }
}

TEST(SignatureAttacks, L15TruncatedOrExtended)
{
    RecordProperty("attack", "L15 T1");
    for (std::size_t size = 0; size < Signed().size(); ++size)
    {
        EXPECT_NE(Check(Signed().substr(0, size)).state, SignatureState::Valid) << size;
    }
    for (const std::size_t more : {1U, 7U, 8U, 1000U})
    {
        std::string bytes = Signed() + std::string(more, '\0');
        EXPECT_EQ(Check(bytes).state, SignatureState::Malformed) << more;
        // Also if the header says that it is the signature's.
        const auto said = LittleEndian(bytes, 48, 4) + static_cast<std::uint32_t>(more);
        PutLittleEndian(bytes, 48, said, 4);
        const SignatureReport report = Check(bytes);
        EXPECT_EQ(report.state, SignatureState::Malformed) << more;
        EXPECT_THAT(report.message, HasSubstr("not its padding"));
    }
}

TEST(SignatureAttacks, T1PaddingThatIsNotZeros)
{
    RecordProperty("attack", "T1");
    const std::string der = DerOf(SignatureOf(Signed()).get(), i2d_PKCS7);
    const std::string padded = WithSignature(Signed(), der);
    ASSERT_EQ(padded, Signed());
    ASSERT_NE(der.size() % 8, 0U) << "the sample has padding";
    EXPECT_THAT(Check(padded.substr(0, padded.size() - 1) + "x").message,
                HasSubstr("not its padding"));
}

TEST(SignatureAttacks, T1SeveralSigners)
{
    RecordProperty("attack", "T1");
    const std::string bytes = TamperedSample(
        [](PKCS7* signature)
        {
            const Pkcs7Ptr other = SignatureOf(SignCabinet(Unsigned(), KeyFor(OtherPublisher())));
            PKCS7_SIGNER_INFO* const second =
                sk_PKCS7_SIGNER_INFO_shift(other->d.sign->signer_info);
            sk_PKCS7_SIGNER_INFO_push(signature->d.sign->signer_info, second);
        });
    EXPECT_THAT(Check(bytes).message, HasSubstr("several"));
    EXPECT_EQ(Check(bytes).state, SignatureState::Malformed);
}

TEST(SignatureAttacks, T1ANestedSignature)
{
    RecordProperty("attack", "T1");
    const TemporaryFolder folder;
    const std::string bytes = SignByOsslsigncode(folder, Signed(), Publisher(), {"-nest"});
    const SignatureReport report = Check(bytes);
    EXPECT_EQ(report.state, SignatureState::Malformed);
    EXPECT_THAT(report.message, HasSubstr("something that is not signed beside the signature"));
}

TEST(SignatureAttacks, T1ACertificateThatHasNoPartInIt)
{
    RecordProperty("attack", "T1");
    const std::string bytes =
        TamperedSample([](PKCS7* signature)
                       { PKCS7_add_certificate(signature, CertificateOf(OtherRoot()).get()); });
    EXPECT_EQ(Check(bytes).state, SignatureState::Malformed);
    EXPECT_THAT(Check(bytes).message, HasSubstr("no part in the signature"));
    // The root itself may stand there.
    const std::string good = TamperedSample(
        [](PKCS7* signature) { PKCS7_add_certificate(signature, CertificateOf(Root()).get()); });
    EXPECT_EQ(Check(good).state, SignatureState::Valid) << Check(good).message;
}

TEST(SignatureAttacks, T1AnAlgorithmThatIsNotTheKeys)
{
    RecordProperty("attack", "T1");
    for (const int algorithm :
         {NID_rsassaPss, NID_dsa, NID_ecdsa_with_SHA256, NID_md5WithRSAEncryption})
    {
        const std::string bytes = TamperedSample(
            [algorithm](PKCS7* signature)
            {
                X509_ALGOR_set0(SignerOf(signature)->digest_enc_alg,
                                OBJ_nid2obj(algorithm),
                                V_ASN1_NULL,
                                nullptr);
            });
        EXPECT_EQ(Check(bytes).state, SignatureState::Malformed) << OBJ_nid2sn(algorithm);
    }
}

TEST(SignatureAttacks, T1WithoutItsCertificate)
{
    RecordProperty("attack", "T1");
    const std::string bytes = TamperedSample(
        [](PKCS7* signature)
        {
            X509_free(sk_X509_pop(signature->d.sign->cert));
            sk_X509_push(signature->d.sign->cert, CertificateOf(Root()).release());
        });
    EXPECT_EQ(Check(bytes).state, SignatureState::Malformed);
    EXPECT_THAT(Check(bytes).message, HasSubstr("not in the signature"));
}

TEST(SignatureAttacks, T1ASignatureOfSomethingElse)
{
    RecordProperty("attack", "T1 T10");
    // A good signature, moved behind another cabinet.
    const std::string other = WithRoomForSignature(MakeCabinet({{"other", "x", false}}));
    std::string moved = other;
    PutLittleEndian(moved, 44, static_cast<std::uint32_t>(other.size()), 4);
    const std::string signature = Signed().substr(SignatureOffset(Signed()));
    PutLittleEndian(moved, 48, static_cast<std::uint32_t>(signature.size()), 4);
    const SignatureReport report = Check(moved + signature);
    EXPECT_EQ(report.state, SignatureState::Altered);
    EXPECT_THAT(report.message, HasSubstr("altered after it was signed"));
}

TEST(SignatureAttacks, T1OldDigests)
{
    RecordProperty("attack", "T1");
    RecordProperty("requirement", "R-UPD-7");
    const TemporaryFolder folder;
    for (const char* digest : {"md5", "sha1"})
    {
        const std::string bytes =
            SignByOsslsigncode(folder, Unsigned(), Publisher(), {"-h", digest});
        const SignatureReport report = Check(bytes);
        EXPECT_EQ(report.state, SignatureState::Weak) << digest << ": " << report.message;
        EXPECT_THAT(report.message, HasSubstr("not believed any more"));
    }
    for (const char* digest : {"sha256", "sha384", "sha512"})
    {
        const std::string bytes =
            SignByOsslsigncode(folder, Unsigned(), Publisher(), {"-h", digest});
        EXPECT_EQ(Check(bytes).state, SignatureState::Valid) << digest << Check(bytes).message;
    }
}

} // namespace
} // namespace lanpeer::reference
