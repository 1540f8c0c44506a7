#pragma once

#include "model/protocol/update/update-action.h"
#include "reference/installation/install-folder.h"
#include "reference/updating/command-runner.h"
#include "reference/updating/update-requests.h"

#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace boost::asio
{
class io_context;
} // namespace boost::asio

namespace lanpeer::reference
{

/// Puts sets into the install folder, one after the other in a thread of its own.
class SetInstaller
{
  public:
    /// \param commands what runs after each set
    SetInstaller(boost::asio::io_context& io,
                 std::shared_ptr<const InstallFolder> folder,
                 std::shared_ptr<CommandRunner> commands);

    /// \param ended told in the protocol thread why it is not in place; "" if it is
    void Install(const InstallSet& action,
                 std::map<std::string, AcceptedBody> bodies,
                 std::function<void(const std::string& wrong)> ended);

    /// Drops the sets that wait, and the one that is unpacked; waits for one that is being put in
    /// its place.
    void Stop();

  private:
    boost::asio::io_context& m_io;
    const std::shared_ptr<const InstallFolder> m_folder;
    const std::shared_ptr<CommandRunner> m_commands;
    std::atomic<bool> m_stops{false};
    // Not the one that looks at bodies: a large set takes its time, and who looks may not.
    boost::asio::thread_pool m_installing;
};

} // namespace lanpeer::reference
