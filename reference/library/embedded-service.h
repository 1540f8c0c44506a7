#pragma once

#include "reference/files/file-descriptor.h"

#include <memory>
#include <string>

namespace lanpeer::reference
{

/// A peering service within an application's own process, in a thread of its own: the tightly
/// coupled form of R-API-1, without the daemon.
class EmbeddedService
{
  public:
    /// Throws what keeps it from starting: SettingsError, StoreError, std::system_error.
    /// \param socket the service's end of a pair whose other end the application has
    EmbeddedService(const std::string& configFile, FileDescriptor socket);

    /// Ends it and waits for that.
    ~EmbeddedService();

    EmbeddedService(const EmbeddedService&) = delete;
    EmbeddedService& operator=(const EmbeddedService&) = delete;

  private:
    class Inside;
    std::unique_ptr<Inside> m_inside;
};

} // namespace lanpeer::reference
