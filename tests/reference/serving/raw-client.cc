#include "raw-client.h"

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>

namespace lanpeer::reference
{

namespace
{

constexpr int kLongWhileS = 60;

sockaddr_in
NameOf(const std::string& address, std::uint16_t port)
{
    sockaddr_in name = {};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    ::inet_pton(AF_INET, address.c_str(), &name.sin_addr);
    return name;
}

} // namespace

std::string
Received::Field(const std::string& name) const
{
    const std::string start = "\r\n" + name + ": ";
    const std::size_t found = head.find(start);
    if (found == std::string::npos)
    {
        return "";
    }
    const std::size_t begin = found + start.size();
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

RawClient::RawClient(std::uint16_t port, const std::string& from)
    : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    const timeval longWhile{kLongWhileS, 0};
    SetSendDeadline(kLongWhileS);
    const int yes = 1;
    ::setsockopt(m_socket.Get(), SOL_SOCKET, SO_RCVTIMEO, &longWhile, sizeof longWhile);
    ::setsockopt(m_socket.Get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const sockaddr_in own = NameOf(from, 0);
    const sockaddr_in server = NameOf("127.0.0.1", port);
    if (::bind(m_socket.Get(), reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 ||
        ::connect(m_socket.Get(), reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0)
    {
        throw std::runtime_error("cannot connect");
    }
}

bool
RawClient::Send(std::string_view bytes)
{
    while (!bytes.empty())
    {
        const ssize_t sent = ::send(m_socket.Get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
        {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::string
RawClient::ReceiveSome(std::size_t most)
{
    std::string bytes(most, '\0');
    const ssize_t got = ::recv(m_socket.Get(), bytes.data(), most, 0);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

std::string
RawClient::ReceiveAll()
{
    std::string all;
    for (std::string some = ReceiveSome(65'536); !some.empty(); some = ReceiveSome(65'536))
    {
        all += some;
    }
    return all;
}

Received
RawClient::Receive(bool hasBody)
{
    std::size_t headEnd = m_unread.find("\r\n\r\n");
    while (headEnd == std::string::npos)
    {
        const std::string some = ReceiveSome(65'536);
        if (some.empty())
        {
            return {};
        }
        m_unread += some;
        headEnd = m_unread.find("\r\n\r\n");
    }
    Received received;
    received.head = m_unread.substr(0, headEnd + 4);
    m_unread.erase(0, headEnd + 4);
    const std::string length = received.Field("Content-Length");
    const std::size_t bodyBytes = hasBody ? std::stoul("0" + length) : 0;
    while (m_unread.size() < bodyBytes)
    {
        const std::string some = ReceiveSome(65'536);
        if (some.empty())
        {
            return {};
        }
        m_unread += some;
    }
    received.body = m_unread.substr(0, bodyBytes);
    m_unread.erase(0, bodyBytes);
    received.status = static_cast<unsigned>(std::stoul(received.head.substr(9, 3)));
    return received;
}

bool
RawClient::IsClosed()
{
    char bytes[4096];
    ssize_t got = 1;
    while (got > 0)
    {
        got = ::recv(m_socket.Get(), bytes, sizeof bytes, 0);
    }
    return got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

void
RawClient::EndSending()
{
    ::shutdown(m_socket.Get(), SHUT_WR);
}

void
RawClient::Reset()
{
    const linger none{1, 0};
    ::setsockopt(m_socket.Get(), SOL_SOCKET, SO_LINGER, &none, sizeof none);
    m_socket.Close();
}

void
RawClient::SetReceiveBuffer(int bytes)
{
    ::setsockopt(m_socket.Get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

void
RawClient::SetSendDeadline(int seconds)
{
    const timeval deadline{seconds, 0};
    ::setsockopt(m_socket.Get(), SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof deadline);
}

std::string
RequestText(const std::string& target, const std::string& fields, const std::string& method)
{
    return method + " " + target + " HTTP/1.1\r\nHost: node\r\n" + fields + "\r\n";
}

} // namespace lanpeer::reference
