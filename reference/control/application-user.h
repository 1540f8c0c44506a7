#pragma once

#include <sys/types.h>

namespace lanpeer::reference
{

/// Who has connected.
struct ApplicationUser
{
    uid_t uid = static_cast<uid_t>(-1); ///< nobody's, if the system does not say
    bool owner = false;                 ///< root, the service's user, or somebody of its group
};

/// \param socket a connected one of the Unix domain
ApplicationUser UserOf(int socket);

} // namespace lanpeer::reference
