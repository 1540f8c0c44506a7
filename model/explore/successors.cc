#include "model/explore/successors.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace lanpeer::explore
{

Successors::Successors(const Rules& rules, Parts& parts)
    : m_rules(rules)
    , m_lane(rules.TheLane())
    , m_parts(parts)
    , m_reduction(m_lane, parts)
{
}

bool
Successors::Visit(const Composite& from, Visitor& visitor)
{
    m_visitor = &visitor;
    m_wrong = false;
    VisitWants(from);
    VisitFlights(from);
    VisitHosts(from);
    return !m_wrong;
}

void
Successors::VisitWants(const Composite& from)
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
Successors::VisitFlights(const Composite& from)
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
        // Where timers wait for packets, a packet that is not lost arrives.
        Take(from, {StepKind::Deliver, to, 0, id}, nullptr, m_lane.delayOrdered);
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
            const std::uint8_t forgeries = m_rules.ForgeriesAt(to, flight.packet->lock);
            for (std::uint8_t forgery = 0; forgery < forgeries; ++forgery)
            {
                Take(from, {StepKind::Forge, to, forgery, id}, &Budgets::forgeries, false);
            }
        }
    }
}

void
Successors::VisitHosts(const Composite& from)
{
    const std::uint64_t boundMs = BoundMs(from);
    for (std::size_t host = 0; host < m_lane.configs.size(); ++host)
    {
        for (const OwnStep& own : m_parts.At(from.parts[host]).steps)
        {
            const bool affordable = own.cost == nullptr || from.left.*own.cost > 0;
            if (affordable && own.leastMs <= boundMs &&
                !(Rules::IsNextDownloading(own.step) && IsDownloading(from, host)))
            {
                Take(from, own.step, own.cost, own.byItself);
            }
        }
    }
}

/// What goes on in a world takes no longer than this.
std::uint64_t
Successors::BoundMs(const Composite& from) const
{
    std::uint64_t boundMs = std::numeric_limits<std::uint64_t>::max();
    if (!m_lane.delayOrdered)
    {
        return boundMs;
    }
    for (std::size_t host = 0; host < m_lane.configs.size(); ++host)
    {
        boundMs = std::min(boundMs, m_parts.At(from.parts[host]).soonestMs);
        if (!from.flights.empty())
        {
            boundMs = std::min(boundMs, m_lane.configs[host]->transmissionAllowanceMs / 2);
        }
    }
    return boundMs;
}

/// Is a "downloading" of the host's under way?
bool
Successors::IsDownloading(const Composite& from, std::size_t host) const
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
Successors::Take(const Composite& from, const Step& step, Budget cost, bool byItself)
{
    if (m_wrong)
    {
        return;
    }
    const Outcome& outcome = m_parts.Take(step, from.parts);
    ++m_count;
    if (outcome.violation)
    {
        m_wrong = true;
        m_visitor->Wrong(*outcome.violation, step);
        return;
    }
    if (outcome.saidBusy && *outcome.saidBusy != m_parts.IsBusy(step.host, from.parts))
    {
        m_wrong = true;
        m_visitor->Wrong({"R-SRV-9", fmt::format("server {} miscounts its uploads", step.host + 1)},
                         step);
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
    Reach(step, cost == nullptr, byItself);
}

void
Successors::Lose(const Composite& from, std::size_t index)
{
    if (m_wrong)
    {
        return;
    }
    ++m_count;
    m_reached = from;
    --m_reached.left.losses;
    m_reached.Remove(index);
    Reach({StepKind::Lose, 0, 0, from.flights[index]}, false, false);
}

void
Successors::Reach(const Step& step, bool free, bool byItself)
{
    if (m_lane.reduced)
    {
        if (const auto violation = m_reduction.Apply(m_reached))
        {
            m_wrong = true;
            m_visitor->Wrong(*violation, step);
            return;
        }
    }
    m_visitor->Reached(m_reached, step, free, byItself);
}

} // namespace lanpeer::explore
