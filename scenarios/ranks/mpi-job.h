#pragma once

#include "scenarios/ranks/letters.h"
#include "scenarios/ranks/rank-message.h"

#include <memory>
#include <utility>
#include <vector>

namespace boost::mpi
{
class communicator;
class environment;
} // namespace boost::mpi

namespace lanpeer::scenario
{

/// A process's part in an MPI job: MPI runs while it lives. At most one in a process's life.
class MpiJob
{
  public:
    MpiJob();

    /// Ends MPI together with the other ranks, unless one of them is lost: with that one it would
    /// never end, so the process then simply leaves it.
    ~MpiJob();
    MpiJob(const MpiJob&) = delete;
    MpiJob& operator=(const MpiJob&) = delete;

    int Rank() const;
    int Ranks() const;

    /// Does not wait.
    void Send(int to, const RankMessage& message);

    /// What has come since. One that cannot be read, of another program, stands for Unfit.
    std::vector<std::pair<int, RankMessage>> Take();

    /// Nothing more is sent there, and MPI will not end well. It may yet speak.
    void Lose(int rank);
    bool IsLost(int rank) const;

    /// Of rank 0: to all others. Waits until it has left, but no longer than a second.
    void SendAll(const RankMessage& message);

    /// Of rank 0: tells all others to end.
    void TellEnd();

    /// If a rank is lost, ends every process of the job, this one and mpirun too: which would wait
    /// for ever for one that hangs or whose machine is gone.
    void EndAllIfOneIsLost(int exitCode);

    /// Ends every process of the job, this one too.
    [[noreturn]] void EndAll(int exitCode);

  private:
    bool IsAnyLost() const;

    std::unique_ptr<boost::mpi::environment> m_environment;
    std::unique_ptr<boost::mpi::communicator> m_world;
    std::unique_ptr<Letters> m_letters;
    std::vector<bool> m_lost;
};

} // namespace lanpeer::scenario
