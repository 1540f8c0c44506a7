#include "reference/control/message.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <utility>
#include <vector>

namespace lanpeer::reference
{

namespace
{

/// Ancillary data with one file, in a buffer of its alignment.
union FileBuffer
{
    cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int))]; // NOLINT: as cmsg(3) has it
};

/// Takes over every file that came along. The buffer's padding has room for one more than it is
/// made for, and a part may hold several: one that nobody took over would stay open for ever.
std::vector<FileDescriptor>
TakeFiles(msghdr& message)
{
    std::vector<FileDescriptor> files;
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
         part = CMSG_NXTHDR(&message, part))
    {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
        {
            continue;
        }
        const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i)
        {
            int descriptor = -1;
            std::memcpy(&descriptor, CMSG_DATA(part) + i * sizeof(int), sizeof(descriptor));
            files.emplace_back(descriptor);
        }
    }
    return files;
}

} // namespace

Sent
SendMessage(int socket, std::string_view text, int file)
{
    iovec piece = {const_cast<char*>(text.data()), text.size()};
    FileBuffer buffer = {};
    msghdr message = {};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    if (file >= 0)
    {
        message.msg_control = &buffer;
        message.msg_controllen = sizeof(buffer.bytes);
        cmsghdr* part = CMSG_FIRSTHDR(&message);
        part->cmsg_level = SOL_SOCKET;
        part->cmsg_type = SCM_RIGHTS;
        part->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(part), &file, sizeof(file));
    }
    while (::sendmsg(socket, &message, MSG_NOSIGNAL) < 0)
    {
        switch (errno)
        {
        case EINTR:
            continue;
        case EAGAIN:
        case ENOBUFS:
            return Sent::Full;
        default:
            // It has closed; or it lets so many files lie unread that the system sends it no more
            // (ETOOMANYREFS), or the like: nothing that is told to it arrives any more.
            return Sent::Gone;
        }
    }
    return Sent::Whole;
}

Incoming
ReceiveMessage(int socket)
{
    std::string text(kMessageBytesMax + 1, '\0');
    iovec piece = {text.data(), text.size()};
    FileBuffer buffer = {};
    msghdr message = {};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = &buffer;
    message.msg_controllen = sizeof(buffer.bytes);
    ssize_t got = -1;
    do
    {
        got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    Incoming incoming;
    if (got < 0)
    {
        incoming.gone = errno != EAGAIN;
        return incoming;
    }
    std::vector<FileDescriptor> files = TakeFiles(message);
    if (got == 0 || files.size() > 1 || static_cast<std::size_t>(got) > kMessageBytesMax ||
        (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
    {
        incoming.gone = true;
        return incoming;
    }
    text.resize(static_cast<std::size_t>(got));
    incoming.message =
        Message{std::move(text), files.empty() ? FileDescriptor() : std::move(files.front())};
    return incoming;
}

std::string
DefaultSocketPath()
{
    const char* named = std::getenv("LANPEER_SOCKET");
    return named != nullptr && *named != '\0' ? named : "/run/lanpeer/control.sock";
}

} // namespace lanpeer::reference
