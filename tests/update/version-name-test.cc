#include "model/protocol/update/version-name.h"

#include "tests/update/samples.h"

#include <gtest/gtest.h>

namespace lanpeer
{
namespace
{

TEST(VersionNameTest, BothFormsOfThePatentAreRead)
{
    RecordProperty("requirement", "R-UPD-3");
    const auto shorter = ParseVersionName("engine.0101131511.cab");
    const auto longer = ParseVersionName("engine.200101131511.CAB");
    ASSERT_TRUE(shorter && longer);
    EXPECT_EQ(shorter->product, "engine");
    EXPECT_EQ(shorter->version, "0101131511");
    EXPECT_EQ(longer->version, "200101131511");
    EXPECT_EQ(shorter->timeS, longer->timeS); // two digits are of 2000 to 2099
    EXPECT_EQ(longer->timeS, 979398660U);     // 2001-01-13 15:11 UTC, as date(1) has it
}

TEST(VersionNameTest, TimesAreThoseOfTheCalendar)
{
    RecordProperty("requirement", "R-UPD-3");
    EXPECT_EQ(VersionTimeS("197001010000"), 0U);
    EXPECT_EQ(VersionTimeS("200002290000"), 951782400U); // every 400 years a leap year after all
    EXPECT_EQ(VersionTimeS("210003010000"), 4107542400U);
    EXPECT_EQ(VersionTimeS("9912312359"), 4102444740U); // 2099
    EXPECT_EQ(VersionTimeS("202612010000"), samples::kNowS);
    for (const char* none : {"210002290000",
                             "202602300000",
                             "202600010000",
                             "202613010000",
                             "202601000000",
                             "202601012400",
                             "202601010060",
                             "196912312359",
                             "20260101000",
                             "2026010100000",
                             "",
                             "2026-1010000",
                             "+02601010000",
                             " 2601010000"})
    {
        EXPECT_FALSE(VersionTimeS(none)) << none;
    }
}

TEST(VersionNameTest, OrderedByTimeNotByText)
{
    RecordProperty("requirement", "R-UPD-3");
    EXPECT_LT(VersionTimeS("200101131511"), VersionTimeS("0101131512"));
    EXPECT_GT(VersionTimeS("0201010000"), VersionTimeS("200112312359"));
}

TEST(VersionNameTest, WhatIsNoNameOfAVersion)
{
    RecordProperty("requirement", "R-UPD-3");
    for (const char* none : {"engine.cab",
                             "engine.0101131511",
                             "engine.0101131511.Cab",
                             "engine.0101131511.exe",
                             ".0101131511.cab",
                             "a.b.0101131511.cab",
                             "../x.0101131511.cab",
                             "-x.0101131511.cab",
                             "a b.0101131511.cab",
                             "engine.0101131511.cab ",
                             "engine..cab",
                             ""})
    {
        EXPECT_FALSE(ParseVersionName(none)) << none;
    }
}

TEST(VersionNameTest, OfAUrlTheLastSegmentCounts)
{
    RecordProperty("requirement", "R-UPD-3");
    EXPECT_EQ(LastSegment("http://a.example/x/y.cab"), "y.cab");
    EXPECT_EQ(LastSegment("http://a.example/x/y.cab?z=/w.cab"), "y.cab");
    EXPECT_EQ(LastSegment("http://a.example/x/"), "");
    EXPECT_EQ(LastSegment("http://a.example"), "");
    EXPECT_EQ(LastSegment("y.cab"), "");
}

} // namespace
} // namespace lanpeer
