#include "reference/serving/tcp.h"

#include <cerrno>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <system_error>
#include <utility>

namespace lanpeer::reference::tcp
{

namespace
{

[[noreturn]] void
Fail(const boost::asio::ip::address_v4& address, std::uint16_t port)
{
    const int error = errno; // before the text is made, which may change it
    throw std::system_error(error,
                            std::generic_category(),
                            "cannot listen on " + address.to_string() + ":" + std::to_string(port));
}

bool
Set(int socket, int level, int option, int value)
{
    return ::setsockopt(socket, level, option, &value, sizeof value) == 0;
}

/// Nothing moved: why? By errno.
Transfer
Nothing()
{
    const bool blocked = errno == EAGAIN || errno == EWOULDBLOCK;
    return {blocked ? State::Blocked : State::Broken, 0};
}

/// Calls it again if a signal came between.
template <typename Call>
auto
Uninterrupted(Call call)
{
    auto result = call();
    while (result < 0 && errno == EINTR)
    {
        result = call();
    }
    return result;
}

Accept
WhyNotAccepted()
{
    switch (errno)
    {
    case EAGAIN:
        return Accept::NoneWaits;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        return Accept::Exhausted;
    case ECONNABORTED:
    case EPERM: // a firewall's rule
    case EPROTO:
    case ENETDOWN: // accept(2): errors of the network that belong to the new socket
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENONET:
    case ENOPROTOOPT:
    case EOPNOTSUPP:
        return Accept::Failed;
    default:
        return Accept::Exhausted; // unknown to us: what must not happen is that it spins
    }
}

} // namespace

FileDescriptor
Listen(const boost::asio::ip::address_v4& address, std::uint16_t port, int unsentBytes)
{
    FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    // Set here once: on Linux an accepted socket has them from the one that listens. SO_REUSEADDR
    // lets a daemon start again while old connections linger, not listen where another one does.
    if (!socket.IsOpen() || !Set(socket.Get(), SOL_SOCKET, SO_REUSEADDR, 1) ||
        !Set(socket.Get(), IPPROTO_TCP, TCP_NODELAY, 1) ||
        !Set(socket.Get(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, unsentBytes))
    {
        Fail(address, port);
    }
    sockaddr_in name = {};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    name.sin_addr.s_addr = htonl(address.to_uint());
    if (::bind(socket.Get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 ||
        ::listen(socket.Get(), SOMAXCONN) != 0)
    {
        Fail(address, port);
    }
    return socket;
}

std::uint16_t
PortOf(const FileDescriptor& listener)
{
    sockaddr_in name = {};
    socklen_t length = sizeof name;
    if (::getsockname(listener.Get(), reinterpret_cast<sockaddr*>(&name), &length) != 0)
    {
        throw std::system_error(errno, std::generic_category(), "getsockname");
    }
    return ntohs(name.sin_port);
}

Accepted
AcceptOne(int listener)
{
    sockaddr_in name = {};
    socklen_t length = sizeof name;
    FileDescriptor socket(Uninterrupted(
        [&]
        {
            return ::accept4(listener,
                             reinterpret_cast<sockaddr*>(&name),
                             &length,
                             SOCK_NONBLOCK | SOCK_CLOEXEC);
        }));
    if (!socket.IsOpen())
    {
        return {WhyNotAccepted(), {}, {}};
    }
    return {Accept::Accepted,
            std::move(socket),
            boost::asio::ip::address_v4(ntohl(name.sin_addr.s_addr))};
}

Transfer
Receive(int socket, char* bytes, std::size_t count)
{
    const ssize_t got = Uninterrupted([=] { return ::recv(socket, bytes, count, 0); });
    if (got < 0)
    {
        return Nothing();
    }
    return {got == 0 ? State::Ended : State::Moved, static_cast<std::size_t>(got)};
}

Transfer
Send(int socket, std::string_view bytes, bool more)
{
    const int flags = MSG_NOSIGNAL | (more ? MSG_MORE : 0);
    const ssize_t sent =
        Uninterrupted([=] { return ::send(socket, bytes.data(), bytes.size(), flags); });
    return sent < 0 ? Nothing() : Transfer{State::Moved, static_cast<std::size_t>(sent)};
}

Transfer
SendFile(int socket, const FileDescriptor& file, std::uint64_t offset, std::size_t count)
{
    auto place = static_cast<off_t>(offset);
    const ssize_t sent =
        Uninterrupted([&] { return ::sendfile(socket, file.Get(), &place, count); });
    if (sent < 0)
    {
        return Nothing();
    }
    return {sent == 0 ? State::Ended : State::Moved, static_cast<std::size_t>(sent)};
}

void
EndSending(int socket)
{
    ::shutdown(socket, SHUT_WR); // fails only when the connection is over anyway
}

std::uint64_t
UnacknowledgedBytes(int socket)
{
    int bytes = 0;
    return ::ioctl(socket, SIOCOUTQ, &bytes) == 0 ? static_cast<std::uint64_t>(bytes) : 0;
}

} // namespace lanpeer::reference::tcp
