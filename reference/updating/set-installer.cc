#include "reference/updating/set-installer.h"

#include "reference/installation/after-install.h"
#include "reference/packages/byte-source.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <exception>
#include <fmt/format.h>
#include <list>
#include <spdlog/spdlog.h>
#include <utility>

namespace lanpeer::reference
{

namespace
{

/// \returns why not, or nothing
std::string
InstallInto(const InstallFolder& folder,
            const InstallSet& action,
            const std::map<std::string, AcceptedBody>& bodies)
{
    try
    {
        std::list<FileSource> sources; // which stay where they are
        std::map<std::string, AcceptedPackage> packages;
        for (const auto& [product, its] : bodies)
        {
            const auto& source = sources.emplace_back(*its.body.file, its.body.size);
            packages.emplace(product, AcceptedPackage{&source, its.facts});
        }
        const InstalledRelease installed = folder.Install(action, packages);
        if (!installed.leftover.empty())
        {
            spdlog::warn("updates: {}", installed.leftover);
        }
        return "";
    }
    catch (const std::exception& error)
    {
        return error.what();
    }
}

/// \returns what was wrong, or nothing
std::string
RunCommand(const InstallFolder& folder,
           const InstallSet& action,
           const std::vector<std::string>& command,
           std::uint64_t seconds)
{
    const AfterInstallReport ran = RunAfterInstall(command,
                                                   action.set,
                                                   action.release,
                                                   folder.CurrentOf(action.set),
                                                   std::chrono::seconds(seconds));
    return ran.succeeded
               ? ""
               : fmt::format("{}: after {}: {}", command.front(), action.set, ran.message);
}

} // namespace

SetInstaller::SetInstaller(boost::asio::io_context& io, const UpdateSettings& settings)
    : m_io(io)
    , m_folder(std::make_shared<InstallFolder>(settings.installFolder))
    , m_command(settings.afterInstall)
    , m_commandS(settings.afterInstallS)
    , m_installing(1)
{
}

void
SetInstaller::Install(const InstallSet& action,
                      std::map<std::string, AcceptedBody> bodies,
                      std::function<void(const Ending& ending)> ended)
{
    boost::asio::post(m_installing,
                      [&io = m_io,
                       folder = m_folder,
                       action,
                       bodies = std::move(bodies),
                       command = m_command,
                       seconds = m_commandS,
                       ended = std::move(ended)]
                      {
                          Ending ending;
                          ending.wrong = InstallInto(*folder, action, bodies);
                          if (ending.wrong.empty() && !command.empty())
                          {
                              ending.remark = RunCommand(*folder, action, command, seconds);
                          }
                          boost::asio::post(io, [ended, ending] { ended(ending); });
                      });
}

} // namespace lanpeer::reference
