#include "reference/library/embedded-service.h"

#include "reference/configuration/daemon-settings.h"
#include "reference/control/control-server.h"
#include "reference/service/peering-service.h"
#include "reference/updating/updates.h"

#include <boost/asio/io_context.hpp>

#include <csignal>
#include <fcntl.h>
#include <thread>
#include <utility>

namespace lanpeer::reference
{

namespace
{

DaemonSettings
ReadSettings(const std::string& configFile)
{
    SettingsReader reader;
    reader.ReadFile(configFile);
    DaemonSettings settings = reader.Finish();
    if (settings.service.stateFolder.empty())
    {
        throw SettingsError(configFile + ": state_dir: missing; expected a folder");
    }
    PlaceUpdates(settings);
    return settings;
}

} // namespace

class EmbeddedService::Inside
{
  public:
    Inside(const DaemonSettings& settings, FileDescriptor socket)
        : m_service(m_io, settings.service)
        , m_control(m_io, m_service)
        , m_updates(m_io, m_service, settings.updates)
    {
        m_control.SetUpdater(m_updates.GetUpdater());
        m_updates.Start();
        ::fcntl(socket.Get(), F_SETFL, O_NONBLOCK);
        m_control.Adopt(std::move(socket));
        // Signals are the application's.
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        m_thread = std::thread([this] { m_io.run(); });
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }

    ~Inside()
    {
        m_io.stop();
        m_thread.join();
    }

    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

  private:
    boost::asio::io_context m_io{1};
    PeeringService m_service;
    ControlServer m_control;
    Updates m_updates;
    std::thread m_thread;
};

EmbeddedService::EmbeddedService(const std::string& configFile, FileDescriptor socket)
    : m_inside(std::make_unique<Inside>(ReadSettings(configFile), std::move(socket)))
{
}

EmbeddedService::~EmbeddedService() = default;

} // namespace lanpeer::reference
