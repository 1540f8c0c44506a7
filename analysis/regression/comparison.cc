#include "analysis/regression/comparison.h"

#include "model/settings/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

namespace lanpeer::regression
{

namespace
{

using analysis::Metrics;

bool
IsNull(const Figure& figure)
{
    return std::holds_alternative<std::monostate>(figure);
}

/// Wide enough for every count: 64 bits of mantissa on what Debian calls amd64.
long double
NumberOf(const Figure& figure)
{
    const auto* count = std::get_if<std::uint64_t>(&figure);
    return count != nullptr ? static_cast<long double>(*count)
                            : static_cast<long double>(std::get<double>(figure));
}

using RunKey = std::tuple<std::string, std::string, std::uint64_t, std::uint64_t>;

RunKey
KeyOf(const Metrics& run)
{
    return {run.scenario, run.policy, run.seed, run.run};
}

std::map<RunKey, const Metrics*>
ByKey(const StoredRuns& stored)
{
    std::map<RunKey, const Metrics*> runs;
    for (const Metrics& run : stored.runs)
    {
        runs.emplace(KeyOf(run), &run);
    }
    return runs;
}

std::set<RunKey>
FailedKeys(const StoredRuns& stored)
{
    std::set<RunKey> keys;
    for (const Metrics& run : stored.failed)
    {
        keys.insert(KeyOf(run));
    }
    return keys;
}

std::string
NameOf(const StoredRuns& stored, bool isOfSweep)
{
    const char* const ending = isOfSweep ? "" : ".json";
    return stored.name.empty() ? stored.file : stored.name + ending;
}

/// What it is, in a word.
const char*
KindOf(const RunSet& set)
{
    return set.isSweep ? "sweep" : set.isFolder ? "folder" : "file";
}

void
RequireSameKind(const RunSet& baseline, const RunSet& candidate)
{
    if (baseline.isSweep != candidate.isSweep || baseline.isFolder != candidate.isFolder)
    {
        // The sweep or the folder first, whichever side it is.
        const bool turn = candidate.isSweep || (candidate.isFolder && !baseline.isSweep);
        const RunSet& first = turn ? candidate : baseline;
        const RunSet& second = turn ? baseline : candidate;
        throw RunsError(
            fmt::format("{} is a {} and {} a {}; expected two files, two folders or two sweeps",
                        settings::WholeLine(first.path),
                        KindOf(first),
                        settings::WholeLine(second.path),
                        KindOf(second)));
    }
}

/// Which of ComparedMetrics() are asked for.
std::vector<std::size_t>
Chosen(const std::vector<std::string>& names)
{
    std::vector<std::size_t> chosen;
    const std::vector<ComparedMetric>& metrics = ComparedMetrics();
    for (std::size_t i = 0; i < metrics.size(); ++i)
    {
        if (names.empty() || std::find(names.begin(), names.end(), metrics[i].name) != names.end())
        {
            chosen.push_back(i);
        }
    }
    return chosen;
}

/// Fills a Comparison file by file.
class Comparer
{
  public:
    Comparer(const ComparisonOptions& options, bool areSweeps)
        : m_tolerancePercent(options.tolerancePercent)
        , m_chosen(Chosen(options.metrics))
        , m_areSweeps(areSweeps)
    {
    }

    void ComparePair(const StoredRuns& baseline, const StoredRuns& candidate)
    {
        std::map<RunKey, const Metrics*> others = ByKey(candidate);
        const std::set<RunKey> failedThere = FailedKeys(candidate);
        std::map<std::pair<std::string, std::string>, std::size_t> places;
        for (const Metrics& run : baseline.runs)
        {
            const auto [place, isNew] =
                places.emplace(std::pair(run.scenario, run.policy), comparison.places.size());
            if (isNew)
            {
                comparison.places.push_back(
                    {baseline.name, baseline.file, run.scenario, run.policy});
            }
            const auto other = others.find(KeyOf(run));
            if (other == others.end())
            {
                const bool hasFailed = failedThere.count(KeyOf(run)) != 0;
                comparison.missing.push_back(
                    {UnpairedRun(baseline, run) + (hasFailed ? " (failed)" : ""),
                     baseline.file,
                     place->second});
                continue;
            }
            RequireSameNodes(baseline, run, candidate, *other->second);
            CompareRuns(place->second, run, *other->second);
            others.erase(other);
        }
        AddExtra(baseline, candidate, others);
    }

    /// The candidate has nothing of that name.
    void AddMissing(const StoredRuns& baseline)
    {
        if (m_areSweeps)
        {
            ComparePair(baseline, {baseline.name, "", {}, {}});
            return;
        }
        comparison.missing.push_back({NameOf(baseline, false), baseline.file, std::nullopt});
    }

    void AddExtra(const StoredRuns& candidate)
    {
        comparison.extra.push_back({NameOf(candidate, m_areSweeps), candidate.file, std::nullopt});
    }

    Comparison comparison;

  private:
    std::string UnpairedRun(const StoredRuns& stored, const Metrics& run) const
    {
        return fmt::format("{}: {}", NameOf(stored, m_areSweeps), RunName(run));
    }

    /// \param others the candidate's runs that no run of the baseline is paired with
    void AddExtra(const StoredRuns& baseline,
                  const StoredRuns& candidate,
                  const std::map<RunKey, const Metrics*>& others)
    {
        const std::set<RunKey> failedBefore = FailedKeys(baseline);
        for (const Metrics& run : candidate.runs)
        {
            if (others.count(KeyOf(run)) != 0)
            {
                const bool hadFailed = failedBefore.count(KeyOf(run)) != 0;
                comparison.extra.push_back(
                    {UnpairedRun(candidate, run) + (hadFailed ? " (failed in the baseline)" : ""),
                     candidate.file,
                     std::nullopt});
            }
        }
        for (const Metrics& run : candidate.failed)
        {
            if (failedBefore.count(KeyOf(run)) != 0)
            {
                comparison.failed.push_back(
                    {UnpairedRun(candidate, run), candidate.file, std::nullopt});
            }
        }
    }

    static void RequireSameNodes(const StoredRuns& baseline,
                                 const Metrics& run,
                                 const StoredRuns& candidate,
                                 const Metrics& other)
    {
        if (run.nodes != other.nodes)
        {
            throw RunsError(fmt::format("{}: cannot be compared: {} nodes in {}, {} in {}",
                                        RunName(run),
                                        run.nodes,
                                        baseline.file,
                                        other.nodes,
                                        candidate.file));
        }
    }

    void CompareRuns(std::size_t place, const Metrics& run, const Metrics& other)
    {
        ++comparison.runs;
        const std::vector<Figure> before = FiguresOf(run);
        const std::vector<Figure> after = FiguresOf(other);
        for (const std::size_t i : m_chosen)
        {
            const ComparedMetric& metric = ComparedMetrics()[i];
            comparison.figures.push_back(
                {&metric,
                 place,
                 run.seed,
                 run.run,
                 before[i],
                 after[i],
                 Judge(metric.direction, before[i], after[i], m_tolerancePercent)});
        }
    }

    double m_tolerancePercent;
    std::vector<std::size_t> m_chosen;
    bool m_areSweeps;
};

} // namespace

std::size_t
Comparison::Count(Verdict verdict) const
{
    return static_cast<std::size_t>(std::count_if(figures.begin(),
                                                  figures.end(),
                                                  [verdict](const ComparedFigure& figure)
                                                  { return figure.verdict == verdict; }));
}

bool
Comparison::IsWorse() const
{
    return !missing.empty() || Count(Verdict::Worse) > 0;
}

std::optional<double>
ChangePercent(const ComparedFigure& figure)
{
    if (IsNull(figure.baseline) || IsNull(figure.candidate))
    {
        return std::nullopt;
    }
    const long double before = NumberOf(figure.baseline);
    if (before == 0)
    {
        return std::nullopt;
    }
    return static_cast<double>((NumberOf(figure.candidate) - before) * 100 / std::fabs(before));
}

Verdict
Judge(Direction direction, const Figure& baseline, const Figure& candidate, double tolerancePercent)
{
    const bool informational = direction == Direction::Informational;
    if (IsNull(baseline) || IsNull(candidate))
    {
        if (IsNull(baseline) && IsNull(candidate))
        {
            return Verdict::Same;
        }
        const Verdict verdict = IsNull(candidate) ? Verdict::Worse : Verdict::Better;
        return informational ? Verdict::Changed : verdict;
    }
    const long double before = NumberOf(baseline);
    const long double difference = NumberOf(candidate) - before;
    const bool isCount = std::holds_alternative<std::uint64_t>(baseline);
    const long double size = std::fabs(before);
    const long double allowed =
        std::max(size * tolerancePercent / 100, isCount ? 0.0L : size * kRelative);
    if (std::fabs(difference) <= allowed)
    {
        return Verdict::Same;
    }
    if (informational)
    {
        return Verdict::Changed;
    }
    const bool isMore = difference > 0;
    return isMore == (direction == Direction::LowerIsBetter) ? Verdict::Worse : Verdict::Better;
}

Comparison
Compare(const RunSet& baseline, const RunSet& candidate, const ComparisonOptions& options)
{
    RequireSameKind(baseline, candidate);
    std::map<std::string, const StoredRuns*> others;
    for (const StoredRuns& stored : candidate.files)
    {
        others.emplace(stored.name, &stored);
    }
    Comparer comparer(options, baseline.isSweep);
    for (const StoredRuns& stored : baseline.files)
    {
        const auto other = others.find(stored.name);
        if (other == others.end())
        {
            comparer.AddMissing(stored);
            continue;
        }
        comparer.ComparePair(stored, *other->second);
        others.erase(other);
    }
    for (const auto& [name, stored] : others)
    {
        comparer.AddExtra(*stored);
    }
    return comparer.comparison;
}

} // namespace lanpeer::regression
