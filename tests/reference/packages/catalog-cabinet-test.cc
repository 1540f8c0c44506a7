#include "authority.h"
#include "oracle.h"
#include "reference/packages/cabinfo.h"
#include "reference/packages/catalog-cabinet.h"
#include "reference/packages/package-error.h"
#include "reference/packages/revocation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace lanpeer::reference
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;

const EmbeddedName kName{"myupdate.cab", "myupdate", "17"};
const std::string kCatalog = "<catalog epoch=\"1\" version=\"17\"/>";

std::string
List(std::uint64_t number, const Identity& root = Root())
{
    return MakeRevocationList({number, {"0999"}, kAsOfS - 1000, kAsOfS + 1000}, KeyFor(root));
}

CatalogCabinet
Read(const std::string& bytes, std::int64_t asOfS = kAsOfS)
{
    return ReadCatalogCabinet(MemorySource(bytes), TrustIn(Root()), asOfS);
}

TEST(CatalogCabinet, BringsTheCatalogAndTheRootsList)
{
    RecordProperty("requirement", "R-UPD-6 R-UPD-8");
    const CatalogCabinet read =
        Read(MakeCatalogCabinet(kName, kCatalog, List(3), KeyFor(Publisher())));
    EXPECT_EQ(read.facts.signature, SignatureState::Valid);
    EXPECT_EQ(read.facts.signer, "1001");
    EXPECT_EQ(read.facts.embedded, kName);
    EXPECT_EQ(read.catalog, kCatalog);
    EXPECT_EQ(read.message, "");
    ASSERT_TRUE(read.revocations.has_value()) << read.revocationsMessage;
    EXPECT_EQ(read.revocations->number, 3U);
    EXPECT_THAT(read.revocations->revoked, ElementsAre("0999"));
    EXPECT_EQ(read.revocationsMessage, "");
}

TEST(CatalogCabinet, WithoutAListItHasNone)
{
    RecordProperty("requirement", "R-UPD-8");
    const CatalogCabinet read =
        Read(MakeCatalogCabinet(kName, kCatalog, std::nullopt, KeyFor(Publisher())));
    EXPECT_EQ(read.catalog, kCatalog);
    EXPECT_EQ(read.message, "");
    EXPECT_EQ(read.revocations, std::nullopt);
    EXPECT_EQ(read.revocationsMessage, "no revoked.crl in it");
}

TEST(CatalogCabinet, T9AListThatTheRootDidNotSign)
{
    RecordProperty("attack", "T9");
    RecordProperty("requirement", "R-UPD-8");
    // The thief of a signing key can sign a catalog, but not a list.
    for (const std::string& list :
         {List(9, OtherRoot()), List(9, Publisher()), std::string("no list"), List(9) + "x"})
    {
        const CatalogCabinet read =
            Read(MakeCatalogCabinet(kName, kCatalog, list, KeyFor(Publisher())));
        EXPECT_EQ(read.facts.signature, SignatureState::Valid);
        EXPECT_EQ(read.catalog, kCatalog);
        EXPECT_EQ(read.revocations, std::nullopt);
        EXPECT_THAT(read.revocationsMessage, HasSubstr("the revocation list"));
    }
}

TEST(CatalogCabinet, T9AListOutOfItsTime)
{
    RecordProperty("attack", "T9");
    const std::string bytes = MakeCatalogCabinet(kName, kCatalog, List(3), KeyFor(Publisher()));
    const CatalogCabinet late = Read(bytes, kAsOfS + 1001);
    EXPECT_EQ(late.facts.signature, SignatureState::Valid);
    EXPECT_EQ(late.revocations, std::nullopt);
    EXPECT_THAT(late.revocationsMessage, HasSubstr("out of date"));
}

TEST(CatalogCabinet, T9ARenewedCertificateNeedsNoChangeAtTheClients)
{
    RecordProperty("attack", "T9");
    CertificateOrder next;
    next.serial = 0x1002;
    const Identity renewed = MakeIdentity(next, KeyOf("RSA", 2048, 3), Root());
    const std::string again = MakeCatalogCabinet(kName, kCatalog, List(5), KeyFor(renewed));
    const CatalogCabinet after = Read(again);
    EXPECT_EQ(after.facts.signature, SignatureState::Valid) << after.message;
    EXPECT_EQ(after.facts.signer, "1002");
    EXPECT_EQ(after.revocations->number, 5U);
}

TEST(CatalogCabinet, T1NothingIsReadOfWhatIsNotSigned)
{
    RecordProperty("attack", "T1");
    std::string altered = MakeCatalogCabinet(kName, kCatalog, List(3), KeyFor(Publisher()));
    altered[90] = static_cast<char>(altered[90] ^ 1);
    for (const std::string& bytes :
         {altered,
          MakeCatalogCabinet(kName, kCatalog, List(3), KeyFor(OtherPublisher())),
          std::string("<html>404</html>")})
    {
        const CatalogCabinet read = Read(bytes);
        EXPECT_NE(read.facts.signature, SignatureState::Valid);
        EXPECT_EQ(read.catalog, std::nullopt);
        EXPECT_EQ(read.revocations, std::nullopt);
        EXPECT_NE(read.message, "");
        EXPECT_EQ(read.revocationsMessage, read.message);
    }
}

TEST(CatalogCabinet, L16ACatalogIsAtMostAMebibyte)
{
    RecordProperty("attack", "L16");
    Draw draw(3);
    const std::string longest = draw.Bytes(kMaxCatalogBytes);
    EXPECT_TRUE(
        Read(MakeCatalogCabinet(kName, longest, std::nullopt, KeyFor(Publisher()))).catalog ==
        longest);
    EXPECT_THROW(MakeCatalogCabinet(kName, longest + "x", std::nullopt, KeyFor(Publisher())),
                 PackageError);
    const CatalogCabinet tooLong =
        Read(MakePackage(kName, {{kCatalogName, longest + "x", false}}, KeyFor(Publisher())));
    EXPECT_EQ(tooLong.facts.signature, SignatureState::Valid);
    EXPECT_EQ(tooLong.catalog, std::nullopt);
    EXPECT_THAT(tooLong.message, HasSubstr("longer than 1048576 bytes"));
}

TEST(CatalogCabinet, T3HasNoOtherEntries)
{
    RecordProperty("attack", "T3");
    const CatalogCabinet read = Read(MakePackage(kName,
                                                 {{kCatalogName, kCatalog, false},
                                                  {kRevocationsName, List(3), false},
                                                  {"install.sh", "rm", true}},
                                                 KeyFor(Publisher())));
    EXPECT_EQ(read.catalog, std::nullopt);
    EXPECT_EQ(read.facts.embedded, std::nullopt);
    EXPECT_EQ(read.message, "4 entries, not 1 to 3");
}

} // namespace
} // namespace lanpeer::reference
