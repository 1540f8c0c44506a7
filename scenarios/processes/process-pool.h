#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::processes
{

/// Says how far a job is, from within it: a number from 0 to 1.
using SayProgress = std::function<void(double)>;

/// A job: gives its result as bytes. What it throws fails it.
using Job = std::function<std::string(std::size_t index, const SayProgress& progress)>;

/// Told of progress: which job, how far it is (1: done).
using ProgressHeard = std::function<void(std::size_t index, double progress)>;

/// How a job ended.
struct JobOutcome
{
    std::size_t index = 0;
    std::optional<std::string> result{}; ///< none: it failed
    int exitCode = 0; ///< 0 with a result; else as a shell tells it, 128 + signal; 1: it threw
    std::string errorText{}; ///< of one that failed: what it wrote on standard error (if that is
                             ///< caught), what it threw or how it died
    double cpuS = 0;         ///< of its process, user and system
    double wallS = 0;
};

/// Runs jobs in processes of their own, a number of them at a time: ns-3 keeps random streams,
/// addresses and defaults per process, so that two simulations in one are not what either is alone
/// (R-SIM-9). A job that fails, or whose process dies, takes nothing with it.
///
/// The processes are children of this one: they die with it, SIGINT is its business alone, and of
/// its open files they have the three standard ones.
class ProcessPool
{
  public:
    enum class Errors
    {
        Shown, ///< standard error of the jobs is this process's own
        Caught ///< it comes with their outcome, the last kErrorBytes of it
    };

    static constexpr std::size_t kErrorBytes = 4096;

    /// \param parallel at most this many at a time; 0: one per processor
    ProcessPool(unsigned parallel, Errors errors, Job job);

    /// Kills what still runs.
    ~ProcessPool();
    ProcessPool(const ProcessPool&) = delete;
    ProcessPool& operator=(const ProcessPool&) = delete;

    bool HasRoom() const;
    std::size_t Running() const;

    /// Starts a job. There must be room. Throws std::system_error if the system has no process or
    /// no descriptors for it; nothing has been started then.
    void Start(std::size_t index);

    /// Waits until something is heard of the jobs, or a signal came, or `timeoutMs` are over (-1:
    /// for ever). \returns those that ended meanwhile
    std::vector<JobOutcome> Wait(int timeoutMs, const ProgressHeard& heard = nullptr);

  private:
    struct Child;

    static JobOutcome Over(Child& child);

    unsigned m_parallel;
    Errors m_errors;
    Job m_job;
    std::vector<std::unique_ptr<Child>> m_children;
};

/// How many processors there are for this process: what `nproc` says.
unsigned Processors();

} // namespace lanpeer::processes
