#include "model/protocol/limits.h"
#include "model/protocol/uri.h"
#include "model/protocol/xml-text.h"

#include <gtest/gtest.h>

#include <string>

namespace lanpeer
{
namespace
{

TEST(UriTest, AcceptsAbsoluteUris)
{
    RecordProperty("requirement", "R-PKT-4");
    for (const char* href : {"http://domain.com/whatever",
                             "https://a",
                             "HTTP://A.B:8080/C?d=e&f=%20/?@:",
                             "http://a?q",
                             "http://user:pass%40word@host:1/x",
                             "http://[::1]/x",
                             "http://[2001:db8::1]:80/",
                             "http://[1:2:3:4:5:6:7:8]/",
                             "http://[::ffff:192.168.1.1]/",
                             "http://[1:2:3:4:5:6:7::]/",
                             "http://[v1.a:b]/",
                             "http://192.168.1.1:65535/~a/-._!$&'()*+,;=:@",
                             "http://a:/",
                             "http://ex%61mple.com/",
                             "file:///etc/x",
                             "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
                             "mailto:a@b",
                             "x+y-z.1:"})
    {
        EXPECT_TRUE(IsAbsoluteUri(href)) << href;
    }
}

TEST(UriTest, RefusesWhatIsNone)
{
    RecordProperty("requirement", "R-PKT-4");
    for (const char* href : {"",
                             "a",
                             "/a/b",
                             "//host/a",
                             "a/b:c",
                             ":a",
                             "1http://a/",
                             "ht_tp://a/",
                             "http:",
                             "http:a",
                             "http:/a",
                             "http://",
                             "http:///a",
                             "https://:80/",
                             "http://user@/",
                             "http://a/#b",
                             "http://a#",
                             "http://a/ b",
                             "http://a/\x01",
                             "http://a/\xc3\xa9",
                             "http://a/%",
                             "http://a/%4",
                             "http://a/%4g",
                             "http://a/?%zz",
                             "http://a%2/",
                             "http://a/\\b",
                             "http://good.example\\@evil.example/",
                             "http://a/<b>",
                             "http://a/\"",
                             "http://a/^",
                             "http://a/`",
                             "http://a/{b}",
                             "http://a/|",
                             "http://a/[b]",
                             "http://a@b@c/",
                             "http://a:b/",
                             "http://a:0/",
                             "http://a:65536/",
                             "http://a:99999999999999999999/",
                             "http://a:1:2/",
                             "http://[::1/",
                             "http://::1/",
                             "http://[]/",
                             "http://[:]/",
                             "http://[:::]/",
                             "http://[1:2:3:4:5:6:7]/",
                             "http://[1:2:3:4:5:6:7:8:9]/",
                             "http://[1:2:3:4:5:6:7:8::]/",
                             "http://[12345::]/",
                             "http://[1::2::3]/",
                             "http://[1:]/",
                             "http://[::1.2.3.256]/",
                             "http://[::1.2.3.4:5]/",
                             "http://[fe80::1%25eth0]/",
                             "http://[v.a]/",
                             "http://[v1.]/",
                             "http://[vg.a]/",
                             "http://[::1]x/"})
    {
        EXPECT_FALSE(IsAbsoluteUri(href)) << href;
        EXPECT_FALSE(MayTravel(href, true)) << href;
        EXPECT_FALSE(OriginOf(href)) << href;
    }
    EXPECT_FALSE(IsAbsoluteUri(std::string_view("http://a/\0b", 11)));
    EXPECT_FALSE(IsAbsoluteUri(std::string_view("http://a/%41").substr(0, 11))) << "cut off";
}

TEST(UriTest, FindsUserInfoAndQuery)
{
    RecordProperty("attack", "L26");
    EXPECT_TRUE(HasUserInfo("http://user:secret@host/"));
    EXPECT_TRUE(HasUserInfo("http://@host/"));
    EXPECT_FALSE(HasUserInfo("http://host/a@b"));
    EXPECT_FALSE(HasUserInfo("http://host?a@b"));
    EXPECT_FALSE(HasUserInfo("mailto:a@b"));
    EXPECT_TRUE(HasQuery("http://host/?token=1"));
    EXPECT_TRUE(HasQuery("http://host?"));
    EXPECT_FALSE(HasQuery("http://host/%3F"));
    EXPECT_FALSE(HasUserInfo("not a uri@"));
    EXPECT_FALSE(HasQuery("not a uri?"));
}

TEST(UriTest, OnlyWhatLeaksNothingMayTravel)
{
    RecordProperty("requirement", "R-PKT-4");
    RecordProperty("attack", "L26");
    EXPECT_TRUE(MayTravel("http://host/a.cab", false));
    EXPECT_FALSE(MayTravel("http://host/a.cab?token=1", false));
    EXPECT_TRUE(MayTravel("http://host/a.cab?token=1", true));
    EXPECT_FALSE(MayTravel("http://user@host/a.cab", true));
    EXPECT_FALSE(MayTravel("http://host/a.cab#part", true));
    EXPECT_FALSE(MayTravel("a.cab", true));
}

TEST(UriTest, EscapingCounts)
{
    RecordProperty("requirement", "R-PKT-4");
    EXPECT_EQ(EscapedXmlBytes(""), 0U);
    EXPECT_EQ(EscapedXmlBytes("a&b<c>d\"e'"), 1U + 5 + 1 + 4 + 1 + 4 + 1 + 6 + 1 + 1);
    std::string escaped;
    AppendEscaped(escaped, "a&b<c>d\"e'");
    EXPECT_EQ(escaped, "a&amp;b&lt;c&gt;d&quot;e'");

    const std::string plain = "http://host/" + std::string(limits::kHrefEscapedBytes - 12, 'a');
    EXPECT_TRUE(MayTravel(plain, false));
    EXPECT_FALSE(MayTravel(plain + "a", false));
    const std::string ampersands = "http://host/" + std::string(197, '&') + "aaa";
    EXPECT_EQ(EscapedXmlBytes(ampersands), 1000U);
    EXPECT_TRUE(MayTravel(ampersands, false));
    EXPECT_FALSE(MayTravel(ampersands + "a", false));
}

TEST(UriTest, AnOriginHasOneText)
{
    RecordProperty("requirement", "R-CLI-12");
    RecordProperty("attack", "L13");
    EXPECT_EQ(OriginOf("http://Update.Example.COM/A/b?c"), "http://update.example.com");
    EXPECT_EQ(OriginOf("HTTP://update.example.com:80/"), "http://update.example.com");
    EXPECT_EQ(OriginOf("http://update.example.com:/"), "http://update.example.com");
    EXPECT_EQ(OriginOf("http://update.example.com:0080"), "http://update.example.com");
    EXPECT_EQ(OriginOf("http://update.example.com:443"), "http://update.example.com:443");
    EXPECT_EQ(OriginOf("https://update.example.com:443"), "https://update.example.com");
    EXPECT_EQ(OriginOf("https://[2001:DB8::1]:08080/x"), "https://[2001:db8::1]:8080");
    EXPECT_EQ(OriginOf("ftp://a:21/x"), "ftp://a:21");
    EXPECT_EQ(OriginOf("http://good.example@evil.example/"), std::nullopt);
    EXPECT_EQ(OriginOf("file:///x"), std::nullopt);
    EXPECT_EQ(OriginOf("urn:a:b"), std::nullopt);
    EXPECT_EQ(OriginOf("good.example"), std::nullopt);
}

TEST(UriTest, AnIpv4AddressHasOneText)
{
    RecordProperty("requirement", "R-PKT-5");
    for (const char* good : {"0.0.0.0", "1.2.3.4", "255.255.255.255", "192.168.100.9"})
    {
        EXPECT_TRUE(IsIpv4Address(good)) << good;
    }
    for (const char* bad :
         {"",          "1",        "1.2.3",     "1.2.3.",   ".1.2.3",    "1..2.3",    "1.2.3.4.",
          "1.2.3.4.5", "01.2.3.4", "1.2.3.010", "1.2.3.00", "1.2.3.256", "1.2.3.999", "1.2.3.1000",
          "0x1.2.3.4", "1.2.3.4 ", " 1.2.3.4",  "1.2.3.-4", "1.2.3.+4",  "1.2.3.a"})
    {
        EXPECT_FALSE(IsIpv4Address(bad)) << bad;
    }
}

} // namespace
} // namespace lanpeer
