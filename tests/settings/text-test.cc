#include "model/settings/text.h"

#include <gtest/gtest.h>

namespace lanpeer::settings
{

namespace
{

TEST(TextTest, Utf8)
{
    EXPECT_EQ(Utf8Bytes("a"), 1U);
    EXPECT_EQ(Utf8Bytes("\xc3\xa9x"), 2U);
    EXPECT_EQ(Utf8Bytes("\xe2\x82\xac"), 3U);
    EXPECT_EQ(Utf8Bytes("\xf0\x9f\x98\x80"), 4U);
    EXPECT_EQ(Utf8Bytes("\xf4\x8f\xbf\xbf"), 4U);
    for (const char* const bad : {"",
                                  "\x80",
                                  "\xc3",
                                  "\xc3x",
                                  "\xc0\x80",
                                  "\xc1\xbf",
                                  "\xe0\x80\x80",
                                  "\xe2\x82",
                                  "\xed\xa0\x80",
                                  "\xf0\x80\x80\x80",
                                  "\xf4\x90\x80\x80",
                                  "\xf5\x80\x80\x80",
                                  "\xff"})
    {
        EXPECT_EQ(Utf8Bytes(bad), 0U) << Quote(bad);
    }
}

TEST(TextTest, MessagesAreSafeToPrint)
{
    EXPECT_EQ(OneLine("a\nb\tc\x1b[31m\x7f"), "a\\x0ab\\x09c\\x1b[31m\\x7f");
    EXPECT_EQ(OneLine("\xc2\x9b"
                      "31m"),
              "\\xc2\\x9b31m"); // CSI of Latin-1
    EXPECT_EQ(OneLine("caf\xe9 caf\xc3\xa9"), "caf\\xe9 caf\xc3\xa9");
    EXPECT_EQ(OneLine(std::string(201, 'x')), std::string(200, 'x') + "...");
    EXPECT_EQ(WholeLine("a\n\x1b" + std::string(5000, 'x')),
              "a\\x0a\\x1b" + std::string(5000, 'x'));
    EXPECT_EQ(Quote("it's"), "'it's'");
    EXPECT_EQ(Quote(std::string(60, 'x')), "'" + std::string(60, 'x') + "'");
    EXPECT_EQ(Quote(std::string(61, 'x')), "'" + std::string(60, 'x') + "...'");
    EXPECT_EQ(Quote(std::string(59, 'x') + "\xc3\xa9"), "'" + std::string(59, 'x') + "...'");
    EXPECT_TRUE(IsPlainText("caf\xc3\xa9\n"));
    EXPECT_FALSE(IsPlainText("\r"));
    EXPECT_FALSE(IsPlainText("\xc2\x85"));
    EXPECT_FALSE(IsPlainText("\xe9"));
}

TEST(TextTest, JoinedWords)
{
    EXPECT_EQ(JoinWords({}), "");
    EXPECT_EQ(JoinWords({"a"}), "a");
    EXPECT_EQ(JoinWords({"a", "b"}), "a or b");
    EXPECT_EQ(JoinWords({"a", "b", "c"}, "and"), "a, b and c");
}

TEST(TextTest, EditDistanceCountsWhatTheHandDoesWrong)
{
    EXPECT_EQ(EditDistance("", ""), 0U);
    EXPECT_EQ(EditDistance("", "abc"), 3U);
    EXPECT_EQ(EditDistance("abc", ""), 3U);
    EXPECT_EQ(EditDistance("nodes", "nodes"), 0U);
    EXPECT_EQ(EditDistance("nods", "nodes"), 1U);
    EXPECT_EQ(EditDistance("ndoes", "nodes"), 1U); // two neighbours swapped
    EXPECT_EQ(EditDistance("nodez", "nodes"), 1U);
    EXPECT_EQ(EditDistance("kitten", "sitting"), 3U);
    EXPECT_EQ(EditDistance("ca", "abc"), 3U); // optimal string alignment, not Damerau's 2
}

TEST(TextTest, NearestIsWhatWasMeant)
{
    const std::vector<std::string> keys = {
        "lan.nodes", "lan.rate_mbps", "internet.nodes", "policy", "protocol.response_delay_ms"};
    EXPECT_EQ(Nearest("lan.ndoes", keys), "lan.nodes");
    EXPECT_EQ(Nearest("lan.rate", keys), "lan.rate_mbps");
    EXPECT_EQ(Nearest("nodes", keys), "lan.nodes");
    EXPECT_EQ(Nearest("net.nodes", keys), "lan.nodes");
    EXPECT_EQ(Nearest("inter.nodes", keys), "internet.nodes");
    EXPECT_EQ(Nearest("plicy", keys), "policy");
    EXPECT_EQ(Nearest("zebra", keys), std::nullopt);
    EXPECT_EQ(Nearest("", keys), std::nullopt);
    EXPECT_EQ(Nearest(std::string(101, 'l'), keys), std::nullopt);
    EXPECT_EQ(Nearest("policy", {}), std::nullopt);
}

} // namespace
} // namespace lanpeer::settings
