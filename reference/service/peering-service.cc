#include "model/protocol/base64url.h"
#include "reference/service/peering-service-impl.h"

#include <boost/asio/post.hpp>

#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <sodium.h>
#include <spdlog/spdlog.h>
#include <stdexcept>
#include <utility>

// Of PeeringService: its life, and what passes its calls on.

namespace lanpeer::reference
{

namespace
{

/// How often copies that have grown too old are looked for.
constexpr auto kTidyEvery = std::chrono::minutes(10);

/// Threads for digests and disks.
constexpr std::size_t kWorkers = 2;

NodeId
DrawNode()
{
    Token token{};
    randombytes_buf(token.data(), token.size());
    return *NodeId::Parse(ToBase64Url(token));
}

StoreSettings
SettingsOfStore(const ServiceSettings& settings)
{
    StoreSettings store;
    store.folder = settings.stateFolder;
    store.limits = settings.store;
    return store;
}

/// A tape is of one life of the node: what is there already becomes FILE.1, or the next that is
/// free.
void
SetOldTapeAside(const std::string& file)
{
    std::error_code error;
    if (std::filesystem::file_size(file, error) == 0 || error)
    {
        return; // none, or not a file
    }
    int number = 1;
    while (std::filesystem::exists(fmt::format("{}.{}", file, number)))
    {
        ++number;
    }
    std::filesystem::rename(file, fmt::format("{}.{}", file, number));
}

} // namespace

PeeringService::Impl::Impl(boost::asio::io_context& io, const ServiceSettings& settings)
    : m_io(io)
    , m_settings(settings)
    , m_workers(kWorkers)
{
    if (sodium_init() < 0)
    {
        throw std::runtime_error("libsodium has no source of random numbers");
    }
    m_status.startedAt = std::chrono::system_clock::now();
    m_store = std::make_unique<Store>(
        SettingsOfStore(settings),
        [](const CheckProgress& at)
        {
            if (at.ofCopies > 0 && at.copies % 100 == 0)
            {
                spdlog::info("checking copies: {} of {}", at.copies, at.ofCopies);
            }
        });
    const StartCheck& checked = m_store->Checked();
    if (!checked.indexDamage.empty())
    {
        spdlog::error("the index of copies was damaged and begins anew: {}", checked.indexDamage);
    }
    for (const DroppedFile& dropped : checked.dropped)
    {
        spdlog::warn(
            "{}: removed: {}", dropped.href.empty() ? dropped.file : dropped.href, dropped.why);
    }
}

PeeringService::Impl::~Impl()
{
    Stop();
    m_workers.join();
}

void
PeeringService::Impl::OpenTape()
{
    if (m_settings.tapeFile.empty())
    {
        return;
    }
    SetOldTapeAside(m_settings.tapeFile);
    m_tapeFile = std::make_unique<std::ofstream>(m_settings.tapeFile, std::ios::trunc);
    if (!*m_tapeFile)
    {
        throw std::runtime_error(
            fmt::format("{}: the tape cannot be written", m_settings.tapeFile));
    }
    // A line at a time, so that a tape of a daemon that is killed ends with a whole one.
    m_tape.emplace(*m_node,
                   [this](std::string_view line) { *m_tapeFile << line << '\n'
                                                               << std::flush; });
}

void
PeeringService::Impl::Start()
{
    m_store->SetLimits(m_settings.store);
    m_config = std::make_shared<const PeeringConfig>(m_settings.protocol);
    m_node.emplace(m_settings.node ? *m_settings.node : DrawNode(), m_config);
    m_budget.emplace(*m_config);
    m_status.node = m_node->Self().Text();
    OpenTape();
    m_retriever = std::make_unique<Retriever>(m_settings.retrieval,
                                              [&io = m_io](std::function<void()> call)
                                              { boost::asio::post(io, std::move(call)); });
    if (m_config->peering)
    {
        m_socket = std::make_unique<ServiceSocket>(
            m_io,
            static_cast<std::uint16_t>(m_config->servicePort),
            [this](const ServiceSocket::Datagram& datagram) { TakeDatagram(datagram); });
        m_socket->SetInterfaces(FindInterfaces(m_settings.interfaces));
        m_watch = std::make_unique<InterfaceWatch>(m_io, [this] { FollowInterfaces(); });
    }
    if (m_config->peering && m_config->server)
    {
        HttpServer::Limits limits;
        limits.connections = m_config->httpConnections;
        limits.connectionsPerPeer = m_config->httpConnectionsPerPeer;
        limits.headerMs = m_config->httpHeaderMs;
        limits.uploadBytesPerS = m_settings.uploadBytesPerS;
        m_server = std::make_unique<HttpServer>(m_io, limits);
        m_server->Start([this](const boost::asio::ip::address_v4& peer)
                        { return FindLink(m_socket->Interfaces(), peer) != nullptr; },
                        [this](std::uint64_t request,
                               const boost::asio::ip::address_v4& peer,
                               const http::Request& asked)
                        { UploadRequested(request, peer, asked); },
                        [this](std::uint64_t request, std::uint64_t bodyBytes)
                        { UploadOver(request, bodyBytes); });
        m_server->Listen(boost::asio::ip::address_v4::any(),
                         static_cast<std::uint16_t>(m_config->httpPort));
    }
    for (const CopyInfo& copy : m_store->List())
    {
        Tell(CopyOffered{copy.href, copy.sizeBytes});
    }
    for (const auto& [type, heard] : m_types)
    {
        Tell(ApplicationTypeRegistered{type, true});
    }
    m_tidy = std::make_unique<boost::asio::steady_timer>(m_io);
    Tidy();
}

void
PeeringService::Impl::Stop()
{
    m_watch.reset();
    m_socket.reset();
    m_server.reset();
    m_retriever.reset();
    m_timers.clear();
    m_tidy.reset();
    m_transfers.clear();
    m_uploads.clear();
    m_drawn.clear();
    m_waiting.clear();
    m_arrived.reset();
    m_tape.reset();
    m_tapeFile.reset();
    m_node.reset();
}

void
PeeringService::Impl::Reconfigure(const ServiceSettings& settings)
{
    const ServiceSettings before = std::exchange(m_settings, settings);
    m_settings.stateFolder = before.stateFolder;
    Stop();
    try
    {
        Start();
    }
    catch (const std::exception& error)
    {
        Stop();
        m_settings = before;
        StartAsBefore(error.what());
        throw;
    }
    AskAnew();
}

void
PeeringService::Impl::StartAsBefore(const std::string& why)
{
    try
    {
        Start();
    }
    catch (const std::exception& error)
    {
        Stop();
        throw ServiceGone(fmt::format("{}; nor does it start as it was: {}", why, error.what()));
    }
    AskAnew();
}

void
PeeringService::Impl::AskAnew()
{
    const auto requests = m_requests; // what is told may end some
    for (const auto& [id, request] : requests)
    {
        TellWanted(id, request.asked);
    }
}

void
PeeringService::Impl::Tidy()
{
    MakeRoom(0);
    m_tidy->expires_after(kTidyEvery);
    m_tidy->async_wait(
        [weak = weak_from_this()](boost::system::error_code error)
        {
            const auto self = weak.lock();
            if (!error && self && self->m_tidy)
            {
                self->Tidy();
            }
        });
}

void
PeeringService::Impl::FollowInterfaces()
{
    std::vector<Interface> now;
    try
    {
        now = FindInterfaces(m_settings.interfaces);
    }
    catch (const std::system_error& error)
    {
        spdlog::error("{}", error.what());
        return; // as they were, until the next change
    }
    if (now == m_socket->Interfaces())
    {
        return;
    }
    const bool was = !m_socket->Interfaces().empty();
    const bool is = !now.empty();
    spdlog::info("network interfaces have changed: {} to peer on", now.size());
    m_socket->SetInterfaces(std::move(now));
    // What was heard on the old ones is no longer true.
    if (was)
    {
        Tell(LanChanged{false});
    }
    if (is)
    {
        Tell(LanChanged{true});
    }
}

ServiceStatus
PeeringService::Impl::Status() const
{
    ServiceStatus status = m_status;
    status.interfaces = m_socket ? m_socket->Interfaces() : std::vector<Interface>();
    status.servicePort = m_config->servicePort;
    status.httpPort = m_config->httpPort;
    status.ownHeard = m_socket ? m_socket->OwnHeard() : 0;
    status.month = Month();
    status.running = m_requests.size();
    for (const auto& [request, upload] : m_uploads)
    {
        status.uploads += upload.href.empty() ? 0 : 1;
    }
    status.copies = m_store->List().size();
    status.copyBytes = m_store->TotalBytes();
    std::error_code error;
    const auto space = std::filesystem::space(m_settings.stateFolder, error);
    status.freeDiskBytes = error ? 0 : space.available;
    status.freeDiskWantedBytes = m_settings.store.freeDiskBytes;
    return status;
}

// ---------------------------------------------------------------- PeeringService

PeeringService::PeeringService(boost::asio::io_context& io, const ServiceSettings& settings)
    : m_impl(std::make_shared<Impl>(io, settings))
{
    m_impl->Start();
}

PeeringService::~PeeringService()
{
    m_impl->Stop();
}

void
PeeringService::Reconfigure(const ServiceSettings& settings)
{
    m_impl->Reconfigure(settings);
}

void
PeeringService::SetPackageJudge(PackageJudge judge)
{
    m_impl->SetPackageJudge(std::move(judge));
}

bool
PeeringService::HasPackageJudge() const
{
    return m_impl->HasPackageJudge();
}

AppRequestId
PeeringService::Ask(const ResourceRequest& request, Application application)
{
    return m_impl->Ask(request, std::move(application));
}

void
PeeringService::Cancel(AppRequestId request)
{
    m_impl->Cancel(request);
}

void
PeeringService::Offer(const std::string& url,
                      std::shared_ptr<const FileDescriptor> file,
                      std::optional<Digest> digest,
                      std::function<void(const std::string& error)> done)
{
    m_impl->Offer(url, std::move(file), digest, std::move(done));
}

bool
PeeringService::Withdraw(const std::string& url)
{
    return m_impl->Withdraw(url);
}

void
PeeringService::RegisterType(const std::string& type,
                             std::function<void(const ApplicationPacket&)> heard)
{
    m_impl->RegisterType(type, std::move(heard));
}

void
PeeringService::SendPacket(std::optional<boost::asio::ip::address_v4> peer,
                           std::uint16_t port,
                           const std::string& type,
                           std::vector<std::pair<std::string, std::string>> attributes)
{
    m_impl->Tell(ApplicationPacketToSend{
        peer ? std::optional(PeerOf(*peer)) : std::nullopt, port, type, std::move(attributes)});
}

std::vector<CopyInfo>
PeeringService::List() const
{
    return m_impl->TheStore().List();
}

std::vector<TrafficRow>
PeeringService::Traffic() const
{
    return m_impl->TheStore().Traffic();
}

ServiceStatus
PeeringService::Status() const
{
    return m_impl->Status();
}

std::vector<History::Step>
PeeringService::Why(const std::string& url) const
{
    return m_impl->TheHistory().StepsOf(url);
}

} // namespace lanpeer::reference
