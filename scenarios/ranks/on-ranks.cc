#include "scenarios/ranks/on-ranks.h"

#include "scenarios/ranks/mpi-job.h"
#include "scenarios/ranks/rank-runners.h"
#include "scenarios/ranks/serve-runs.h"
#include "scenarios/sweep/local-runners.h"

namespace lanpeer::scenario
{

namespace
{

std::unique_ptr<Runners>
RunnersOf(MpiJob& job, const RankWork& work)
{
    if (job.Ranks() == 1)
    {
        return std::make_unique<LocalRunners>(work.parallel, work.doRun);
    }
    return std::make_unique<RankRunners>(job, work.sameEverywhere(), work.silence);
}

void
Serve(MpiJob& job, const RankWork& work)
{
    try
    {
        ServeRuns(job, work.doRun, work.sameEverywhere, work.silence);
    }
    catch (...)
    {
        job.Lose(0); // MPI itself is at its end: so is this rank, and no other
        throw;
    }
}

} // namespace

int
DoOnRanks(const RankWork& work)
{
    MpiJob job;
    if (job.Rank() != 0)
    {
        Serve(job, work);
        return 0;
    }
    int exitCode = 0;
    try
    {
        exitCode = work.conduct([&] { return RunnersOf(job, work); });
    }
    catch (...)
    {
        job.TellEnd();
        throw;
    }
    job.TellEnd();
    job.EndAllIfOneIsLost(exitCode);
    return exitCode;
}

} // namespace lanpeer::scenario
