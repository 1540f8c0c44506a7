#include "model/explore/explorer.h"

#include "model/explore/circle.h"
#include "model/explore/liveness.h"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>
#include <utility>

namespace lanpeer::explore
{

double
Report::StatesPerSecond() const
{
    return seconds > 0 ? static_cast<double>(states) / seconds : 0;
}

double
Report::BytesPerState() const
{
    return states > 0 ? static_cast<double>(storeBytes) / static_cast<double>(states) : 0;
}

std::string
Report::Summary() const
{
    return fmt::format("{} states, {} transitions, depth {}, of {} hosts and {} packets; {:.2f} s, "
                       "{:.0f} states/s, {:.0f} bytes a state{}{}",
                       states,
                       transitions,
                       depth,
                       parts,
                       packets,
                       seconds,
                       StatesPerSecond(),
                       BytesPerState(),
                       delayOrdered ? "; delay-ordered: an under-approximation" : "",
                       complete ? "" : "; NOT COMPLETE");
}

std::string
Report::Told() const
{
    if (!finding)
    {
        return {};
    }
    std::string told;
    for (const std::string& line : finding->story)
    {
        told += line + "\n";
    }
    return told + "# " + finding->violation.requirement + ": " + finding->violation.what + "\n";
}

Explorer::Explorer(const Rules& rules)
    : m_rules(rules)
    , m_lane(rules.TheLane())
    , m_parts(rules)
    , m_symmetry(m_lane, m_parts)
    , m_successors(rules, m_parts)
    , m_codec(m_lane.configs.size())
    , m_graph(m_symmetry.Size() > 1)
{
}

Report
Explorer::Run(const Progress& progress)
{
    constexpr std::uint32_t kStatesBetweenWords = 1U << 14;
    const std::clock_t begin = std::clock();
    Start();
    for (std::uint32_t number = 0; number < m_store.Size() && !m_report.finding; ++number)
    {
        Expand(number);
        if (progress && number % kStatesBetweenWords == 0)
        {
            progress(m_store.Size(), m_store.Size() - number - 1);
        }
    }
    m_report.transitions = m_successors.Count(); // the search for circles steps again
    if (!m_report.finding)
    {
        LookForTraps();
    }
    if (!m_report.finding)
    {
        LookForCircles();
    }
    m_report.complete = !m_report.finding;
    m_report.delayOrdered = m_lane.delayOrdered;
    m_report.states = m_store.Size();
    m_report.edges = m_graph.Edges();
    m_report.parts = m_parts.Count();
    m_report.packets = m_parts.FlightCount();
    m_report.storeBytes = m_store.Bytes() + m_graph.Bytes();
    m_report.seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    return m_report;
}

void
Explorer::Start()
{
    const State start = m_rules.Start();
    Composite first;
    for (std::uint8_t host = 0; host < start.world.Size(); ++host)
    {
        first.parts[host] = m_parts.Intern(host, start.world.At(host), start.monitor.At(host));
    }
    first.left = m_lane.budgets;
    first.wantsLeft = (1U << m_lane.wants.size()) - 1;
    const RenamingId renaming = m_symmetry.Lowest(first, m_lowest);
    m_store.Insert(m_codec.Encode(m_lowest), 0, 0, renaming);
}

/// The world that a state was first reached as.
void
Explorer::WorldOf(std::uint32_t state, Composite& world)
{
    m_codec.Decode(m_store.BytesOf(state), m_lowest);
    m_symmetry.Real(m_lowest, m_store.RenamingTo(state), world);
}

void
Explorer::Expand(std::uint32_t number)
{
    m_from = number;
    if (number == m_level)
    {
        m_level = static_cast<std::uint32_t>(m_store.Size());
        ++m_report.depth;
    }
    Composite from;
    WorldOf(number, from);
    std::uint32_t owed = 0;
    for (std::size_t host = 0; host < m_lane.configs.size(); ++host)
    {
        owed |= m_parts.At(from.parts[host]).owed;
    }
    m_graph.AddState(m_symmetry.Wants(m_store.RenamingTo(number), owed));
    m_successors.Visit(from, *this);
}

void
Explorer::Reached(Composite& reached, const Step& step, bool free, bool byItself)
{
    if (m_report.finding)
    {
        return;
    }
    const RenamingId renaming = m_symmetry.Lowest(reached, m_lowest);
    const auto [number, isNew] =
        m_store.Insert(m_codec.Encode(m_lowest), m_from, step.Packed(), renaming);
    if (free)
    {
        m_graph.AddEdge(
            number, byItself, m_symmetry.BackAndForth(m_store.RenamingTo(m_from), renaming));
    }
    if (isNew && m_store.Size() > m_lane.stateLimit)
    {
        Find({"limit", fmt::format("more than {} states", m_lane.stateLimit)}, 0, {});
    }
}

void
Explorer::Wrong(const Violation& violation, const Step& step)
{
    Find(violation, m_from, step);
}

void
Explorer::LookForTraps()
{
    if (const auto trap = FindTrap(m_graph, m_symmetry))
    {
        const std::uint32_t request =
            m_symmetry.RealWants(m_store.RenamingTo(trap->state), trap->request);
        std::uint32_t number = 1;
        while ((request >> (number - 1) & 1) == 0)
        {
            ++number;
        }
        Find({"R-CLI-7",
              fmt::format("from here on request {} cannot end by itself{}",
                          number,
                          trap->dead ? ": nothing happens any more" : "")},
             trap->state,
             {});
    }
}

void
Explorer::LookForCircles()
{
    const auto circles = FindCircles(m_graph);
    m_report.circles = circles.size();
    const NumberOfWorld numberOf = [this](const Composite& world)
    {
        m_symmetry.Lowest(world, m_lowest);
        return *m_store.Find(m_codec.Encode(m_lowest));
    };
    for (const auto& circle : circles)
    {
        Composite begin;
        WorldOf(circle.front(), begin);
        if (CanGoOnForEver(circle, begin, m_successors, numberOf))
        {
            Find({"R-CLI-7",
                  fmt::format("from here on nodes may wait for each other for ever, in a circle of "
                              "{} states",
                              circle.size())},
                 circle.front(),
                 {});
            return;
        }
    }
}

std::set<std::uint64_t>
Explorer::Fingerprints()
{
    Lane lane = m_lane;
    lane.symmetric = true;
    const Symmetry symmetry(lane, m_parts);
    std::set<std::uint64_t> fingerprints;
    for (std::uint32_t state = 0; state < m_store.Size(); ++state)
    {
        Composite world;
        WorldOf(state, world);
        fingerprints.insert(symmetry.Fingerprint(world));
    }
    return fingerprints;
}

void
Explorer::Find(const Violation& violation, std::uint32_t state, std::optional<Step> last)
{
    std::vector<Step> steps;
    if (last)
    {
        steps.push_back(*last);
    }
    for (std::uint32_t number = state; number != 0; number = m_store.ParentOf(number))
    {
        steps.push_back(Step::Unpacked(m_store.StepTo(number)));
    }
    std::reverse(steps.begin(), steps.end());
    if (!m_report.finding)
    {
        m_report.finding = Finding{violation, Tell(m_rules, m_parts, steps)};
    }
}

} // namespace lanpeer::explore
