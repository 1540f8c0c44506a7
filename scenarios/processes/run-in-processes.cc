#include "scenarios/processes/run-in-processes.h"

#include <utility>

namespace lanpeer::processes
{

std::vector<std::string>
RunInProcesses(std::size_t count, unsigned parallel, const Job& job, const ProgressHeard& heard)
{
    ProcessPool pool(parallel, ProcessPool::Errors::Shown, job);
    std::vector<std::string> results(count);
    std::size_t next = 0;
    while (next < count || pool.Running() > 0)
    {
        while (next < count && pool.HasRoom())
        {
            pool.Start(next++);
        }
        for (JobOutcome& outcome : pool.Wait(-1, heard))
        {
            if (!outcome.result)
            {
                throw JobFailed(outcome.index, outcome.errorText);
            }
            results[outcome.index] = std::move(*outcome.result);
        }
    }
    return results;
}

} // namespace lanpeer::processes
