#include "reference/lanpeerd/service-manager.h"

#include "reference/files/file-descriptor.h"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>

namespace lanpeer::reference
{

void
TellServiceManager(const std::string& state)
{
    const char* named = std::getenv("NOTIFY_SOCKET");
    const std::string_view place = named == nullptr ? "" : named;
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (place.empty() || place.size() >= sizeof(address.sun_path))
    {
        return;
    }
    std::memcpy(address.sun_path, place.data(), place.size());
    if (place[0] == '@')
    {
        address.sun_path[0] = '\0'; // a name that is no file
    }
    const FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (socket.IsOpen())
    {
        ::sendto(socket.Get(),
                 state.data(),
                 state.size(),
                 MSG_NOSIGNAL,
                 reinterpret_cast<const sockaddr*>(&address),
                 static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + place.size()));
    }
}

} // namespace lanpeer::reference
