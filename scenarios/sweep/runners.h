#pragma once

#include "scenarios/sweep/run-spec.h"

#include <cstddef>
#include <vector>

namespace lanpeer::scenario
{

/// How a run ended: `index` is its number, its result a text of Joined().
struct RunOutcome : processes::JobOutcome
{
    bool lost = false; ///< nothing is known of it: where it ran is gone. It may run elsewhere
};

/// Where a sweep's runs are done: processes of this machine, or the ranks of an MPI job. Knows
/// nothing of sweeps.
class Runners
{
  public:
    virtual ~Runners() = default;

    /// How many can run at a time, at this moment: a rank may be lost.
    virtual std::size_t Places() const = 0;
    virtual std::size_t Running() const = 0;

    bool HasRoom() const
    {
        return Running() < Places();
    }

    /// Starts a run; there must be room. \param number what its outcome is told by
    virtual void Start(std::size_t number, const RunSpec& spec) = 0;

    /// Waits until something is heard, a signal came or `timeoutMs` are over. \returns how those
    /// ended that did.
    virtual std::vector<RunOutcome> Wait(int timeoutMs, const processes::ProgressHeard& heard) = 0;
};

} // namespace lanpeer::scenario
