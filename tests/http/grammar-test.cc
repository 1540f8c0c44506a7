#include "model/http/grammar.h"

#include "model/http/byte-range.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::http
{
namespace
{

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

TEST(Grammar, AnAliasIsMadeOfExactlySixtyFourCharacters)
{
    RecordProperty("requirement", "R-HTTP-1");
    RecordProperty("attack", "L11");
    const std::string allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    for (int value = 0; value < 256; ++value)
    {
        const std::string text(1, static_cast<char>(value));
        const bool legal = allowed.find(text) != std::string::npos;
        EXPECT_EQ(IsAlias(text), legal) << value;
        EXPECT_EQ(IsAlias("a" + text + "b"), legal) << value;
    }
    EXPECT_FALSE(IsAlias(""));
    EXPECT_TRUE(IsAlias(std::string(64, 'a')));
    EXPECT_FALSE(IsAlias(std::string(65, 'a')));
}

/// On the heap and of their own length, so that the sanitizers see their ends.
TEST(Grammar, CaseIsIgnoredUpToTheEndAndNotBeyond)
{
    RecordProperty("attack", "L18");
    for (const std::string text : {"bytes ", "BYTES ", "bYtes ", "bytEs "})
    {
        const std::vector<char> exact(text.begin(), text.end());
        const std::string_view view(exact.data(), exact.size());
        EXPECT_TRUE(EqualIgnoringCase(view, "bytes ")) << text;
        EXPECT_TRUE(EqualIgnoringCase("bytes ", view)) << text;
        EXPECT_FALSE(EqualIgnoringCase(view, "bytes=")) << text;
        EXPECT_FALSE(EqualIgnoringCase(view, "bytes")) << text;
        EXPECT_FALSE(EqualIgnoringCase("@", "`")) << "letters only";
        EXPECT_FALSE(ParseContentRange(view)) << text;
    }
}

TEST(Grammar, AuthorityIsAHostAndAPortAndNothingElse)
{
    RecordProperty("attack", "L13");
    for (const char* good : {"192.168.1.7", "192.168.1.7:6515", "[fe80::1]:6515", "a-b_c.example"})
    {
        EXPECT_TRUE(IsAuthority(good)) << good;
    }
    for (const char* bad :
         {"", "a b", "a@b", "a/b", "a,b", "a%00", "a\r\nX: y", "http://a", "a\\b"})
    {
        EXPECT_FALSE(IsAuthority(bad)) << bad;
    }
    EXPECT_TRUE(IsAuthority(std::string(255, 'a')));
    EXPECT_FALSE(IsAuthority(std::string(256, 'a')));
}

TEST(Grammar, OriginTargetCannotEndTheRequestLine)
{
    RecordProperty("attack", "L18");
    for (int value = 0; value < 256; ++value)
    {
        const std::string target = std::string("/a") + static_cast<char>(value);
        const bool legal = value > 0x20 && value < 0x7f && value != '#';
        EXPECT_EQ(IsOriginTarget(target), legal) << value;
    }
    EXPECT_TRUE(IsOriginTarget("/"));
    EXPECT_TRUE(IsOriginTarget("/update/Myavdat.0104060900.cab?x=1"));
    EXPECT_FALSE(IsOriginTarget(""));
    EXPECT_FALSE(IsOriginTarget("a"));
    EXPECT_FALSE(IsOriginTarget("http://a/"));
}

TEST(Grammar, OnlyStrongTagsAreTakenApart)
{
    RecordProperty("requirement", "R-HTTP-1");
    EXPECT_EQ(ParseStrongTag("\"sha256-ab\""), "sha256-ab");
    for (const char* bad :
         {"", "\"", "\"\"", "abc", "\"abc", "abc\"", "W/\"abc\"", "\"a\"b\"", "\"a b\""})
    {
        EXPECT_FALSE(ParseStrongTag(bad)) << bad;
    }
    EXPECT_TRUE(IsOpaqueTag(std::string(256, 'x')));
    EXPECT_FALSE(IsOpaqueTag(std::string(257, 'x')));
    EXPECT_FALSE(IsOpaqueTag("a\r\nb"));
    EXPECT_FALSE(IsOpaqueTag("caf\xc3\xa9"));
}

TEST(Grammar, DecimalsEndAtSixtyFourBits)
{
    RecordProperty("attack", "L18");
    EXPECT_EQ(ParseDecimal("0"), 0u);
    EXPECT_EQ(ParseDecimal("007"), 7u);
    EXPECT_EQ(ParseDecimal("18446744073709551615"), kMax);
    for (const char* bad : {"",
                            "18446744073709551616",
                            "99999999999999999999",
                            "-1",
                            "+1",
                            " 1",
                            "1 ",
                            "0x1",
                            "1a",
                            "1.0",
                            "1,1",
                            "1;1"})
    {
        EXPECT_FALSE(ParseDecimal(bad)) << bad;
    }
    EXPECT_EQ(ParseDecimalSaturating("18446744073709551615"), kMax);
    EXPECT_EQ(ParseDecimalSaturating("18446744073709551616"), kMax);
    EXPECT_EQ(ParseDecimalSaturating(std::string(5000, '9')), kMax);
    EXPECT_EQ(ParseDecimalSaturating("12"), 12u);
    for (const char* bad :
         {"", "-1", "+1", " 1", "1 ", "99999999999999999999x", "99999999999999999999,1"})
    {
        EXPECT_FALSE(ParseDecimalSaturating(bad)) << bad;
    }
}

} // namespace
} // namespace lanpeer::http
