#include "reference/retrieval/target.h"

#include <gtest/gtest.h>
#include <string>

namespace lanpeer::reference
{
namespace
{

TEST(Target, TakesAUrlApart)
{
    const auto target = Target::Parse("HTTP://me:s%40crt@Example.ORG:8080/a/b?c#d");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->origin, (Origin{"http", "example.org", 8080}));
    EXPECT_TRUE(target->hasUserInfo);
    EXPECT_EQ(target->user, "me");
    EXPECT_EQ(target->password, "s@crt");
    EXPECT_EQ(target->url, "http://Example.ORG:8080/a/b?c");
    EXPECT_EQ(Target::Parse("http://a/")->origin.port, 80);
    EXPECT_EQ(Target::Parse("https://a/")->origin.port, 443);
    EXPECT_FALSE(Target::Parse("https://a/")->hasUserInfo);
}

TEST(Target, L13AddressesInDisguiseAreAddresses)
{
    RecordProperty("attack", "L13");
    for (const char* url : {"http://2130706433/",
                            "http://0x7f.1/",
                            "http://0177.0.0.1/",
                            "http://127.1/",
                            "http://%31%32%37.0.0.1/"})
    {
        const auto target = Target::Parse(url);
        ASSERT_TRUE(target) << url;
        EXPECT_EQ(target->origin.host, "127.0.0.1") << url;
    }
}

TEST(Target, L13OnlyHttpAndHttps)
{
    RecordProperty("attack", "L13");
    for (const std::string url : {"file:///etc/passwd",
                                  "ftp://a/",
                                  "gopher://a/",
                                  "a/b",
                                  "",
                                  "http://",
                                  "http://a:0/",
                                  "http://a:99999/",
                                  "http://a b/"})
    {
        EXPECT_FALSE(Target::Parse(url)) << url;
    }
    using namespace std::string_literals;
    EXPECT_FALSE(Target::Parse("http://a/\0b"s));
    EXPECT_FALSE(Target::Parse("http://a/\r\nX: y"));
    EXPECT_FALSE(Target::Parse("http://a/" + std::string(kMaxUrlBytes, 'a')));
    const auto base = Target::Parse("http://a/");
    EXPECT_FALSE(base->Resolve("file:///etc/passwd"));
    EXPECT_FALSE(base->Resolve("FTP://a/"));
    EXPECT_FALSE(base->Resolve("/a\x01"));
    EXPECT_FALSE(base->Resolve("/" + std::string(kMaxUrlBytes, 'a')));
}

TEST(Target, LocationsAreResolved)
{
    const auto base = Target::Parse("http://a:81/b/c?d");
    EXPECT_EQ(base->Resolve("e")->url, "http://a:81/b/e");
    EXPECT_EQ(base->Resolve("/e f")->url, "http://a:81/e%20f");
    EXPECT_EQ(base->Resolve("../../x")->url, "http://a:81/x");
    EXPECT_EQ(base->Resolve("//g/h")->url, "http://g/h");
    EXPECT_EQ(base->Resolve("https://g")->url, "https://g/");
}

TEST(Target, L13CredentialsGoToTheSameOriginOnly)
{
    RecordProperty("attack", "L13");
    const auto base = Target::Parse("http://me:secret@a/b");
    for (const char* same : {"c", "/c", "http://a/c", "http://A:80/c", "http://you@a/c"})
    {
        const auto next = base->Resolve(same);
        EXPECT_EQ(next->user, "me") << same;
        EXPECT_EQ(next->password, "secret") << same;
    }
    for (const char* other :
         {"http://b/c", "//b/c", "http://a:81/c", "https://a/c", "http://you:x@b/c"})
    {
        const auto next = base->Resolve(other);
        EXPECT_FALSE(next->hasUserInfo) << other;
        EXPECT_EQ(next->user + next->password, "") << other;
        EXPECT_EQ(next->url.find('@'), std::string::npos) << other;
    }
}

TEST(Target, PortsOfProxiesAreCurls)
{
    EXPECT_EQ(PortOfProxy("http://p:3128"), 3128);
    EXPECT_EQ(PortOfProxy("p:3128"), 3128);
    EXPECT_EQ(PortOfProxy("http://me:x@p:3128/"), 3128);
    EXPECT_EQ(PortOfProxy("p"), 1080);
    EXPECT_EQ(PortOfProxy("http://p"), 1080);
    EXPECT_EQ(PortOfProxy("https://p"), 443);
    EXPECT_EQ(PortOfProxy("socks5h://p:9"), 9);
    EXPECT_EQ(PortOfProxy("http://p:x"), std::nullopt);
}

} // namespace
} // namespace lanpeer::reference
