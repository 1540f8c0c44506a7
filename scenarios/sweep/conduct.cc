#include "scenarios/sweep/conduct.h"

#include "analysis/figure-names.h"
#include "scenarios/sweep/replicates.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace lanpeer::scenario
{

namespace
{

constexpr std::size_t kSortEvery = 32; ///< runs
constexpr int kWaitMs = 100;

/// The figure that until_ci asks for; nullopt: there is none, or nobody asks.
std::optional<double>
FigureIn(const Sweep& sweep, const analysis::StoredRun& row)
{
    if (!sweep.untilCi || row.exitCode != 0)
    {
        return std::nullopt;
    }
    return analysis::FigureOf(analysis::MetricsOf(row), sweep.untilCi->metric);
}

/// A row's cell: its key without seed and run, which must be the sweep's.
using CellKey = std::pair<std::map<std::string, std::string>, std::string>;

} // namespace

bool
SweepConductor::Work::HasNext() const
{
    return !again.empty() || started < target;
}

std::uint64_t
SweepConductor::Work::TakeNext()
{
    if (!again.empty())
    {
        const std::uint64_t run = *again.begin();
        again.erase(again.begin());
        return run;
    }
    return ++started;
}

std::size_t
SweepConductor::Work::OverCount() const
{
    return static_cast<std::size_t>(std::distance(over.begin(), over.upper_bound(target)));
}

std::size_t
SweepConductor::Work::Left() const
{
    return static_cast<std::size_t>(target) - OverCount() - underWay;
}

std::vector<std::optional<double>>
SweepConductor::Work::Figures() const
{
    std::vector<std::optional<double>> figures;
    for (auto run = over.begin(); run != over.upper_bound(target); ++run)
    {
        if (!run->second.failed)
        {
            figures.push_back(run->second.figure);
        }
    }
    return figures;
}

SweepConductor::SweepConductor(const Sweep& sweep,
                               std::vector<Cell> cells,
                               const analysis::MadeBy& by)
    : m_sweep(sweep)
    , m_by(by)
{
    for (Cell& cell : cells)
    {
        m_work.emplace_back();
        m_work.back().cell = std::move(cell);
        Extend(m_work.back());
    }
    SortByCost();
}

void
SweepConductor::TakeOver(const analysis::ResultStore& store, Failed failed)
{
    std::map<CellKey, std::size_t> places;
    for (std::size_t i = 0; i < m_work.size(); ++i)
    {
        places[{m_work[i].cell.parameters, m_work[i].cell.policy}] = i;
    }
    store.ForEach({m_sweep.untilCi.has_value(), false, false},
                  [&](const analysis::StoredRun& row)
                  {
                      const auto place = places.find({row.key.parameters, row.key.policy});
                      const bool isOurs = place != places.end() &&
                                          row.key.scenario == m_sweep.scenario &&
                                          row.key.seed == m_sweep.seed;
                      const bool hasFailed = row.exitCode != 0;
                      if (!isOurs || (hasFailed && failed == Failed::RunAgain))
                      {
                          return;
                      }
                      Work& work = m_work[place->second];
                      work.over[row.key.run] = {hasFailed, FigureIn(m_sweep, row)};
                      if (!hasFailed)
                      {
                          work.cpuS += row.cpuS;
                          ++work.costed;
                      }
                  });
    for (Work& work : m_work)
    {
        Extend(work);
    }
    SortByCost();
}

/// Lets a cell grow while all of its replicates are over and more are wanted. Only those within the
/// target count: a row beyond it (of a sweep that once asked for more) decides nothing.
void
SweepConductor::Extend(Work& work) const
{
    while (work.OverCount() == work.target)
    {
        const auto figures = work.Figures();
        const std::size_t failed = static_cast<std::size_t>(work.target) - figures.size();
        const std::uint64_t wanted =
            ReplicatesWanted(m_sweep.runs, m_sweep.untilCi, figures, failed);
        if (wanted <= work.target)
        {
            break;
        }
        work.target = wanted;
    }
    SkipWhatIsOver(work);
}

void
SweepConductor::SkipWhatIsOver(Work& work)
{
    while (work.started < work.target && work.over.count(work.started + 1) != 0)
    {
        ++work.started;
    }
}

std::vector<RunSpec>
SweepConductor::Missing() const
{
    std::vector<RunSpec> specs;
    for (const Work& work : m_work)
    {
        for (std::uint64_t run = 1; run <= work.target; ++run)
        {
            if (work.over.count(run) == 0)
            {
                specs.push_back(SpecOf(m_sweep, work.cell, run));
            }
        }
    }
    return specs;
}

double
SweepConductor::CostOf(const Work& work) const
{
    if (work.costed > 0)
    {
        return work.cpuS / static_cast<double>(work.costed);
    }
    return work.cell.guess * (m_costOfGuess > 0 ? m_costOfGuess : 1);
}

void
SweepConductor::SortByCost()
{
    double cpuS = 0;
    double guesses = 0;
    for (const Work& work : m_work)
    {
        cpuS += work.cpuS;
        guesses += work.cell.guess * static_cast<double>(work.costed);
    }
    m_costOfGuess = guesses > 0 ? cpuS / guesses : 0;
    m_order.resize(m_work.size());
    std::iota(m_order.begin(), m_order.end(), std::size_t{0});
    std::stable_sort(m_order.begin(),
                     m_order.end(),
                     [this](std::size_t left, std::size_t right)
                     { return CostOf(m_work[left]) > CostOf(m_work[right]); });
    m_sinceSorted = 0;
}

bool
SweepConductor::StartNext(Runners& runners)
{
    for (const std::size_t place : m_order)
    {
        Work& work = m_work[place];
        if (!work.HasNext())
        {
            continue;
        }
        const std::uint64_t run = work.TakeNext();
        SkipWhatIsOver(work);
        try
        {
            runners.Start(m_number + 1, SpecOf(m_sweep, work.cell, run));
        }
        catch (...)
        {
            work.again.insert(run);
            throw;
        }
        ++work.underWay;
        m_running[++m_number] = {place, run, 0};
        return true;
    }
    return false;
}

void
SweepConductor::FillRoom(Runners& runners)
{
    try
    {
        while (runners.HasRoom() && runners.Running() < m_most.value_or(runners.Places()) &&
               StartNext(runners))
        {
        }
    }
    catch (const std::system_error&)
    {
        // No process or no descriptors for one more: with those that run, it goes on.
        if (runners.Running() == 0)
        {
            throw;
        }
        m_most = runners.Running();
    }
}

analysis::StoredRun
SweepConductor::RowOf(const Running& running, const RunOutcome& outcome) const
{
    const Cell& cell = m_work[running.work].cell;
    analysis::StoredRun row;
    row.key = KeyOf(m_sweep, cell, running.run);
    row.exitCode = outcome.exitCode;
    row.errorText = outcome.errorText;
    row.by = m_by;
    row.command = CommandFor(SpecOf(m_sweep, cell, running.run));
    row.cpuS = outcome.cpuS;
    row.wallS = outcome.wallS;
    if (outcome.result)
    {
        RunTexts texts = Parted(*outcome.result);
        row.metrics = std::move(texts.metrics);
        row.nodes = std::move(texts.nodes);
        row.replay = std::move(texts.replay);
    }
    return row;
}

void
SweepConductor::TakeOutcome(const RunOutcome& outcome, analysis::ResultStore& store)
{
    const auto found = m_running.find(outcome.index);
    const Running running = found->second;
    m_running.erase(found);
    Work& work = m_work[running.work];
    --work.underWay;
    if (outcome.lost)
    {
        work.again.insert(running.run);
        return;
    }
    const analysis::StoredRun row = RowOf(running, outcome);
    store.Replace(row);
    work.over[running.run] = {row.exitCode != 0, FigureIn(m_sweep, row)};
    ++m_doneNow;
    m_cpuS += row.cpuS;
    if (row.exitCode == 0)
    {
        work.cpuS += row.cpuS;
        ++work.costed;
    }
    Extend(work);
    if (++m_sinceSorted >= kSortEvery || m_costOfGuess == 0)
    {
        SortByCost();
    }
}

SweepStatus
SweepConductor::Status(std::size_t places) const
{
    double left = 0;
    double all = 0;
    SweepStatus status;
    for (const Work& work : m_work)
    {
        const double cost = CostOf(work);
        all += cost * static_cast<double>(work.target);
        left += cost * static_cast<double>(work.Left());
        status.runs += static_cast<std::size_t>(work.target);
    }
    for (const auto& [number, running] : m_running)
    {
        left += CostOf(m_work[running.work]) * (1 - running.progress);
    }
    const SweepEnd end = End();
    status.over = end.runs;
    status.failed = end.failed;
    status.share = all > 0 ? std::clamp(1 - left / all, 0.0, 1.0) : 1;
    if (m_costOfGuess > 0 && places > 0)
    {
        status.leftS = left / static_cast<double>(places);
    }
    return status;
}

SweepEnd
SweepConductor::End() const
{
    SweepEnd end;
    for (const Work& work : m_work)
    {
        end.runs += work.OverCount();
        end.failed += work.OverCount() - work.Figures().size();
        end.missing += work.Left() + work.underWay;
        end.loose += work.OverCount() == work.target && !IsTight(m_sweep.untilCi, work.Figures());
    }
    end.already = end.runs - m_doneNow;
    end.cpuS = m_cpuS;
    return end;
}

SweepEnd
SweepConductor::Conduct(Runners& runners,
                        analysis::ResultStore& store,
                        SweepProgress& progress,
                        const std::function<bool()>& stop)
{
    const auto heard = [this](std::size_t number, double done)
    {
        m_running.at(number).progress = done;
    };
    const auto take = [&](int timeoutMs)
    {
        for (const RunOutcome& outcome : runners.Wait(timeoutMs, heard))
        {
            TakeOutcome(outcome, store);
        }
    };
    while (!stop())
    {
        FillRoom(runners);
        if (runners.Running() == 0)
        {
            break; // all is done, or there is nowhere left to run
        }
        take(kWaitMs);
        progress.Show([this, &runners] { return Status(runners.Places()); });
    }
    if (runners.Running() > 0)
    {
        take(0); // what is over and was not heard of yet
    }
    return End();
}

} // namespace lanpeer::scenario
