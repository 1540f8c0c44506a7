#include "raw-client.h"
#include "running-server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <future>

// The upload rate that all connections share.

namespace lanpeer::reference
{
namespace
{

TEST(Limits, UploadRateOfAllTogetherRHttp3)
{
    RecordProperty("requirement", "R-HTTP-3");
    HttpServer::Limits limits = WithoutDeadlines();
    limits.uploadBytesPerS = 500'000;
    RunningServer server(limits);
    const std::string content = MakeContent(200'000);
    server.Add("update", content);
    server.Add("small", "x");
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::future<bool>> whole;
    for (int count = 0; count < 5; ++count)
    {
        whole.push_back(std::async(std::launch::async,
                                   [&]
                                   {
                                       RawClient client(server.Port());
                                       client.Send(RequestText("/update"));
                                       return client.Receive().body == content;
                                   }));
    }
    server.AwaitAsked(5);
    RawClient last(server.Port());
    last.Send(RequestText("/small"));
    EXPECT_EQ(last.Receive().body, "x");
    EXPECT_LT(server.AwaitEnded(1).size(), 6U) << "it had its turn before all others had all";
    for (std::future<bool>& one : whole)
    {
        EXPECT_TRUE(one.get());
    }
    // A million bytes, of which 50,000 may leave at once. Noise only makes it longer.
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(1900));
}

TEST(Limits, WaitingForTheRateIsNoStallL10)
{
    RecordProperty("requirement", "R-HTTP-3");
    RecordProperty("attack", "L10");
    HttpServer::Limits limits = WithoutDeadlines();
    limits.uploadBytesPerS = 50; // a byte a turn, and a second until each of 50 had its turn
    limits.stallMs = 500;
    RunningServer server(limits);
    server.Add("update", "abc");
    std::deque<RawClient> clients;
    for (std::size_t count = 0; count < 50; ++count)
    {
        clients.emplace_back(server.Port(), AddressOf(count));
        clients.back().Send(RequestText("/update"));
    }
    for (RawClient& client : clients)
    {
        EXPECT_EQ(client.Receive().body, "abc");
    }
}

TEST(Limits, WhoLeavesWhileItWaitsForTheRateRHttp3)
{
    RecordProperty("requirement", "R-HTTP-3");
    HttpServer::Limits limits = WithoutDeadlines();
    limits.uploadBytesPerS = 200'000;
    RunningServer server(limits);
    const std::string content = MakeContent(100'000);
    server.Add("large", MakeContent(kLarge));
    server.Add("update", content);
    {
        std::deque<RawClient> clients;
        for (int count = 0; count < 5; ++count)
        {
            clients.emplace_back(server.Port());
            clients.back().Send(RequestText("/large"));
            EXPECT_FALSE(clients.back().ReceiveSome(1).empty());
        }
        for (RawClient& client : clients)
        {
            client.Reset();
        }
    }
    RawClient client(server.Port());
    client.Send(RequestText("/update"));
    EXPECT_TRUE(client.Receive().body == content);
    for (const auto& [request, ends] : server.AwaitEnded(6))
    {
        EXPECT_EQ(ends.size(), 1U) << request;
    }
}

} // namespace
} // namespace lanpeer::reference
