#include "tests/reference/retrieval/scripted-server.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace lanpeer::reference
{

namespace
{

void
Require(bool good, const char* what)
{
    if (!good)
    {
        throw std::system_error(errno, std::generic_category(), what);
    }
}

} // namespace

ScriptedServer::ScriptedServer(const std::string& bytes)
    : ScriptedServer(std::vector<Script>{Script{bytes, "", {}, false}})
{
}

ScriptedServer::ScriptedServer(std::vector<Script> scripts)
    : m_scripts(std::move(scripts))
    , m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    Require(::bind(m_listener.Get(), generic, size) == 0, "bind");
    Require(::listen(m_listener.Get(), 16) == 0, "listen");
    Require(::getsockname(m_listener.Get(), generic, &size) == 0, "getsockname");
    m_port = ntohs(address.sin_port);
    std::array<int, 2> ends{};
    Require(::pipe2(ends.data(), O_CLOEXEC) == 0, "pipe");
    m_stopped = FileDescriptor(ends[0]);
    m_stop = FileDescriptor(ends[1]);
    m_thread = std::thread([this] { Serve(); });
}

ScriptedServer::~ScriptedServer()
{
    m_stop.Close();
    m_thread.join();
}

std::string
ScriptedServer::Url() const
{
    return "http://127.0.0.1:" + std::to_string(m_port) + "/file";
}

std::vector<std::string>
ScriptedServer::Requests() const
{
    const std::lock_guard<std::mutex> lock(m_mutex);
    return m_requests;
}

/// \returns false at the end of all; else something can be read, or the pause is over
bool
ScriptedServer::Wait(int connection, std::chrono::milliseconds pause, bool forReading) const
{
    const short events = forReading ? POLLIN : POLLOUT;
    std::array<pollfd, 2> polled{{{m_stopped.Get(), POLLIN, 0}, {connection, events, 0}}};
    const nfds_t count = connection < 0 ? 1 : 2;
    ::poll(polled.data(), count, static_cast<int>(pause.count()));
    return polled[0].revents == 0;
}

void
ScriptedServer::Serve()
{
    constexpr std::chrono::milliseconds kForever{-1};
    for (std::size_t served = 0; Wait(m_listener.Get(), kForever, true); ++served)
    {
        const FileDescriptor connection(
            ::accept4(m_listener.Get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (connection.IsOpen())
        {
            Answer(connection.Get(), m_scripts[std::min(served, m_scripts.size() - 1)]);
        }
    }
}

bool
ScriptedServer::Send(int connection, const std::string& bytes) const
{
    std::string_view left = bytes;
    while (!left.empty())
    {
        const ssize_t sent = ::send(connection, left.data(), left.size(), MSG_NOSIGNAL);
        if (sent > 0)
        {
            left.remove_prefix(static_cast<std::size_t>(sent));
        }
        else if (errno != EAGAIN || !Wait(connection, std::chrono::milliseconds(-1), false))
        {
            return false;
        }
    }
    return true;
}

void
ScriptedServer::Answer(int connection, const Script& script)
{
    constexpr std::chrono::milliseconds kForever{-1};
    std::string head;
    std::array<char, 4096> buffer{};
    while (head.find("\r\n\r\n") == std::string::npos)
    {
        if (!Wait(connection, kForever, true))
        {
            return;
        }
        const ssize_t got = ::recv(connection, buffer.data(), buffer.size(), 0);
        if (got <= 0)
        {
            return;
        }
        head.append(buffer.data(), static_cast<std::size_t>(got));
    }
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_requests.push_back(head);
    }
    bool open = Send(connection, script.bytes);
    while (open && !script.repeated.empty())
    {
        open = Wait(-1, script.pause, true) && Send(connection, script.repeated);
    }
    while (open && script.stays)
    {
        open = Wait(connection, kForever, true) &&
               ::recv(connection, buffer.data(), buffer.size(), 0) > 0;
    }
}

} // namespace lanpeer::reference
