#pragma once

#include "scenarios/sweep/runners.h"

#include <map>

namespace lanpeer::scenario
{

/// Runs in processes of this machine.
class LocalRunners : public Runners
{
  public:
    /// \param parallel 0: one per processor
    LocalRunners(unsigned parallel, DoRun doRun);

    std::size_t Places() const override;
    std::size_t Running() const override;
    void Start(std::size_t number, const RunSpec& spec) override;
    std::vector<RunOutcome> Wait(int timeoutMs, const processes::ProgressHeard& heard) override;

  private:
    unsigned m_parallel;
    std::map<std::size_t, RunSpec> m_specs; ///< of those that run
    processes::ProcessPool m_pool;
};

} // namespace lanpeer::scenario
