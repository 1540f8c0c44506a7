#include "reference/lanpeerd/daemon.h"

#include "reference/configuration/daemon-settings.h"
#include "reference/control/control-server.h"
#include "reference/control/message.h"
#include "reference/files/file-descriptor.h"
#include "reference/lanpeerd/background.h"
#include "reference/lanpeerd/service-manager.h"
#include "reference/service/peering-service.h"
#include "reference/updating/updates.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <utility>

namespace lanpeer::reference
{

namespace
{

constexpr const char* kStateFolder = "/var/lib/lanpeer";

DaemonSettings
ReadSettings(const DaemonOptions& options)
{
    SettingsReader reader;
    if (!options.config.empty())
    {
        reader.ReadFile(options.config);
    }
    for (const SettingFlag& flag : options.flags)
    {
        reader.Set(flag.flag, flag.path, flag.value);
    }
    DaemonSettings settings = reader.Finish();
    if (settings.service.stateFolder.empty())
    {
        settings.service.stateFolder = kStateFolder;
    }
    if (settings.socket.empty())
    {
        settings.socket = DefaultSocketPath();
    }
    PlaceUpdates(settings);
    return settings;
}

void
PrintKeys(const DaemonSettings& settings)
{
    for (const SettingKey& key : SettingTable())
    {
        fmt::print(
            "{}: {}\n    {} ({})\n", key.path, key.print(settings), key.meaning, key.allowed);
    }
}

void
SetLog(const DaemonSettings& settings)
{
    spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
    spdlog::set_level(spdlog::level::from_str(settings.logLevel));
}

/// Each connection of the HTTP server is a descriptor, and what a shell gives is often fewer than
/// it may have of them (R-HTTP-3, L10).
void
RaiseDescriptorLimit()
{
    rlimit limit = {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max)
    {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit); // else there are those that there were
    }
}

/// A service manager gives all its state folders one mode, and the one of what is installed is for
/// everybody to read; this one is not. One that is not there yet, or not ours, the store judges.
void
CloseStateFolder(const std::string& folder)
{
    const FileDescriptor opened(
        ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (opened.IsOpen())
    {
        ::fchmod(opened.Get(), S_IRWXU);
    }
}

/// The service and who talks to it, as long as the io_context runs.
class Daemon
{
  public:
    Daemon(const DaemonOptions& options, const DaemonSettings& settings)
        : m_options(options)
        , m_settings(settings)
        , m_signals(m_io, SIGTERM, SIGINT, SIGHUP)
        , m_service(m_io, settings.service)
        , m_control(m_io, m_service)
        , m_updates(std::make_unique<Updates>(m_io, m_service, settings.updates))
    {
        m_control.SetUpdater(m_updates->GetUpdater());
        m_updates->Start();
        m_control.Listen(settings.socket);
        WaitForSignal();
    }

    void Run()
    {
        const ServiceStatus status = m_service.Status();
        for (const Interface& interface : status.interfaces)
        {
            spdlog::info("peers on {} ({})", interface.name, interface.address.to_string());
        }
        if (status.interfaces.empty())
        {
            spdlog::warn("there is no network interface to peer on yet");
        }
        spdlog::info("node {} holds {} copies, listens at {}",
                     status.node,
                     status.copies,
                     m_settings.socket);
        TellServiceManager("READY=1");
        m_io.run();
        TellServiceManager("STOPPING=1");
        spdlog::info("ends");
    }

  private:
    void WaitForSignal()
    {
        m_signals.async_wait(
            [this](boost::system::error_code error, int signal)
            {
                if (error)
                {
                    return;
                }
                if (signal != SIGHUP)
                {
                    m_io.stop();
                    return;
                }
                TellServiceManager("RELOADING=1");
                ReadAgain();
                TellServiceManager("READY=1");
                WaitForSignal();
            });
    }

    void ReadAgain()
    {
        try
        {
            DaemonSettings settings = ReadSettings(m_options);
            // Where it is found and what it keeps stays the same while it runs.
            settings.socket = m_settings.socket;
            settings.service.stateFolder = m_settings.service.stateFolder;
            PlaceUpdates(settings);
            TakeSettings(settings);
            SetLog(settings);
            spdlog::info("configuration read again");
        }
        catch (const ServiceGone&)
        {
            throw; // a service manager starts it anew
        }
        catch (const std::exception& error)
        {
            spdlog::error("configuration not taken, all stays as it was: {}", error.what());
        }
    }

    /// Throws, and then everything goes on as before: what may fail comes before what ends.
    void TakeSettings(const DaemonSettings& settings)
    {
        auto updates = std::make_unique<Updates>(m_io, m_service, settings.updates);
        m_service.Reconfigure(settings.service);
        m_settings = settings;
        m_control.SetUpdater(updates->GetUpdater());
        updates->Start(std::exchange(m_updates, nullptr));
        m_updates = std::move(updates);
    }

    DaemonOptions m_options;
    DaemonSettings m_settings;
    boost::asio::io_context m_io{1};
    boost::asio::signal_set m_signals;
    PeeringService m_service;
    ControlServer m_control;
    std::unique_ptr<Updates> m_updates;
};

} // namespace

void
RunDaemon(const DaemonOptions& options)
{
    const DaemonSettings settings = ReadSettings(options);
    if (options.keys)
    {
        PrintKeys(settings);
        return;
    }
    if (options.check)
    {
        return;
    }
    std::unique_ptr<Background> background;
    if (!options.foreground)
    {
        background = std::make_unique<Background>();
    }
    spdlog::set_default_logger(spdlog::stderr_logger_mt("lanpeerd"));
    SetLog(settings);
    RaiseDescriptorLimit();
    std::signal(SIGPIPE, SIG_IGN); // who leaves while it is served ends its connection only
    CloseStateFolder(settings.service.stateFolder);
    Daemon daemon(options, settings);
    if (background)
    {
        background->Ready();
    }
    daemon.Run();
}

} // namespace lanpeer::reference
