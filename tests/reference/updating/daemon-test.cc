#include "publication.h"
#include "reference/files/file-descriptor.h"
#include "tests/reference/library/scene.h"
#include "tests/reference/office/commands.h"
#include "tests/reference/updating/site.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <netinet/in.h>
#include <regex>
#include <string>
#include <sys/socket.h>
#include <sys/types.h>
#include <utility>
#include <vector>

// Updates as lanpeerd has them, signals and all.

namespace lanpeer::reference
{
namespace
{

namespace fs = std::filesystem;

using testing::HasSubstr;

const std::string kBin = LANPEER_BINARY_DIR "/bin/";

class UpdatingDaemon : public testing::Test
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-UPD-5");
        m_scene.Write("root.pem", Root().certificate);
        m_without = ReadAll(m_scene.Config());
        Configure("");
    }

    std::string Base() const
    {
        return fmt::format("http://127.0.0.1:{}/", m_site.Port());
    }

    /// \param more further keys of the file, lines
    void Configure(const std::string& more)
    {
        m_scene.Write("lanpeerd.yaml",
                      m_without + "update.boot_check: off\nupdate.catalog_url: " + Base() +
                          "myupdate.cab\nupdate.root_file: " + m_scene.In("root.pem") +
                          "\nupdate.install_dir: " + m_scene.In("installed") + "\n" + more);
    }

    void Start()
    {
        fs::remove(m_scene.In("socket"));
        fs::remove(m_scene.In("log"));
        m_daemon = std::make_unique<Program>(
            std::vector<std::string>{
                kBin + "lanpeerd", "--foreground", "--config", m_scene.Config()},
            m_scene.In("log"));
        ASSERT_TRUE(Await([this] { return fs::exists(m_scene.In("socket")); })) << Log();
    }

    std::string Log() const
    {
        return ReadAll(m_scene.In("log"));
    }

    /// The first release is in place, and the command after it, as configured so, runs.
    void InstallWith(const std::string& command)
    {
        Publish(1, {Engine("the first")});
        Configure(command);
        Start();
        ASSERT_EQ(Lanpeer("update --now").first, 0);
        ASSERT_TRUE(Await([this] { return !ReadAll(m_scene.In("began")).empty(); }));
    }

    void ReadAgain(const std::string& answer)
    {
        m_daemon->Signal(SIGHUP);
        ASSERT_TRUE(Await([&] { return Log().find(answer) != std::string::npos; })) << Log();
    }

    std::pair<int, std::string> Lanpeer(const std::string& arguments) const
    {
        return RunShell(kBin + "lanpeer --socket " + m_scene.In("socket") + " " + arguments);
    }

    void Publish(std::uint64_t version, const std::vector<MadePackage>& packages) const
    {
        CatalogOrder order;
        order.version = version;
        for (const MadePackage& package : packages)
        {
            m_site.Put(package.entry.url.substr(Base().size()), package.bytes);
            order.entries.push_back(package.entry);
        }
        m_site.Put("myupdate.cab", CatalogOf(order));
    }

    MadePackage Engine(const std::string& content) const
    {
        return PackageOf(Base(), "engine", "200101131511", content);
    }

    std::string Content(const std::string& product) const
    {
        return ReadAll(m_scene.In("installed/" + product + "/current/" + product + "/content.txt"));
    }

    Scene m_scene;
    Site m_site{m_scene.In("site")};
    std::string m_without; ///< the configuration but for updates
    std::unique_ptr<Program> m_daemon;
};

TEST_F(UpdatingDaemon, AReloadThatFailsLeavesUpdatesAndServiceAsTheyWere)
{
    Publish(1, {Engine("the first")});
    Configure("node: before\n");
    Start();
    fs::rename(m_scene.In("root.pem"), m_scene.In("root.away"));
    Configure("node: after\nupdate.after_install_s: 7\n");
    ReadAgain("configuration not taken, all stays as it was: update.root_file: ");
    EXPECT_THAT(Lanpeer("status --json").second, HasSubstr("\"before\""));
    const auto [code, said] = Lanpeer("update --now");
    EXPECT_EQ(code, 0) << said;
    EXPECT_EQ(Content("engine"), "the first");
    // Nor does a service that cannot start take the updates along.
    fs::rename(m_scene.In("root.away"), m_scene.In("root.pem"));
    m_without = std::regex_replace(
        m_without, std::regex("http_port: .*"), fmt::format("http_port: {}", m_site.Port()));
    Configure("");
    ReadAgain("in use");
    EXPECT_EQ(Lanpeer("update --check").first, 0);
}

/// A command that writes its number and then takes its time.
std::string
SlowCommand(const Scene& scene)
{
    return fmt::format("update.after_install: [/bin/sh, -c, "
                       "'echo $$ >> {}; exec /bin/sleep 60']\n",
                       scene.In("began"));
}

pid_t
LastOf(const std::string& numbers)
{
    const std::size_t start = numbers.rfind('\n', numbers.size() - 2);
    return static_cast<pid_t>(
        std::stol(start == std::string::npos ? numbers : numbers.substr(start + 1)));
}

TEST_F(UpdatingDaemon, SigtermEndsTheCommandToo)
{
    Publish(1, {Engine("the first")});
    Configure(SlowCommand(m_scene));
    Start();
    const auto [code, said] = Lanpeer("update --now");
    ASSERT_EQ(code, 0) << said;
    ASSERT_TRUE(Await([this] { return !ReadAll(m_scene.In("began")).empty(); }));
    const pid_t command = LastOf(ReadAll(m_scene.In("began")));
    m_daemon->Signal(SIGTERM);
    EXPECT_EQ(m_daemon->AwaitEnd(), 0);
    EXPECT_EQ(::kill(command, 0), -1) << "the command had ended before by itself, or runs on";
    EXPECT_THAT(ReadAll(m_scene.In("state/commands-due.json")), HasSubstr("\"1-1\""));
}

TEST_F(UpdatingDaemon, TheCommandGoesOnWhileTheConfigurationIsReadAgain)
{
    InstallWith(SlowCommand(m_scene));
    const std::string began = ReadAll(m_scene.In("began"));
    ReadAgain("configuration read again");
    EXPECT_EQ(::kill(LastOf(began), 0), 0) << "it has ended";
    EXPECT_EQ(Lanpeer("update --now").first, 0);
    EXPECT_EQ(ReadAll(m_scene.In("began")), began) << "it ran again";
}

TEST_F(UpdatingDaemon, TheCommandRunsAgainAfterACrash)
{
    InstallWith(SlowCommand(m_scene));
    const std::string began = ReadAll(m_scene.In("began"));
    m_daemon->Kill();
    ::kill(LastOf(began), SIGKILL);
    Start();
    ASSERT_TRUE(Await([&] { return ReadAll(m_scene.In("began")).size() > began.size() + 1; }));
    EXPECT_NE(LastOf(ReadAll(m_scene.In("began"))), LastOf(began));
}

/// A port that takes connections and says nothing.
class Silent
{
  public:
    Silent()
        : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in at = {};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(at);
        EXPECT_EQ(::bind(m_socket.Get(), reinterpret_cast<sockaddr*>(&at), size), 0);
        EXPECT_EQ(::listen(m_socket.Get(), 16), 0);
        EXPECT_EQ(::getsockname(m_socket.Get(), reinterpret_cast<sockaddr*>(&at), &size), 0);
        m_port = ntohs(at.sin_port);
    }

    std::uint16_t Port() const
    {
        return m_port;
    }

  private:
    FileDescriptor m_socket;
    std::uint16_t m_port = 0;
};

TEST_F(UpdatingDaemon, ACheckThatRunsBeginsAnewWithTheConfigurationReadAgain)
{
    const Silent silent;
    Publish(1, {Engine("the first")});
    Configure("");
    const std::string mended = ReadAll(m_scene.Config());
    m_scene.Write("lanpeerd.yaml",
                  std::regex_replace(
                      mended,
                      std::regex("catalog_url: .*"),
                      fmt::format("catalog_url: http://127.0.0.1:{}/myupdate.cab", silent.Port())));
    Start();
    const Program asks({kBin + "lanpeer", "--socket", m_scene.In("socket"), "update", "--now"},
                       m_scene.In("said"));
    ASSERT_TRUE(Await(
        [this] { return Lanpeer("update").second.find("one is running") != std::string::npos; }));
    m_scene.Write("lanpeerd.yaml", mended);
    ReadAgain("configuration read again");
    ASSERT_TRUE(Await([this] { return !ReadAll(m_scene.In("said")).empty(); }));
    EXPECT_THAT(ReadAll(m_scene.In("said")), HasSubstr("engine: installed 200101131511"));
    EXPECT_EQ(Content("engine"), "the first");
}

} // namespace
} // namespace lanpeer::reference
