#include "reference/service/service-socket.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>
#include <system_error>
#include <utility>

namespace lanpeer::reference
{

namespace
{

using boost::asio::ip::address_v4;
using boost::asio::ip::udp;

/// Datagrams taken in one turn: a flood must not keep timers and uploads waiting (L4).
constexpr int kPerTurn = 64;

/// As many packets of 200 bytes as the budgets let through in a burst.
constexpr int kReceiveBufferBytes = 4 * 1024 * 1024;

sockaddr_in
SocketAddress(address_v4 address, std::uint16_t port)
{
    sockaddr_in made = {};
    made.sin_family = AF_INET;
    made.sin_port = htons(port);
    made.sin_addr.s_addr = htonl(address.to_uint());
    return made;
}

/// Ancillary data with the interface of a datagram, in a buffer of its alignment.
union PacketInfoBuffer
{
    cmsghdr align;
    std::array<char, CMSG_SPACE(sizeof(in_pktinfo))> bytes;
};

unsigned
InterfaceOf(msghdr& message)
{
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
         part = CMSG_NXTHDR(&message, part))
    {
        if (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_PKTINFO)
        {
            in_pktinfo info = {};
            std::memcpy(&info, CMSG_DATA(part), sizeof(info));
            return static_cast<unsigned>(info.ipi_ifindex);
        }
    }
    return 0;
}

} // namespace

class ServiceSocket::Impl : public std::enable_shared_from_this<Impl>
{
  public:
    Impl(boost::asio::io_context& io, std::uint16_t port, Heard heard)
        : m_socket(io)
        , m_heard(std::move(heard))
    {
        m_socket.open(udp::v4());
        m_socket.set_option(udp::socket::reuse_address(true));
        m_socket.set_option(boost::asio::socket_base::broadcast(true));
        boost::system::error_code error;
        m_socket.set_option(boost::asio::socket_base::receive_buffer_size(kReceiveBufferBytes),
                            error); // as far as the system allows
        const int on = 1;
        if (::setsockopt(m_socket.native_handle(), IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) != 0)
        {
            throw std::system_error(errno, std::generic_category(), "IP_PKTINFO");
        }
        m_socket.bind(udp::endpoint(udp::v4(), port), error);
        if (error)
        {
            throw std::system_error(
                error.value(), std::generic_category(), fmt::format("service port {} (UDP)", port));
        }
        m_socket.native_non_blocking(true);
    }

    void Wait()
    {
        m_socket.async_wait(udp::socket::wait_read,
                            [self = shared_from_this()](boost::system::error_code error)
                            {
                                if (!error && self->m_heard)
                                {
                                    self->ReadSome();
                                    if (self->m_heard)
                                    {
                                        self->Wait();
                                    }
                                }
                            });
    }

    void Stop()
    {
        m_heard = nullptr;
        m_socket.close();
    }

    bool Send(const Interface& by, address_v4 to, std::uint16_t port, std::string_view bytes)
    {
        sockaddr_in address = SocketAddress(to, port);
        iovec piece = {const_cast<char*>(bytes.data()), bytes.size()};
        PacketInfoBuffer buffer = {};
        msghdr message = {};
        message.msg_name = &address;
        message.msg_namelen = sizeof(address);
        message.msg_iov = &piece;
        message.msg_iovlen = 1;
        message.msg_control = buffer.bytes.data();
        message.msg_controllen = buffer.bytes.size();
        cmsghdr* part = CMSG_FIRSTHDR(&message);
        part->cmsg_level = IPPROTO_IP;
        part->cmsg_type = IP_PKTINFO;
        part->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
        in_pktinfo info = {};
        info.ipi_ifindex = static_cast<int>(by.index);
        info.ipi_spec_dst.s_addr = htonl(by.address.to_uint());
        std::memcpy(CMSG_DATA(part), &info, sizeof(info));
        ssize_t sent = -1;
        do
        {
            sent = ::sendmsg(m_socket.native_handle(), &message, MSG_NOSIGNAL);
        } while (sent < 0 && errno == EINTR);
        return sent == static_cast<ssize_t>(bytes.size());
    }

    std::vector<Interface> interfaces;
    std::uint64_t ownHeard = 0;
    std::uint16_t servicePort = 0;

  private:
    void ReadSome()
    {
        const auto alive = shared_from_this(); // who hears may stop us
        for (int i = 0; i < kPerTurn && m_heard; ++i)
        {
            std::array<char, kBytesMax> bytes; // NOLINT: filled by the kernel
            sockaddr_in source = {};
            iovec piece = {bytes.data(), bytes.size()};
            PacketInfoBuffer buffer = {};
            msghdr message = {};
            message.msg_name = &source;
            message.msg_namelen = sizeof(source);
            message.msg_iov = &piece;
            message.msg_iovlen = 1;
            message.msg_control = buffer.bytes.data();
            message.msg_controllen = buffer.bytes.size();
            const ssize_t got = ::recvmsg(m_socket.native_handle(), &message, 0);
            if (got < 0)
            {
                if (errno == EINTR)
                {
                    continue;
                }
                return; // nothing there; an error of an earlier datagram tells nothing about us
            }
            Datagram datagram;
            datagram.bytes = {bytes.data(), static_cast<std::size_t>(got)};
            datagram.source = address_v4(ntohl(source.sin_addr.s_addr));
            datagram.port = ntohs(source.sin_port);
            Take(datagram, InterfaceOf(message));
        }
    }

    void Take(Datagram& datagram, unsigned index)
    {
        bool chosen = false;
        for (const Interface& its : interfaces)
        {
            if (its.address == datagram.source)
            {
                ++ownHeard; // R-SRV-6
                return;
            }
            if (its.index == index)
            {
                chosen = true;
                datagram.onLink = datagram.onLink || its.Holds(datagram.source);
            }
        }
        if (chosen)
        {
            m_heard(datagram);
        }
    }

    udp::socket m_socket;
    Heard m_heard;
};

ServiceSocket::ServiceSocket(boost::asio::io_context& io, std::uint16_t port, Heard heard)
    : m_impl(std::make_shared<Impl>(io, port, std::move(heard)))
{
    m_impl->servicePort = port;
    m_impl->Wait();
}

ServiceSocket::~ServiceSocket()
{
    m_impl->Stop();
}

void
ServiceSocket::SetInterfaces(std::vector<Interface> interfaces)
{
    m_impl->interfaces = std::move(interfaces);
}

const std::vector<Interface>&
ServiceSocket::Interfaces() const
{
    return m_impl->interfaces;
}

std::uint64_t
ServiceSocket::OwnHeard() const
{
    return m_impl->ownHeard;
}

bool
ServiceSocket::Broadcast(const Interface& to, std::string_view bytes)
{
    return m_impl->Send(to, to.broadcast, m_impl->servicePort, bytes);
}

bool
ServiceSocket::SendTo(address_v4 to, std::uint16_t port, std::string_view bytes)
{
    const Interface* link = FindLink(m_impl->interfaces, to);
    return link != nullptr && m_impl->Send(*link, to, port, bytes);
}

} // namespace lanpeer::reference
