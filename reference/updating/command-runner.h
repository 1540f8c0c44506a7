#pragma once

#include "reference/files/file-descriptor.h"
#include "reference/installation/install-folder.h"
#include "reference/updating/update-settings.h"

#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace boost::asio
{
class io_context;
} // namespace boost::asio

namespace lanpeer::reference
{

/// The administrator's command after each set, one at a time in a thread of its own: nobody waits
/// for it, and it goes on while the configuration is read again.
///
/// That it is due for a release is on the disk before the release is in place, and until the
/// command has ended: after a crash, or when the service ended it, it runs again.
class CommandRunner
{
  public:
    /// Told what was wrong with a command, in the protocol thread.
    using Told = std::function<void(std::string remark)>;

    /// \param file what is due; written where there is a command only
    CommandRunner(boost::asio::io_context& io, std::string file);

    /// Ends the command that runs, which stays due, with those that wait.
    ~CommandRunner();

    CommandRunner(const CommandRunner&) = delete;
    CommandRunner& operator=(const CommandRunner&) = delete;

    /// For commands that begin from now on.
    void Use(const UpdateSettings& settings,
             std::shared_ptr<const InstallFolder> folder,
             Told told);

    /// Runs what was due when the service ended, of releases that are in place.
    void RunWhatIsDue();

    /// \name In any thread
    /// Due before a release is put in place, then Run() if it is, ClearDue() if it is not.
    /// @{
    /// Durably. Throws std::system_error.
    void SetDue(const std::string& set, const std::string& release);
    void ClearDue(const std::string& set, const std::string& release);
    void Run(const std::string& set, const std::string& release);
    /// @}

  private:
    using Due = std::vector<std::pair<std::string, std::string>>; ///< sets and releases

    /// How a command is to be run.
    struct Way
    {
        std::vector<std::string> command; ///< empty: there is none
        std::uint64_t seconds = 0;
        std::shared_ptr<const InstallFolder> folder;
        Told told;
    };

    Way WayNow() const;
    Due ReadDue() const;
    void WriteDue(const Due& due) const;
    void RunNow(const std::string& set, const std::string& release);
    void Tell(const Way& way, std::string remark) const;

    boost::asio::io_context& m_io;
    const std::string m_file;
    FileDescriptor m_stop; ///< to be read as soon as the service ends
    mutable std::mutex m_mutex;
    Due m_due;           ///< guarded
    Way m_way;           ///< guarded
    bool m_ends = false; ///< guarded
    boost::asio::thread_pool m_running;
};

} // namespace lanpeer::reference
