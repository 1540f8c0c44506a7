#pragma once

#include "analysis/results/result-store.h"
#include "scenarios/sweep/runners.h"
#include "scenarios/sweep/sweep-plan.h"
#include "scenarios/sweep/sweep-progress.h"

#include <cstddef>
#include <functional>
#include <vector>

namespace lanpeer::scenario
{

/// How a sweep ended.
struct SweepEnd
{
    std::size_t runs = 0;    ///< that it has, in all
    std::size_t already = 0; ///< of them were there before
    std::size_t failed = 0;  ///< of all
    std::size_t missing = 0; ///< it was stopped, or there is nowhere left to run them
    double cpuS = 0;         ///< of the runs done now
};

/// Does what of a sweep is missing in a file of results: longest runs first, as far as is known
/// what they cost, so that no long one is left alone at the end. Every run is in the file as soon
/// as it is over. Which runs there are, and what their rows say, does not depend on where, how many
/// at a time or in how many sessions they ran.
class SweepConductor
{
  public:
    /// All of them outlive it.
    SweepConductor(const Sweep& sweep,
                   std::vector<Cell> cells,
                   analysis::ResultStore& store,
                   const analysis::MadeBy& by);

    /// Runs that are missing now; more may follow (until_ci).
    std::size_t Missing() const;

    /// \param stop asked often; true: no more runs, and those under way are given up
    /// Throws StoreError.
    SweepEnd Conduct(Runners& runners, SweepProgress& progress, const std::function<bool()>& stop);

  private:
    /// A cell and its replicates.
    struct Work
    {
        Cell cell;
        std::uint64_t target = 0;  ///< replicates that are wanted, as far as is known
        std::uint64_t started = 0; ///< none below is neither over nor under way
        std::map<std::uint64_t, std::optional<double>> over; ///< figures, by run
        std::set<std::uint64_t> lost;                        ///< to be started again
        std::size_t underWay = 0;
        double cpuS = 0; ///< of `costed` runs
        std::size_t costed = 0;

        bool HasNext() const;
        std::uint64_t TakeNext();
        std::size_t Left() const; ///< neither over nor under way
    };

    /// A run under way.
    struct Running
    {
        std::size_t work = 0;
        std::uint64_t run = 0;
        double progress = 0;
    };

    void Extend(Work& work) const;
    void SkipWhatIsOver(Work& work) const;
    double CostOf(const Work& work) const;
    void SortByCost();
    bool StartNext(Runners& runners);
    void Over(const RunOutcome& outcome);
    analysis::StoredRun RowOf(const Running& running, const RunOutcome& outcome) const;
    SweepStatus Status(std::size_t places) const;

    const Sweep& m_sweep;
    analysis::ResultStore& m_store;
    const analysis::MadeBy& m_by;
    std::vector<Work> m_work;
    std::vector<std::size_t> m_order; ///< of m_work, the dearest first
    std::map<std::size_t, Running> m_running;
    std::size_t m_number = 0;
    std::size_t m_sinceSorted = 0;
    double m_costOfGuess = 0; ///< CPU seconds for a guess of 1; 0: nothing is known
    SweepEnd m_end;
};

} // namespace lanpeer::scenario
