#pragma once

#include "reference/updating/update-settings.h"

#include <memory>

namespace boost::asio
{
class io_context;
} // namespace boost::asio

namespace lanpeer::reference
{

class PeeringService;
class SignedPackages;
class Updater;

/// All that a service has of updates: the updater, where a catalog is named, and who looks at
/// signed packages, where a root is. In the protocol thread, as both are.
class Updates
{
  public:
    /// Reads what it needs, and may take the place of one that runs until then. Throws
    /// UpdaterError, FileError, std::system_error.
    Updates(boost::asio::io_context& io, PeeringService& service, const UpdateSettings& settings);
    ~Updates();

    Updates(const Updates&) = delete;
    Updates& operator=(const Updates&) = delete;

    /// \param before who runs until now, and ends by this; none: the service starts
    void Start(std::unique_ptr<Updates> before = nullptr);

    /// None: no catalog is named.
    std::weak_ptr<Updater> GetUpdater() const
    {
        return m_updater;
    }

  private:
    std::shared_ptr<Updater> m_updater;
    std::unique_ptr<SignedPackages> m_signed; ///< without a root there is nobody to believe
};

} // namespace lanpeer::reference
