#pragma once

#include "reference/files/file-descriptor.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lanpeer::reference
{

/// What applications and the service say to each other: a JSON object of one call or event, with an
/// open file where one goes along (reference/control/README.md lists them). One packet of a
/// Unix-domain socket of type SOCK_SEQPACKET each, so that neither side has to look for ends.
struct Message
{
    std::string text;
    FileDescriptor file;
};

/// The longest text. A URL may have its escaped characters doubled twice.
constexpr std::size_t kMessageBytesMax = 64 * 1024;

enum class Sent
{
    Whole,
    Full, ///< the other side does not read; try again when the socket can be written
    Gone, ///< the other side has closed, or can be told nothing any more
};

/// Throws nothing.
/// \param file -1: none; stays the caller's
Sent SendMessage(int socket, std::string_view text, int file);

/// What there was to receive. No file that came along stays open but the message's.
struct Incoming
{
    std::optional<Message> message; ///< none: nothing there at the moment
    bool gone = false;              ///< the other side has closed, or said what is no message
};

Incoming ReceiveMessage(int socket);

/// Where the service listens unless it is told otherwise: $LANPEER_SOCKET, or
/// /run/lanpeer/control.sock.
std::string DefaultSocketPath();

} // namespace lanpeer::reference
