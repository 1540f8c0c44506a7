#include "updated-node.h"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <unistd.h>
#include <utility>

namespace lanpeer::reference
{

namespace
{

namespace fs = std::filesystem;

/// That what is waited for does not come at all, on however slow a computer.
constexpr std::chrono::seconds kLong{300};

} // namespace

ServiceSettings
ServiceSettingsIn(const fs::path& top)
{
    ServiceSettings settings;
    settings.protocol.peering = false;
    settings.protocol.internetRetries = 0; // what fails would fail again
    settings.stateFolder = top / "state";
    settings.store.freeDiskBytes = 0;
    return settings;
}

UpdateSettings
UpdateSettingsIn(const fs::path& top, const std::string& base)
{
    UpdateSettings settings;
    settings.config.bootCheck = false;
    settings.config.timeFloorS = 1'767'225'600; // 2026-01-01, so that tests have one clock for ever
    settings.config.catalogUrl = base + "myupdate.cab";
    settings.rootFile = top / "root.pem";
    settings.installFolder = top / "installed";
    settings.memoryFile = top / "state" / "updates.json";
    return settings;
}

bool
RunUntil(boost::asio::io_context& io, const std::function<bool()>& what)
{
    const auto end = std::chrono::steady_clock::now() + kLong;
    while (!what())
    {
        if (std::chrono::steady_clock::now() >= end)
        {
            return false;
        }
        io.run_one_for(std::chrono::milliseconds(50));
    }
    return true;
}

std::optional<CheckReport>
CheckOnce(boost::asio::io_context& io, Updater& updater, bool install)
{
    std::optional<CheckEnding> ended;
    updater.Check(install, [&ended](const CheckEnding& ending) { ended = ending; });
    RunUntil(io, [&ended] { return ended.has_value(); });
    return ended ? ended->report : std::nullopt;
}

std::string
InstalledIn(const fs::path& top, const std::string& product, const std::string& set)
{
    const fs::path file = top / "installed" / set / "current" / product / "content.txt";
    std::ifstream in(file, std::ios::binary);
    return in ? std::string(std::istreambuf_iterator<char>(in), {}) : "(none)";
}

UpdatedNode::UpdatedNode(const std::string& where)
{
    std::string top = where + "lanpeer-updates-XXXXXX";
    EXPECT_NE(::mkdtemp(top.data()), nullptr);
    m_top = top;
    m_serviceSettings = ServiceSettingsIn(m_top);
    std::ofstream(m_top / "root.pem") << Root().certificate;
    m_site = std::make_unique<Site>(m_top / "site");
}

UpdatedNode::~UpdatedNode()
{
    End();
    m_site.reset();
    std::error_code ignored;
    fs::remove_all(m_top, ignored);
}

std::string
UpdatedNode::Base() const
{
    return fmt::format("http://127.0.0.1:{}/", m_site->Port());
}

void
UpdatedNode::Put(const std::string& file, const std::string& bytes)
{
    m_site->Put(file, bytes);
}

void
UpdatedNode::Put(const MadePackage& package)
{
    Put(package.entry.url.substr(Base().size()), package.bytes);
}

MadePackage
UpdatedNode::Release(std::uint64_t catalogVersion,
                     const std::string& version,
                     const std::string& content)
{
    const MadePackage package = PackageOf(Base(), "engine", version, content);
    Put(package);
    CatalogOrder order;
    order.version = catalogVersion;
    order.entries = {package.entry};
    Put("myupdate.cab", CatalogOf(order));
    return package;
}

void
UpdatedNode::ListenForPeers()
{
    const auto port = static_cast<std::uint16_t>(20000 + 2 * (::getpid() % 6000));
    m_serviceSettings.interfaces.only = {"lo"};
    PeeringConfig& protocol = m_serviceSettings.protocol;
    protocol.peering = true;
    protocol.httpPort = port;
    protocol.servicePort = port + 1;
    protocol.responseDelayMs = 0;
    protocol.transmissionAllowanceMs = 1;
}

void
UpdatedNode::Start()
{
    End();
    m_io = std::make_unique<boost::asio::io_context>(1);
    m_service = std::make_unique<PeeringService>(*m_io, m_serviceSettings);
    UpdateSettings settings = UpdateSettingsIn(m_top, Base());
    settings.config.checkDeadlineS = m_maxCheckDeadlineS;
    settings.config.catalogFromPeers = m_catalogFromPeers;
    settings.afterInstall = m_afterInstall;
    settings.now = [this]
    {
        return m_nowS;
    };
    m_updater = std::make_unique<Updater>(*m_io, *m_service, std::move(settings));
    m_updater->Start();
}

void
UpdatedNode::End()
{
    m_updater.reset();
    m_service.reset();
    m_io.reset();
}

CheckReport
UpdatedNode::Check(bool install)
{
    const auto ended = CheckOnce(*m_io, *m_updater, install);
    EXPECT_TRUE(ended) << "the check does not end";
    return ended.value_or(CheckReport{});
}

bool
UpdatedNode::RunUntil(const std::function<bool()>& holds)
{
    return reference::RunUntil(*m_io, holds);
}

std::optional<Digest>
UpdatedNode::Offered(const std::string& file) const
{
    for (const CopyInfo& copy : m_service->List())
    {
        if (copy.href == Base() + file)
        {
            return copy.digest;
        }
    }
    return std::nullopt;
}

std::string
UpdatedNode::Installed(const std::string& product, std::string set) const
{
    return InstalledIn(m_top, product, set.empty() ? product : std::move(set));
}

std::string
UpdatedNode::Remarks() const
{
    std::string all;
    for (const UpdateRemark& remark : m_updater->Status().remarks)
    {
        all += remark.text + "\n";
    }
    return all;
}

} // namespace lanpeer::reference
