#pragma once

#include "model/lan/http-server.h"

#include <cstdint>
#include <map>
#include <memory>
#include <ns3/application.h>
#include <string>

namespace lanpeer::lan
{

/// The origin: a web server across the uplink that has every resource.
class OriginApplication : public ns3::Application
{
  public:
    static ns3::TypeId GetTypeId();

    /// Serves \p target ("/NAME"); the descriptor is sent as the entity tag.
    void Publish(const std::string& target, std::uint64_t bytes, const std::string& descriptor);

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;
    void Asked(std::uint64_t request, const http::Request& asked);

    std::map<std::string, http::ServedCopy> m_resources; ///< by target without its slash
    std::unique_ptr<HttpServer> m_server;
};

} // namespace lanpeer::lan
