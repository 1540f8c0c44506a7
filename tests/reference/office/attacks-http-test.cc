#include "fake-peer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <arpa/inet.h>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <vector>

// ATTACKS.md against the daemon: clients of its HTTP server.

namespace lanpeer::reference
{
namespace
{

using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kUrl = "http://updates.example.org/update.cab";

using Attack = OfficeTest;

/// This process may have as many descriptors as the system lets it.
void
RaiseDescriptorLimit()
{
    rlimit limit = {};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/// How many of them the server has not closed. What it was told is half a head, so it says nothing.
std::size_t
OpenAmong(const std::vector<FileDescriptor>& connections)
{
    return static_cast<std::size_t>(std::count_if(
        connections.begin(),
        connections.end(),
        [](const FileDescriptor& one)
        {
            char byte = 0;
            return ::recv(one.Get(), &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0 && errno == EAGAIN;
        }));
}

/// The path under which a holder serves what it holds.
std::string
PathAt(const Office& office, int holder, int asker)
{
    RawPeer peer(office, asker);
    peer.Say(INeed(1, kUrl));
    const auto have = peer.Hear(Office::AddressOf(holder), {"status=\"have\""});
    EXPECT_TRUE(have.has_value());
    const std::string location = have ? RawPeer::ValueOf(have->text, "location") : "";
    return location.substr(std::min(location.size(), location.rfind('/')));
}

TEST_F(Attack, L10ThousandHalfOpenConnectionsKeepNoHonestNodeFromFetching)
{
    RecordProperty("attack", "L10");
    RecordProperty("requirement", "R-HTTP-3");
    constexpr int kAddresses = 100;
    constexpr int kEach = 10;
    RaiseDescriptorLimit();
    Office& office = Open({3, 8000});
    // As few as a shell gives, as many as the daemon may ask for.
    office.SetWrapper({"prlimit", "--nofile=256:16384"});
    // They stay for all of the test.
    office.Start(1, {"--response-delay-ms", "300", "--set", "protocol.http_header_ms=600000"});
    office.Start(3, {"--response-delay-ms", "300"});
    const std::string bytes = MakeBytes(200'000);
    Caller holder = office.Connect(1);
    Offer(holder, kUrl, bytes);
    std::string lines;
    for (int i = 0; i < kAddresses; ++i)
    {
        lines += "address add 10.77.0." + std::to_string(100 + i) + "/24 dev eth0\n";
    }
    office.RunIp(2, lines);
    std::vector<FileDescriptor> halfOpen;
    const std::string half = "GET /" + kNobodysKey + " HTTP/1.1\r\nHost: ";
    for (int i = 0; i < kAddresses * kEach; ++i)
    {
        halfOpen.push_back(office.ConnectTcp(
            2, Office::AddressOf(1), 6515, "10.77.0." + std::to_string(100 + i % kAddresses)));
        ASSERT_TRUE(halfOpen.back().IsOpen()) << i;
        ::send(halfOpen.back().Get(), half.data(), half.size(), MSG_NOSIGNAL);
    }
    Caller honest = office.Connect(3);
    const auto end = honest.AwaitEnd(honest.Get(kUrl, Sha256Of(bytes)));
    EXPECT_EQ(end.value("source", ""), "peer") << end;
    EXPECT_TRUE(honest.LastFile() == bytes);
    // They were there all the while.
    EXPECT_EQ(OpenAmong(halfOpen), halfOpen.size());
}

TEST_F(Attack, L10HalfOpenConnectionsOfOneAddressAreFewAndEnd)
{
    RecordProperty("attack", "L10");
    RecordProperty("requirement", "R-HTTP-3");
    constexpr std::size_t kPerPeer = 16;
    RaiseDescriptorLimit();
    Office& office = Open({2, 8000});
    std::vector<FileDescriptor> halfOpen;
    const auto open = [&](std::size_t count)
    {
        halfOpen.clear();
        while (halfOpen.size() < count)
        {
            FileDescriptor one = office.ConnectTcp(2, Office::AddressOf(1), 6515);
            ASSERT_TRUE(one.IsOpen());
            ::send(one.Get(), "GET /", 5, MSG_NOSIGNAL);
            halfOpen.push_back(std::move(one));
        }
    };
    // While no head takes too long.
    office.Start(1, {"--set", "protocol.http_header_ms=600000"});
    open(200);
    EXPECT_TRUE(Await([&] { return OpenAmong(halfOpen) <= kPerPeer; }));
    EXPECT_EQ(OpenAmong(halfOpen), kPerPeer);
    // The time for a head is over.
    office.Start(1);
    open(kPerPeer);
    EXPECT_TRUE(Await([&] { return OpenAmong(halfOpen) == 0; }));
    const FileDescriptor after = office.ConnectTcp(2, Office::AddressOf(1), 6515);
    ASSERT_TRUE(after.IsOpen());
    EXPECT_THAT(Exchange(after, "GET /" + kNobodysKey + " HTTP/1.1\r\nHost: x\r\n\r\n"),
                StartsWith("HTTP/1.1 404 "));
}

TEST_F(Attack, L18HeadsThatTwoReadersReadDifferentlyAreRefusedAndTheConnectionEnds)
{
    RecordProperty("attack", "L18");
    RecordProperty("requirement", "R-HTTP-1");
    Office& office = Open({2, 8000});
    office.Start(1, {"--response-delay-ms", "0"});
    Caller holder = office.Connect(1);
    Offer(holder, kUrl, "update of ours");
    const std::string path = PathAt(office, 1, 2);
    const std::string get = "GET " + path + " HTTP/1.1\r\nHost: x\r\n";
    const std::string next = get + "\r\n";
    for (const std::string& head : {get + "Content-Length: 0\r\nContent-Length: 70\r\n\r\n",
                                    get + "Content-Length: 70\r\n\r\n",
                                    get + "Content-Length: 18446744073709551616\r\n\r\n",
                                    get + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                                    get + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
                                    get + "Host: y\r\n\r\n",
                                    get + "X: y\r\n folded\r\n\r\n",
                                    get + "Range : bytes=0-1\r\n\r\n",
                                    "GET " + path + " HTTP/1.1\nHost: x\n\n",
                                    "GET " + path + "\r\n\r\n"})
    {
        const FileDescriptor connection = office.ConnectTcp(2, Office::AddressOf(1), 6515);
        ASSERT_TRUE(connection.IsOpen());
        // What comes behind would be served by a server that goes on.
        const std::string answer = Exchange(connection, head + next);
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 4")) << head;
        EXPECT_THAT(answer, Not(HasSubstr("update of ours"))) << head;
    }
}

TEST_F(Attack, L18RangesThatOverlapOrOverflowNeverCostMoreThanTheCopy)
{
    RecordProperty("attack", "L18");
    RecordProperty("requirement", "R-HTTP-1");
    Office& office = Open({2, 8000});
    office.Start(1, {"--response-delay-ms", "0"});
    Caller holder = office.Connect(1);
    const std::string bytes = "0123456789";
    Offer(holder, kUrl, bytes);
    const std::string path = PathAt(office, 1, 2);
    const auto ask = [&](const std::string& range)
    {
        const FileDescriptor connection = office.ConnectTcp(2, Office::AddressOf(1), 6515);
        EXPECT_TRUE(connection.IsOpen());
        return Exchange(connection,
                        "GET " + path + " HTTP/1.1\r\nHost: x\r\nRange: bytes=" + range +
                            "\r\n\r\n");
    };
    EXPECT_THAT(ask("2-4"), testing::AllOf(StartsWith("HTTP/1.1 206 "), HasSubstr("\r\n\r\n234")));
    std::string many = "0-9";
    for (int i = 0; i < 200; ++i)
    {
        many += ",0-9";
    }
    const std::vector<std::string> ranges{"0-5,3-8",
                                          many,
                                          "18446744073709551615-",
                                          "0-18446744073709551616",
                                          "18446744073709551616-18446744073709551617",
                                          "-18446744073709551616",
                                          "-0",
                                          "9-2",
                                          "10-"};
    for (const std::string& range : ranges)
    {
        const std::string answer = ask(range);
        EXPECT_THAT(answer,
                    AnyOf(StartsWith("HTTP/1.1 200 "),
                          StartsWith("HTTP/1.1 206 "),
                          StartsWith("HTTP/1.1 416 ")))
            << range;
        EXPECT_THAT(answer, Not(HasSubstr("multipart"))) << range;
        const std::size_t body = answer.find("\r\n\r\n");
        ASSERT_NE(body, std::string::npos) << range;
        EXPECT_LE(answer.size() - body - 4, bytes.size()) << range;
    }
}

} // namespace
} // namespace lanpeer::reference
