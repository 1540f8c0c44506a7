#include "reference/packages/package.h"
#include "tests/reference/library/scene.h"
#include "tests/reference/packages/authority.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <regex>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

// lanpeer and lanpeerd as they are typed.

extern char** environ; // NOLINT

namespace lanpeer::reference
{
namespace
{

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kUrl = "http://origin.test/updates/dat.cab";
const std::string kBin = LANPEER_BINARY_DIR "/bin/";

class Command : public testing::Test
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-API-1");
        std::vector<std::string> words{kBin + "lanpeerd",
                                       "--foreground",
                                       "--config",
                                       m_scene.Config(),
                                       "--tape",
                                       m_scene.In("tape")};
        std::vector<char*> arguments;
        for (std::string& word : words)
        {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        posix_spawn_file_actions_t streams;
        ::posix_spawn_file_actions_init(&streams);
        for (const auto& [stream, name] :
             {std::pair(STDOUT_FILENO, "stdout"), std::pair(STDERR_FILENO, "stderr")})
        {
            ::posix_spawn_file_actions_addopen(
                &streams, stream, m_scene.In(name).c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        }
        const int failed = ::posix_spawn(
            &m_daemon, words[0].c_str(), &streams, nullptr, arguments.data(), environ);
        ::posix_spawn_file_actions_destroy(&streams);
        ASSERT_EQ(failed, 0);
        struct stat status = {};
        while (::stat(m_scene.In("socket").c_str(), &status) != 0)
        {
            ASSERT_EQ(::waitpid(m_daemon, nullptr, WNOHANG), 0) << "lanpeerd has ended";
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }

    void TearDown() override
    {
        if (m_daemon > 0)
        {
            EXPECT_EQ(End(SIGTERM), 0);
        }
    }

    /// \returns the daemon's exit code
    int End(int signal)
    {
        ::kill(m_daemon, signal);
        int status = 0;
        ::waitpid(m_daemon, &status, 0);
        m_daemon = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    std::pair<int, std::string> Lanpeer(const std::string& arguments) const
    {
        return RunShell(fmt::format("cd {} && {}lanpeer --socket {} {}",
                                    m_scene.In(""),
                                    kBin,
                                    m_scene.In("socket"),
                                    arguments));
    }

    /// Waits until the daemon has logged it; fails the test after a long while.
    void AwaitLog(const std::string& text) const
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (ReadAll(m_scene.In("stderr")).find(text) == std::string::npos)
        {
            ASSERT_LT(std::chrono::steady_clock::now(), end)
                << text << ": not in " << ReadAll(m_scene.In("stderr"));
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }

    Scene m_scene;
    pid_t m_daemon = 0;
};

TEST_F(Command, OffersListsGetsTellsAndWithdraws)
{
    m_scene.Write("file", "some bytes");
    EXPECT_EQ(Lanpeer(fmt::format("offer {} file", kUrl)),
              std::pair(0, fmt::format("{}: offered\n", kUrl)));
    EXPECT_THAT(Lanpeer("list").second, HasSubstr(kUrl));
    const auto list = nlohmann::json::parse(Lanpeer("list --json").second);
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].at("size"), 10);

    const std::string digest = Sha256("some bytes");
    const auto [code, said] = Lanpeer(fmt::format("get {} --sha256 {}", kUrl, digest));
    EXPECT_EQ(code, 0);
    EXPECT_THAT(said, StartsWith("dat.cab: held here, 10 bytes in "));
    EXPECT_EQ(ReadAll(m_scene.In("dat.cab")), "some bytes");

    EXPECT_EQ(Lanpeer(fmt::format("get {} --sha256 {}", kUrl, digest)),
              std::pair(1, std::string("lanpeer: dat.cab: is there already; give a name by -o\n")));
    EXPECT_EQ(
        Lanpeer(fmt::format("get {} --sha256 {} -o - 2>/dev/null; true", kUrl, digest)).second,
        "some bytes");
    const auto got = nlohmann::json::parse(
        Lanpeer(fmt::format("get {} --sha256 {} -o new --json", kUrl, digest)).second);
    EXPECT_EQ(got.at("source"), "local");
    EXPECT_EQ(got.at("sha256"), digest);

    EXPECT_THAT(Lanpeer(fmt::format("why {}", kUrl)).second, HasSubstr("found: local, 10 bytes"));
    EXPECT_THAT(Lanpeer("status").second, HasSubstr("copies: 1, 10 bytes\n"));
    EXPECT_EQ(nlohmann::json::parse(Lanpeer("status --json").second).at("copies"), 1);
    EXPECT_THAT(Lanpeer("status --prometheus").second, HasSubstr("\nlanpeer_copies 1\n"));

    EXPECT_EQ(Lanpeer(fmt::format("withdraw {}", kUrl)).first, 0);
    EXPECT_EQ(Lanpeer(fmt::format("withdraw {}", kUrl)),
              std::pair(1, fmt::format("lanpeer: {}: there is no copy of it here\n", kUrl)));
}

TEST_F(Command, WhatCannotBeHadLeavesNoFile)
{
    const auto [code, said] =
        Lanpeer(fmt::format("get {} --sha256 {} --lan-only -o new", kUrl, Sha256("x")));
    EXPECT_EQ(code, 1);
    EXPECT_THAT(said, StartsWith(fmt::format("lanpeer: {}: no-holder: ", kUrl)));
    EXPECT_FALSE(std::filesystem::exists(m_scene.In("new")));
    EXPECT_THAT(Lanpeer(fmt::format("why {}", kUrl)).second, HasSubstr("failed: no-holder"));
}

TEST_F(Command, TheDoctorFindsItWell)
{
    const auto [code, said] = Lanpeer("doctor");
    EXPECT_EQ(code, 0) << said;
    EXPECT_THAT(said,
                HasSubstr(fmt::format("ok   service port {} (UDP): what the service broadcasts is "
                                      "heard by itself\n",
                                      m_scene.ServicePort())));
    EXPECT_THAT(said, HasSubstr("ok   broadcast on lo: 127.255.255.255 is heard\n"));
    EXPECT_THAT(said,
                HasSubstr(fmt::format("ok   HTTP on 127.0.0.1:{}: answers\n", m_scene.HttpPort())));
}

TEST_F(Command, WhatIsNotTakenIsNamed)
{
    m_scene.Write("file", "some bytes");
    const auto [code, said] = Lanpeer("offer no-url file");
    EXPECT_EQ(code, 1);
    EXPECT_EQ(said, "lanpeer: no-url: not a URL that peers can ask for\n");
}

TEST_F(Command, ItsCopiesOutliveIt)
{
    RecordProperty("requirement", "R-HTTP-2");
    m_scene.Write("file", "some bytes");
    ASSERT_EQ(Lanpeer(fmt::format("offer {} file", kUrl)).first, 0);
    End(SIGKILL);
    std::filesystem::remove(m_scene.In("socket")); // so that SetUp() waits for the new one
    SetUp();
    EXPECT_THAT(Lanpeer("list").second, HasSubstr(kUrl));
}

TEST_F(Command, TheLogIsOnStandardError)
{
    EXPECT_EQ(End(SIGTERM), 0);
    EXPECT_THAT(ReadAll(m_scene.In("stderr")), HasSubstr(" listens at "));
    EXPECT_EQ(ReadAll(m_scene.In("stdout")), "");
}

TEST_F(Command, SighupReadsTheConfigurationAgain)
{
    const std::string before = ReadAll(m_scene.Config());
    const auto node = [this]
    {
        return nlohmann::json::parse(Lanpeer("status --json").second).at("node");
    };
    const auto started = [this]
    {
        return nlohmann::json::parse(Lanpeer("status --json").second).at("started");
    };
    const nlohmann::json startedBefore = started();
    EXPECT_NE(node(), "another");
    m_scene.Write("lanpeerd.yaml", before + "node: another\n");
    ::kill(m_daemon, SIGHUP);
    AwaitLog("configuration read again");
    EXPECT_EQ(node(), "another");
    // A tape is of one life of the node: the one before stays.
    EXPECT_THAT(ReadAll(m_scene.In("tape.1")), HasSubstr("\"self\""));
    EXPECT_THAT(ReadAll(m_scene.In("tape")), HasSubstr("\"another\""));
    EXPECT_EQ(started(), startedBefore) << "the service has run all the time";
    // With a mistake in it everything stays as it was.
    m_scene.Write("lanpeerd.yaml", before + "node: 'no node'\n");
    ::kill(m_daemon, SIGHUP);
    AwaitLog("configuration not taken, all stays as it was: ");
    EXPECT_EQ(node(), "another");
    EXPECT_THAT(ReadAll(m_scene.In("stderr")), HasSubstr("lanpeerd.yaml:"));
}

/// A daemon that believes a root, and has no updates.
class SignedCommand : public Command
{
  protected:
    void SetUp() override
    {
        const std::string root = m_scene.Write("root.pem", Root().certificate);
        m_scene.Write("lanpeerd.yaml",
                      ReadAll(m_scene.Config()) + "update: {root_file: " + root + "}\n");
        Command::SetUp();
        RecordProperty("requirement", "R-API-1 R-HTTP-2");
    }

    /// Hands a package over as the copy of a URL, as any peer might have it.
    void Offer(const std::string& url, const std::string& bytes) const
    {
        m_scene.Write("file", bytes);
        ASSERT_EQ(Lanpeer(fmt::format("offer {} file", url)).first, 0);
    }

    const std::string m_bytes = MakePackage({"dat.202611080000.cab", "dat", "202611080000"},
                                            {{"dat.txt", "patterns", false}},
                                            KeyFor(Publisher()));
};

TEST_F(SignedCommand, GetsWhatIsSignedUnderTheNameAskedFor)
{
    const std::string url = "http://origin.test/updates/dat.202611080000.cab";
    Offer(url, m_bytes);
    const auto [code, said] = Lanpeer(fmt::format("get {} --signed", url));
    EXPECT_EQ(code, 0);
    EXPECT_THAT(
        said,
        StartsWith(fmt::format("dat.202611080000.cab: held here, {} bytes in ", m_bytes.size())));
    EXPECT_EQ(ReadAll(m_scene.In("dat.202611080000.cab")), m_bytes);
    EXPECT_THAT(Lanpeer(fmt::format("why {}", url)).second,
                HasSubstr("asked for, verified by its signature"));
}

TEST_F(SignedCommand, RefusesWithTheReasonWhatWasRenamedOrAlteredL14)
{
    RecordProperty("attack", "L14 T1");
    const std::string newer = "http://origin.test/updates/dat.202611150000.cab";
    Offer(newer, m_bytes);
    const auto [code, said] = Lanpeer(fmt::format("get {} --signed --lan-only -o new", newer));
    EXPECT_EQ(code, 1);
    EXPECT_THAT(said, StartsWith(fmt::format("lanpeer: {}: ", newer)));
    EXPECT_THAT(said, HasSubstr("renamed: the file was signed under another name or version"));
    EXPECT_EQ(said.find('\n'), said.size() - 1);
    EXPECT_THAT(Lanpeer(fmt::format("why {}", newer)).second, HasSubstr("refused: renamed: "));
    std::string altered = m_bytes;
    altered[altered.size() / 3] ^= 1;
    const std::string url = "http://origin.test/updates/dat.202611080000.cab";
    Offer(url, altered);
    EXPECT_THAT(Lanpeer(fmt::format("get {} --signed --lan-only -o new", url)).second,
                HasSubstr("arbitrary software: "));
    EXPECT_FALSE(std::filesystem::exists(m_scene.In("new")));
}

TEST_F(SignedCommand, TheRootIsThatOfTheConfigurationReadLast)
{
    const std::string url = "http://origin.test/updates/dat.202611080000.cab";
    Offer(url, m_bytes);
    const std::string before = ReadAll(m_scene.Config());
    m_scene.Write("other.pem", OtherRoot().certificate);
    m_scene.Write("lanpeerd.yaml",
                  std::regex_replace(before, std::regex("root\\.pem"), "other.pem"));
    ::kill(m_daemon, SIGHUP);
    AwaitLog("configuration read again");
    const auto [code, said] = Lanpeer(fmt::format("get {} --signed --lan-only -o new", url));
    EXPECT_EQ(code, 1);
    EXPECT_THAT(said, HasSubstr("the signer's certificate does not lead to the root"));
    // One that cannot be read leaves everything as it was.
    m_scene.Write("lanpeerd.yaml",
                  std::regex_replace(before, std::regex("root\\.pem"), "none.pem"));
    ::kill(m_daemon, SIGHUP);
    AwaitLog("configuration not taken, all stays as it was: update.root_file: ");
    EXPECT_THAT(Lanpeer(fmt::format("get {} --signed --lan-only -o new", url)).second,
                HasSubstr("the signer's certificate does not lead to the root"));
}

TEST_F(Command, NothingIsSignedForWhoBelievesNobody)
{
    RecordProperty("requirement", "R-API-1 R-HTTP-2");
    EXPECT_EQ(Lanpeer("get http://origin.test/dat.202611080000.cab --signed"),
              std::pair(1,
                        std::string("lanpeer: http://origin.test/dat.202611080000.cab: wrong-use: "
                                    "signed: no root certificate is configured "
                                    "(update.root_file)\n")));
}

TEST(CommandLine, WrongUseIsOneLineAndExit2)
{
    const Scene scene;
    const auto wrong = [](const std::string& command, const std::string& line)
    {
        const auto [code, said] = RunShell(kBin + command);
        EXPECT_EQ(code, 2) << command;
        EXPECT_THAT(said, HasSubstr(line)) << command;
        EXPECT_EQ(said.find('\n'), said.size() - 1) << command;
    };
    wrong("lanpeer get", "URL");
    wrong("lanpeer get --signed --sha256 00 http://a/b", "--sha256");
    wrong("lanpeer", "subcommand");
    wrong("lanpeer bla", "bla: no such command");
    wrong("lanpeer \"$(printf 'b\\033la')\"", "b\\x1bla: no such command"); // L22
    wrong("lanpeerd --policy coop", "policy coop: not in this version");
    wrong("lanpeerd --set protocol.upload_slots=0", "expected 1 to 65536");
    wrong("lanpeerd --set nonsense", "expected PATH=VALUE");
    wrong("lanpeerd --config " + scene.In("none.yaml"), "none.yaml: No such file");
    scene.Write("wrong.yaml", "policy: robust\nupload_bytes_per_s: fast\n");
    wrong("lanpeerd --config " + scene.In("wrong.yaml"), "wrong.yaml:2: upload_bytes_per_s: ");
    scene.Write("twice.yaml", "policy: robust\npolicy: fig4a\n");
    wrong("lanpeerd --config " + scene.In("twice.yaml"), "twice.yaml:2: policy: given twice");
    wrong("lanpeerd --policy fig4a --set protocol.rules.straddle=on",
          "protocol.rules.straddle: needs rules.wait");
    EXPECT_EQ(RunShell(kBin + "lanpeerd --check").first, 0);
    EXPECT_THAT(
        RunShell(kBin + "lanpeerd --keys --policy fig4a --set protocol.rules.lock=on").second,
        testing::AllOf(HasSubstr("\nprotocol.rules.lock: on\n"),
                       HasSubstr("\nprotocol.rules.pause: off\n")));
    EXPECT_EQ(RunShell(fmt::format("{}lanpeer --socket {} list", kBin, scene.In("none"))).first, 1);
}

} // namespace
} // namespace lanpeer::reference
