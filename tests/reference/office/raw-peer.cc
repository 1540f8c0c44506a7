#include "raw-peer.h"

#include "namespaces.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

namespace lanpeer::reference
{

namespace
{

using Clock = std::chrono::steady_clock;

} // namespace

RawPeer::RawPeer(const Office& office, int node, std::uint16_t port)
    : m_socket(office.OpenUdp(node, port))
{
}

void
RawPeer::Say(const std::string& packet, const std::string& to)
{
    const sockaddr_in address = SocketAddress(to, 1967);
    EXPECT_EQ(::sendto(m_socket.Get(),
                       packet.data(),
                       packet.size(),
                       0,
                       reinterpret_cast<const sockaddr*>(&address),
                       sizeof(address)),
              static_cast<ssize_t>(packet.size()));
}

std::optional<RawPeer::Packet>
RawPeer::Hear(const std::string& from,
              const std::vector<std::string>& words,
              std::chrono::milliseconds within)
{
    const auto until = Clock::now() + within;
    for (;;)
    {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
        pollfd waiting = {m_socket.Get(), POLLIN, 0};
        if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0)
        {
            return std::nullopt;
        }
        std::array<char, 2048> bytes{};
        sockaddr_in source = {};
        socklen_t length = sizeof(source);
        const ssize_t got = ::recvfrom(m_socket.Get(),
                                       bytes.data(),
                                       bytes.size(),
                                       0,
                                       reinterpret_cast<sockaddr*>(&source),
                                       &length);
        std::array<char, INET_ADDRSTRLEN> text{};
        ::inet_ntop(AF_INET, &source.sin_addr, text.data(), text.size());
        Packet packet{
            std::string(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))),
            text.data()};
        if ((from.empty() || packet.from == from) &&
            std::all_of(words.begin(),
                        words.end(),
                        [&](const std::string& word)
                        { return packet.text.find(word) != std::string::npos; }))
        {
            return packet;
        }
    }
}

std::string
RawPeer::ValueOf(const std::string& packet, const std::string& attribute)
{
    const std::string start = " " + attribute + "=\"";
    const std::size_t at = packet.find(start);
    if (at == std::string::npos)
    {
        return "";
    }
    const std::size_t value = at + start.size();
    return packet.substr(value, packet.find('"', value) - value);
}

std::string
Exchange(const FileDescriptor& connection, const std::string& request)
{
    std::string answer;
    if (::send(connection.Get(), request.data(), request.size(), MSG_NOSIGNAL) < 0)
    {
        return answer;
    }
    ::shutdown(connection.Get(), SHUT_WR);
    const auto until = Clock::now() + kLongWhile;
    std::array<char, 4096> bytes{};
    pollfd waiting = {connection.Get(), POLLIN, 0};
    while (Clock::now() < until && ::poll(&waiting, 1, 1000) >= 0)
    {
        const ssize_t got = ::recv(connection.Get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (got > 0)
        {
            answer.append(bytes.data(), static_cast<std::size_t>(got));
        }
        else if (got == 0 || errno != EAGAIN)
        {
            break;
        }
    }
    return answer;
}

} // namespace lanpeer::reference
