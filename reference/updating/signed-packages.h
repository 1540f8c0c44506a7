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
class Updater;

/// Signed packages for any application that asks for one (R-HTTP-2): says for the service whether a
/// body is one, by the root certificates of the updates and the root's newest list of revocations.
///
/// In the protocol thread; bodies are looked at in threads of its own, not in those of the updates,
/// which wait for no application.
class SignedPackages
{
  public:
    /// \param updater who knows the newest list; none: there are no updates, and the list is the
    ///                one remembered of when there were
    ///
    /// Looks at nothing yet. Throws UpdaterError, std::system_error.
    SignedPackages(boost::asio::io_context& io,
                   PeeringService& service,
                   const UpdateSettings& settings,
                   std::shared_ptr<const Updater> updater);

    /// Waits for the bodies that are looked at.
    ~SignedPackages();

    /// From now on the service asks this one.
    /// \param before who was asked until now: what it has not answered is looked at here
    void Start(SignedPackages* before = nullptr);

    SignedPackages(const SignedPackages&) = delete;
    SignedPackages& operator=(const SignedPackages&) = delete;

  private:
    class Inside;
    PeeringService& m_service;
    bool m_started = false;
    std::shared_ptr<Inside> m_inside;
};

} // namespace lanpeer::reference
