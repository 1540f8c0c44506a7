#include "authority.h"
#include "oracle.h"
#include "reference/packages/authenticode.h"
#include "reference/packages/cabinet.h"
#include "reference/packages/package-error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace lanpeer::reference
{
namespace
{

using testing::HasSubstr;

std::string
Sample()
{
    return MakeCabinet({{"virus.dat", std::string(5000, 'v'), false}});
}

SignatureReport
Check(const std::string& bytes, const Identity& root = Root(), std::int64_t asOfS = kAsOfS)
{
    return CheckSignature(MemorySource(bytes), TrustIn(root), asOfS);
}

TEST(Authenticode, WhatIsSignedIsValidAndSaysByWhom)
{
    RecordProperty("requirement", "R-UPD-7");
    const SignatureReport report = Check(SignCabinet(Sample(), KeyFor(Publisher())));
    EXPECT_EQ(report.state, SignatureState::Valid) << report.message;
    EXPECT_EQ(report.signer, "1001");
    EXPECT_EQ(report.message, "");
}

TEST(Authenticode, SignsTheSameToTheSameBytes)
{
    const std::string once = SignCabinet(Sample(), KeyFor(Publisher()));
    EXPECT_EQ(once, SignCabinet(Sample(), KeyFor(Publisher())));
    EXPECT_EQ(once, SignCabinet(once, KeyFor(Publisher()))) << "a signature is replaced";
}

TEST(Authenticode, WhatWeSignOsslsigncodeAccepts)
{
    RecordProperty("requirement", "R-UPD-7");
    const TemporaryFolder folder;
    const Oracle oracle =
        VerifyByOsslsigncode(folder, SignCabinet(Sample(), KeyFor(Publisher())), Root());
    EXPECT_TRUE(oracle.accepted) << oracle.output;
}

TEST(Authenticode, WhatOsslsigncodeSignsWeAccept)
{
    RecordProperty("requirement", "R-UPD-7");
    const TemporaryFolder folder;
    const std::string bytes = SignByOsslsigncode(folder, Sample(), Publisher(), {"-h", "sha256"});
    const SignatureReport report = Check(bytes);
    EXPECT_EQ(report.state, SignatureState::Valid) << report.message;
}

} // namespace
} // namespace lanpeer::reference
