#pragma once

#include "analysis/results/result-store.h"
#include "scenarios/sweep/runners.h"
#include "scenarios/sweep/sweep-plan.h"
#include "scenarios/sweep/sweep-progress.h"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace lanpeer::scenario
{

/// How a sweep ended. Rows of the file that the sweep does not ask for count nowhere.
struct SweepEnd
{
    std::size_t runs = 0;    ///< that are over, in all
    std::size_t already = 0; ///< of them were over before
    std::size_t failed = 0;  ///< of all
    std::size_t missing = 0; ///< it was stopped, or there is nowhere left to run them
    std::size_t loose = 0;   ///< cells whose interval is not as tight as until_ci wants it
    double cpuS = 0;         ///< of the runs done now
};

/// Does what of a sweep is missing: longest runs first, as far as is known what they cost, so that
/// no long one is left alone at the end. Every run is in the file of results as soon as it is over.
/// Which runs there are, and what their rows say, does not depend on where, how many at a time or
/// in how many sessions they ran.
class SweepConductor
{
  public:
    /// What to do with runs that failed before.
    enum class Failed
    {
        AreOver,
        RunAgain, ///< their rows are there until the new ones are
    };

    /// \param sweep, by  outlive it
    SweepConductor(const Sweep& sweep, std::vector<Cell> cells, const analysis::MadeBy& by);

    /// Takes note of what a file has. Once, before the others. Throws StoreError.
    void TakeOver(const analysis::ResultStore& store, Failed failed);

    /// Runs that are missing, as far as is known before they are over (until_ci).
    std::vector<RunSpec> Missing() const;

    /// Runs them, into the file that was taken over.
    ///
    /// \param stop asked often; true: no more runs, and those under way are given up
    /// Throws StoreError; what Runners throw when there is no room even for one run.
    SweepEnd Conduct(Runners& runners,
                     analysis::ResultStore& store,
                     SweepProgress& progress,
                     const std::function<bool()>& stop);

  private:
    /// A run that is over.
    struct Over
    {
        bool failed = false;
        std::optional<double> figure; ///< that until_ci asks for
    };

    /// A cell and its replicates.
    struct Work
    {
        Cell cell;
        std::uint64_t target = 0;           ///< replicates that are wanted, as far as is known
        std::uint64_t started = 0;          ///< none up to here is neither over nor under way
        std::map<std::uint64_t, Over> over; ///< by run; beyond the target they count nowhere
        std::set<std::uint64_t> again;      ///< to be started once more: they were lost
        std::size_t underWay = 0;
        double cpuS = 0; ///< of `costed` runs
        std::size_t costed = 0;

        bool HasNext() const;
        std::uint64_t TakeNext();
        std::size_t OverCount() const; ///< within the target
        std::size_t Left() const;      ///< neither over nor under way
        /// Of the runs within the target that did not fail.
        std::vector<std::optional<double>> Figures() const;
    };

    /// A run under way.
    struct Running
    {
        std::size_t work = 0;
        std::uint64_t run = 0;
        double progress = 0;
    };

    void Extend(Work& work) const;
    static void SkipWhatIsOver(Work& work);
    double CostOf(const Work& work) const;
    void SortByCost();
    bool StartNext(Runners& runners);
    void FillRoom(Runners& runners);
    void TakeOutcome(const RunOutcome& outcome, analysis::ResultStore& store);
    analysis::StoredRun RowOf(const Running& running, const RunOutcome& outcome) const;
    SweepStatus Status(std::size_t places) const;
    SweepEnd End() const;

    const Sweep& m_sweep;
    const analysis::MadeBy& m_by;
    std::vector<Work> m_work;
    std::vector<std::size_t> m_order; ///< of m_work, the dearest first
    std::map<std::size_t, Running> m_running;
    std::size_t m_number = 0;
    std::size_t m_sinceSorted = 0;
    std::optional<std::size_t> m_most; ///< at a time: the system has room for no more
    double m_costOfGuess = 0;          ///< CPU seconds for a guess of 1; 0: nothing is known
    std::size_t m_doneNow = 0;
    double m_cpuS = 0;
};

} // namespace lanpeer::scenario
