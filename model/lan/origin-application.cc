#include "model/lan/origin-application.h"

namespace lanpeer::lan
{

NS_OBJECT_ENSURE_REGISTERED(OriginApplication);

ns3::TypeId
OriginApplication::GetTypeId()
{
    static ns3::TypeId tid = ns3::TypeId("lanpeer::OriginApplication")
                                 .SetParent<ns3::Application>()
                                 .SetGroupName("LanPeer")
                                 .AddConstructor<OriginApplication>();
    return tid;
}

void
OriginApplication::Publish(const std::string& target,
                           std::uint64_t bytes,
                           const std::string& descriptor)
{
    m_resources[target.substr(1)] = {bytes, descriptor};
}

void
OriginApplication::StartApplication()
{
    constexpr std::uint16_t kPort = 80;
    HttpServer::Limits limits = HttpServer::Limits::AsManyAsCome();
    limits.headerMs = 3600 * 1000; // a header may crawl through a congested modem
    limits.aliasesOnly = false;
    m_server = std::make_unique<HttpServer>(GetNode(), kPort, limits);
    m_server->Start(
        [this](std::uint64_t request, ns3::Ipv4Address /*peer*/, const http::Request& asked)
        { Asked(request, asked); },
        nullptr);
}

void
OriginApplication::Asked(std::uint64_t request, const http::Request& asked)
{
    const auto found = m_resources.find(asked.alias);
    m_server->Answer(request,
                     found == m_resources.end()
                         ? http::AnswerError(http::ErrorStatus::NotFound, {}, asked.keepAlive)
                         : http::Answer(asked, found->second));
}

void
OriginApplication::StopApplication()
{
    m_server.reset();
}

void
OriginApplication::DoDispose()
{
    m_server.reset();
    ns3::Application::DoDispose();
}

} // namespace lanpeer::lan
