#pragma once

#include "model/protocol/update/update-action.h"
#include "reference/installation/install-folder.h"
#include "reference/updating/update-requests.h"
#include "reference/updating/update-settings.h"

#include <boost/asio/thread_pool.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace boost::asio
{
class io_context;
} // namespace boost::asio

namespace lanpeer::reference
{

/// Puts sets into the install folder, one after the other in a thread of its own, and runs the
/// administrator's command after each.
class SetInstaller
{
  public:
    /// How it went.
    struct Ending
    {
        std::string wrong;  ///< why it is not installed; "" if it is
        std::string remark; ///< what was wrong with the command; "" if nothing was
    };

    SetInstaller(boost::asio::io_context& io, const UpdateSettings& settings);

    /// What is there.
    Installation Installed() const
    {
        return m_folder->Installed();
    }

    /// \param ended told in the protocol thread
    void Install(const InstallSet& action,
                 std::map<std::string, AcceptedBody> bodies,
                 std::function<void(const Ending& ending)> ended);

    /// Waits for what runs.
    void Stop()
    {
        m_installing.join();
    }

  private:
    boost::asio::io_context& m_io;
    const std::shared_ptr<InstallFolder> m_folder;
    const std::vector<std::string> m_command;
    const std::uint64_t m_commandS;
    // Not the one that looks at bodies: the command may take its time, and who looks may not.
    boost::asio::thread_pool m_installing;
};

} // namespace lanpeer::reference
