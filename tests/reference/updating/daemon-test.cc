#include "publication.h"
#include "tests/reference/library/scene.h"
#include "tests/reference/office/commands.h"
#include "tests/reference/updating/site.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <regex>
#include <string>
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

} // namespace
} // namespace lanpeer::reference
