#include "raw-client.h"
#include "running-server.h"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>

// What a client that behaves gets.

namespace lanpeer::reference
{
namespace
{

constexpr std::size_t kUpdateBytes = 910'000;

TEST(Requests, GetOfAWholeCopyRHttp1)
{
    RecordProperty("requirement", "R-HTTP-1");
    RunningServer server;
    const std::string content = MakeContent(kUpdateBytes);
    server.Add("update", content);
    RawClient client(server.Port());
    client.Send(RequestText("/update"));
    const Received got = client.Receive();
    EXPECT_EQ(got.status, 200U);
    EXPECT_EQ(got.Field("Content-Length"), "910000");
    EXPECT_EQ(got.Field("ETag"), "\"tag-of-update\"");
    EXPECT_TRUE(got.body == content);
    const auto asked = server.AwaitAsked(1);
    EXPECT_EQ(asked[0].peer, "127.0.0.1");
    const auto ended = server.AwaitEnded(1);
    EXPECT_EQ(ended.at(asked[0].request), std::vector<std::uint64_t>{kUpdateBytes});
}

TEST(Requests, HeadHasNoBodyRHttp1)
{
    RecordProperty("requirement", "R-HTTP-1");
    RunningServer server;
    server.Add("update", MakeContent(5000));
    RawClient client(server.Port());
    client.Send(RequestText("/update", "", "HEAD"));
    const Received got = client.Receive(false);
    EXPECT_EQ(got.status, 200U);
    EXPECT_EQ(got.Field("Content-Length"), "5000");
    // The next response follows at once: had there been a body, it would be here.
    client.Send(RequestText("/nothing"));
    EXPECT_EQ(client.Receive().status, 404U);
}

TEST(Requests, RangesRHttp1)
{
    RecordProperty("requirement", "R-HTTP-1");
    RunningServer server;
    const std::string content = MakeContent(100'000);
    server.Add("update", content);
    RawClient client(server.Port());

    client.Send(RequestText("/update", "Range: bytes=70000-\r\n"));
    Received got = client.Receive();
    EXPECT_EQ(got.status, 206U);
    EXPECT_EQ(got.Field("Content-Range"), "bytes 70000-99999/100000");
    EXPECT_TRUE(got.body == content.substr(70'000));

    client.Send(RequestText("/update", "Range: bytes=1-3\r\n"));
    EXPECT_EQ(client.Receive().body, content.substr(1, 3));

    client.Send(RequestText("/update", "Range: bytes=-7\r\n"));
    EXPECT_EQ(client.Receive().body, content.substr(99'993));

    client.Send(RequestText("/update", "Range: bytes=70000-\r\nIf-Range: \"another\"\r\n"));
    got = client.Receive();
    EXPECT_EQ(got.status, 200U);
    EXPECT_TRUE(got.body == content);
}

TEST(Requests, ARangeBeyondTheEndRHttp1)
{
    RecordProperty("requirement", "R-HTTP-1");
    RunningServer server;
    server.Add("update", MakeContent(100));
    RawClient client(server.Port());
    client.Send(RequestText("/update", "Range: bytes=100-\r\n"));
    const Received got = client.Receive();
    EXPECT_EQ(got.status, 416U);
    EXPECT_EQ(got.Field("Content-Range"), "bytes */100");
    EXPECT_EQ(got.body, "");
    client.Send(RequestText("/update"));
    EXPECT_EQ(client.Receive().status, 200U) << "the connection stays";
}

TEST(Requests, AnEmptyCopyRHttp1)
{
    RecordProperty("requirement", "R-HTTP-1");
    RunningServer server;
    server.Add("empty", "");
    RawClient client(server.Port());
    client.Send(RequestText("/empty"));
    EXPECT_EQ(client.Receive().status, 200U);
    EXPECT_EQ(server.AwaitEnded(1).begin()->second, std::vector<std::uint64_t>{0});
}

TEST(Requests, ManyOnOneConnectionRHttp1)
{
    RecordProperty("requirement", "R-HTTP-1");
    RunningServer server;
    const std::string content = MakeContent(3000);
    server.Add("update", content);
    RawClient client(server.Port());
    for (int count = 0; count < 500; ++count)
    {
        client.Send(RequestText("/update"));
        ASSERT_EQ(client.Receive().body, content) << count;
    }
    server.AwaitEnded(500);
    EXPECT_EQ(server.Connections(), 1U);
    client.Close();
    server.AwaitConnections(0);
    for (const auto& [request, ends] : server.AwaitEnded(500))
    {
        EXPECT_EQ(ends, std::vector<std::uint64_t>{3000}) << request;
    }
}

TEST(Requests, ClosesAfterTheAnswerIfAskedToRHttp1)
{
    RecordProperty("requirement", "R-HTTP-1");
    RunningServer server;
    const std::string content = MakeContent(kUpdateBytes);
    server.Add("update", content);
    RawClient client(server.Port());
    client.Send(RequestText("/update", "Connection: close\r\n") + RequestText("/update"));
    EXPECT_TRUE(client.Receive().body == content);
    EXPECT_EQ(client.ReceiveAll(), "");
    RawClient old(server.Port());
    old.Send("GET /update HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(old.Receive().body == content);
    EXPECT_EQ(old.ReceiveAll(), "");
    EXPECT_EQ(server.AwaitAsked(2).size(), 2U);
}

TEST(Requests, PipelinedInPiecesOfOneByteRHttp1)
{
    RecordProperty("requirement", "R-HTTP-1");
    RunningServer server;
    const std::string one = MakeContent(20'000);
    const std::string other = MakeContent(10);
    server.Add("one", one);
    server.Add("other", other);
    RawClient client(server.Port());
    for (const char byte : RequestText("/one") + RequestText("/other") + RequestText("/one"))
    {
        client.Send(std::string(1, byte));
    }
    EXPECT_EQ(client.Receive().body, one);
    EXPECT_EQ(client.Receive().body, other);
    EXPECT_EQ(client.Receive().body, one);
}

TEST(Requests, PipelinedByTheHundredsAreAnsweredInTheirOrderRHttp1)
{
    RecordProperty("requirement", "R-HTTP-1");
    RunningServer server;
    std::string requests;
    for (int count = 0; count < 1000; ++count)
    {
        const std::string alias = "a" + std::to_string(count);
        server.Add(alias, alias);
        requests += RequestText("/" + alias);
    }
    RawClient client(server.Port());
    client.Send(requests); // several times what is kept of them
    for (int count = 0; count < 1000; ++count)
    {
        ASSERT_EQ(client.Receive().body, "a" + std::to_string(count));
    }
}

TEST(Requests, PipelinedOnesWaitForTheAnswerThatComesLaterRHttp1)
{
    RecordProperty("requirement", "R-HTTP-1");
    RunningServer server;
    server.Add("one", "1");
    server.Add("other", "2");
    server.AnswerLater();
    RawClient client(server.Port());
    client.Send(RequestText("/one") + RequestText("/other"));
    const auto asked = server.AwaitAsked(1);
    EXPECT_EQ(asked.size(), 1U);
    server.AnswerNow(asked[0].request);
    EXPECT_EQ(client.Receive().body, "1");
    server.AnswerNow(server.AwaitAsked(2)[1].request);
    EXPECT_EQ(client.Receive().body, "2");
}

TEST(Requests, WhoEndsSendingStillGetsItsAnswersRHttp1)
{
    RecordProperty("requirement", "R-HTTP-1");
    RunningServer server;
    server.Add("one", "1");
    server.AnswerLater();
    RawClient client(server.Port());
    client.Send(RequestText("/one"));
    client.EndSending();
    server.AnswerNow(server.AwaitAsked(1)[0].request);
    EXPECT_EQ(client.Receive().body, "1");
    EXPECT_TRUE(client.IsClosed());
    server.AwaitConnections(0);
}

TEST(Requests, AnsweredTwiceIsAnsweredOnceRHttp1)
{
    RecordProperty("requirement", "R-HTTP-1");
    RunningServer server;
    server.Add("one", "1");
    server.AnswerLater();
    RawClient client(server.Port());
    client.Send(RequestText("/one", "Connection: close\r\n"));
    const std::uint64_t request = server.AwaitAsked(1)[0].request;
    server.Do(
        [&](HttpServer& http)
        {
            const auto reply = http::AnswerError(http::ErrorStatus::NotFound, std::nullopt, false);
            http.Answer(request, reply, nullptr);
            http.Answer(request, reply, nullptr);
        });
    EXPECT_EQ(client.Receive().status, 404U);
    EXPECT_EQ(client.ReceiveAll(), "");
    EXPECT_EQ(server.AwaitEnded(1).at(request).size(), 1U);
}

TEST(Requests, APortThatIsTakenRHttp1)
{
    RecordProperty("requirement", "R-HTTP-1");
    RunningServer server;
    boost::asio::io_context context;
    HttpServer second(context, {});
    try
    {
        second.Listen(HttpServer::Address::loopback(), server.Port());
        FAIL() << "it listens";
    }
    catch (const std::system_error& error)
    {
        EXPECT_EQ(error.code(), std::errc::address_in_use);
        const std::string where = "cannot listen on 127.0.0.1:" + std::to_string(server.Port());
        EXPECT_NE(std::string(error.what()).find(where), std::string::npos) << error.what();
    }
}

TEST(Requests, StopsAndListensAgainRHttp1)
{
    RecordProperty("requirement", "R-HTTP-1");
    RunningServer server;
    server.Add("one", "1");
    std::uint16_t port = server.Port();
    for (int count = 0; count < 3; ++count)
    {
        RawClient client(port);
        client.Send(RequestText("/one"));
        ASSERT_EQ(client.Receive().body, "1");
        server.Do(
            [&](HttpServer& http)
            {
                http.Stop();
                port = http.Listen(HttpServer::Address::loopback(), port);
            });
        EXPECT_TRUE(client.IsClosed());
    }
}

} // namespace
} // namespace lanpeer::reference
