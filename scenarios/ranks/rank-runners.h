#pragma once

#include "scenarios/ranks/mpi-job.h"
#include "scenarios/sweep/runners.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::scenario
{

/// Rank 0's view of the others: each can do one run at a time. Says on standard error which are
/// given up and why.
class RankRunners : public Runners
{
  public:
    using Clock = std::chrono::steady_clock;

    /// Waits for nobody: a rank has room for a run from when it said that it is there.
    ///
    /// \param job outlives it
    /// \param sameEverywhere a rank that is not the same gets no runs
    RankRunners(MpiJob& job, const std::string& sameEverywhere, std::chrono::milliseconds silence);

    /// Tells the ranks to rest. Waits for those that have not yet said that they are there, but not
    /// if runs are under way: they are given up, and the job is to end.
    ~RankRunners() override;

    std::size_t Places() const override;

    /// The coming of the first rank counts as one, so that no rank yet is not none left.
    std::size_t Running() const override;

    void Start(std::size_t number, const RunSpec& spec) override;
    std::vector<RunOutcome> Wait(int timeoutMs, const processes::ProgressHeard& heard) override;

  private:
    /// A rank.
    struct Place
    {
        int rank = 0;
        std::string host{};
        bool greeted = false;
        bool fit = true; ///< false: it gets no run any more
        std::optional<std::size_t> number{};

        /// It may yet say that it is there.
        bool IsAwaited() const
        {
            return fit && !greeted;
        }

        Clock::time_point heard = Clock::now();
    };

    /// \returns whether anything was heard that Wait() returns for
    bool Step(const processes::ProgressHeard& heard);
    bool Hear(Place& place, const RankMessage& message, const processes::ProgressHeard& heard);
    void Greet(Place& place, const RankMessage& message);
    void ForgiveOwnAbsence();
    bool IsAnyAwaited() const;
    bool GiveUpTheSilent();
    void GiveUp(Place& place, const std::string& why);
    void Beat();

    MpiJob& m_job;
    std::string m_sameEverywhere;
    std::chrono::milliseconds m_silence;
    std::vector<Place> m_places;
    std::vector<RunOutcome> m_outcomes; ///< that nobody has been told of yet
    Clock::time_point m_stepped = Clock::now();
    Clock::time_point m_beaten;
};

} // namespace lanpeer::scenario
