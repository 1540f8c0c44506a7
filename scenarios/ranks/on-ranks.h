#pragma once

#include "scenarios/sweep/runners.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

/// The same sweep on many machines: the ranks of an MPI job. Rank 0 hands out runs, one at a time
/// to each of the others, and is the only one that writes.
namespace lanpeer::scenario
{

/// Whether `mpirun`, `mpiexec` or `srun` of Open MPI, MPICH or Slurm started this process as a rank
/// of a job: their environment variables say so.
bool StartedByMpi();

/// Likewise, of a job of more than one rank, or of who knows how many.
bool StartedAsOneOfMany();

/// Of the environment as well: true for rank 0, and where there are no ranks. What goes wrong
/// before the ranks know each other is for it alone to say.
bool IsFirstRank();

/// Runners, when they are wanted. Who has them uses them at once and lets go of them when no more
/// runs are wanted: as long as they are there, other ranks expect to hear of this one.
using MakeRunners = std::function<std::unique_ptr<Runners>()>;

/// What the ranks do together.
struct RankWork
{
    /// Of rank 0: the sweep. \returns an exit code
    std::function<int(const MakeRunners& makeRunners)> conduct;

    DoRun doRun;

    /// Lines that must be the same on all ranks, or their runs would not be: the program's version,
    /// the scenario. Throws what would keep this rank from doing runs, such as a file that its
    /// machine does not see.
    std::function<std::string()> sameEverywhere;

    /// Of a job of one rank, which does its runs itself: how many at a time; 0: one per processor.
    unsigned parallel = 0;

    /// A rank that says nothing for so long is given up, and so is the job if that is rank 0. Ranks
    /// speak once a second.
    std::chrono::milliseconds silence{30000};
};

/// Starts MPI, does a rank's share of the work, and ends MPI. A rank that is lost costs its run,
/// which another repeats; standard error says which rank it was.
///
/// \returns the exit code of `conduct` on rank 0, else 0. Throws what `conduct` throws, after the
/// other ranks were told to end; std::runtime_error if this program was built without MPI. Where a
/// rank was lost it may end the process itself, with that exit code: MPI cannot end well then.
int DoOnRanks(const RankWork& work);

} // namespace lanpeer::scenario
