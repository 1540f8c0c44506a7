#include "tests/reference/retrieval/retrieval-fixture.h"

#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace lanpeer::reference
{
namespace
{

using ::testing::HasSubstr;
using ::testing::Not;

class PeerRetrieval : public RetrievalTest
{
};

TEST_F(PeerRetrieval, R_HTTP_2_AWholeBodyIsWhole)
{
    RecordProperty("requirement", "R-HTTP-2");
    const std::string body = Body(1'000'000);
    ScriptedServer server(Ok(body, "ETag: \"t1\"\r\n"));
    m_file = File("what was there before, and is longer than nothing");
    const FetchResult result = Fetch(FromPeer(server.Url()));
    EXPECT_EQ(result.end, FetchEnd::Whole) << result.message;
    EXPECT_EQ(result.received, body.size());
    EXPECT_EQ(result.bodyBytes, body.size());
    EXPECT_EQ(result.size, body.size());
    EXPECT_EQ(result.tag, "t1");
    EXPECT_EQ(result.httpStatus, 200);
    EXPECT_THAT(result.message, HasSubstr(server.Url()));
    EXPECT_EQ(Content(), body);
    ASSERT_EQ(server.Requests().size(), 1U);
    const std::string request = server.Requests()[0];
    EXPECT_THAT(request, HasSubstr("GET /file HTTP/1.1\r\n"));
    EXPECT_THAT(request, HasSubstr("Accept-Encoding: identity\r\n"));
    EXPECT_THAT(request, Not(HasSubstr("Range:")));
}

TEST_F(PeerRetrieval, AnEmptyBodyIsWhole)
{
    ScriptedServer server(Ok(""));
    m_file = File("old");
    const FetchResult result = Fetch(FromPeer(server.Url()));
    EXPECT_EQ(result.end, FetchEnd::Whole) << result.message;
    EXPECT_EQ(result.size, 0U);
    EXPECT_EQ(Content(), "");
}

TEST_F(PeerRetrieval, R_HTTP_2_ResumesWithA206)
{
    RecordProperty("requirement", "R-HTTP-2");
    const std::string body = Body(5000);
    ScriptedServer server(Partial(body, 2000, "ETag: \"t1\"\r\n"));
    m_file = File(body.substr(0, 2000) + "and what was not counted" + std::string(9000, 'x'));
    FetchOrder order = FromPeer(server.Url());
    order.offset = 2000;
    order.ifRangeTag = "t1";
    const FetchResult result = Fetch(order);
    EXPECT_EQ(result.end, FetchEnd::Whole) << result.message;
    EXPECT_EQ(result.received, 5000U);
    EXPECT_EQ(result.bodyBytes, 3000U);
    EXPECT_EQ(result.size, 5000U);
    EXPECT_EQ(Content(), body);
    EXPECT_THAT(server.Requests().at(0), HasSubstr("Range: bytes=2000-\r\n"));
    EXPECT_THAT(server.Requests().at(0), HasSubstr("If-Range: \"t1\"\r\n"));
}

TEST_F(PeerRetrieval, R_HTTP_2_StartsOverWithA200)
{
    RecordProperty("requirement", "R-HTTP-2");
    const std::string body = Body(1000);
    ScriptedServer server(Ok(body, "ETag: \"t2\"\r\n"));
    m_file = File(std::string(2000, 'x'));
    FetchOrder order = FromPeer(server.Url());
    order.offset = 2000;
    order.ifRangeTag = "t1";
    const FetchResult result = Fetch(order);
    EXPECT_EQ(result.end, FetchEnd::Whole) << result.message;
    EXPECT_EQ(result.received, 1000U);
    EXPECT_EQ(result.bodyBytes, 1000U);
    EXPECT_EQ(result.tag, "t2");
    EXPECT_EQ(Content(), body);
}

TEST_F(PeerRetrieval, L15AWrongOffsetIsRefused)
{
    RecordProperty("attack", "L15");
    const std::string body = Body(5000);
    ScriptedServer server(Partial(body, 1999));
    m_file = File(body.substr(0, 2000));
    FetchOrder order = FromPeer(server.Url());
    order.offset = 2000;
    order.ifRangeTag = "t1";
    const FetchResult result = Fetch(order);
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_EQ(result.received, 2000U) << "what was there stays";
    EXPECT_EQ(result.bodyBytes, 0U);
    EXPECT_EQ(result.tag, "t1");
    EXPECT_EQ(Content(), body.substr(0, 2000));
}

TEST_F(PeerRetrieval, L15APartThatEndsBeforeTheEndIsNotWhole)
{
    RecordProperty("attack", "L15");
    ScriptedServer server("HTTP/1.1 206 Partial Content\r\nContent-Length: 2\r\n"
                          "Content-Range: bytes 3-4/8\r\n\r\nde");
    m_file = File("abc");
    FetchOrder order = FromPeer(server.Url());
    order.offset = 3;
    const FetchResult result = Fetch(order);
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_EQ(result.received, 5U);
    EXPECT_EQ(result.size, 8U);
    EXPECT_EQ(Content(), "abcde");
}

TEST_F(PeerRetrieval, L15ATruncatedBodyIsBroken)
{
    RecordProperty("attack", "L15");
    ScriptedServer server("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + Body(400));
    const FetchResult result = Fetch(FromPeer(server.Url()));
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_EQ(result.received, 400U);
    EXPECT_EQ(result.size, 1000U);
    EXPECT_EQ(Content(), Body(400));
}

TEST_F(PeerRetrieval, L15NoByteBeyondTheAnnouncedLengthIsTaken)
{
    RecordProperty("attack", "L15");
    const std::string endless(65'536, 'x');
    ScriptedServer server({Script{Ok("hello") + endless, endless, {}, false}});
    const FetchResult result = Fetch(FromPeer(server.Url()));
    EXPECT_EQ(result.end, FetchEnd::Whole) << result.message;
    EXPECT_EQ(result.received, 5U);
    EXPECT_EQ(Content(), "hello");
}

TEST_F(PeerRetrieval, T2EndlessDataWithoutALengthIsRefusedUnread)
{
    RecordProperty("attack", "T2");
    const std::string endless(65'536, 'x');
    ScriptedServer server({Script{"HTTP/1.1 200 OK\r\n\r\n", endless, {}, false}});
    const FetchResult result = Fetch(FromPeer(server.Url()));
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_EQ(result.bodyBytes, 0U);
    EXPECT_EQ(Content(), "");
}

TEST_F(PeerRetrieval, T2EndlessChunksAreRefusedUnread)
{
    RecordProperty("attack", "T2");
    ScriptedServer server({Script{
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n", {}, false}});
    const FetchResult result = Fetch(FromPeer(server.Url()));
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_EQ(Content(), "");
}

TEST_F(PeerRetrieval, T2ALengthBeyondTheAllowedIsRefusedUnread)
{
    RecordProperty("attack", "T2");
    ScriptedServer server(Ok(Body(1001)));
    FetchOrder order = FromPeer(server.Url());
    order.maxBytes = 1000;
    const FetchResult result = Fetch(order);
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_EQ(result.bodyBytes, 0U);
    EXPECT_EQ(result.size, 1001U);
    EXPECT_EQ(Content(), "");
    ScriptedServer fits(Ok(Body(1000)));
    order.url = fits.Url();
    EXPECT_EQ(Fetch(order).end, FetchEnd::Whole);
}

TEST_F(PeerRetrieval, StatusesAreToldApart)
{
    const auto endOf = [this](const std::string& status)
    {
        // With a body that never ends: the head says all.
        const std::string endless(1000, 'x');
        ScriptedServer server({Script{
            "HTTP/1.1 " + status + "\r\nContent-Length: 99999999\r\n\r\n", endless, {}, false}});
        m_file = nullptr;
        const FetchResult result = Fetch(FromPeer(server.Url()));
        EXPECT_EQ(std::to_string(result.httpStatus), status.substr(0, 3));
        EXPECT_EQ(result.received, 0U);
        EXPECT_EQ(Content(), "");
        return result.end;
    };
    EXPECT_EQ(endOf("404 Not Found"), FetchEnd::NotFound);
    EXPECT_EQ(endOf("410 Gone"), FetchEnd::NotFound);
    EXPECT_EQ(endOf("503 Service Unavailable"), FetchEnd::Unavailable);
    EXPECT_EQ(endOf("500 Oops"), FetchEnd::Broken);
    EXPECT_EQ(endOf("401 Who are you"), FetchEnd::Broken);
    EXPECT_EQ(endOf("407 Who are you"), FetchEnd::Broken);
    EXPECT_EQ(endOf("204 No Content"), FetchEnd::Broken);
    EXPECT_EQ(endOf("416 Range Not Satisfiable"), FetchEnd::Broken);
}

TEST_F(PeerRetrieval, RetryAfterIsSecondsOrNothing)
{
    const auto retryAfter = [this](const std::string& field)
    {
        ScriptedServer server("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n" + field + "\r\n");
        const FetchResult result = Fetch(FromPeer(server.Url()));
        EXPECT_EQ(result.end, FetchEnd::Unavailable) << field;
        return result.retryAfterSeconds;
    };
    EXPECT_EQ(retryAfter("Retry-After: 17\r\n"), 17U);
    EXPECT_EQ(retryAfter(""), std::nullopt);
    EXPECT_EQ(retryAfter("Retry-After: soon\r\n"), std::nullopt);
    EXPECT_EQ(retryAfter("Retry-After: -1\r\n"), std::nullopt);
    EXPECT_EQ(retryAfter("Retry-After: 99999999999999999999\r\n"), std::nullopt);
    EXPECT_EQ(retryAfter("Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n"), std::nullopt);
    EXPECT_EQ(retryAfter("Retry-After: 1\r\nRetry-After: 2\r\n"), std::nullopt);
}

TEST_F(PeerRetrieval, L13ARedirectFromAPeerIsNotFollowed)
{
    RecordProperty("attack", "L13");
    ScriptedServer other(Ok("secret"));
    ScriptedServer server(fmt::format(
        "HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", other.Url()));
    const FetchResult result = Fetch(FromPeer(server.Url()));
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_EQ(result.httpStatus, 302);
    EXPECT_TRUE(other.Requests().empty());
}

TEST_F(PeerRetrieval, L13APeerIsAskedByAddressAndHttpOnly)
{
    RecordProperty("attack", "L13");
    ScriptedServer server(Ok("x"));
    const std::string port = std::to_string(server.Port());
    m_file = File("kept");
    for (const std::string& url : {"http://localhost:" + port + "/file",
                                   "http://[::1]:" + port + "/file",
                                   "https://127.0.0.1:" + port + "/file",
                                   "ftp://127.0.0.1:" + port + "/file",
                                   std::string("file:///etc/passwd"),
                                   "http://me:secret@127.0.0.1:" + port + "/file",
                                   std::string("127.0.0.1"),
                                   std::string()})
    {
        const FetchResult result = Fetch(FromPeer(url));
        EXPECT_EQ(result.end, FetchEnd::Broken) << url;
        EXPECT_THAT(result.message, Not(HasSubstr("secret")));
        EXPECT_EQ(Content(), "kept") << url;
    }
    EXPECT_TRUE(server.Requests().empty());
}

TEST_F(PeerRetrieval, L13NoProxyIsUsedForAPeer)
{
    RecordProperty("attack", "L13");
    ScriptedServer proxy(Ok("from the proxy"));
    ScriptedServer server(Ok("direct"));
    const std::string url = fmt::format("http://127.0.0.1:{}/", proxy.Port());
    ::setenv("http_proxy", url.c_str(), 1);
    ::setenv("all_proxy", url.c_str(), 1);
    EXPECT_EQ(Fetch(FromPeer(server.Url())).end, FetchEnd::Whole);
    EXPECT_EQ(Content(), "direct");
    EXPECT_TRUE(proxy.Requests().empty());
    ::unsetenv("http_proxy");
    ::unsetenv("all_proxy");
}

TEST_F(PeerRetrieval, U1AServerOfAByteNowAndThenIsCut)
{
    RecordProperty("attack", "U1");
    m_settings.peerRate = {1000, std::chrono::seconds(1)};
    ScriptedServer server({Script{"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
                                  "x",
                                  std::chrono::milliseconds(100),
                                  false}});
    const FetchResult result = Fetch(FromPeer(server.Url()));
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_LT(result.received, 100'000U);
    EXPECT_EQ(result.httpStatus, 200);
    EXPECT_THAT(result.message, HasSubstr("too slow"));
}

TEST_F(PeerRetrieval, U1AServerThatSaysNothingIsCut)
{
    RecordProperty("attack", "U1");
    m_settings.peerRate = {1000, std::chrono::seconds(1)};
    ScriptedServer server({Script{"", "", {}, true}});
    EXPECT_EQ(Fetch(FromPeer(server.Url())).end, FetchEnd::Broken);
}

TEST_F(PeerRetrieval, U1AHeadOfAByteNowAndThenIsCut)
{
    RecordProperty("attack", "U1");
    m_settings.peerRate = {1000, std::chrono::seconds(1)};
    ScriptedServer server(
        {Script{"HTTP/1.1 200 OK\r\n", "a: b\r\n", std::chrono::milliseconds(200), false}});
    const FetchResult result = Fetch(FromPeer(server.Url()));
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_THAT(result.message, HasSubstr("too slow"));
}

TEST_F(PeerRetrieval, AFullDiskIsToldAsSuch)
{
    ScriptedServer server(Ok(Body(1'000'000)));
    rlimit before = {};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    rlimit small = before;
    small.rlim_cur = 100'000;
    // The signal that comes with it would end this program if the thread could get it.
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const FetchResult result = Fetch(FromPeer(server.Url()));
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    EXPECT_EQ(result.end, FetchEnd::StoreFailed);
    EXPECT_LE(result.received, 100'000U);
    EXPECT_EQ(Content().substr(0, result.received), Body(1'000'000).substr(0, result.received));
}

TEST_F(PeerRetrieval, AFileThatCannotBeWrittenIsToldAsSuch)
{
    ScriptedServer server(Ok("x"));
    m_file = std::make_shared<FileDescriptor>(); // none
    FetchOrder order = FromPeer(server.Url());
    EXPECT_EQ(Fetch(order).end, FetchEnd::StoreFailed);
    m_file = File("abc");
    order.offset = 4;
    EXPECT_EQ(Fetch(order).end, FetchEnd::StoreFailed) << "it would leave a hole";
    EXPECT_TRUE(server.Requests().empty());
}

TEST_F(PeerRetrieval, ARefusedConnectionIsBroken)
{
    std::string url;
    {
        ScriptedServer server(Ok("x"));
        url = server.Url();
    }
    const FetchResult result = Fetch(FromPeer(url));
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_EQ(result.httpStatus, 0);
    EXPECT_THAT(result.message, HasSubstr(url));
}

TEST_F(PeerRetrieval, L15GarbageIsBroken)
{
    RecordProperty("attack", "L15");
    using namespace std::string_literals;
    for (const std::string& garbage : {"\0\x01\x02\xff garbage\r\n\r\n"s,
                                       "SSH-2.0-OpenSSH_9.2\r\n"s,
                                       "<html>no head</html>"s,
                                       ""s,
                                       "HTTP/1.1 "s,
                                       "HTTP/1.1 200 OK\r\nContent-Length: 1"s,
                                       "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX\0Y: 1\r\n\r\nx"s})
    {
        ScriptedServer server(garbage);
        const FetchResult result = Fetch(FromPeer(server.Url()));
        EXPECT_EQ(result.end, FetchEnd::Broken) << garbage;
        EXPECT_EQ(result.bodyBytes, 0U) << garbage;
    }
}

TEST_F(PeerRetrieval, L18HeaderBombsAreBroken)
{
    RecordProperty("attack", "L18");
    const std::string megabyte(1'000'000, 'x');
    for (const Script& bomb : {Script{"HTTP/1.1 200 OK\r\n", "a: b\r\n", {}, false},
                               Script{"HTTP/1.1 200 OK\r\na: ", megabyte, {}, false},
                               Script{"", "HTTP/1.1 100 Continue\r\n\r\n", {}, false},
                               Script{"", megabyte, {}, false},
                               Script{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\na: " +
                                          std::string(9000, 'b') + "\r\n\r\nx",
                                      "",
                                      {},
                                      true}})
    {
        ScriptedServer server({bomb});
        EXPECT_EQ(Fetch(FromPeer(server.Url())).end, FetchEnd::Broken) << bomb.bytes.substr(0, 40);
        EXPECT_EQ(Content(), "");
    }
}

TEST_F(PeerRetrieval, L22NothingOfANetworksTextReachesAMessageUnescaped)
{
    RecordProperty("attack", "L22");
    // Fetch() looks at every message; here are the likeliest to carry something.
    ScriptedServer server("HTTP/1.1 500 \x1b[31mred\r\nEvil: \x1b\r\n\r\n");
    const FetchResult answered =
        Fetch(FromPeer(server.Url() + "\xc3\xa9?" + std::string(4000, '%')));
    EXPECT_EQ(answered.end, FetchEnd::Broken);
    EXPECT_THAT(answered.message, HasSubstr("500")) << "a long URL does not push it out";
    Fetch(FromPeer("http://127.0.0.1/\r\nSet-Cookie: a=b"));
    Fetch(FromInternet("http://evil\x1b.test/"));
    ScriptedServer redirecting("HTTP/1.1 302 Found\r\nLocation: gopher://\x1b[0m/\r\n\r\n");
    Fetch(FromInternet(redirecting.Url()));
}

TEST_F(PeerRetrieval, L22ATagThatWouldBreakTheRequestIsNotSent)
{
    RecordProperty("attack", "L22");
    ScriptedServer server(Ok("x"));
    m_file = File("abc");
    FetchOrder order = FromPeer(server.Url());
    order.offset = 3;
    order.ifRangeTag = "t\"\r\nEvil: yes";
    EXPECT_EQ(Fetch(order).end, FetchEnd::Broken);
    EXPECT_TRUE(server.Requests().empty());
}

} // namespace
} // namespace lanpeer::reference
