#include "tests/reference/retrieval/retrieval-fixture.h"

#include <cstdlib>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <vector>

namespace lanpeer::reference
{
namespace
{

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string
RedirectTo(const std::string& location, int status = 302)
{
    return fmt::format(
        "HTTP/1.1 {} Elsewhere\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", status, location);
}

class InternetRetrieval : public RetrievalTest
{
  protected:
    /// Lets a name lead to an address, whatever the machine's resolver says.
    void Resolve(const std::string& name, const ScriptedServer& server, const std::string& address)
    {
        m_settings.resolve.push_back(fmt::format("{}:{}:{}", name, server.Port(), address));
    }

    /// Variables of curl's for this test.
    void UseProxy(const ScriptedServer& proxy, const std::string& exempted = "")
    {
        ::setenv("http_proxy", fmt::format("http://127.0.0.1:{}", proxy.Port()).c_str(), 1);
        ::setenv("no_proxy", exempted.c_str(), 1);
    }

    ~InternetRetrieval() override
    {
        ::unsetenv("http_proxy");
        ::unsetenv("https_proxy");
        ::unsetenv("no_proxy");
    }
};

TEST_F(InternetRetrieval, AWholeBodyIsWhole)
{
    ScriptedServer server(Ok("hello", "ETag: \"t\"\r\n"));
    const FetchResult result = Fetch(FromInternet(server.Url()));
    EXPECT_EQ(result.end, FetchEnd::Whole) << result.message;
    EXPECT_EQ(result.tag, "t");
    EXPECT_EQ(Content(), "hello");
}

TEST_F(InternetRetrieval, RedirectsAreFollowed)
{
    for (const int status : {301, 302, 303, 307, 308})
    {
        ScriptedServer last(Ok("hello"));
        ScriptedServer first(RedirectTo(last.Url(), status));
        const FetchResult result = Fetch(FromInternet(first.Url()));
        EXPECT_EQ(result.end, FetchEnd::Whole) << status << ": " << result.message;
        EXPECT_EQ(Content(), "hello");
    }
}

TEST_F(InternetRetrieval, AResumeGoesAlongWithARedirect)
{
    ScriptedServer last(Partial("hello", 3));
    ScriptedServer first(RedirectTo(last.Url()));
    m_file = File("hel");
    FetchOrder order = FromInternet(first.Url());
    order.offset = 3;
    order.ifRangeTag = "t";
    EXPECT_EQ(Fetch(order).end, FetchEnd::Whole);
    EXPECT_EQ(Content(), "hello");
    EXPECT_THAT(last.Requests().at(0), HasSubstr("Range: bytes=3-\r\n"));
    EXPECT_THAT(last.Requests().at(0), HasSubstr("If-Range: \"t\"\r\n"));
}

TEST_F(InternetRetrieval, FiveRedirectsAreEnough)
{
    const Script again{RedirectTo("/again"), "", {}, false};
    ScriptedServer five({again, again, again, again, again, Script{Ok("x"), "", {}, false}});
    EXPECT_EQ(Fetch(FromInternet(five.Url())).end, FetchEnd::Whole);
    ScriptedServer endless({again});
    const FetchResult result = Fetch(FromInternet(endless.Url()));
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_EQ(endless.Requests().size(), 6U);
}

TEST_F(InternetRetrieval, L13RedirectsToOtherProtocolsAreRefused)
{
    RecordProperty("attack", "L13");
    for (const char* location : {"file:///etc/passwd",
                                 "ftp://127.0.0.1/",
                                 "gopher://127.0.0.1/",
                                 "dict://127.0.0.1/",
                                 "data:,x",
                                 ""})
    {
        ScriptedServer server(RedirectTo(location));
        EXPECT_EQ(Fetch(FromInternet(server.Url())).end, FetchEnd::Broken) << location;
        EXPECT_EQ(Content(), "") << location;
    }
    ScriptedServer nowhere("HTTP/1.1 302 Found\r\n\r\n");
    EXPECT_EQ(Fetch(FromInternet(nowhere.Url())).end, FetchEnd::Broken);
}

TEST_F(InternetRetrieval, L13ANameThatLeadsToThisMachineIsNotAsked)
{
    RecordProperty("attack", "L13");
    ScriptedServer inner(Ok("secret"));
    for (const char* address : {"127.0.0.1",
                                "127.0.0.2",
                                "0.0.0.0",
                                "[::1]",
                                "[::ffff:127.0.0.1]",
                                "169.254.169.254",
                                "[fe80::1]"})
    {
        m_settings.resolve.clear();
        Resolve("rebound.test", inner, address);
        const FetchResult result =
            Fetch(FromInternet(fmt::format("http://rebound.test:{}/", inner.Port())));
        EXPECT_EQ(result.end, FetchEnd::Broken) << address;
        EXPECT_THAT(result.message, HasSubstr("refused to connect")) << address;
    }
    EXPECT_TRUE(inner.Requests().empty());
}

/// An origin elsewhere is played by a proxy, which answers in its name.
TEST_F(InternetRetrieval, L13ARedirectFromElsewhereToThisMachineIsRefused)
{
    RecordProperty("attack", "L13");
    ScriptedServer inner(Ok("secret"));
    const std::string port = std::to_string(inner.Port());
    for (const std::string host : {"127.0.0.1",
                                   "127.1",
                                   "2130706433",
                                   "localhost",
                                   "LOCALHOST.",
                                   "[::1]",
                                   "[::ffff:7f00:1]",
                                   "0.0.0.0",
                                   "169.254.169.254"})
    {
        ScriptedServer proxy(RedirectTo("http://" + host + ":" + port + "/"));
        UseProxy(proxy, "127.0.0.1,localhost,::1");
        const FetchResult result = Fetch(FromInternet("http://origin.test/"));
        EXPECT_EQ(result.end, FetchEnd::Broken) << host;
        EXPECT_THAT(result.message, HasSubstr("refused to go on")) << host;
        EXPECT_EQ(proxy.Requests().size(), 1U) << host;
    }
    EXPECT_TRUE(inner.Requests().empty());
}

TEST_F(InternetRetrieval, L13ARedirectFromElsewhereToANameOfThisMachineIsRefused)
{
    RecordProperty("attack", "L13");
    ScriptedServer inner(Ok("secret"));
    Resolve("rebound.test", inner, "127.0.0.1");
    ScriptedServer proxy(RedirectTo(fmt::format("http://rebound.test:{}/", inner.Port())));
    UseProxy(proxy, "rebound.test");
    const FetchResult result = Fetch(FromInternet("http://origin.test/"));
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_THAT(result.message, HasSubstr("refused to connect"));
    EXPECT_TRUE(inner.Requests().empty());
}

TEST_F(InternetRetrieval, L13WhoNamesThisMachineMayNotBeLedToItsLinks)
{
    RecordProperty("attack", "L13");
    ScriptedServer server(RedirectTo("http://169.254.169.254/latest/meta-data/"));
    const FetchResult result = Fetch(FromInternet(server.Url()));
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_THAT(result.message, HasSubstr("link-local"));
}

TEST_F(InternetRetrieval, WhoNamesThisMachineReachesIt)
{
    ScriptedServer server(Ok("x"));
    EXPECT_EQ(Fetch(FromInternet(fmt::format("http://localhost:{}/", server.Port()))).end,
              FetchEnd::Whole);
}

TEST_F(InternetRetrieval, L13OnlyAllowedOriginsAreAsked)
{
    RecordProperty("attack", "L13");
    ScriptedServer other(Ok("x"));
    ScriptedServer first(RedirectTo(other.Url()));
    const std::string firstOrigin = fmt::format("http://127.0.0.1:{}", first.Port());
    const std::string otherOrigin = fmt::format("http://127.0.0.1:{}", other.Port());
    FetchOrder order = FromInternet(first.Url());

    order.allowedOrigins = {otherOrigin, "nonsense", "https://127.0.0.1", "http://127.0.0.1"};
    EXPECT_EQ(Fetch(order).end, FetchEnd::Broken);
    EXPECT_TRUE(first.Requests().empty());

    order.allowedOrigins = {firstOrigin};
    const FetchResult result = Fetch(order);
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_THAT(result.message, HasSubstr("not one of the allowed origins"));
    EXPECT_TRUE(other.Requests().empty());

    order.allowedOrigins = {firstOrigin, otherOrigin + "/"};
    EXPECT_EQ(Fetch(order).end, FetchEnd::Whole);
}

TEST_F(InternetRetrieval, L13CredentialsStayWithTheirOrigin)
{
    RecordProperty("attack", "L13");
    ScriptedServer other(Ok("x"));
    ScriptedServer first({Script{RedirectTo("/second"), "", {}, false},
                          Script{RedirectTo(other.Url()), "", {}, false}});
    const FetchResult result =
        Fetch(FromInternet(fmt::format("http://me:secret@127.0.0.1:{}/file", first.Port())));
    EXPECT_EQ(result.end, FetchEnd::Whole) << result.message;
    ASSERT_EQ(first.Requests().size(), 2U);
    const std::string credentials = "Authorization: Basic bWU6c2VjcmV0\r\n";
    EXPECT_THAT(first.Requests()[0], HasSubstr(credentials));
    EXPECT_THAT(first.Requests()[1], HasSubstr(credentials));
    EXPECT_THAT(other.Requests().at(0), Not(HasSubstr("Authorization")));
}

TEST_F(InternetRetrieval, L22CredentialsAreInNoMessage)
{
    RecordProperty("attack", "L22");
    ScriptedServer server("HTTP/1.1 403 No\r\n\r\n");
    const std::string port = std::to_string(server.Port());
    for (const std::string& url : {"http://me:secret@127.0.0.1:" + port + "/file",
                                   std::string("http://secret@127.0.0.1:1/file"),
                                   std::string("http://me:secret@no such host/"),
                                   std::string("ftp://me:secret@127.0.0.1/"),
                                   std::string("http://me:secret@absent.invalid/")})
    {
        EXPECT_THAT(Fetch(FromInternet(url)).message, Not(HasSubstr("secret"))) << url;
    }
}

TEST_F(InternetRetrieval, ProxiesComeFromTheEnvironment)
{
    ScriptedServer proxy(Ok("from the proxy"));
    UseProxy(proxy);
    EXPECT_EQ(Fetch(FromInternet("http://origin.test/file")).end, FetchEnd::Whole);
    EXPECT_EQ(Content(), "from the proxy");
    EXPECT_THAT(proxy.Requests().at(0), StartsWith("GET http://origin.test/file HTTP/1.1\r\n"));

    ScriptedServer server(Ok("direct"));
    UseProxy(proxy, "127.0.0.1");
    EXPECT_EQ(Fetch(FromInternet(server.Url())).end, FetchEnd::Whole);
    EXPECT_EQ(Content(), "direct");
}

TEST_F(InternetRetrieval, AProxyThatRefusesIsNoRoute)
{
    {
        ScriptedServer proxy(Ok("x"));
        UseProxy(proxy);
    }
    EXPECT_EQ(Fetch(FromInternet("http://origin.test/")).end, FetchEnd::NoRoute);
    ScriptedServer wantsCredentials("HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n");
    UseProxy(wantsCredentials);
    EXPECT_EQ(Fetch(FromInternet("http://origin.test/")).end, FetchEnd::NoRoute);
    ::setenv("https_proxy", std::getenv("http_proxy"), 1);
    EXPECT_EQ(Fetch(FromInternet("https://origin.test/")).end, FetchEnd::NoRoute);
    EXPECT_THAT(wantsCredentials.Requests().at(1), StartsWith("CONNECT origin.test:443"));
    ::setenv("http_proxy", "http://absent.invalid:3128", 1);
    EXPECT_EQ(Fetch(FromInternet("http://origin.test/")).end, FetchEnd::NoRoute);
}

TEST_F(InternetRetrieval, ANameThatCannotBeResolvedIsNoRoute)
{
    const FetchResult result = Fetch(FromInternet("http://absent.invalid/"));
    EXPECT_EQ(result.end, FetchEnd::NoRoute) << result.message;
    EXPECT_THAT(result.message, HasSubstr("absent.invalid"));
}

TEST_F(InternetRetrieval, ARefusedConnectionIsBroken)
{
    std::string url;
    {
        ScriptedServer server(Ok("x"));
        url = server.Url();
    }
    EXPECT_EQ(Fetch(FromInternet(url)).end, FetchEnd::Broken);
}

TEST_F(InternetRetrieval, T2UnannouncedLengthsAreTakenUpToTheAllowed)
{
    RecordProperty("attack", "T2");
    const std::string head = "HTTP/1.1 200 OK\r\n\r\n";
    FetchOrder order = FromInternet("");
    order.maxBytes = 1000;

    ScriptedServer fits(head + Body(1000));
    order.url = fits.Url();
    const FetchResult whole = Fetch(order);
    EXPECT_EQ(whole.end, FetchEnd::Whole) << whole.message;
    EXPECT_EQ(whole.size, 1000U);
    EXPECT_EQ(Content(), Body(1000));

    ScriptedServer chunked("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                           "5\r\nhello\r\n0\r\nTrailer: x\r\n\r\n");
    order.url = chunked.Url();
    EXPECT_EQ(Fetch(order).end, FetchEnd::Whole);
    EXPECT_EQ(Content(), "hello");

    ScriptedServer endless({Script{head, Body(64), {}, false}});
    order.url = endless.Url();
    const FetchResult cut = Fetch(order);
    EXPECT_EQ(cut.end, FetchEnd::Broken);
    EXPECT_LE(Content().size(), 1000U);
}

TEST_F(InternetRetrieval, L15AChunkedPartIsHeldToItsRange)
{
    RecordProperty("attack", "L15");
    ScriptedServer server("HTTP/1.1 206 Partial Content\r\nTransfer-Encoding: chunked\r\n"
                          "Content-Range: bytes 3-4/5\r\n\r\n"
                          "2\r\nlo\r\n3\r\nxyz\r\n0\r\n\r\n");
    m_file = File("hel");
    FetchOrder order = FromInternet(server.Url());
    order.offset = 3;
    EXPECT_EQ(Fetch(order).end, FetchEnd::Broken);
    EXPECT_LE(Content().size(), 5U);
}

TEST_F(InternetRetrieval, L15AnEncodedContentIsRefused)
{
    RecordProperty("attack", "L15");
    ScriptedServer server(Ok("\x1f\x8b", "Content-Encoding: gzip\r\n"));
    EXPECT_EQ(Fetch(FromInternet(server.Url())).end, FetchEnd::Broken);
}

TEST_F(InternetRetrieval, U1TheInternetHasItsOwnMinimumRate)
{
    RecordProperty("attack", "U1");
    m_settings.peerRate = {0, std::chrono::seconds(0)};
    m_settings.internetRate = {1000, std::chrono::seconds(1)};
    ScriptedServer server({Script{"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
                                  "x",
                                  std::chrono::milliseconds(100),
                                  false}});
    const FetchResult result = Fetch(FromInternet(server.Url()));
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_THAT(result.message, HasSubstr("too slow"));
}

} // namespace
} // namespace lanpeer::reference
