#include "model/explore/parts.h"

#include <algorithm>
#include <exception>
#include <fmt/format.h>
#include <limits>
#include <stdexcept>

namespace lanpeer::explore
{

namespace
{

using harness::Flight;
using harness::Host;
using harness::World;

// Stand for the number of an outcome.
constexpr std::uint32_t kUnknown = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kTogether = kUnknown - 1; ///< depends on other hosts too

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

constexpr std::size_t kMostParts = 1U << 24; ///< the keys of Remembered() have no more bits

/// What the node does about a packet does not depend on whether it comes again.
bool
IsArrival(const Step& step)
{
    return step.kind == StepKind::Deliver || step.kind == StepKind::Duplicate;
}

} // namespace

Parts::Parts(const Rules& rules)
    : m_rules(rules)
    , m_hosts(rules.TheLane().configs.size())
    , m_scratch(rules.Start())
{
}

PartId
Parts::PartNumber(std::string encoded)
{
    const auto [its, isNew] =
        m_partIds.emplace(std::move(encoded), static_cast<PartId>(m_parts.size()));
    if (isNew)
    {
        if (m_parts.size() >= kMostParts)
        {
            throw std::length_error("more different hosts than can be numbered");
        }
        m_parts.emplace_back();
    }
    return its->second;
}

PartId
Parts::Intern(std::uint8_t number, const Host& host, const Watch& watch)
{
    const PartId part = PartNumber(EncodedAs(SameNames(), host, watch, number));
    if (!m_parts[part])
    {
        m_parts[part] = std::make_unique<Part>(
            Part{host, watch, number, {}, 0, kNever, false, false, {}, {}, std::nullopt});
        Complete(*m_parts[part], number);
    }
    return part;
}

PartId
Parts::NumberAs(const Renaming& renaming, PartId part)
{
    const Part& known = *m_parts[part];
    return PartNumber(EncodedAs(renaming, known.host, known.watch, known.number));
}

std::uint32_t
Parts::RequestNumber(const NodeId& node, std::uint32_t id)
{
    return m_requests
        .emplace(fmt::format("{} {}", node.Text(), id),
                 static_cast<std::uint32_t>(m_requests.size()))
        .first->second;
}

void
Parts::Complete(Part& part, std::uint8_t number)
{
    std::vector<Step> steps;
    m_rules.StepsAt(part.host, number, steps);
    m_rules.ForgeStepsAt(part.watch, number, steps);
    for (const Step& step : steps)
    {
        const Budget cost = m_rules.CostOf(part.host, step);
        std::uint64_t leastMs = 0;
        if (step.kind == StepKind::Fire)
        {
            const auto& timer =
                part.host.timers.at({static_cast<TimerKind>(step.detail), step.subject});
            leastMs = timer.minMs;
            part.soonestMs =
                cost == nullptr ? std::min(part.soonestMs, timer.maxMs) : part.soonestMs;
        }
        part.steps.push_back({step, cost, Rules::HappensByItself(step, cost), leastMs});
    }
    const auto& requests = part.host.node.Client().Requests();
    part.owed = part.watch.Running();
    for (std::uint32_t slot = 0; slot < requests.End(); ++slot)
    {
        const ClientRequest* request = requests.Find(slot);
        if (request != nullptr && request->state == ClientState::BackOff)
        {
            for (const Joined& joined : request->joined)
            {
                part.owed &= ~(1U << (static_cast<std::uint64_t>(joined.application) - 1));
            }
        }
    }
    part.clientRests = requests.Count() == 0;
    part.remembersEnded = part.host.timers.count({TimerKind::ForgetEnded, 0}) != 0;
    for (const KnownRequest& known : part.watch.known)
    {
        (known.slot ? part.pending : part.ended)
            .push_back(RequestNumber(known.key.node, known.key.id));
    }
    Monitor monitor = m_scratch.monitor;
    monitor.At(number) = part.watch;
    monitor.LookAt(part.host, number);
    part.atRest = monitor.Seen();
}

FlightId
Parts::FlightNumber(std::string encoded)
{
    const auto [its, isNew] =
        m_flightIds.emplace(std::move(encoded), static_cast<FlightId>(m_flights.size()));
    if (isNew)
    {
        if (m_flights.size() >= std::numeric_limits<FlightId>::max())
        {
            throw std::length_error("more different packets than can be numbered");
        }
        m_flights.emplace_back();
    }
    return its->second;
}

FlightId
Parts::Intern(const Flight& flight)
{
    const FlightId number = FlightNumber(EncodedAs(SameNames(), flight));
    if (!m_flights[number])
    {
        // Answers name their requester, the rest is about requests of the sender.
        const ServicePacket& packet = *flight.packet;
        m_flights[number] = std::make_unique<KnownFlight>(
            KnownFlight{flight, RequestNumber(packet.to.value_or(packet.node), packet.id)});
    }
    return number;
}

FlightId
Parts::NumberAs(const Renaming& renaming, FlightId flight)
{
    return FlightNumber(EncodedAs(renaming, m_flights[flight]->flight));
}

// ---------------------------------------------------------------- steps

/// Passes what it sees on to the monitor and the rules.
struct Parts::Involved : harness::Observer
{
    Involved(Monitor& watching, const Rules& told)
        : monitor(watching)
        , rules(told)
    {
    }

    void Handled(const World& world,
                 std::uint32_t host,
                 const Event& event,
                 const ActionList& actions) override
    {
        hosts |= 1U << host;
        for (const Action& action : actions)
        {
            const auto* send = std::get_if<SendTo>(&action);
            const auto* broadcast = std::get_if<Broadcast>(&action);
            if (send != nullptr || broadcast != nullptr)
            {
                NoteAnswer(send != nullptr ? *send->packet : *broadcast->packet);
            }
        }
        monitor.Handled(world, host, event, actions);
        rules.Saw(world, host, event, actions);
    }

    void NoteAnswer(const ServicePacket& packet)
    {
        if (packet.kind == PacketKind::IHave)
        {
            saidBusy = packet.busyMs.has_value();
        }
    }

    Monitor& monitor;
    const Rules& rules;
    std::uint32_t hosts = 0;
    std::optional<bool> saidBusy;
};

/// Bit i: host i lives.
std::uint32_t
Parts::AliveIn(const PartIds& parts) const
{
    std::uint32_t alive = 0;
    for (std::size_t host = 0; host < m_hosts; ++host)
    {
        alive |= (m_parts[parts[host]]->host.alive ? 1U : 0U) << host;
    }
    return alive;
}

/// Where the outcome of a step is remembered: by the part that it is taken at and by who lives,
/// which decides what of it goes under way.
std::uint32_t&
Parts::Remembered(const Step& step, const PartIds& parts)
{
    const std::uint32_t alive = AliveIn(parts);
    const PartId part = parts[step.host];
    if (!IsArrival(step))
    {
        const std::uint64_t key = static_cast<std::uint64_t>(part) << 40 |
                                  static_cast<std::uint64_t>(alive) << 32 | step.Packed();
        return m_alone.emplace(key, kUnknown).first->second;
    }
    const std::size_t row = (static_cast<std::size_t>(part) << m_hosts) | alive;
    if (row >= m_arrivals.size())
    {
        m_arrivals.resize(m_parts.size() << m_hosts);
    }
    auto& arrivals = m_arrivals[row];
    if (step.subject >= arrivals.size())
    {
        arrivals.resize(m_flights.size(), kUnknown);
    }
    return arrivals[step.subject];
}

const Outcome&
Parts::Take(const Step& step, const PartIds& parts)
{
    const std::uint32_t remembered = Remembered(step, parts);
    if (remembered == kTogether)
    {
        return TakeTogether(step, parts);
    }
    if (remembered != kUnknown)
    {
        return m_outcomes[remembered];
    }
    bool alone = true;
    const std::uint32_t outcome = FindOut(step, parts, alone);
    Remembered(step, parts) = alone ? outcome : kTogether;
    return m_outcomes[outcome];
}

const Outcome&
Parts::TakeTogether(const Step& step, const PartIds& parts)
{
    std::string key(reinterpret_cast<const char*>(parts.data()), m_hosts * sizeof(PartId));
    key += Encoded(step);
    const auto [its, isNew] = m_together.emplace(std::move(key), 0);
    if (isNew)
    {
        bool alone = true;
        its->second = FindOut(step, parts, alone);
    }
    return m_outcomes[its->second];
}

bool
Parts::IsBusy(std::uint8_t host, const PartIds& parts) const
{
    std::uint64_t uploads = 0;
    for (std::size_t other = 0; other < m_hosts; ++other)
    {
        uploads += SlotsHeldBy(m_parts[parts[other]]->host, host);
    }
    const PeeringConfig& config = *m_rules.TheLane().configs[host];
    return config.slots && uploads >= config.uploadSlots;
}

std::uint32_t
Parts::FindOut(const Step& step, const PartIds& parts, bool& alone)
{
    State state = m_scratch;
    for (std::uint32_t host = 0; host < m_hosts; ++host)
    {
        state.world.At(host) = m_parts[parts[host]]->host;
        state.monitor.At(host) = m_parts[parts[host]]->watch;
    }
    Outcome outcome;
    Involved involved(state.monitor, m_rules);
    state.world.SetObserver(&involved);
    m_rules.Begins(state);
    try
    {
        if (IsArrival(step))
        {
            m_rules.Deliver(state, m_flights[step.subject]->flight);
        }
        else if (step.kind == StepKind::Forge)
        {
            const Flight& flight = m_flights[step.subject]->flight;
            state.world.Handle(step.host, m_rules.Forged(state, step, flight));
        }
        else
        {
            m_rules.Take(state, step);
        }
    }
    catch (const std::exception& thrown)
    {
        outcome.violation = Violation{"contract", fmt::format("it throws: {}", thrown.what())};
    }
    alone = (involved.hosts & ~(1U << step.host)) == 0 && step.kind != StepKind::Crash;
    outcome.saidBusy = involved.saidBusy;
    outcome.died = step.kind == StepKind::Crash;
    if (!outcome.violation)
    {
        outcome.violation = state.monitor.Seen();
    }
    for (std::uint8_t host = 0; host < m_hosts && !outcome.violation; ++host)
    {
        const PartId part = Intern(host, state.world.At(host), state.monitor.At(host));
        if (part != parts[host])
        {
            outcome.changed.emplace_back(host, part);
            alone = alone && host == step.host;
        }
        outcome.violation = m_parts[part]->atRest;
    }
    for (const Flight& flight : state.world.Flights())
    {
        outcome.sent.push_back(Intern(flight));
    }
    m_outcomes.push_back(std::move(outcome));
    return static_cast<std::uint32_t>(m_outcomes.size() - 1);
}

} // namespace lanpeer::explore
