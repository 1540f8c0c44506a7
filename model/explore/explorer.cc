#include "model/explore/explorer.h"

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
                       "{:.0f} states/s, {:.0f} bytes a state{}",
                       states,
                       transitions,
                       depth,
                       parts,
                       packets,
                       seconds,
                       StatesPerSecond(),
                       BytesPerState(),
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
    , m_reduction(m_lane, m_parts)
    , m_codec(m_lane.configs.size())
{
}

Report
Explorer::Run()
{
    const std::clock_t begin = std::clock();
    const State start = m_rules.Start();
    Composite first;
    for (std::uint8_t host = 0; host < start.world.Size(); ++host)
    {
        first.parts[host] = m_parts.Intern(host, start.world.At(host), start.monitor.At(host));
    }
    first.left = m_lane.budgets;
    first.wantsLeft = (1U << m_lane.wants.size()) - 1;
    m_store.Insert(m_codec.Encode(first), 0, 0);
    for (std::uint32_t number = 0; number < m_store.Size() && !m_report.finding; ++number)
    {
        Expand(number);
    }
    if (!m_report.finding)
    {
        LookForTraps();
    }
    m_report.complete = !m_report.finding;
    m_report.states = m_store.Size();
    m_report.parts = m_parts.Count();
    m_report.packets = m_parts.FlightCount();
    m_report.storeBytes = m_store.Bytes() + m_liveness.Bytes();
    m_report.seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    return m_report;
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
    m_codec.Decode(m_store.BytesOf(number), from);
    std::uint32_t owed = 0;
    for (std::size_t host = 0; host < m_lane.configs.size(); ++host)
    {
        owed |= m_parts.At(from.parts[host]).owed;
    }
    m_liveness.AddState(owed);
    ExpandWants(from);
    ExpandFlights(from);
    ExpandHosts(from);
}

void
Explorer::ExpandWants(const Composite& from)
{
    for (std::size_t want = 0; want < m_lane.wants.size(); ++want)
    {
        const auto host = static_cast<std::uint8_t>(m_lane.wants[want].host);
        if ((from.wantsLeft >> want & 1) != 0 && m_parts.At(from.parts[host]).host.alive)
        {
            Take(from, {StepKind::Want, host, 0, static_cast<std::uint16_t>(want)}, nullptr, false);
        }
    }
}

void
Explorer::ExpandFlights(const Composite& from)
{
    for (std::size_t i = 0; i < from.flights.size(); ++i)
    {
        const FlightId id = from.flights[i];
        if (i > 0 && id == from.flights[i - 1])
        {
            continue; // which of two equal ones makes no difference
        }
        const harness::Flight& flight = m_parts.FlightAt(id).flight;
        const auto to = static_cast<std::uint8_t>(flight.to);
        Take(from, {StepKind::Deliver, to, 0, id}, nullptr, false);
        if (from.left.losses > 0)
        {
            Lose(from, i);
        }
        if (from.left.duplicates > 0)
        {
            Take(from, {StepKind::Duplicate, to, 0, id}, &Budgets::duplicates, false);
        }
        if (from.left.forgeries > 0 && flight.packet->kind == PacketKind::INeed)
        {
            Take(from, {StepKind::Forge, to, 0, id}, &Budgets::forgeries, false);
        }
    }
}

void
Explorer::ExpandHosts(const Composite& from)
{
    for (std::size_t host = 0; host < m_lane.configs.size(); ++host)
    {
        for (const OwnStep& own : m_parts.At(from.parts[host]).steps)
        {
            const bool affordable = own.cost == nullptr || from.left.*own.cost > 0;
            if (affordable && !(Rules::IsNextDownloading(own.step) && IsDownloading(from, host)))
            {
                Take(from, own.step, own.cost, own.byItself);
            }
        }
    }
}

/// Is a "downloading" of the host's under way?
bool
Explorer::IsDownloading(const Composite& from, std::size_t host) const
{
    return std::any_of(from.flights.begin(),
                       from.flights.end(),
                       [this, host](FlightId id)
                       {
                           const harness::Flight& flight = m_parts.FlightAt(id).flight;
                           return flight.from == host &&
                                  flight.packet->kind == PacketKind::Downloading;
                       });
}

void
Explorer::Take(const Composite& from, const Step& step, Budget cost, bool byItself)
{
    if (m_report.finding)
    {
        return;
    }
    const Outcome& outcome = m_parts.Take(step, from.parts);
    ++m_report.transitions;
    if (outcome.violation)
    {
        Find(*outcome.violation, m_from, step);
        return;
    }
    m_reached = from;
    for (const auto& [host, part] : outcome.changed)
    {
        m_reached.parts[host] = part;
    }
    if (step.kind == StepKind::Deliver)
    {
        const auto its =
            std::find(m_reached.flights.begin(), m_reached.flights.end(), step.subject);
        m_reached.flights.erase(its);
    }
    if (outcome.died)
    {
        auto& flights = m_reached.flights;
        flights.erase(std::remove_if(flights.begin(),
                                     flights.end(),
                                     [&](FlightId id)
                                     { return m_parts.FlightAt(id).flight.to == step.host; }),
                      flights.end());
    }
    for (const FlightId sent : outcome.sent)
    {
        m_reached.Add(sent);
    }
    if (step.kind == StepKind::Want)
    {
        m_reached.wantsLeft &= ~(1U << step.subject);
    }
    if (cost != nullptr)
    {
        --(m_reached.left.*cost);
    }
    Add(m_reached, step, byItself);
}

void
Explorer::Lose(const Composite& from, std::size_t index)
{
    ++m_report.transitions;
    m_reached = from;
    --m_reached.left.losses;
    m_reached.Remove(index);
    Add(m_reached, {StepKind::Lose, 0, 0, from.flights[index]}, false);
}

void
Explorer::Add(Composite& reached, const Step& step, bool byItself)
{
    if (m_lane.reduced)
    {
        if (const auto violation = m_reduction.Apply(reached))
        {
            Find(*violation, m_from, step);
            return;
        }
    }
    const auto [number, isNew] = m_store.Insert(m_codec.Encode(reached), m_from, step.Packed());
    if (byItself)
    {
        m_liveness.AddEdge(number);
    }
    if (isNew && m_store.Size() > m_lane.stateLimit)
    {
        Find({"limit", fmt::format("more than {} states", m_lane.stateLimit)}, 0, {});
    }
}

void
Explorer::LookForTraps()
{
    if (const auto trap = m_liveness.FindTrap())
    {
        std::uint32_t request = 1;
        while ((trap->request >> (request - 1) & 1) == 0)
        {
            ++request;
        }
        Find({"R-CLI-7",
              fmt::format("from here on request {} cannot end by itself{}",
                          request,
                          trap->dead ? ": nothing happens any more" : "")},
             trap->state,
             {});
    }
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
