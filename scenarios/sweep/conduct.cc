#include "scenarios/sweep/conduct.h"

#include "analysis/figure-names.h"
#include "analysis/metrics-json.h"
#include "scenarios/sweep/replicates.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <utility>

namespace lanpeer::scenario
{

namespace
{

constexpr std::size_t kSortEvery = 32; ///< runs
constexpr int kWaitMs = 100;

/// The figure that until_ci asks for; nullopt: there is none, or nobody asks.
std::optional<double>
FigureIn(const Sweep& sweep, const std::string& metrics)
{
    if (!sweep.untilCi || metrics.empty())
    {
        return std::nullopt;
    }
    return analysis::FigureOf(analysis::MetricsFromJsonText(metrics).front(),
                              sweep.untilCi->metric);
}

/// A row's cell: its key without seed and run, which must be the sweep's.
using CellKey = std::pair<std::map<std::string, std::string>, std::string>;

} // namespace

bool
SweepConductor::Work::HasNext() const
{
    return !lost.empty() || started < target;
}

std::uint64_t
SweepConductor::Work::TakeNext()
{
    if (!lost.empty())
    {
        const std::uint64_t run = *lost.begin();
        lost.erase(lost.begin());
        return run;
    }
    return ++started;
}

std::size_t
SweepConductor::Work::Left() const
{
    return static_cast<std::size_t>(target) - over.size() - underWay;
}

SweepConductor::SweepConductor(const Sweep& sweep,
                               std::vector<Cell> cells,
                               analysis::ResultStore& store,
                               const analysis::MadeBy& by)
    : m_sweep(sweep)
    , m_store(store)
    , m_by(by)
{
    std::map<CellKey, std::size_t> places;
    for (Cell& cell : cells)
    {
        places[{cell.parameters, cell.policy}] = m_work.size();
        m_work.emplace_back();
        m_work.back().cell = std::move(cell);
    }
    std::map<CellKey, std::map<std::uint64_t, std::optional<double>>> stored;
    m_store.ForEach({sweep.untilCi.has_value(), false, false},
                    [&](const analysis::StoredRun& row)
                    {
                        const auto place = places.find({row.key.parameters, row.key.policy});
                        if (row.key.scenario != sweep.scenario || row.key.seed != sweep.seed ||
                            place == places.end())
                        {
                            return; // of another sweep in the same file
                        }
                        Work& work = m_work[place->second];
                        work.over[row.key.run] = FigureIn(sweep, row.metrics);
                        if (row.exitCode == 0)
                        {
                            work.cpuS += row.cpuS;
                            ++work.costed;
                        }
                        else
                        {
                            ++m_end.failed;
                        }
                    });
    for (Work& work : m_work)
    {
        Extend(work);
        m_end.already += work.over.size();
    }
    m_end.runs = m_end.already;
    SortByCost();
}

/// Lets a cell grow while all of its replicates are over and more are wanted. Only the first
/// `target` count: a row beyond them (of a sweep that once asked for more) decides nothing.
void
SweepConductor::Extend(Work& work) const
{
    while (true)
    {
        std::vector<std::optional<double>> figures;
        for (std::uint64_t run = 1; run <= work.target; ++run)
        {
            const auto over = work.over.find(run);
            if (over == work.over.end())
            {
                SkipWhatIsOver(work);
                return;
            }
            figures.push_back(over->second);
        }
        const std::uint64_t wanted = ReplicatesWanted(m_sweep.runs, m_sweep.untilCi, figures);
        if (wanted <= work.target)
        {
            SkipWhatIsOver(work);
            return;
        }
        work.target = wanted;
    }
}

void
SweepConductor::SkipWhatIsOver(Work& work) const
{
    while (work.started < work.target && work.over.count(work.started + 1) != 0)
    {
        ++work.started;
    }
}

std::size_t
SweepConductor::Missing() const
{
    std::size_t missing = 0;
    for (const Work& work : m_work)
    {
        missing += work.Left();
    }
    return missing;
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
        ++work.underWay;
        m_running[++m_number] = {place, run, 0};
        runners.Start(m_number, SpecOf(m_sweep, work.cell, run));
        return true;
    }
    return false;
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
SweepConductor::Over(const RunOutcome& outcome)
{
    const auto found = m_running.find(outcome.index);
    const Running running = found->second;
    m_running.erase(found);
    Work& work = m_work[running.work];
    --work.underWay;
    if (outcome.lost)
    {
        work.lost.insert(running.run);
        return;
    }
    const analysis::StoredRun row = RowOf(running, outcome);
    m_store.Add(row);
    work.over[running.run] = FigureIn(m_sweep, row.metrics);
    ++m_end.runs;
    m_end.cpuS += row.cpuS;
    if (row.exitCode == 0)
    {
        work.cpuS += row.cpuS;
        ++work.costed;
    }
    else
    {
        ++m_end.failed;
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
    status.over = m_end.runs;
    status.failed = m_end.failed;
    status.share = all > 0 ? std::clamp(1 - left / all, 0.0, 1.0) : 1;
    if (m_costOfGuess > 0 && places > 0)
    {
        status.leftS = left / static_cast<double>(places);
    }
    return status;
}

SweepEnd
SweepConductor::Conduct(Runners& runners,
                        SweepProgress& progress,
                        const std::function<bool()>& stop)
{
    while (!stop())
    {
        while (runners.HasRoom() && StartNext(runners))
        {
        }
        if (runners.Running() == 0)
        {
            break; // all is done, or there is nowhere left to run
        }
        const auto outcomes = runners.Wait(kWaitMs,
                                           [this](std::size_t number, double done)
                                           { m_running.at(number).progress = done; });
        for (const RunOutcome& outcome : outcomes)
        {
            Over(outcome);
        }
        progress.Show(Status(runners.Places()));
    }
    progress.Clear();
    m_end.missing = Missing() + m_running.size();
    return m_end;
}

} // namespace lanpeer::scenario
