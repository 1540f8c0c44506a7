#include "forger.h"

#include "namespaces.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>

#include <array>
#include <cstring>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <netpacket/packet.h>
#include <optional>
#include <string_view>
#include <sys/socket.h>

#include <linux/if_ether.h>

namespace lanpeer::reference
{

namespace
{

constexpr std::uint16_t kServicePort = 1967;

std::string
TextOf(in_addr_t address)
{
    std::array<char, INET_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET, &address, text.data(), text.size());
    return text.data();
}

template <typename Head>
Head
HeadAt(std::string_view bytes, std::size_t at)
{
    Head head = {};
    std::memcpy(&head, bytes.data() + at, sizeof(head));
    return head;
}

/// The datagram in a packet of IP, if it is one of the service.
std::optional<WireDatagram>
Read(std::string_view packet)
{
    if (packet.size() < sizeof(iphdr) + sizeof(udphdr))
    {
        return std::nullopt;
    }
    const auto ip = HeadAt<iphdr>(packet, 0);
    const std::size_t udpAt = std::size_t{ip.ihl} * 4;
    if (ip.protocol != IPPROTO_UDP || packet.size() < udpAt + sizeof(udphdr))
    {
        return std::nullopt;
    }
    const auto udp = HeadAt<udphdr>(packet, udpAt);
    const std::size_t length = ntohs(udp.len);
    if (ntohs(udp.dest) != kServicePort || length < sizeof(udp) || packet.size() < udpAt + length)
    {
        return std::nullopt;
    }
    return WireDatagram{
        TextOf(ip.saddr),
        TextOf(ip.daddr),
        ntohs(udp.source),
        ntohs(udp.dest),
        std::string(packet.substr(udpAt + sizeof(udp), length - sizeof(udp))),
    };
}

} // namespace

Forger::Forger(const Office& office, int node)
    : m_socket(office.OpenSocket(node, AF_INET, SOCK_RAW, IPPROTO_RAW))
{
    const int on = 1;
    EXPECT_EQ(::setsockopt(m_socket.Get(), SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)), 0);
}

void
Forger::Say(const WireDatagram& datagram) const
{
    const sockaddr_in from = SocketAddress(datagram.source, datagram.sourcePort);
    const sockaddr_in to = SocketAddress(datagram.destination, datagram.destinationPort);
    iphdr ip = {}; // length and checksum are the kernel's
    ip.version = 4;
    ip.ihl = sizeof(ip) / 4;
    ip.ttl = 64;
    ip.protocol = IPPROTO_UDP;
    ip.saddr = from.sin_addr.s_addr;
    ip.daddr = to.sin_addr.s_addr;
    udphdr udp = {}; // a checksum of 0 is none
    udp.source = from.sin_port;
    udp.dest = to.sin_port;
    udp.len = htons(static_cast<std::uint16_t>(sizeof(udp) + datagram.payload.size()));
    std::string packet(reinterpret_cast<const char*>(&ip), sizeof(ip));
    packet.append(reinterpret_cast<const char*>(&udp), sizeof(udp));
    packet += datagram.payload;
    EXPECT_EQ(::sendto(m_socket.Get(),
                       packet.data(),
                       packet.size(),
                       0,
                       reinterpret_cast<const sockaddr*>(&to),
                       sizeof(to)),
              static_cast<ssize_t>(packet.size()));
}

Recorder::Recorder(const Office& office, int node)
    : m_socket(office.OpenSocket(node, AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL)))
{
    // Nothing is lost while nobody takes.
    const int bytes = 16 * 1024 * 1024;
    EXPECT_EQ(::setsockopt(m_socket.Get(), SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)), 0);
}

std::vector<WireDatagram>
Recorder::Take() const
{
    std::vector<WireDatagram> datagrams;
    std::array<char, 2048> bytes{};
    ssize_t got = 0;
    while ((got = ::recv(m_socket.Get(), bytes.data(), bytes.size(), MSG_DONTWAIT)) > 0)
    {
        if (auto datagram = Read({bytes.data(), static_cast<std::size_t>(got)}))
        {
            datagrams.push_back(std::move(*datagram));
        }
    }
    return datagrams;
}

} // namespace lanpeer::reference
