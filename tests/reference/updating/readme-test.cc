#include "tests/reference/library/scene.h"
#include "tests/reference/office/commands.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

// What README.md says of publishing an update, typed as it stands there.

namespace lanpeer::reference
{
namespace
{

namespace fs = std::filesystem;

using testing::HasSubstr;
using testing::StartsWith;

const std::string kBin = LANPEER_BINARY_DIR "/bin";

void
ReplaceAll(std::string& text, const std::string& what, const std::string& by)
{
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at))
    {
        text.replace(at, what.size(), by);
        at += by.size();
    }
}

class Readme : public testing::Test
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-UPD-3 R-UPD-4 R-UPD-5 R-UPD-6");
        fs::create_directory(m_scene.In("etc"));
        std::string text = ReadAll(LANPEER_SOURCE_DIR "/README.md");
        const std::size_t begin = text.find("### Publishing an update");
        ASSERT_NE(begin, std::string::npos);
        text = text.substr(begin, text.find("\n## ", begin) - begin);
        // The test's own port and folders, nothing else.
        ReplaceAll(text, "127.0.0.1:8000", fmt::format("127.0.0.1:{}", m_port));
        ReplaceAll(text, "127.0.0.1 8000", fmt::format("127.0.0.1 {}", m_port));
        ReplaceAll(text, "/etc/lanpeer", m_scene.In("etc"));
        ReplaceAll(text, "/var/lib/lanpeer-updates", m_scene.In("state-updates"));
        Take(text);
    }

    /// The commands, the configuration and the file that are named.
    void Take(const std::string& text)
    {
        std::istringstream lines(text);
        bool isYaml = false;
        for (std::string line; std::getline(lines, line);)
        {
            if (line.rfind("```", 0) == 0)
            {
                isYaml = line == "```yaml";
            }
            else if (isYaml)
            {
                m_configuration += line + "\n";
            }
            else if (line.rfind("    ", 0) == 0)
            {
                m_commands.push_back(line.substr(4));
            }
        }
        const std::size_t end = text.find("engine.dat`:");
        ASSERT_NE(end, std::string::npos);
        const std::size_t start = text.rfind('`', end) + 1;
        m_installed = text.substr(start, end - start) + "engine.dat";
    }

    std::string InPlace(const std::string& command) const
    {
        return fmt::format("cd {} && export PATH={}:$PATH LANPEER_SOCKET={} && {}",
                           m_scene.In(""),
                           kBin,
                           m_scene.In("socket"),
                           command);
    }

    std::unique_ptr<Program> RunBeside(const std::string& command, const std::string& log) const
    {
        return std::make_unique<Program>(
            std::vector<std::string>{"/bin/sh", "-c", InPlace("exec " + command)}, m_scene.In(log));
    }

    Scene m_scene;
    const int m_port = 10000 + ::getpid() % 10000;
    std::vector<std::string> m_commands;
    std::string m_configuration;
    std::string m_installed;
};

TEST_F(Readme, PublishesAnUpdateThatIsInstalled)
{
    ASSERT_GE(m_commands.size(), 10U);
    const std::string last = m_commands.back();
    m_commands.pop_back();
    ASSERT_THAT(last, StartsWith("lanpeer update"));
    std::unique_ptr<Program> server;
    for (const std::string& command : m_commands)
    {
        SCOPED_TRACE(command);
        if (command.rfind("python3 -m http.server", 0) == 0)
        {
            server = RunBeside(command, "server");
            continue;
        }
        const auto [code, said] = RunShell(InPlace(command));
        ASSERT_EQ(code, 0) << said;
    }
    ASSERT_TRUE(server);
    const std::string connect = fmt::format(
        "python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", {}))'", m_port);
    ASSERT_TRUE(Await([&connect] { return RunShell(connect).first == 0; }));
    m_scene.Write("lanpeerd.yaml", ReadAll(m_scene.Config()) + m_configuration);
    const auto daemon = RunBeside("lanpeerd --foreground --config " + m_scene.Config(), "log");
    ASSERT_TRUE(Await([this] { return fs::exists(m_scene.In("socket")); }))
        << ReadAll(m_scene.In("log"));
    const auto [code, said] = RunShell(InPlace(last));
    EXPECT_EQ(code, 0) << said << ReadAll(m_scene.In("log"));
    EXPECT_THAT(said, HasSubstr("product engine: installed 202611291200"));
    EXPECT_EQ(ReadAll(m_installed), ReadAll(m_scene.In("engine.dat"))) << m_installed;
    EXPECT_NE(ReadAll(m_installed), "");
    // Everybody may read it.
    const auto others = fs::perms::others_read | fs::perms::others_exec;
    EXPECT_EQ(fs::status(m_scene.In("state-updates")).permissions() & others, others);
    daemon->Signal(SIGTERM);
    EXPECT_EQ(daemon->AwaitEnd(), 0);
}

} // namespace
} // namespace lanpeer::reference
