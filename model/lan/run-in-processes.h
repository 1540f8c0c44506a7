#pragma once

#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace lanpeer::lan
{

/// Says how far a job is, from within it: a number from 0 to 1.
using SayProgress = std::function<void(double)>;

/// A job: gives its result as bytes. What it throws fails the whole call.
using Job = std::function<std::string(std::size_t index, const SayProgress& progress)>;

/// A job threw, or its process died: what() is the job's own message, or how it died.
class JobFailed : public std::runtime_error
{
  public:
    JobFailed(std::size_t index, const std::string& message)
        : std::runtime_error(message)
        , m_index(index)
    {
    }

    std::size_t Index() const
    {
        return m_index;
    }

  private:
    std::size_t m_index;
};

/// Told of progress: which job, how far it is (1: done).
using ProgressHeard = std::function<void(std::size_t index, double progress)>;

/// Runs jobs 0 to \p count - 1, each in a process of its own: ns-3 keeps random streams, addresses
/// and defaults per process, so that two simulations in one are not what either is alone (R-SIM-9).
///
/// \param parallel at most this many at a time; 0: one per processor
/// \returns the results in the order of the jobs, whatever the order in which they ended
///
/// Throws JobFailed for the first job that fails; the others are ended.
std::vector<std::string> RunInProcesses(std::size_t count,
                                        unsigned parallel,
                                        const Job& job,
                                        const ProgressHeard& heard = nullptr);

} // namespace lanpeer::lan
