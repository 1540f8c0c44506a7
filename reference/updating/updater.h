#pragma once

#include "model/protocol/update/update-memory.h"
#include "reference/updating/look.h"
#include "reference/updating/update-settings.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace boost::asio
{
class io_context;
} // namespace boost::asio

namespace lanpeer::reference
{

class PeeringService;

/// One thing that was refused or went wrong, as `lanpeer update` tells it.
struct UpdateRemark
{
    std::uint64_t atS = 0; ///< seconds since 1970
    std::string text;      ///< one line of printable characters, the attack named
};

/// What there is to say of a computer's updates.
struct UpdaterStatus
{
    UpdateStatus updates;
    std::optional<std::uint64_t> nextCheckS; ///< seconds since 1970; none: one runs
    std::vector<UpdateRemark> remarks;       ///< the latest
};

/// How a check ended, as who asked for it is told.
struct CheckEnding
{
    std::optional<CheckReport> report; ///< none: it has not ended, and nobody waits for it
    std::string why;                   ///< then, in one line
};

/// The update service on real parts (FIG. 8): an UpdateService whose requests go through the
/// peering service, whose packages are cabinets with an Authenticode signature, and whose sets go
/// into the install folder. No decision of its own.
///
/// Belongs to the protocol thread, as PeeringService does, whose application it is. Signatures are
/// checked and sets installed in threads of its own.
class Updater
{
  public:
    /// Reads the roots, what is remembered and what is installed, and changes nothing: another may
    /// run until Start(). Throws UpdaterError, FileError, std::system_error.
    Updater(boost::asio::io_context& io, PeeringService& service, UpdateSettings settings);

    /// Waits for a set that is being put in its place. The administrator's command ends, unless
    /// another took it over.
    ~Updater();

    Updater(const Updater&) = delete;
    Updater& operator=(const Updater&) = delete;

    /// The schedule begins [0056]. Whatever goes wrong is in the remarks.
    ///
    /// \param before who ran until now, and ends by this: its check begins anew here, and its
    ///               command goes on; none: the service starts
    void Start(Updater* before = nullptr);

    /// Ends; who waits for a check is told why.
    void Stop(const std::string& why);

    /// A check on demand, or the one that runs already.
    ///
    /// \param install false: only look
    /// \param ended told how it went, once
    void Check(bool install, std::function<void(const CheckEnding&)> ended);

    UpdaterStatus Status() const;

    Believed BelievedNow() const;

  private:
    class Inside;
    std::shared_ptr<Inside> m_inside;
};

} // namespace lanpeer::reference
