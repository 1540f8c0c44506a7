#include "running-server.h"

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <future>
#include <sys/mman.h>

namespace lanpeer::reference
{

namespace
{

/// Never reached but by what hangs.
constexpr std::chrono::seconds kLongWhile{60};

constexpr std::uint64_t kLong = 3'600'000; ///< ms

} // namespace

std::shared_ptr<FileDescriptor>
MakeFile(const std::string& content)
{
    auto file = std::make_shared<FileDescriptor>(::memfd_create("copy", MFD_CLOEXEC));
    file->WriteAt(0, content);
    return file;
}

std::string
MakeContent(std::size_t bytes)
{
    std::string content;
    content.reserve(bytes);
    std::uint32_t value = 1;
    while (content.size() < bytes)
    {
        value = value * 1'664'525U + 1'013'904'223U;
        content.push_back(static_cast<char>(value >> 24U));
    }
    return content;
}

HttpServer::Limits
WithoutDeadlines()
{
    HttpServer::Limits limits;
    limits.headerMs = kLong;
    limits.idleMs = kLong;
    limits.stallMs = kLong;
    return limits;
}

std::string
AddressOf(std::size_t number)
{
    return "127.0." + std::to_string(1 + number / 200) + "." + std::to_string(1 + number % 200);
}

RunningServer::RunningServer(const HttpServer::Limits& limits)
    : m_work(m_context.get_executor())
    , m_server(std::make_unique<HttpServer>(m_context, limits))
{
    m_server->Start(
        [this](const HttpServer::Address& peer)
        {
            const std::lock_guard<std::mutex> lock(m_mutex);
            return m_onlyAllowed.empty() || peer.to_string() == m_onlyAllowed;
        },
        [this](std::uint64_t number, const HttpServer::Address& peer, const http::Request& what)
        {
            const Asked asked{number, peer.to_string(), what};
            bool answersLater = false;
            {
                const std::lock_guard<std::mutex> lock(m_mutex);
                m_asked.push_back(asked);
                answersLater = m_answersLater;
                m_changed.notify_all();
            }
            if (!answersLater)
            {
                Answer(asked);
            }
        },
        [this](std::uint64_t request, std::uint64_t bodyBytes)
        {
            const std::lock_guard<std::mutex> lock(m_mutex);
            m_ended[request].push_back(bodyBytes);
            m_changed.notify_all();
        });
    m_port = m_server->Listen(HttpServer::Address::loopback(), 0);
    std::signal(SIGPIPE, SIG_IGN); // who uses an HttpServer does that
    m_thread = std::thread([this] { m_context.run(); });
}

RunningServer::~RunningServer()
{
    Do([this](HttpServer&) { m_server.reset(); });
    m_work.reset();
    m_thread.join(); // nothing of the server keeps the io_context busy
}

void
RunningServer::Add(const std::string& alias, const std::string& content)
{
    Add(alias, MakeFile(content), content.size());
}

void
RunningServer::Add(const std::string& alias,
                   std::shared_ptr<const FileDescriptor> file,
                   std::uint64_t announcedBytes)
{
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_served[alias] = {{announcedBytes, "tag-of-" + alias}, std::move(file)};
}

void
RunningServer::AnswerLater()
{
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_answersLater = true;
}

void
RunningServer::AnswerNow(std::uint64_t request)
{
    Asked asked;
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        for (const Asked& one : m_asked)
        {
            asked = one.request == request ? one : asked;
        }
    }
    Do([&](HttpServer&) { Answer(asked); });
}

void
RunningServer::AllowOnly(const std::string& address)
{
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_onlyAllowed = address;
}

void
RunningServer::Do(const std::function<void(HttpServer&)>& what)
{
    std::promise<void> done;
    boost::asio::post(m_context,
                      [&]
                      {
                          what(*m_server);
                          done.set_value();
                      });
    done.get_future().wait();
}

std::uint64_t
RunningServer::Connections()
{
    std::uint64_t connections = 0;
    Do([&](HttpServer& server) { connections = server.Connections(); });
    return connections;
}

std::vector<RunningServer::Asked>
RunningServer::AwaitAsked(std::size_t count)
{
    std::unique_lock<std::mutex> lock(m_mutex);
    EXPECT_TRUE(m_changed.wait_for(lock, kLongWhile, [&] { return m_asked.size() >= count; }));
    return m_asked;
}

std::map<std::uint64_t, std::vector<std::uint64_t>>
RunningServer::AwaitEnded(std::size_t count)
{
    std::unique_lock<std::mutex> lock(m_mutex);
    EXPECT_TRUE(m_changed.wait_for(lock, kLongWhile, [&] { return m_ended.size() >= count; }));
    return m_ended;
}

void
RunningServer::AwaitConnections(std::uint64_t count)
{
    const auto end = std::chrono::steady_clock::now() + kLongWhile;
    while (Connections() != count && std::chrono::steady_clock::now() < end)
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_EQ(Connections(), count);
}

void
RunningServer::Answer(const Asked& asked)
{
    Served served;
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        const auto found = m_served.find(asked.what.alias);
        served = found == m_served.end() ? Served{} : found->second;
    }
    const http::Reply reply =
        served.file
            ? http::Answer(asked.what, served.copy)
            : http::AnswerError(http::ErrorStatus::NotFound, std::nullopt, asked.what.keepAlive);
    m_server->Answer(asked.request, reply, served.file);
}

} // namespace lanpeer::reference
