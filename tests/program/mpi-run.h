#pragma once

#include "tests/program/typing.h"

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace lanpeer::program
{

/// As root as well, and with more ranks than processors.
constexpr const char* kMpirun = "mpirun --allow-run-as-root --oversubscribe ";

bool IsOpenMpiThere();

/// Asks until there is an answer. Throws after a minute without.
template <typename Answer>
Answer
Await(const std::function<std::optional<Answer>()>& ask)
{
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (std::chrono::steady_clock::now() < until)
    {
        if (const std::optional<Answer> answer = ask())
        {
            return *answer;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    throw std::runtime_error("waited in vain");
}

/// A child of a process, stopped while it was running. None: there is none, or it has ended.
std::optional<pid_t> StopAChildOf(pid_t parent);

/// An mpirun under way.
class MpiRun
{
  public:
    /// \param arguments of mpirun
    MpiRun(const std::filesystem::path& folder, const std::string& arguments);

    /// Kills it if it still runs.
    ~MpiRun();
    MpiRun(const MpiRun&) = delete;
    MpiRun& operator=(const MpiRun&) = delete;

    /// The process that is a rank of it.
    std::optional<pid_t> RankProcess(int rank) const;

    void Kill(int signal);

    /// Waits until its standard error holds a text.
    void AwaitError(const std::string& text) const;

    /// Its end; throws if it does not come in a minute.
    Output Wait();

    /// Waits until no process that was seen of it lives.
    void AwaitNobody() const;

  private:
    std::filesystem::path m_folder;
    pid_t m_process = -1;
    bool m_over = false;
    mutable std::vector<pid_t> m_seen;
};

} // namespace lanpeer::program
