#pragma once

#include "reference/serving/http-server.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace lanpeer::reference
{

/// A file that has no name.
std::shared_ptr<FileDescriptor> MakeFile(const std::string& content);

/// Bytes that no shift or swap leaves as they are.
std::string MakeContent(std::size_t bytes);

/// Bytes: more than any socket buffer here takes.
constexpr std::size_t kLarge = 20'000'000;

/// None that a test lives to see.
HttpServer::Limits WithoutDeadlines();

/// Another peer each, on loopback: 16 of the connections may be one's.
std::string AddressOf(std::size_t number);

/// An HttpServer in a thread of its own, on loopback. It answers with the files that it was given,
/// at once; with 404 for others. Everything may be called from any thread.
class RunningServer
{
  public:
    struct Asked
    {
        std::uint64_t request = 0;
        std::string peer;
        http::Request what;
    };

    explicit RunningServer(const HttpServer::Limits& limits = {});
    ~RunningServer();
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;

    /// \param announcedBytes if they are not those of the content
    void Add(const std::string& alias, const std::string& content);
    void Add(const std::string& alias,
             std::shared_ptr<const FileDescriptor> file,
             std::uint64_t announcedBytes);

    /// From now on requests wait until AnswerNow().
    void AnswerLater();
    void AnswerNow(std::uint64_t request);

    /// From now on only this address is served.
    void AllowOnly(const std::string& address);

    std::uint16_t Port() const
    {
        return m_port;
    }

    /// Runs it in the server's thread and waits for its end.
    void Do(const std::function<void(HttpServer&)>& what);

    std::uint64_t Connections();

    /// What was asked so far, once it is that many; fails the test after a long while.
    std::vector<Asked> AwaitAsked(std::size_t count);
    /// How often each request's end was told, and the body bytes that went with it, once that many
    /// requests are over.
    std::map<std::uint64_t, std::vector<std::uint64_t>> AwaitEnded(std::size_t count);
    /// Waits until there are that many connections.
    void AwaitConnections(std::uint64_t count);

  private:
    struct Served
    {
        http::ServedCopy copy;
        std::shared_ptr<const FileDescriptor> file;
    };

    void Answer(const Asked& asked);

    boost::asio::io_context m_context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work;
    std::unique_ptr<HttpServer> m_server;
    std::uint16_t m_port = 0;
    std::mutex m_mutex; ///< for all below
    std::condition_variable m_changed;
    std::map<std::string, Served> m_served;
    std::vector<Asked> m_asked;
    std::map<std::uint64_t, std::vector<std::uint64_t>> m_ended;
    std::string m_onlyAllowed;
    bool m_answersLater = false;
    std::thread m_thread;
};

} // namespace lanpeer::reference
