#include "reference/updating/set-installer.h"

#include "reference/packages/byte-source.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <list>
#include <spdlog/spdlog.h>
#include <stdexcept>
#include <utility>

namespace lanpeer::reference
{

namespace
{

/// A package that can be read until the service ends: what is unpacked of it then ends too.
class StoppableSource : public ByteSource
{
  public:
    StoppableSource(const Body& body, const std::atomic<bool>& stops)
        : m_file(*body.file, body.size)
        , m_stops(stops)
    {
    }

    std::uint64_t Size() const override
    {
        return m_file.Size();
    }

  private:
    std::size_t DoReadAt(std::uint64_t offset, char* bytes, std::size_t count) const override
    {
        if (m_stops)
        {
            throw std::runtime_error("the service ends");
        }
        m_file.ReadAt(offset, bytes, count);
        return count;
    }

    FileSource m_file;
    const std::atomic<bool>& m_stops;
};

/// \returns why not, or nothing
std::string
InstallInto(const InstallFolder& folder,
            const InstallSet& action,
            const std::map<std::string, AcceptedBody>& bodies,
            const std::atomic<bool>& stops)
{
    try
    {
        std::list<StoppableSource> sources; // which stay where they are
        std::map<std::string, AcceptedPackage> packages;
        for (const auto& [product, its] : bodies)
        {
            const auto& source = sources.emplace_back(its.body, stops);
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

/// \returns why not, or nothing
std::string
InstallAndRun(const InstallFolder& folder,
              CommandRunner& commands,
              const InstallSet& action,
              const std::map<std::string, AcceptedBody>& bodies,
              const std::atomic<bool>& stops)
{
    try
    {
        commands.SetDue(action.set, action.release);
    }
    catch (const std::exception& error)
    {
        return error.what();
    }
    std::string wrong = InstallInto(folder, action, bodies, stops);
    if (wrong.empty())
    {
        commands.Run(action.set, action.release);
    }
    else
    {
        commands.ClearDue(action.set, action.release);
    }
    return wrong;
}

} // namespace

SetInstaller::SetInstaller(boost::asio::io_context& io,
                           std::shared_ptr<const InstallFolder> folder,
                           std::shared_ptr<CommandRunner> commands)
    : m_io(io)
    , m_folder(std::move(folder))
    , m_commands(std::move(commands))
    , m_installing(1)
{
}

void
SetInstaller::Install(const InstallSet& action,
                      std::map<std::string, AcceptedBody> bodies,
                      std::function<void(const std::string& wrong)> ended)
{
    boost::asio::post(m_installing,
                      [this, action, bodies = std::move(bodies), ended = std::move(ended)]
                      {
                          if (m_stops)
                          {
                              return;
                          }
                          const std::string wrong =
                              InstallAndRun(*m_folder, *m_commands, action, bodies, m_stops);
                          boost::asio::post(m_io, [ended, wrong] { ended(wrong); });
                      });
}

void
SetInstaller::Stop()
{
    m_stops = true;
    m_installing.join();
}

} // namespace lanpeer::reference
