#include "scenarios/sweep/local-runners.h"

#include <utility>

namespace lanpeer::scenario
{

LocalRunners::LocalRunners(unsigned parallel, DoRun doRun)
    : m_parallel(parallel == 0 ? processes::Processors() : parallel)
    , m_pool(m_parallel,
             processes::ProcessPool::Errors::Caught,
             [this, doRun = std::move(doRun)](std::size_t number, const processes::SayProgress& say)
             { return Joined(doRun(m_specs.at(number), say)); })
{
}

std::size_t
LocalRunners::Places() const
{
    return m_parallel;
}

std::size_t
LocalRunners::Running() const
{
    return m_pool.Running();
}

void
LocalRunners::Start(std::size_t number, const RunSpec& spec)
{
    m_specs[number] = spec;
    m_pool.Start(number);
}

std::vector<RunOutcome>
LocalRunners::Wait(int timeoutMs, const processes::ProgressHeard& heard)
{
    std::vector<RunOutcome> outcomes;
    for (processes::JobOutcome& outcome : m_pool.Wait(timeoutMs, heard))
    {
        m_specs.erase(outcome.index);
        outcomes.push_back({std::move(outcome), false});
    }
    return outcomes;
}

} // namespace lanpeer::scenario
