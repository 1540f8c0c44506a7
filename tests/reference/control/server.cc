#include "server.h"

#include "reference/configuration/daemon-settings.h"
#include "reference/control/message.h"

#include <chrono>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>

namespace lanpeer::reference
{

namespace
{

/// That what is waited for does not come at all, on however slow a computer.
constexpr std::chrono::seconds kLong{60};

ServiceSettings
SettingsOf(const Scene& scene)
{
    SettingsReader reader;
    reader.ReadFile(scene.Config());
    return reader.Finish().service;
}

} // namespace

Server::Server(const std::function<void(const std::string& stateFolder)>& before)
{
    if (before)
    {
        before(m_scene.In("state"));
    }
    m_service = std::make_unique<PeeringService>(m_io, SettingsOf(m_scene));
    m_server = std::make_unique<ControlServer>(m_io, *m_service);
    m_server->Listen(m_scene.In("socket"));
}

FileDescriptor
Server::Connect() const
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    const std::string path = m_scene.In("socket");
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    FileDescriptor made(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (::connect(made.Get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    {
        made.Close();
    }
    return made;
}

void
Server::RunUntil(const std::function<bool()>& done)
{
    const auto end = std::chrono::steady_clock::now() + kLong;
    while (!done())
    {
        ASSERT_LT(std::chrono::steady_clock::now(), end) << "it does not come";
        m_io.run_one_for(std::chrono::milliseconds(10));
    }
}

bool
Server::Say(const FileDescriptor& application, const nlohmann::json& call)
{
    return SendMessage(application.Get(), call.dump(), -1) == Sent::Whole;
}

nlohmann::json
Server::Hear(const FileDescriptor& application)
{
    Incoming incoming;
    RunUntil(
        [&]
        {
            incoming = ReceiveMessage(application.Get());
            return incoming.gone || incoming.message.has_value();
        });
    return incoming.message ? nlohmann::json::parse(incoming.message->text) : nlohmann::json();
}

nlohmann::json
Server::HearEnd(const FileDescriptor& application)
{
    nlohmann::json heard;
    do
    {
        heard = Hear(application);
    } while (!heard.is_null() && heard.at("event") != "done" && heard.at("event") != "error");
    return heard;
}

} // namespace lanpeer::reference
