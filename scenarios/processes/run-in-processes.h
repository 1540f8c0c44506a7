#pragma once

#include "scenarios/processes/process-pool.h"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace lanpeer::processes
{

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

/// Runs jobs 0 to \p count - 1, each in a process of its own (ProcessPool).
///
/// \param parallel at most this many at a time; 0: one per processor
/// \returns the results in the order of the jobs, whatever the order in which they ended
///
/// Throws JobFailed for the first job that fails; the others are ended.
std::vector<std::string> RunInProcesses(std::size_t count,
                                        unsigned parallel,
                                        const Job& job,
                                        const ProgressHeard& heard = nullptr);

} // namespace lanpeer::processes
