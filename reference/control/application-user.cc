#include "reference/control/application-user.h"

#include <algorithm>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace lanpeer::reference
{

namespace
{

bool
IsOfOurGroup(int socket, gid_t first)
{
    if (first == ::getegid())
    {
        return true;
    }
    std::vector<gid_t> groups(1024);
    auto length = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &length) != 0)
    {
        return false;
    }
    groups.resize(length / sizeof(gid_t));
    return std::find(groups.begin(), groups.end(), ::getegid()) != groups.end();
}

} // namespace

ApplicationUser
UserOf(int socket)
{
    ucred who = {};
    socklen_t length = sizeof(who);
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &length) != 0)
    {
        return {};
    }
    return {who.uid, who.uid == 0 || who.uid == ::geteuid() || IsOfOurGroup(socket, who.gid)};
}

} // namespace lanpeer::reference
