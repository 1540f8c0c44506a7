#include "tests/reference/retrieval/retrieval-fixture.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char** environ;

namespace lanpeer::reference
{
namespace
{

using ::testing::HasSubstr;

/// With a certificate of its own for 127.0.0.1, and `openssl s_server` before its folder.
class HttpsRetrieval : public RetrievalTest
{
  protected:
    void SetUp() override
    {
        if (std::system("openssl version > /dev/null 2>&1") != 0)
        {
            GTEST_SKIP() << "no openssl program here";
        }
        const std::string make =
            fmt::format("cd {} && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
                        "-nodes -keyout key.pem -out certificate.pem -days 2 -subj /CN=lanpeer "
                        "-addext subjectAltName=IP:127.0.0.1 > /dev/null 2>&1",
                        m_folder.string());
        ASSERT_EQ(std::system(make.c_str()), 0);
        StartServer();
    }

    void TearDown() override
    {
        if (m_server > 0)
        {
            ::kill(m_server, SIGKILL);
            ::waitpid(m_server, nullptr, 0);
        }
    }

    /// -HTTP: a file is the whole response, head and all.
    void StartServer()
    {
        std::array<int, 2> ends{};
        ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
        const FileDescriptor output(ends[0]);
        const FileDescriptor input(ends[1]);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, input.Get(), STDOUT_FILENO);
        ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        const std::string command =
            fmt::format("cd {} && exec openssl s_server -HTTP -accept 127.0.0.1:0 "
                        "-key key.pem -cert certificate.pem",
                        m_folder.string());
        std::string shell = "sh";
        std::string option = "-c";
        std::string text = command;
        std::array<char*, 4> arguments{shell.data(), option.data(), text.data(), nullptr};
        ASSERT_EQ(::posix_spawnp(&m_server, "sh", &actions, nullptr, arguments.data(), environ), 0);
        ::posix_spawn_file_actions_destroy(&actions);
        // It says "ACCEPT 127.0.0.1:port" once it listens.
        std::string said;
        char letter = '\0';
        const std::string marker = "ACCEPT 127.0.0.1:";
        while (said.find(marker) == std::string::npos || said.back() != '\n')
        {
            ASSERT_EQ(::read(output.Get(), &letter, 1), 1) << said;
            said += letter;
        }
        m_port = std::stoi(said.substr(said.find(marker) + marker.size()));
        // Nobody reads what else it says; the pipe's buffer is enough for that.
        m_output = std::make_unique<FileDescriptor>(::dup(output.Get()));
    }

    void Serve(const std::string& name, const std::string& response)
    {
        std::ofstream(m_folder / name) << response;
    }

    std::string Url(const std::string& name) const
    {
        return fmt::format("https://127.0.0.1:{}/{}", m_port, name);
    }

    void Trust()
    {
        m_settings.caFile = m_folder / "certificate.pem";
    }

    pid_t m_server = -1;
    int m_port = 0;
    std::unique_ptr<FileDescriptor> m_output;
};

TEST_F(HttpsRetrieval, ATrustedServerIsBelieved)
{
    Trust();
    Serve("file", Ok("hello"));
    const FetchResult result = Fetch(FromInternet(Url("file")));
    EXPECT_EQ(result.end, FetchEnd::Whole) << result.message;
    EXPECT_EQ(Content(), "hello");
}

TEST_F(HttpsRetrieval, AnUnknownCertificateIsBroken)
{
    Serve("file", Ok("hello"));
    const FetchResult result = Fetch(FromInternet(Url("file")));
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_THAT(result.message, HasSubstr("certificate"));
    EXPECT_EQ(Content(), "");
}

TEST_F(HttpsRetrieval, ACertificateOfAnotherNameIsBroken)
{
    Trust();
    Serve("file", Ok("hello"));
    const FetchResult result =
        Fetch(FromInternet(fmt::format("https://localhost:{}/file", m_port)));
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_EQ(Content(), "");
}

TEST_F(HttpsRetrieval, L13ARedirectFromHttpsToHttpIsRefused)
{
    RecordProperty("attack", "L13");
    Trust();
    ScriptedServer plain(Ok("x"));
    Serve("file",
          fmt::format("HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
                      plain.Url()));
    const FetchResult result = Fetch(FromInternet(Url("file")));
    EXPECT_EQ(result.end, FetchEnd::Broken);
    EXPECT_THAT(result.message, HasSubstr("https to http"));
    EXPECT_TRUE(plain.Requests().empty());
}

TEST_F(HttpsRetrieval, ARedirectFromHttpToHttpsIsFollowed)
{
    Trust();
    Serve("file", Ok("hello"));
    ScriptedServer plain("HTTP/1.1 301 Moved\r\nLocation: " + Url("file") + "\r\n\r\n");
    EXPECT_EQ(Fetch(FromInternet(plain.Url())).end, FetchEnd::Whole);
    EXPECT_EQ(Content(), "hello");
}

} // namespace
} // namespace lanpeer::reference
