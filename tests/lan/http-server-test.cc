// The HTTP server of the ns-3 host against strangers that speak raw TCP, and abandoned transfers.

#include "model/lan/content.h"
#include "model/lan/http-fetch.h"
#include "model/lan/http-server.h"
#include "model/lan/peering-helper.h"
#include "tests/lan/lan-probe.h"
#include "tests/lan/raw-client.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace lanpeer::lan
{
namespace
{

constexpr std::uint16_t kPort = 6515;
constexpr char kAlias[] = "AAAAAAAAAAAAAAAAAAAAAA";

std::string
Head(const std::string& method, const std::string& more = {})
{
    return method + " /" + kAlias + " HTTP/1.1\r\nHost: a\r\n" + more + "\r\n";
}

/// A server at node 0 that answers every request with the same copy.
class ServerUnderTest
{
  public:
    ServerUnderTest(ns3::Ptr<ns3::Node> node,
                    const HttpServer::Limits& limits,
                    std::uint64_t bytes,
                    std::uint16_t port = kPort)
        : m_server(node, port, limits)
    {
        m_server.Start(
            [this, bytes](std::uint64_t request, ns3::Ipv4Address, const http::Request& asked)
            {
                ++m_asked;
                m_ends.emplace(request, 0);
                m_server.Answer(request, http::Answer(asked, {bytes, "tag"}));
            },
            [this](std::uint64_t request) { ++m_ends[request]; });
    }

    std::size_t Asked() const
    {
        return m_asked;
    }

    /// Requests that ended, each no more than once.
    std::size_t EndedOnce() const
    {
        return static_cast<std::size_t>(std::count_if(
            m_ends.begin(), m_ends.end(), [](const auto& end) { return end.second == 1; }));
    }

    void Stop()
    {
        m_server.Stop();
    }

  private:
    HttpServer m_server;
    std::size_t m_asked = 0;
    std::map<std::uint64_t, int> m_ends; ///< how often each request ended
};

class HttpServerTest : public LanTest
{
  protected:
    const LanNetwork& Lan(std::uint32_t nodes = 5)
    {
        LanNetworkConfig config;
        config.nodes = nodes;
        return Build(config);
    }

    static void RunFor(double seconds)
    {
        ns3::Simulator::Stop(ns3::Seconds(seconds));
        ns3::Simulator::Run();
    }
};

TEST_F(HttpServerTest, ServesGetAndHeadOnOneConnection)
{
    RecordProperty("requirement", "R-HTTP-1");
    const LanNetwork& lan = Lan();
    const ServerUnderTest server(lan.Node(0), {}, 1000);
    RawClient client(lan.Node(1), lan.Address(0), kPort, Head("HEAD"));
    client.SayAt(ns3::Seconds(1), Head("GET"));
    RunFor(1.5);
    EXPECT_EQ(client.Answers(200), 2);
    EXPECT_FALSE(client.ClosedAt()) << "kept alive";
    const std::size_t second = client.Heard().rfind("HTTP/1.1 ");
    EXPECT_EQ(client.Heard().compare(second - 4, 4, "\r\n\r\n"), 0) << "no body for HEAD";
    EXPECT_EQ(client.Heard().size() - client.Heard().rfind("\r\n\r\n") - 4, 1000);
    EXPECT_EQ(server.EndedOnce(), 2);
}

TEST_F(HttpServerTest, ClosesAfterAnAnswerWhenAskedTo)
{
    RecordProperty("requirement", "R-HTTP-1");
    const LanNetwork& lan = Lan();
    const ServerUnderTest server(lan.Node(0), {}, 1000);
    const RawClient client(
        lan.Node(1), lan.Address(0), kPort, Head("GET", "Connection: close\r\n"));
    RunFor(1);
    EXPECT_EQ(client.Answers(200), 1);
    ASSERT_TRUE(client.ClosedAt());
    EXPECT_LT(*client.ClosedAt(), ns3::Seconds(0.5));
    EXPECT_EQ(server.EndedOnce(), 1);
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInTurn)
{
    RecordProperty("requirement", "R-HTTP-1");
    const LanNetwork& lan = Lan();
    const ServerUnderTest server(lan.Node(0), {}, 1000);
    const RawClient client(
        lan.Node(1), lan.Address(0), kPort, Head("GET") + Head("HEAD") + Head("GET"));
    RunFor(1.5);
    EXPECT_EQ(client.Answers(200), 3);
    EXPECT_EQ(server.EndedOnce(), 3);
}

TEST_F(HttpServerTest, LimitsConnectionsOfOnePeer)
{
    RecordProperty("requirement", "R-HTTP-3");
    RecordProperty("attack", "L10");
    const LanNetwork& lan = Lan();
    HttpServer::Limits limits;
    limits.connectionsPerPeer = 2;
    const ServerUnderTest server(lan.Node(0), limits, 1000);
    std::vector<std::unique_ptr<RawClient>> greedy;
    for (int i = 0; i < 10; ++i) // all at once: their handshakes overlap
    {
        greedy.push_back(
            std::make_unique<RawClient>(lan.Node(1), lan.Address(0), kPort, Head("GET")));
    }
    const RawClient honest(lan.Node(2), lan.Address(0), kPort, Head("GET"));
    RunFor(0.5);
    const auto served = std::count_if(
        greedy.begin(), greedy.end(), [](const auto& client) { return client->Answers(200) > 0; });
    EXPECT_EQ(served, 2);
    EXPECT_EQ(honest.Answers(200), 1);
}

TEST_F(HttpServerTest, LimitsConnectionsInAll)
{
    RecordProperty("requirement", "R-HTTP-3");
    RecordProperty("attack", "L10");
    const LanNetwork& lan = Lan();
    HttpServer::Limits limits;
    limits.connections = 3;
    const ServerUnderTest server(lan.Node(0), limits, 1000);
    std::vector<std::unique_ptr<RawClient>> idle; // each holds a place and says nothing
    for (std::uint32_t node = 1; node < 5; ++node)
    {
        idle.push_back(std::make_unique<RawClient>(lan.Node(node), lan.Address(0), kPort));
    }
    std::unique_ptr<RawClient> during;
    std::unique_ptr<RawClient> after;
    ns3::Simulator::Schedule(
        ns3::Seconds(1),
        [&]
        { during = std::make_unique<RawClient>(lan.Node(1), lan.Address(0), kPort, Head("GET")); });
    ns3::Simulator::Schedule(ns3::Seconds(1.9),
                             [&] { EXPECT_FALSE(during->Connected()) << "full"; });
    ns3::Simulator::Schedule(
        ns3::Seconds(2.5),
        [&]
        { after = std::make_unique<RawClient>(lan.Node(2), lan.Address(0), kPort, Head("GET")); });
    RunFor(4);
    EXPECT_EQ(std::count_if(idle.begin(),
                            idle.end(),
                            [](const auto& client) {
                                return client->ClosedAt() && *client->ClosedAt() > ns3::Seconds(1);
                            }),
              3)
        << "the fourth was not let in, the others held their places to the deadline";
    EXPECT_EQ(after->Answers(200), 1) << "served once they had to go";
}

TEST_F(HttpServerTest, HeadThatComesTooSlowlyLosesTheConnection)
{
    RecordProperty("requirement", "R-HTTP-3");
    RecordProperty("attack", "L10");
    const LanNetwork& lan = Lan();
    const ServerUnderTest server(lan.Node(0), {}, 1000);
    RawClient slow(lan.Node(1), lan.Address(0), kPort);
    RawClient later(lan.Node(2), lan.Address(0), kPort, Head("GET"));
    const std::string head = Head("GET");
    for (std::size_t i = 0; i < head.size(); ++i)
    {
        slow.SayAt(ns3::MilliSeconds(100 * i), head.substr(i, 1));
        later.SayAt(ns3::MilliSeconds(1000 + 100 * i), head.substr(i, 1));
    }
    RunFor(10);
    ASSERT_TRUE(slow.ClosedAt());
    EXPECT_NEAR(slow.ClosedAt()->GetSeconds(), 2.0, 0.1);
    EXPECT_EQ(slow.Answers(200), 0);
    ASSERT_TRUE(later.ClosedAt()) << "a second head has a deadline too";
    EXPECT_NEAR(later.ClosedAt()->GetSeconds(), 2.05, 0.1);
    EXPECT_EQ(later.Answers(200), 1);
}

TEST_F(HttpServerTest, KeepsNoMoreThanOneHeadOfWaitingRequests)
{
    RecordProperty("requirement", "R-HTTP-3");
    RecordProperty("attack", "L10");
    const LanNetwork& lan = Lan();
    const ServerUnderTest server(lan.Node(0), {}, 50'000'000); // takes seconds
    std::string many;
    while (many.size() < 9000)
    {
        many += Head("HEAD");
    }
    RawClient greedy(lan.Node(1), lan.Address(0), kPort, Head("GET"));
    greedy.SayAt(ns3::MilliSeconds(100), many);
    const RawClient modest(
        lan.Node(2), lan.Address(0), kPort, Head("GET") + Head("HEAD") + Head("HEAD"));
    RunFor(30);
    EXPECT_TRUE(greedy.ClosedAt());
    EXPECT_LT(greedy.Heard().size(), 50'000'000);
    EXPECT_EQ(greedy.Answers(200), 1);
    EXPECT_EQ(modest.Answers(200), 3);
    EXPECT_EQ(server.Asked(), 4);
    EXPECT_EQ(server.EndedOnce(), 4) << "the dropped one too";
}

TEST_F(HttpServerTest, RefusedHeadIsAnsweredWhateverFollows)
{
    RecordProperty("requirement", "R-HTTP-1 R-HTTP-3");
    RecordProperty("attack", "L10");
    const LanNetwork& lan = Lan();
    const ServerUnderTest server(lan.Node(0), {}, 1000);
    const RawClient client(
        lan.Node(1), lan.Address(0), kPort, Head("GET", "X: " + std::string(100'000, 'x')));
    RunFor(1);
    EXPECT_EQ(client.Answers(431), 1);
    EXPECT_TRUE(client.ClosedAt());
    EXPECT_EQ(server.Asked(), 0);
}

TEST_F(HttpServerTest, ResetEndsAnUploadOnce)
{
    RecordProperty("requirement", "R-HTTP-3");
    const LanNetwork& lan = Lan();
    const ServerUnderTest server(lan.Node(0), {}, 50'000'000);
    RawClient client(lan.Node(1), lan.Address(0), kPort, Head("GET"));
    ns3::Simulator::Schedule(ns3::MilliSeconds(500), [&client] { client.Reset(); });
    std::uint64_t atReset = 0;
    ns3::Simulator::Schedule(ns3::MilliSeconds(510), [&] { atReset = server.EndedOnce(); });
    RunFor(10);
    EXPECT_EQ(atReset, 1) << "the place is free at once";
    EXPECT_EQ(server.EndedOnce(), 1);
}

// What a server has queued for a client that has gone must not fill the uplink (R-SIM-8:
// uplink_bytes is about what a real office's line would carry).
TEST_F(HttpServerTest, AbandonedFetchStopsTheServer)
{
    RecordProperty("requirement", "R-SIM-1 R-SIM-8");
    const LanNetwork& lan = Lan(2);
    HttpServer::Limits origin;
    origin.aliasesOnly = false;
    constexpr std::uint16_t kWeb = 80;
    const ServerUnderTest server(lan.Origin(), origin, 1'000'000, kWeb);
    http::GetOrder order;
    order.authority = "a";
    order.target = "/x.cab";
    order.keepAlive = false;
    auto fetch = std::make_unique<HttpFetch>(
        lan.Node(0), ns3::InetSocketAddress(lan.OriginAddress(), kWeb), order);
    fetch->Start({}, {});
    std::uint64_t came = 0;
    ns3::Simulator::Schedule(ns3::Seconds(1),
                             [&]
                             {
                                 came = fetch->SoFar().bodyBytes;
                                 fetch.reset();
                             });
    RunFor(30);
    EXPECT_GT(came, 100'000);
    EXPECT_EQ(server.EndedOnce(), 1);
    // What came, and what stood in the uplink's queue; not the rest of the server's buffer.
    const double queue = lan.Config().uplink.queuePackets * 1502.0;
    EXPECT_LT(static_cast<double>(lan.UplinkBytesDown()),
              1.05 * static_cast<double>(came) + queue + 5000);
}

// FINs leave in the order of the connections, not in that of their sockets' addresses.
TEST_F(HttpServerTest, StopClosesInTheOrderOfConnections)
{
    RecordProperty("requirement", "R-SIM-9");
    const LanNetwork& lan = Lan(40);
    ServerUnderTest server(lan.Node(0), {}, 1000);
    std::vector<std::unique_ptr<RawClient>> clients;
    for (std::uint32_t i = 1; i < 40; ++i)
    {
        ns3::Simulator::Schedule(
            ns3::MilliSeconds(i),
            [&clients, &lan, i] {
                clients.push_back(std::make_unique<RawClient>(lan.Node(i), lan.Address(0), kPort));
            });
    }
    ns3::Simulator::Schedule(ns3::Seconds(1), [&server] { server.Stop(); });
    RunFor(2);
    ASSERT_EQ(clients.size(), 39);
    for (std::size_t i = 0; i < clients.size(); ++i)
    {
        ASSERT_TRUE(clients[i]->ClosedAt());
        if (i > 0)
        {
            EXPECT_LT(*clients[i - 1]->ClosedAt(), *clients[i]->ClosedAt()) << i;
        }
    }
}

// The whole service: who is not on the node's own subnet gets nothing of it.
TEST_F(HttpServerTest, OnlyTheOwnSubnetIsServed)
{
    RecordProperty("requirement", "R-HTTP-3");
    const LanNetwork& lan = Lan(2);
    const PeeringHelper helper;
    const auto service = helper.Install(lan.Node(0));
    service->AssignStreams(5000);
    service->Offer("http://a/b", 1000, "tag");
    service->SetStartTime(ns3::Seconds(0));
    std::unique_ptr<RawClient> outside;
    std::unique_ptr<RawClient> inside;
    ns3::Simulator::Schedule(
        ns3::Seconds(1),
        [&]
        {
            outside = std::make_unique<RawClient>(lan.Origin(), lan.Address(0), kPort, Head("GET"));
            inside = std::make_unique<RawClient>(lan.Node(1), lan.Address(0), kPort, Head("GET"));
        });
    RunFor(3);
    EXPECT_EQ(outside->Answers(403), 1);
    EXPECT_TRUE(outside->ClosedAt());
    EXPECT_EQ(inside->Answers(404), 1) << "on the subnet, but no alias of ours";
}

} // namespace
} // namespace lanpeer::lan
