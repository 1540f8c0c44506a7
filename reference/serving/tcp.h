#pragma once

#include "reference/files/file-descriptor.h"

#include <boost/asio/ip/address_v4.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

/// The few calls of the system that serving consists of, on sockets that never block. Nothing of it
/// raises SIGPIPE but SendFile().
namespace lanpeer::reference::tcp
{

/// What a call on a connection came to.
enum class State
{
    Moved,   ///< some bytes went, maybe not all
    Blocked, ///< none can go now
    Ended,   ///< nothing more will come: the peer's end of sending, or the file's end
    Broken   ///< reset, or anything else that ends the connection
};

struct Transfer
{
    State state = State::Broken;
    std::size_t bytes = 0; ///< only with State::Moved
};

/// What accepting came to.
enum class Accept
{
    Accepted,
    NoneWaits,
    Failed,    ///< that one connection is lost; there may be others
    Exhausted, ///< of descriptors or memory: to be tried again, but not at once
};

struct Accepted
{
    Accept outcome = Accept::NoneWaits;
    FileDescriptor socket; ///< open only with Accept::Accepted
    boost::asio::ip::address_v4 peer;
};

/// A listening socket. What it accepts sends at once (TCP_NODELAY) and takes no more than about
/// unsentBytes that it cannot yet send (TCP_NOTSENT_LOWAT).
///
/// Throws std::system_error that says where it could not listen.
///
/// \param port 0: any that is free
FileDescriptor Listen(const boost::asio::ip::address_v4& address,
                      std::uint16_t port,
                      int unsentBytes);

/// The port of a listening socket.
std::uint16_t PortOf(const FileDescriptor& listener);

Accepted AcceptOne(int listener);

Transfer Receive(int socket, char* bytes, std::size_t count);

/// \param more whether more follows at once: then TCP waits for it and fills its segment
Transfer Send(int socket, std::string_view bytes, bool more);

/// From a file's place, without a copy of it in this process. Raises SIGPIPE if the peer has left,
/// which therefore must be ignored or blocked.
Transfer SendFile(int socket, const FileDescriptor& file, std::uint64_t offset, std::size_t count);

/// The peer learns that no more comes; it may go on sending.
void EndSending(int socket);

/// Bytes that TCP has taken and the peer has not acknowledged.
std::uint64_t UnacknowledgedBytes(int socket);

} // namespace lanpeer::reference::tcp
