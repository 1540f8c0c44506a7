#pragma once

#include "reference/service/peering-service.h"
#include "reference/updating/updater.h"

#include <memory>
#include <string>

namespace boost::asio
{
class io_context;
} // namespace boost::asio

namespace lanpeer::reference
{

/// The service's side of the control socket: what applications on this computer ask for and are
/// told (R-API-1, README.md). Belongs to the protocol thread.
///
/// Anybody on the computer may ask for resources; only root and the service's own user and group
/// may offer, withdraw and send packets.
class ControlServer
{
  public:
    ControlServer(boost::asio::io_context& io, PeeringService& service);
    ~ControlServer();

    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;

    /// What answers for updates from now on; an empty one: there are none.
    void SetUpdater(std::weak_ptr<Updater> updater);

    /// Listens there; a socket that nobody listens on any more is replaced. Throws
    /// std::system_error, naming the path.
    void Listen(const std::string& path);

    /// Serves one application that is connected already: the library without a daemon.
    void Adopt(FileDescriptor socket);

  private:
    class Inside;
    std::shared_ptr<Inside> m_inside;
};

} // namespace lanpeer::reference
