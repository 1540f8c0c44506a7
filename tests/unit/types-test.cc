#include "model/protocol/base64url.h"
#include "model/protocol/packet.h"
#include "model/protocol/types.h"
#include "tests/unit/packet-samples.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

namespace lanpeer
{
namespace
{

TEST(NodeIdTest, IsOneToFortyOfItsCharacters)
{
    RecordProperty("requirement", "R-PKT-1");
    EXPECT_EQ(NodeId::Parse("AZaz09._-")->Text(), "AZaz09._-");
    EXPECT_TRUE(NodeId::Parse(std::string(40, 'a')));
    EXPECT_FALSE(NodeId::Parse(std::string(41, 'a')));
    EXPECT_FALSE(NodeId::Parse(""));
    for (int c = 0; c < 256; ++c)
    {
        const std::string text(1, static_cast<char>(c));
        const bool expected =
            std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                             "0123456789._-")
                .find(text) != std::string_view::npos;
        EXPECT_EQ(NodeId::Parse(text).has_value(), expected) << c;
        EXPECT_EQ(NodeId::Parse("a" + text + "b").has_value(), expected) << c;
    }
}

TEST(NodeIdTest, OfAnAddressIsNoSentName)
{
    RecordProperty("requirement", "R-PKT-1");
    EXPECT_EQ(NodeId::OfAddress(0).Text(), ":0");
    EXPECT_EQ(NodeId::OfAddress(3232235799).Text(), ":3232235799");
    EXPECT_EQ(NodeId::OfAddress(~std::uint64_t{0}).Text(), ":18446744073709551615");
    EXPECT_FALSE(NodeId::Parse(NodeId::OfAddress(5).Text()));
    EXPECT_FALSE(NodeId::OfAddress(5).MayTravel());
    EXPECT_FALSE(NodeId().MayTravel());
    EXPECT_TRUE(NodeId::Parse("5")->MayTravel());
}

TEST(NodeIdTest, IsComparedAsBytes)
{
    RecordProperty("requirement", "R-PKT-1");
    const NodeId a = *NodeId::Parse("a");
    const NodeId ab = *NodeId::Parse("ab");
    EXPECT_TRUE(a < ab);
    EXPECT_FALSE(ab < a);
    EXPECT_TRUE(*NodeId::Parse("Z") < a);
    EXPECT_TRUE(a != ab);
    EXPECT_TRUE(NodeId() == NodeId());
}

template <typename E>
std::set<std::string_view>
NamesUpTo(E last)
{
    std::set<std::string_view> names;
    for (std::size_t i = 0; i <= static_cast<std::size_t>(last); ++i)
    {
        const std::string_view name = ToString(static_cast<E>(i));
        EXPECT_FALSE(name.empty()) << i;
        EXPECT_TRUE(names.insert(name).second) << name;
    }
    return names;
}

TEST(NamesTest, AreThereAndDifferent)
{
    EXPECT_EQ(NamesUpTo(TimerKind::AccessRetry).size(), 14U);
    EXPECT_EQ(NamesUpTo(TokenPurpose::Alias), (std::set<std::string_view>{"request", "alias"}));
    EXPECT_EQ(NamesUpTo(Source::Internet),
              (std::set<std::string_view>{"local", "peer", "internet"}));
    EXPECT_EQ(NamesUpTo(PacketKind::ApplicationDefined),
              (std::set<std::string_view>{"i_need",
                                          "i_have",
                                          "i_am_downloading",
                                          "i_found",
                                          "downloading",
                                          "download_complete",
                                          "download_failed",
                                          "application"}));
    EXPECT_EQ(ToString(TimerKind::ResponseDelay), "responseDelay");
}

TEST(Base64UrlTest, AgreesWithKnownTexts)
{
    RecordProperty("requirement", "R-PKT-6");
    EXPECT_EQ(ToBase64Url(Token{}), "AAAAAAAAAAAAAAAAAAAAAA");
    Token ones;
    ones.fill(0xFF);
    EXPECT_EQ(ToBase64Url(ones), "_____________________w");
    // python3: base64.urlsafe_b64encode(bytes(range(0xF0, 0x100)))
    Token high{};
    for (std::size_t i = 0; i < high.size(); ++i)
    {
        high[i] = static_cast<std::uint8_t>(0xF0 + i);
    }
    EXPECT_EQ(ToBase64Url(high), "8PHy8_T19vf4-fr7_P3-_w");
    EXPECT_EQ(FromBase64Url("8PHy8_T19vf4-fr7_P3-_w"), high);
}

TEST(Base64UrlTest, IsItsOwnOpposite)
{
    RecordProperty("requirement", "R-PKT-6");
    std::mt19937 random(1);
    for (int i = 0; i < 1000; ++i)
    {
        Token token{};
        for (std::uint8_t& byte : token)
        {
            byte = static_cast<std::uint8_t>(random());
        }
        const std::string text = ToBase64Url(token);
        EXPECT_EQ(text.size(), kTokenTextLength);
        EXPECT_TRUE(NodeId::Parse(text)) << "a token can be a node's name";
        EXPECT_EQ(FromBase64Url(text), token);
    }
}

TEST(Base64UrlTest, RefusesEverySecondTextOfAToken)
{
    RecordProperty("requirement", "R-PKT-6");
    // Only A, Q, g and w leave the last four bits free.
    int accepted = 0;
    for (int c = 0; c < 256; ++c)
    {
        std::string text(kTokenTextLength, 'A');
        text.back() = static_cast<char>(c);
        accepted += FromBase64Url(text) ? 1 : 0;
    }
    EXPECT_EQ(accepted, 4);
    for (const char* bad : {"",
                            "AAAAAAAAAAAAAAAAAAAAA",
                            "AAAAAAAAAAAAAAAAAAAAAAA",
                            "AAAAAAAAAAAAAAAAAAAAAA==",
                            "AAAAAAAAAAAAAAAAAAAA==",
                            "AAAAAAAAAAAAAAAAAAAAA+",
                            "/AAAAAAAAAAAAAAAAAAAAA",
                            "AAAAAAAAAA AAAAAAAAAAA",
                            "AAAAAAAAAA\nAAAAAAAAAAA"})
    {
        EXPECT_FALSE(FromBase64Url(bad)) << bad;
    }
}

TEST(LockTest, IsTheFirstHalfOfSha256OfItsKey)
{
    RecordProperty("requirement", "R-PKT-6");
    // printf of 16 zero bytes | sha256sum: 374708fff7719dd5979ec875d56cd228…
    EXPECT_EQ(samples::Digest(Token{}),
              (Lock{0x37,
                    0x47,
                    0x08,
                    0xff,
                    0xf7,
                    0x71,
                    0x9d,
                    0xd5,
                    0x97,
                    0x9e,
                    0xc8,
                    0x75,
                    0xd5,
                    0x6c,
                    0xd2,
                    0x28}));
}

} // namespace
} // namespace lanpeer
