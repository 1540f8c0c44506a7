#pragma once

#include "model/protocol/update/update-parameters.h"

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace lanpeer::reference
{

/// What keeps updates from working at all, in one line: no root, a folder that is not ours.
class UpdaterError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// What the owner of a computer says of its updates.
struct UpdateSettings
{
    UpdateConfig config = UpdateConfig::Defaults(); ///< no catalog's URL: there are no updates
    std::string rootFile;       ///< PEM: the root certificates, whom alone packages are believed by
    std::string installFolder;  ///< where sets go
    std::string memoryFile;     ///< what outlives a restart
    bool allowWeakKeys = false; ///< RSA from 1,024 bits on, as in 2001 [0064]
    std::vector<std::string> afterInstall; ///< a command and its arguments, run after each set
    std::uint64_t afterInstallS = 300;     ///< for how long it may run
    std::function<std::uint64_t()> now;    ///< seconds since 1970; the system's clock if empty
};

/// Seconds since 1970, as the settings' clock says.
std::uint64_t NowS(const UpdateSettings& settings);

/// What the core is told of the settings: where no other floor is given, no clock is before this
/// program was written (L23).
UpdateConfig ConfigOf(const UpdateSettings& settings);

/// Beside the memory: for which releases the administrator's command is due.
std::string DueFileOf(const UpdateSettings& settings);

/// The root certificates, PEM. Throws UpdaterError: there are none.
std::string ReadRoots(const UpdateSettings& settings);

} // namespace lanpeer::reference
