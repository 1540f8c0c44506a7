#include "running-server.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>

// curl and wrk, which nobody here wrote.

namespace lanpeer::reference
{
namespace
{

/// What a command prints.
std::string
PrintedBy(const std::string& command)
{
    FILE* pipe = ::popen(command.c_str(), "r");
    EXPECT_NE(pipe, nullptr);
    std::string printed;
    std::array<char, 4096> bytes = {};
    for (std::size_t got = 1; got > 0;)
    {
        got = std::fread(bytes.data(), 1, bytes.size(), pipe);
        printed.append(bytes.data(), got);
    }
    EXPECT_EQ(::pclose(pipe), 0) << command;
    return printed;
}

std::string
Curl(const std::string& arguments)
{
    return PrintedBy("curl --silent --noproxy '*' --max-time 60 " + arguments);
}

class RealClient : public ::testing::Test
{
  protected:
    RealClient()
        : m_content(MakeContent(910'000))
        , m_base("http://127.0.0.1:" + std::to_string(m_server.Port()) + "/")
    {
        m_server.Add("update", m_content);
        m_server.Add("other", "of another");
        RecordProperty("requirement", "R-HTTP-1");
    }

    RunningServer m_server;
    std::string m_content;
    std::string m_base;
};

TEST_F(RealClient, CurlGetsAWholeCopyRHttp1)
{
    EXPECT_TRUE(Curl(m_base + "update") == m_content);
}

TEST_F(RealClient, CurlResumesRHttp1)
{
    EXPECT_TRUE(Curl("--range 900000- " + m_base + "update") == m_content.substr(900'000));
    EXPECT_TRUE(Curl("--range 5-9 " + m_base + "update") == m_content.substr(5, 5));
    EXPECT_TRUE(Curl("--range -100 " + m_base + "update") == m_content.substr(909'900));
    EXPECT_EQ(
        Curl("--range 910000- --output /dev/null --write-out '%{http_code}' " + m_base + "update"),
        "416");
}

TEST_F(RealClient, CurlAsksForTheHeadRHttp1)
{
    const std::string head = Curl("--head " + m_base + "update");
    EXPECT_NE(head.find("HTTP/1.1 200 OK\r\n"), std::string::npos) << head;
    EXPECT_NE(head.find("Content-Length: 910000\r\n"), std::string::npos) << head;
    EXPECT_NE(head.find("Accept-Ranges: bytes\r\n"), std::string::npos) << head;
}

TEST_F(RealClient, CurlKeepsItsConnectionOverTwoUrlsRHttp1)
{
    const std::string format = "--write-out '%{http_code} %{num_connects} ' --output /dev/null ";
    EXPECT_EQ(Curl(format + m_base + "update --output /dev/null " + m_base + "other"),
              "200 1 200 0 ");
}

TEST_F(RealClient, CurlIsRefusedWhatWeDoNotServeRHttp1)
{
    RecordProperty("attack", "L11 L13");
    const std::string format = "--write-out '%{http_code}' --output /dev/null ";
    EXPECT_EQ(Curl(format + "--request DELETE " + m_base + "update"), "405");
    EXPECT_EQ(Curl(format + "--data 12345 " + m_base + "update"), "405");
    EXPECT_EQ(Curl(format + m_base + "nothing"), "404");
    EXPECT_EQ(Curl(format + "--path-as-is " + m_base + "../../etc/passwd"), "404");
    EXPECT_EQ(Curl(format + "--noproxy '' --proxy " + m_base + " http://www.example/update"),
              "400");
}

/// As many connections as one address may have, each asking again and again.
TEST_F(RealClient, WrkUnderLoadGetsNothingButWholeCopiesRHttp3)
{
    RecordProperty("requirement", "R-HTTP-1 R-HTTP-3");
    for (const std::string name : {"update", "other"})
    {
        const std::string said =
            PrintedBy("wrk --threads 1 --connections 16 --duration 2s " + m_base + name);
        EXPECT_EQ(said.find("Non-2xx"), std::string::npos) << said;
        EXPECT_EQ(said.find("Socket errors"), std::string::npos) << said;
        const std::size_t at = said.find(" requests in ");
        ASSERT_NE(at, std::string::npos) << said;
        EXPECT_GE(std::stoul(said.substr(said.rfind('\n', at) + 1)), 16U) << said;
    }
    // Each has ended once; those that were under way when wrk left, with less than all.
    std::size_t whole = 0;
    const std::size_t asked = m_server.AwaitAsked(1).size();
    const auto ended = m_server.AwaitEnded(asked);
    for (const auto& [request, ends] : ended)
    {
        ASSERT_EQ(ends.size(), 1U) << request;
        whole += ends[0] == 910'000 || ends[0] == 10 ? 1 : 0;
    }
    EXPECT_GE(whole + 32, asked);
}

} // namespace
} // namespace lanpeer::reference
