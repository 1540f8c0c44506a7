#pragma once

#include "reference/service/interfaces.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace boost::asio
{
class io_context;
} // namespace boost::asio

namespace lanpeer::reference
{

/// The UDP socket of the service port: service packets in and out on every chosen interface.
///
/// One socket, bound to all addresses, because one that is bound to its own address hears no
/// broadcast; the kernel says of each datagram by which interface it came, and is told of each by
/// which it leaves.
class ServiceSocket
{
  public:
    /// A datagram, as it came, from a source that is not this machine.
    struct Datagram
    {
        std::string_view bytes; ///< valid during the call; longer ones are cut behind kBytesMax
        boost::asio::ip::address_v4 source;
        std::uint16_t port = 0;
        bool onLink = false; ///< the source is a neighbour on the interface by which it came
    };

    /// One byte more than a packet may have: what is longer is told from what is just as long.
    static constexpr std::size_t kBytesMax = 1401;

    using Heard = std::function<void(const Datagram&)>;

    /// Binds the port. Throws std::system_error.
    ServiceSocket(boost::asio::io_context& io, std::uint16_t port, Heard heard);
    ~ServiceSocket();

    ServiceSocket(const ServiceSocket&) = delete;
    ServiceSocket& operator=(const ServiceSocket&) = delete;

    /// Which interfaces to hear and speak on from now on.
    void SetInterfaces(std::vector<Interface> interfaces);

    const std::vector<Interface>& Interfaces() const;

    /// How many of our own datagrams came back: broadcasts, on interfaces where they go out.
    std::uint64_t OwnHeard() const;

    /// To the broadcast address of an interface. \returns whether the kernel took it
    bool Broadcast(const Interface& to, std::string_view bytes);

    /// To one neighbour, by the interface that it is on. \returns whether the kernel took it
    bool SendTo(boost::asio::ip::address_v4 to, std::uint16_t port, std::string_view bytes);

  private:
    class Impl;
    std::shared_ptr<Impl> m_impl;
};

} // namespace lanpeer::reference
