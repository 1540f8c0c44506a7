#include "raw-client.h"
#include "running-server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <deque>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

// Clients that are slow, many, gone, or strangers.

namespace lanpeer::reference
{
namespace
{

using Ends = std::vector<std::uint64_t>;

rlimit
SetDescriptors(rlim_t count)
{
    rlimit before = {};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const rlimit now{std::min(count, before.rlim_max), before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &now);
    return before;
}

TEST(Limits, SlowHeadsL10)
{
    RecordProperty("requirement", "R-HTTP-3");
    RecordProperty("attack", "L10");
    SetDescriptors(8192);
    HttpServer::Limits limits = WithoutDeadlines();
    limits.headerMs = 3000;
    RunningServer server(limits);
    const std::string content = MakeContent(50'000);
    server.Add("update", content);
    std::deque<RawClient> slow;
    for (std::size_t count = 0; count < 1000; ++count)
    {
        slow.emplace_back(server.Port(), AddressOf(count));
        slow.back().Send("GET /update HTTP/1.1\r\nX: ");
        if (count % 100 == 99)
        {
            RawClient honest(server.Port());
            honest.Send(RequestText("/update"));
            ASSERT_EQ(honest.Receive().body, content) << "beside " << count;
            honest.Close();
        }
    }
    // A byte more now and then is no new deadline.
    bool open = true;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (open && std::chrono::steady_clock::now() < end)
    {
        open = false;
        for (RawClient& client : slow)
        {
            open = client.Send("x") || open;
        }
    }
    EXPECT_FALSE(open);
    server.AwaitConnections(0);
    EXPECT_EQ(server.AwaitAsked(10).size(), 10U);
}

/// Without a deadline for heads the thousand would all be there at once.
TEST(Limits, AThousandSlowConnectionsDoNotStopAnHonestOneL10)
{
    RecordProperty("requirement", "R-HTTP-3");
    RecordProperty("attack", "L10");
    SetDescriptors(8192);
    RunningServer server(WithoutDeadlines());
    const std::string content = MakeContent(50'000);
    server.Add("update", content);
    std::deque<RawClient> slow;
    for (std::size_t count = 0; count < 1000; ++count)
    {
        slow.emplace_back(server.Port(), AddressOf(count));
        slow.back().Send("GET /update HTTP/1.1\r\nX: ");
    }
    server.AwaitConnections(1000);
    RawClient honest(server.Port());
    for (int count = 0; count < 20; ++count)
    {
        honest.Send(RequestText("/update"));
        ASSERT_EQ(honest.Receive().body, content);
    }
}

TEST(Limits, WhoSaysNothingL10)
{
    RecordProperty("attack", "L10");
    HttpServer::Limits limits = WithoutDeadlines();
    limits.headerMs = 100;
    RunningServer server(limits);
    RawClient client(server.Port());
    EXPECT_TRUE(client.IsClosed());
    server.AwaitConnections(0);
}

TEST(Limits, ASecondHeadThatIsSlowL10)
{
    RecordProperty("attack", "L10");
    HttpServer::Limits limits = WithoutDeadlines();
    limits.headerMs = 300;
    RunningServer server(limits);
    server.Add("update", "x");
    RawClient client(server.Port());
    client.Send(RequestText("/update"));
    EXPECT_EQ(client.Receive().body, "x");
    client.Send("G");
    EXPECT_TRUE(client.IsClosed());
}

TEST(Limits, IdleConnectionsL10)
{
    RecordProperty("attack", "L10");
    HttpServer::Limits limits = WithoutDeadlines();
    limits.idleMs = 100;
    RunningServer server(limits);
    server.Add("update", "x");
    RawClient client(server.Port());
    client.Send(RequestText("/update"));
    EXPECT_EQ(client.Receive().body, "x");
    EXPECT_TRUE(client.IsClosed());
    server.AwaitConnections(0);
}

/// The deadlines of heads and idle connections are not those of an answer that takes its time.
TEST(Limits, AnAnswerMayTakeLongerThanTheDeadlinesOfHeadsL10)
{
    RecordProperty("attack", "L10");
    HttpServer::Limits limits;
    limits.headerMs = 100;
    limits.idleMs = 100;
    RunningServer server(limits);
    const std::string content = MakeContent(kLarge);
    server.Add("update", content);
    server.AnswerLater();
    RawClient client(server.Port());
    client.Send(RequestText("/update", "Connection: close\r\n"));
    const auto asked = server.AwaitAsked(1);
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    server.AnswerNow(asked[0].request);
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    EXPECT_TRUE(client.Receive().body == content);
}

TEST(Limits, WhoStopsReadingL10)
{
    RecordProperty("attack", "L10");
    HttpServer::Limits limits = WithoutDeadlines();
    limits.stallMs = 200;
    RunningServer server(limits);
    server.Add("update", MakeContent(kLarge));
    RawClient client(server.Port());
    client.SetReceiveBuffer(65'536);
    client.Send(RequestText("/update"));
    const auto ended = server.AwaitEnded(1); // without it, never
    ASSERT_EQ(ended.begin()->second.size(), 1U);
    EXPECT_LT(ended.begin()->second[0], kLarge);
    server.AwaitConnections(0);
    EXPECT_EQ(client.Receive().status, 0U) << "not whole";
}

TEST(Limits, WhoReadsSlowlyIsServedL10)
{
    RecordProperty("attack", "L10");
    HttpServer::Limits limits = WithoutDeadlines();
    limits.idleMs = 500;
    limits.stallMs = 1000;
    RunningServer server(limits);
    const std::string content = MakeContent(600'000);
    server.Add("update", content);
    RawClient client(server.Port());
    client.SetReceiveBuffer(65'536);
    client.Send(RequestText("/update"));
    std::size_t got = 0;
    // Longer than the one deadline in all, and for the last bytes, which the server has given away
    // by then, longer than the other.
    while (got < content.size())
    {
        const std::string some = client.ReceiveSome(20'000);
        ASSERT_FALSE(some.empty()) << got;
        got += some.size();
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    EXPECT_EQ(server.AwaitEnded(1).begin()->second, Ends{content.size()});
    client.Send(RequestText("/nothing", "Connection: close\r\n"));
    EXPECT_NE(client.ReceiveAll().find("HTTP/1.1 404 "), std::string::npos) << "it was not idle";
}

/// An end that comes when Linux has buffered everything would free an upload slot at once.
TEST(Limits, TheEndIsToldWhenTcpHasSentNearlyAllRHttp3)
{
    RecordProperty("requirement", "R-HTTP-3");
    RunningServer server(WithoutDeadlines());
    server.Add("update", MakeContent(1'500'000));
    RawClient client(server.Port());
    client.SetReceiveBuffer(65'536);
    client.Send(RequestText("/update"));
    server.AwaitAsked(1);
    client.ReceiveSome(1);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    EXPECT_TRUE(server.AwaitEnded(0).empty()) << "of 1.5 MB, the client has taken nearly nothing";
    client.Receive();
    EXPECT_EQ(server.AwaitEnded(1).begin()->second, Ends{1'500'000});
}

TEST(Limits, AResetInTheMiddleIsToldOnceL10)
{
    RecordProperty("attack", "L10");
    RunningServer server(WithoutDeadlines());
    server.Add("update", MakeContent(kLarge));
    for (std::size_t count = 1; count <= 50; ++count)
    {
        RawClient client(server.Port());
        client.Send(RequestText("/update"));
        client.ReceiveSome(1 + count * 1000);
        client.Reset();
        server.AwaitEnded(count);
    }
    server.AwaitConnections(0);
    for (const auto& [request, ends] : server.AwaitEnded(50))
    {
        ASSERT_EQ(ends.size(), 1U) << request;
        EXPECT_LT(ends[0], kLarge);
        EXPECT_GT(ends[0], 0U);
    }
}

TEST(Limits, WhoLeavesBeforeTheAnswerL10)
{
    RecordProperty("attack", "L10");
    RunningServer server(WithoutDeadlines());
    server.Add("update", MakeContent(kLarge));
    server.AnswerLater();
    RawClient client(server.Port());
    client.Send(RequestText("/update"));
    const auto asked = server.AwaitAsked(1);
    client.Reset();
    EXPECT_EQ(server.AwaitEnded(1).at(asked[0].request), Ends{0});
    server.AnswerNow(asked[0].request); // nobody is there
    server.AwaitConnections(0);
    EXPECT_EQ(server.AwaitEnded(1).at(asked[0].request), Ends{0});

    // One that closes as it should may as well have only stopped sending.
    RawClient polite(server.Port());
    polite.Send(RequestText("/update"));
    const std::uint64_t request = server.AwaitAsked(2)[1].request;
    polite.Close();
    server.AnswerNow(request);
    EXPECT_EQ(server.AwaitEnded(2).at(request).size(), 1U);
    server.AwaitConnections(0);
}

TEST(Limits, WhoLeavesBeforeASecondAnswerTookNothingOfItRHttp3)
{
    RecordProperty("requirement", "R-HTTP-3");
    RunningServer server(WithoutDeadlines());
    server.Add("update", MakeContent(300));
    RawClient client(server.Port());
    client.Send(RequestText("/update"));
    EXPECT_EQ(client.Receive().body.size(), 300U);
    server.AnswerLater();
    client.Send(RequestText("/update"));
    const std::uint64_t second = server.AwaitAsked(2)[1].request;
    client.Reset();
    EXPECT_EQ(server.AwaitEnded(2).at(second), Ends{0});
}

TEST(Limits, RequestsThatPileUpAreNotReadL10)
{
    RecordProperty("attack", "L10");
    RunningServer server(WithoutDeadlines());
    server.AnswerLater();
    RawClient client(server.Port());
    client.Send(RequestText("/update"));
    const auto asked = server.AwaitAsked(1);
    std::string requests;
    while (requests.size() < 64'000'000)
    {
        requests += RequestText("/update");
    }
    client.SetSendDeadline(1);
    EXPECT_FALSE(client.Send(requests)) << "more than what TCP's buffers take";
    RawClient other(server.Port());
    other.Send(RequestText("/update"));
    EXPECT_EQ(server.AwaitAsked(2).size(), 2U) << "the server has its hands free";
    server.AnswerNow(asked[0].request);
    EXPECT_EQ(client.Receive().status, 404U);
    EXPECT_EQ(server.AwaitAsked(3).size(), 3U) << "the next one, and no more";
    // And it goes on reading when there is room again.
    for (std::size_t next = 2; next < 500; ++next)
    {
        server.AnswerNow(server.AwaitAsked(next + 1)[next].request);
        ASSERT_EQ(client.Receive().status, 404U) << next;
    }
}

TEST(Limits, ConnectionsOfOnePeerRHttp3)
{
    RecordProperty("requirement", "R-HTTP-3");
    HttpServer::Limits limits = WithoutDeadlines();
    limits.connectionsPerPeer = 3;
    RunningServer server(limits);
    server.Add("update", "x");
    std::deque<RawClient> held;
    for (int count = 0; count < 3; ++count)
    {
        held.emplace_back(server.Port());
    }
    server.AwaitConnections(3);
    RawClient tooMany(server.Port());
    EXPECT_TRUE(tooMany.IsClosed());
    RawClient other(server.Port(), "127.0.0.2");
    other.Send(RequestText("/update"));
    EXPECT_EQ(other.Receive().body, "x");
    held.front().Close();
    server.AwaitConnections(3);
    RawClient again(server.Port());
    again.Send(RequestText("/update"));
    EXPECT_EQ(again.Receive().body, "x");
}

TEST(Limits, ConnectionsOfAllRHttp3)
{
    RecordProperty("requirement", "R-HTTP-3");
    HttpServer::Limits limits = WithoutDeadlines();
    limits.connections = 20;
    RunningServer server(limits);
    std::deque<RawClient> held;
    for (std::size_t count = 0; count < 20; ++count)
    {
        held.emplace_back(server.Port(), AddressOf(count));
    }
    server.AwaitConnections(20);
    RawClient tooMany(server.Port());
    EXPECT_TRUE(tooMany.IsClosed());
    held.clear();
    server.AwaitConnections(0);
    RawClient again(server.Port());
    again.Send(RequestText("/update"));
    EXPECT_EQ(again.Receive().status, 404U);
}

TEST(Limits, StrangersAreNotServedRHttp3)
{
    RecordProperty("requirement", "R-HTTP-3");
    RunningServer server(WithoutDeadlines());
    server.Add("update", "x");
    server.AllowOnly("127.0.0.7");
    RawClient stranger(server.Port(), "127.0.0.8");
    stranger.Send(RequestText("/update"));
    EXPECT_EQ(stranger.ReceiveAll(), "");
    RawClient neighbour(server.Port(), "127.0.0.7");
    neighbour.Send(RequestText("/update"));
    EXPECT_EQ(neighbour.Receive().body, "x");
    EXPECT_EQ(server.AwaitAsked(1).size(), 1U);
    EXPECT_EQ(server.Connections(), 1U);
}

TEST(Limits, ABodyShorterThanAnnouncedRHttp1)
{
    RecordProperty("requirement", "R-HTTP-1");
    RunningServer server(WithoutDeadlines());
    server.Add("update", MakeFile(MakeContent(30'000)), 40'000);
    server.Add("nothing", nullptr, 0);
    RawClient client(server.Port());
    client.Send(RequestText("/update") + RequestText("/nothing"));
    const std::string all = client.ReceiveAll();
    EXPECT_NE(all.find("Content-Length: 40000\r\n"), std::string::npos);
    EXPECT_EQ(all.size() - all.find("\r\n\r\n") - 4, 30'000U) << "and no second answer";
    EXPECT_EQ(server.AwaitEnded(1).begin()->second, Ends{30'000});
    EXPECT_EQ(server.AwaitAsked(1).size(), 1U);
}

TEST(Limits, AnnouncedBytesWithoutAFileRHttp1)
{
    RecordProperty("requirement", "R-HTTP-1");
    RunningServer server(WithoutDeadlines());
    server.AnswerLater();
    RawClient client(server.Port());
    client.Send(RequestText("/update"));
    const std::uint64_t request = server.AwaitAsked(1)[0].request;
    server.Do(
        [&](HttpServer& http)
        {
            http::Reply reply = http::AnswerError(http::ErrorStatus::NotFound, {}, true);
            reply.bodyBytes = 5;
            http.Answer(request, reply, nullptr);
        });
    EXPECT_EQ(client.ReceiveAll(), "");
    EXPECT_EQ(server.AwaitEnded(1).at(request), Ends{0});
}

TEST(Limits, StopWithConnectionsInEveryStateRHttp3)
{
    RecordProperty("requirement", "R-HTTP-3");
    RunningServer server(WithoutDeadlines());
    server.Add("large", MakeContent(kLarge));
    server.Add("small", "x");
    RawClient silent(server.Port());
    RawClient slow(server.Port());
    slow.Send("GET /sm");
    RawClient idle(server.Port());
    idle.Send(RequestText("/small"));
    EXPECT_EQ(idle.Receive().body, "x");
    RawClient reading(server.Port());
    reading.Send(RequestText("/large"));
    EXPECT_FALSE(reading.ReceiveSome(10).empty());
    server.AwaitAsked(2);
    server.AnswerLater();
    RawClient waiting(server.Port());
    waiting.Send(RequestText("/small"));
    const auto asked = server.AwaitAsked(3);
    server.AwaitConnections(5);

    server.Do([](HttpServer& http) { http.Stop(); });
    for (RawClient* client : {&silent, &slow, &idle, &reading, &waiting})
    {
        EXPECT_TRUE(client->IsClosed());
    }
    EXPECT_EQ(server.Connections(), 0U);
    server.AnswerNow(asked[2].request); // too late
    EXPECT_EQ(server.AwaitEnded(1).size(), 1U) << "nothing is called back after Stop()";
    EXPECT_THROW(RawClient(server.Port()), std::runtime_error);
}

/// A callback may end everything, whichever it is.
TEST(Limits, StopFromWithinCallbacksRHttp3)
{
    RecordProperty("requirement", "R-HTTP-3");
    for (int which = 0; which < 6; ++which)
    {
        boost::asio::io_context context(1);
        auto server = std::make_unique<HttpServer>(context, WithoutDeadlines());
        const auto end = [&](int place)
        {
            if (which == place)
            {
                server->Stop();
            }
            else if (which == place + 3)
            {
                server.reset();
            }
            return server != nullptr;
        };
        int ended = 0;
        server->Start(
            [&](const HttpServer::Address&) { return end(0); },
            [&](std::uint64_t number, const HttpServer::Address&, const http::Request&)
            {
                if (end(1))
                {
                    server->Answer(
                        number, http::AnswerError(http::ErrorStatus::NotFound, {}, true), nullptr);
                }
            },
            [&](std::uint64_t, std::uint64_t)
            {
                ++ended;
                end(2);
            });
        const std::uint16_t port = server->Listen(HttpServer::Address::loopback(), 0);
        std::thread thread([&] { context.run(); });
        RawClient client(port);
        client.Send(RequestText("/a") + RequestText("/b"));
        EXPECT_TRUE(client.IsClosed());
        thread.join();
        EXPECT_EQ(ended, which % 3 == 2 ? 1 : 0) << which;
    }
}

/// While it can take no more connections it must not spin, and must go on when it can.
TEST(Limits, WithoutDescriptorsItWaitsL10)
{
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "the sanitizers look at memory through a pipe, which needs descriptors";
#endif
    RecordProperty("requirement", "R-HTTP-3");
    RecordProperty("attack", "L10");
    RunningServer server(WithoutDeadlines());
    server.Add("update", "x");
    RawClient before(server.Port());
    before.Send(RequestText("/update"));
    EXPECT_EQ(before.Receive().body, "x");
    const FileDescriptor waiting(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    std::deque<FileDescriptor> all;
    const rlimit limit = SetDescriptors(static_cast<rlim_t>(waiting.Get()) + 100);
    for (int next = ::dup(waiting.Get()); next >= 0; next = ::dup(waiting.Get()))
    {
        all.emplace_back(next);
    }
    sockaddr_in name = {};
    name.sin_family = AF_INET;
    name.sin_port = htons(server.Port());
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::connect(waiting.Get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);

    const std::clock_t used = std::clock();
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    EXPECT_LT(std::clock() - used, CLOCKS_PER_SEC / 10) << "processor time";
    before.Send(RequestText("/update"));
    EXPECT_EQ(before.Receive().body, "x") << "who is there is served";
    EXPECT_EQ(server.Connections(), 1U);

    all.clear();
    ::setrlimit(RLIMIT_NOFILE, &limit);
    server.AwaitConnections(2);
}

} // namespace
} // namespace lanpeer::reference
