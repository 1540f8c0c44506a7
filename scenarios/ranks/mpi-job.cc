#include "scenarios/ranks/mpi-job.h"

#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace lanpeer::scenario
{

namespace
{

constexpr std::chrono::seconds kLastLetters{1};
constexpr int kMpirunLooks = 50; ///< that long mpirun may take to end
constexpr int kMpirunLookMs = 100;

/// What Open MPI would say of a machine with neither fast network nor leave to read another
/// process's memory, neither of which is needed here. Who has set them, has said what he wants.
void
QuietOpenMpi()
{
    setenv("OMPI_MCA_btl_base_warn_component_unused", "0", 0);
    setenv("OMPI_MCA_btl_vader_single_copy_mechanism", "none", 0);
}

bool
IsMpirun(pid_t process)
{
    std::ifstream file("/proc/" + std::to_string(process) + "/comm");
    std::string name;
    std::getline(file, name);
    return name == "mpirun" || name == "mpiexec" || name == "orterun";
}

/// Leaves a process behind that tells this job's mpirun to end if it does not: with recovery, that
/// of Open MPI 4.1 waits for ever for the ranks of a machine that is gone.
void
SeeThatMpirunEnds()
{
    const pid_t mpirun = getppid();
    if (!IsMpirun(mpirun) || fork() != 0)
    {
        return;
    }
    setsid();               // not among those that mpirun ends
    close_range(0, ~0U, 0); // or mpirun would wait for what may be written there
    for (int i = 0; i < kMpirunLooks && IsMpirun(mpirun); ++i)
    {
        poll(nullptr, 0, kMpirunLookMs);
    }
    if (IsMpirun(mpirun))
    {
        kill(mpirun, SIGTERM);
    }
    _exit(0);
}

} // namespace

MpiJob::MpiJob()
{
    QuietOpenMpi();
    // Its second argument: no MPI_Abort because of an exception, which main() has a line for.
    m_environment = std::make_unique<boost::mpi::environment>(boost::mpi::threading::single, false);
    m_world = std::make_unique<boost::mpi::communicator>();
    m_letters = std::make_unique<Letters>(*m_world);
    m_lost.resize(static_cast<std::size_t>(m_world->size()));
}

MpiJob::~MpiJob()
{
    if (IsAnyLost())
    {
        m_letters.release();
        m_world.release();
        m_environment.release();
    }
}

int
MpiJob::Rank() const
{
    return m_world->rank();
}

int
MpiJob::Ranks() const
{
    return m_world->size();
}

void
MpiJob::Send(int to, const RankMessage& message)
{
    m_letters->Send(to, ToBytes(message));
}

std::vector<std::pair<int, RankMessage>>
MpiJob::Take()
{
    std::vector<std::pair<int, RankMessage>> messages;
    for (const Letter& letter : m_letters->Take())
    {
        try
        {
            messages.emplace_back(letter.from, RankMessageFromBytes(letter.text));
        }
        catch (const std::invalid_argument& error)
        {
            RankMessage unfit;
            unfit.kind = RankMessage::Kind::Unfit;
            unfit.text = error.what();
            messages.emplace_back(letter.from, unfit);
        }
    }
    return messages;
}

void
MpiJob::Lose(int rank)
{
    m_lost.at(static_cast<std::size_t>(rank)) = true;
    m_letters->Forget(rank);
}

bool
MpiJob::IsLost(int rank) const
{
    return m_lost.at(static_cast<std::size_t>(rank));
}

void
MpiJob::SendAll(const RankMessage& message)
{
    for (int rank = 1; rank < Ranks(); ++rank)
    {
        Send(rank, message);
    }
    const auto until = std::chrono::steady_clock::now() + kLastLetters;
    while (!m_letters->AllSent() && std::chrono::steady_clock::now() < until)
    {
        m_letters->Take(); // nothing that is said now matters
        poll(nullptr, 0, 1);
    }
}

bool
MpiJob::IsAnyLost() const
{
    return std::find(m_lost.begin(), m_lost.end(), true) != m_lost.end();
}

void
MpiJob::TellEnd()
{
    RankMessage end;
    end.kind = IsAnyLost() ? RankMessage::Kind::Leave : RankMessage::Kind::End;
    SendAll(end);
}

void
MpiJob::EndAllIfOneIsLost(int exitCode)
{
    if (IsAnyLost())
    {
        SeeThatMpirunEnds();
        EndAll(exitCode);
    }
}

void
MpiJob::EndAll(int exitCode)
{
    std::fflush(nullptr);
    boost::mpi::environment::abort(exitCode);
    std::_Exit(exitCode); // it does not come here
}

} // namespace lanpeer::scenario
