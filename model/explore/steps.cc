#include "model/explore/steps.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <utility>

namespace lanpeer::explore
{

namespace
{

using harness::Flight;
using harness::Host;
using harness::RunningTransfer;
using harness::World;

} // namespace

std::uint32_t
Step::Packed() const
{
    return static_cast<std::uint32_t>(kind) << 28 | static_cast<std::uint32_t>(host & 15) << 24 |
           static_cast<std::uint32_t>(detail) << 16 | subject;
}

Step
Step::Unpacked(std::uint32_t packed)
{
    return {static_cast<StepKind>(packed >> 28),
            static_cast<std::uint8_t>(packed >> 24 & 15),
            static_cast<std::uint8_t>(packed >> 16 & 255),
            static_cast<std::uint16_t>(packed & 65535)};
}

Rules::Rules(Lane lane)
    : m_lane(std::move(lane))
{
}

State
Rules::Start() const
{
    State state{World(m_lane.configs),
                Monitor(m_lane.configs.size(), m_lane.strictness),
                m_lane.budgets,
                (1U << m_lane.wants.size()) - 1};
    const std::string href(kHref);
    for (const std::uint32_t host : m_lane.unreachable)
    {
        state.world.At(host).internet = false;
    }
    for (const std::uint32_t host : m_lane.holders)
    {
        state.world.At(host).whole.insert(href);
        state.world.Handle(host, CopyOffered{href, state.world.ResourceBytes()});
    }
    return state;
}

void
Rules::Possible(const State& state, std::vector<Step>& steps) const
{
    for (std::size_t want = 0; want < m_lane.wants.size(); ++want)
    {
        const std::uint32_t host = m_lane.wants[want].host;
        if ((state.wantsLeft >> want & 1) != 0 && state.world.At(host).alive)
        {
            steps.push_back({StepKind::Want,
                             static_cast<std::uint8_t>(host),
                             0,
                             static_cast<std::uint16_t>(want)});
        }
    }
    PossibleFlights(state, steps);
    for (std::uint8_t host = 0; host < state.world.Size(); ++host)
    {
        PossibleAt(state, host, steps);
    }
}

void
Rules::PossibleFlights(const State& state, std::vector<Step>& steps) const
{
    const auto order = CanonicalFlights(state.world);
    const auto& flights = state.world.Flights();
    for (std::uint16_t i = 0; i < order.size(); ++i)
    {
        const Flight& flight = flights[order[i]];
        if (i > 0 && flight == flights[order[i - 1]])
        {
            continue;
        }
        const auto to = static_cast<std::uint8_t>(flight.to);
        steps.push_back({StepKind::Deliver, to, 0, i});
        if (state.left.losses > 0)
        {
            steps.push_back({StepKind::Lose, to, 0, i});
        }
        if (state.left.duplicates > 0)
        {
            steps.push_back({StepKind::Duplicate, to, 0, i});
        }
        if (state.left.forgeries > 0 && flight.packet->kind == PacketKind::INeed)
        {
            steps.push_back({StepKind::Forge, to, 0, i});
        }
    }
}

void
Rules::PossibleAt(const State& state, std::uint8_t host, std::vector<Step>& steps) const
{
    const Host& at = state.world.At(host);
    if (!at.alive)
    {
        steps.push_back({StepKind::Restart, host, 0, 0});
        return;
    }
    for (const auto& [timer, running] : at.timers)
    {
        if (MayFire(state, host, timer))
        {
            steps.push_back({StepKind::Fire,
                             host,
                             static_cast<std::uint8_t>(timer.kind),
                             static_cast<std::uint16_t>(timer.subject)});
        }
    }
    PossibleTransfers(state, host, steps);
    if (state.left.crashes > 0)
    {
        steps.push_back({StepKind::Crash, host, 0, 0});
    }
}

void
Rules::PossibleTransfers(const State& state, std::uint8_t host, std::vector<Step>& steps) const
{
    for (const auto& [id, transfer] : state.world.At(host).transfers)
    {
        const auto subject = static_cast<std::uint16_t>(id);
        const bool brings = transfer.outcome == TransferOutcome::Complete;
        steps.push_back({StepKind::Finish, host, 0, subject});
        if (brings && state.left.refusals > 0)
        {
            steps.push_back({StepKind::Refuse, host, 0, subject});
        }
        if (transfer.bodyComplete)
        {
            continue; // only the verdict is still open
        }
        if (brings && state.left.verdicts > 0)
        {
            steps.push_back({StepKind::Whole, host, 0, subject});
        }
        if (brings && state.left.halves > 0 &&
            transfer.received < state.world.ResourceBytes() / 2)
        {
            steps.push_back({StepKind::Progress, host, 0, subject});
        }
        if (state.left.failures > 0)
        {
            for (const TransferOutcome outcome : m_lane.failures)
            {
                steps.push_back(
                    {StepKind::Fail, host, static_cast<std::uint8_t>(outcome), subject});
            }
        }
    }
}

bool
Rules::MayFire(const State& state, std::uint8_t host, const TimerKey& timer) const
{
    const Host& at = state.world.At(host);
    const ClientRequest* request = at.node.Client().Requests().Find(timer.subject);
    switch (timer.kind)
    {
    case TimerKind::Deadline:
        return state.left.deadlines > 0;
    case TimerKind::AccessRetry:
        return state.left.backOffs > 0;
    case TimerKind::BackOff:
        // Retries of the Internet are counted by the node; rounds without access are not.
        return state.left.backOffs > 0 || request == nullptr ||
               request->state != ClientState::BackOff;
    case TimerKind::Progress: {
        const auto& flights = state.world.Flights();
        return std::none_of(flights.begin(), flights.end(), [host](const Flight& flight) {
            return flight.from == host && flight.packet->kind == PacketKind::Downloading;
        });
    }
    case TimerKind::TransferStall:
        return state.left.failures > 0;
    case TimerKind::Patience:
        return state.left.patience > 0;
    case TimerKind::ResponseDelay:
    case TimerKind::ForgetEnded:
    case TimerKind::ResponseWait:
    case TimerKind::Pause:
    case TimerKind::HolderWait:
    case TimerKind::DownloadStall:
    case TimerKind::Quiet:
    case TimerKind::HelpDelay:
        return true;
    }
    return true;
}

void
Rules::Take(State& state, const Step& step) const
{
    World& world = state.world;
    world.SetObserver(&state.monitor);
    const auto flight = [&world, &step] { return CanonicalFlights(world)[step.subject]; };
    switch (step.kind)
    {
    case StepKind::Want:
        state.wantsLeft &= ~(1U << step.subject);
        world.Handle(step.host,
                     ResourceWanted{AppRequestId{step.subject + 1ULL},
                                    std::string(kHref),
                                    m_lane.wants[step.subject].options});
        break;
    case StepKind::Deliver:
        world.Deliver(flight());
        break;
    case StepKind::Lose:
        --state.left.losses;
        world.Lose(flight());
        break;
    case StepKind::Duplicate:
        --state.left.duplicates;
        world.Duplicate(flight());
        break;
    case StepKind::Fire: {
        const TimerKey timer{static_cast<TimerKind>(step.detail), step.subject};
        const ClientRequest* request = world.At(step.host).node.Client().Requests().Find(step.subject);
        const bool backOff = timer.kind == TimerKind::AccessRetry ||
                             (timer.kind == TimerKind::BackOff && request != nullptr &&
                              request->state == ClientState::BackOff);
        state.left.backOffs = static_cast<std::uint8_t>(state.left.backOffs - (backOff ? 1 : 0));
        if (timer.kind == TimerKind::Deadline) --state.left.deadlines;
        if (timer.kind == TimerKind::TransferStall) --state.left.failures;
        if (timer.kind == TimerKind::Patience) --state.left.patience;
        world.Fire(step.host, timer);
        break;
    }
    case StepKind::Progress:
    case StepKind::Whole:
    case StepKind::Finish:
    case StepKind::Fail:
    case StepKind::Refuse:
        TakeOfTransfer(state, step);
        break;
    case StepKind::Crash:
        --state.left.crashes;
        state.monitor.Crashed(step.host);
        world.Kill(step.host);
        break;
    case StepKind::Restart:
        world.Restart(step.host);
        break;
    case StepKind::Forge:
        --state.left.forgeries;
        Forge(state, flight());
        break;
    }
    world.SetObserver(nullptr);
}

void
Rules::TakeOfTransfer(State& state, const Step& step) const
{
    World& world = state.world;
    switch (step.kind)
    {
    case StepKind::Progress:
        --state.left.halves;
        world.ProgressTransfer(step.host, step.subject, world.ResourceBytes() / 2);
        break;
    case StepKind::Whole:
        --state.left.verdicts;
        world.CompleteBody(step.host, step.subject);
        break;
    case StepKind::Finish:
        world.FinishTransfer(step.host, step.subject);
        break;
    case StepKind::Fail:
        --state.left.failures;
        world.EndTransfer(step.host,
                          step.subject,
                          static_cast<TransferOutcome>(step.detail),
                          Verdict::None);
        break;
    case StepKind::Refuse:
        --state.left.refusals;
        world.EndTransfer(step.host, step.subject, TransferOutcome::Complete, Verdict::Refused);
        break;
    case StepKind::Want:
    case StepKind::Deliver:
    case StepKind::Lose:
    case StepKind::Duplicate:
    case StepKind::Fire:
    case StepKind::Crash:
    case StepKind::Restart:
    case StepKind::Forge:
        break;
    }
}

void
Rules::Forge(State& state, std::uint32_t flight) const
{
    const Flight target = state.world.Flights()[flight];
    ServicePacket packet;
    packet.kind = PacketKind::IFound;
    packet.node = target.packet->node;
    packet.id = target.packet->id;
    packet.href = target.packet->href;
    if (target.packet->lock)
    {
        packet.key = FoundKey{{0xF0}, {0xF0}}; // some key: it opens nothing of anybody's
    }
    const auto stranger = harness::World::PeerOf(static_cast<std::uint32_t>(state.world.Size()));
    state.world.Handle(target.to, PacketReceived{stranger, 1967, std::move(packet)});
}

bool
Rules::HappensByItself(const Step& step) const
{
    switch (step.kind)
    {
    case StepKind::Whole:
    case StepKind::Finish:
        return true;
    case StepKind::Fire:
        return m_lane.deadlineEnds || static_cast<TimerKind>(step.detail) != TimerKind::Deadline;
    case StepKind::Deliver:
        return !m_lane.endsUnheard;
    case StepKind::Want:
    case StepKind::Lose:
    case StepKind::Duplicate:
    case StepKind::Progress:
    case StepKind::Fail:
    case StepKind::Refuse:
    case StepKind::Crash:
    case StepKind::Restart:
    case StepKind::Forge:
        return false;
    }
    return false;
}

// ---------------------------------------------------------------- canonical states

namespace
{

/// Feeds a flight without its time. \returns nothing; a flight's Fields() leave the time out.
void
Encode(const Flight& flight, std::string& out)
{
    EncodingSink sink(out);
    VisitValue(sink, flight);
}

} // namespace

std::vector<std::uint16_t>
CanonicalFlights(const World& world)
{
    const auto& flights = world.Flights();
    std::vector<std::string> encoded(flights.size());
    for (std::size_t i = 0; i < flights.size(); ++i)
    {
        Encode(flights[i], encoded[i]);
    }
    std::vector<std::uint16_t> order(flights.size());
    std::iota(order.begin(), order.end(), static_cast<std::uint16_t>(0));
    std::stable_sort(order.begin(), order.end(), [&encoded](std::uint16_t a, std::uint16_t b) {
        return encoded[a] < encoded[b];
    });
    return order;
}

std::string_view
Canonical::Of(const State& state)
{
    m_bytes.clear();
    m_flightBytes.clear();
    m_flights.clear();
    EncodingSink sink(m_bytes);
    for (std::uint32_t host = 0; host < state.world.Size(); ++host)
    {
        VisitValue(sink, state.world.At(host));
    }
    VisitValue(sink, state.monitor);
    VisitValue(sink, state.left);
    VisitValue(sink, state.wantsLeft);
    for (const Flight& flight : state.world.Flights())
    {
        const std::size_t begin = m_flightBytes.size();
        Encode(flight, m_flightBytes);
        m_flights.emplace_back(begin, m_flightBytes.size() - begin);
    }
    const std::string_view all(m_flightBytes);
    std::sort(m_flights.begin(), m_flights.end(), [all](const auto& a, const auto& b) {
        return all.substr(a.first, a.second) < all.substr(b.first, b.second);
    });
    sink.Integer(m_flights.size());
    for (const auto& [begin, size] : m_flights)
    {
        sink.Bytes(m_flightBytes.data() + begin, size);
    }
    return m_bytes;
}

} // namespace lanpeer::explore
