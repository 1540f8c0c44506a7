#include "raw-client.h"
#include "running-server.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

// What must not be answered, on real sockets: that it is refused, that nobody is asked, and that
// the connection ends. Which bytes are refused for what is the tests' of model/http.

namespace lanpeer::reference
{
namespace
{

struct Attack
{
    std::string bytes;
    unsigned status;
};

void
ExpectRefused(const std::vector<Attack>& attacks)
{
    RunningServer server;
    server.Add("update", "x");
    for (const Attack& attack : attacks)
    {
        RawClient client(server.Port());
        // The one behind it would be answered by a server that goes on.
        client.Send(attack.bytes + RequestText("/update"));
        const Received got = client.Receive();
        EXPECT_EQ(got.status, attack.status) << attack.bytes;
        EXPECT_EQ(got.body, "") << attack.bytes;
        EXPECT_EQ(got.Field("Connection"), "close") << attack.bytes;
        EXPECT_EQ(client.ReceiveAll(), "") << attack.bytes;
    }
    RawClient client(server.Port());
    client.Send(RequestText("/update"));
    EXPECT_EQ(client.Receive().body, "x");
    EXPECT_EQ(server.AwaitAsked(1).size(), 1U) << "an attack was asked";
}

TEST(Attacks, Cve20011144L11)
{
    RecordProperty("requirement", "R-HTTP-1");
    RecordProperty("attack", "L11");
    ExpectRefused({{RequestText("/../../winnt/win.ini"), 404},
                   {RequestText("/../../../../../../etc/passwd"), 404},
                   {RequestText("/.../.../.../.../winnt/repair/sam._"), 404},
                   {RequestText("/.."), 404},
                   {RequestText("/%2e%2e/%2e%2e/etc/passwd"), 404},
                   {RequestText("/..\\..\\boot.ini"), 404},
                   {RequestText("/", "", "HEAD"), 404}});
}

/// Of 2012: the ancestor's agent fetched any URL for anybody who asked port 6515.
TEST(Attacks, OpenProxyL13)
{
    RecordProperty("attack", "L13");
    ExpectRefused({{"CONNECT mail.example:25 HTTP/1.1\r\nHost: mail.example:25\r\n\r\n", 405},
                   {"GET http://www.example/update HTTP/1.1\r\nHost: www.example\r\n\r\n", 400},
                   {"GET http://127.0.0.1/update HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400},
                   {"GET //www.example/update HTTP/1.1\r\nHost: www.example\r\n\r\n", 404},
                   {"GET * HTTP/1.1\r\nHost: node\r\n\r\n", 400}});
}

TEST(Attacks, OtherMethodsRHttp1)
{
    RecordProperty("requirement", "R-HTTP-1");
    ExpectRefused({{RequestText("/update", "", "PUT"), 405},
                   {RequestText("/update", "Content-Length: 5\r\n", "POST") + "12345", 405},
                   {RequestText("/update", "", "DELETE"), 405},
                   {RequestText("/update", "", "OPTIONS"), 405},
                   {RequestText("/update", "", "BREW"), 501}});
}

TEST(Attacks, SmuggledL18)
{
    RecordProperty("attack", "L18");
    ExpectRefused({{RequestText("/update", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400},
                   {RequestText("/update", "Content-Length: 5\r\n"), 413},
                   {RequestText("/update", "Content-Length: 0\r\nContent-Length: 5\r\n"), 400},
                   {RequestText("/update", "Host: other\r\n"), 400},
                   {RequestText("/update", "X: y\r\n folded\r\n"), 400},
                   {"GET /update HTTP/1.1\nHost: node\n\n", 400},
                   {"\x16\x03\x01\x02", 400},
                   {RequestText("/update", "X: " + std::string(9000, 'x') + "\r\n"), 431},
                   {RequestText("/" + std::string(9000, 'x')), 414}});
}

/// Each of them costs no more than its one answer (CVE-2011-3192).
TEST(Attacks, ManyRangesL18)
{
    RecordProperty("attack", "L18");
    RunningServer server;
    const std::string content = MakeContent(1000);
    server.Add("update", content);
    RawClient client(server.Port());
    std::string ranges = "Range: bytes=0-";
    for (int count = 1; count < 500; ++count)
    {
        ranges += ",5-" + std::to_string(count);
    }
    client.Send(RequestText("/update", ranges + "\r\n"));
    const Received got = client.Receive();
    EXPECT_EQ(got.status, 200U);
    EXPECT_EQ(got.body, content);
}

/// RFC 9112, 9.6: closed at once, the connection would be reset by the bytes behind what was
/// refused, and the client would not read why.
TEST(Attacks, TheRefusalArrivesWhateverComesBehindL18)
{
    RecordProperty("attack", "L18");
    RunningServer server;
    RawClient client(server.Port());
    const std::string much(100'000, 'x');
    client.Send(RequestText("/update", "Content-Length: 10000000\r\n", "POST"));
    for (int count = 0; count < 100; ++count)
    {
        ASSERT_TRUE(client.Send(much)) << count;
    }
    EXPECT_EQ(client.Receive().status, 405U);
    client.Close();
    server.AwaitConnections(0);
}

TEST(Attacks, WhoIsRefusedAndStaysIsLeftL10)
{
    RecordProperty("attack", "L10");
    RunningServer server;
    RawClient client(server.Port());
    client.Send("nonsense\r\n\r\n");
    EXPECT_EQ(client.Receive().status, 400U);
    server.AwaitConnections(0);
}

} // namespace
} // namespace lanpeer::reference
