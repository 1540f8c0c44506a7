#include "model/explore/rules.h"

#include "model/harness/trace-text.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace lanpeer::explore
{

namespace
{

using harness::Flight;
using harness::Host;
using harness::World;

constexpr std::uint64_t kHalf = kResourceBytes / 2;

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
    State state{World(m_lane.configs, kResourceBytes),
                Monitor(m_lane.configs.size(), m_lane.strictness)};
    const std::string href(kHref);
    for (const std::uint32_t host : m_lane.unreachable)
    {
        state.world.At(host).internet = false;
    }
    for (const std::uint32_t host : m_lane.holders)
    {
        state.world.At(host).whole.insert(href);
        state.world.Handle(host, CopyOffered{href, kResourceBytes});
    }
    return state;
}

// ---------------------------------------------------------------- what can happen

void
Rules::StepsAt(const Host& host, std::uint8_t number, std::vector<Step>& steps) const
{
    if (!host.alive)
    {
        steps.push_back({StepKind::Restart, number, 0, 0});
        return;
    }
    for (const auto& [timer, running] : host.timers)
    {
        steps.push_back({StepKind::Fire,
                         number,
                         static_cast<std::uint8_t>(timer.kind),
                         static_cast<std::uint16_t>(timer.subject)});
    }
    TransferStepsAt(host, number, steps);
    CancelStepsAt(host, number, steps);
    if (host.node.Client().Requests().Count() > 0) // else it makes no difference
    {
        for (std::uint8_t pretence = 0; pretence < kPretences; ++pretence)
        {
            steps.push_back({StepKind::Pretend, number, pretence, 0});
        }
    }
    steps.push_back({StepKind::Crash, number, 0, 0});
}

void
Rules::TransferStepsAt(const Host& host, std::uint8_t number, std::vector<Step>& steps) const
{
    for (const auto& [id, transfer] : host.transfers)
    {
        const auto subject = static_cast<std::uint16_t>(id);
        steps.push_back({StepKind::Finish, number, 0, subject});
        if (transfer.outcome == TransferOutcome::Complete)
        {
            steps.push_back({StepKind::Refuse, number, 0, subject});
            if (!transfer.bodyComplete)
            {
                steps.push_back({StepKind::Whole, number, 0, subject});
            }
            if (transfer.received < kHalf)
            {
                steps.push_back({StepKind::Progress, number, 0, subject});
            }
        }
        for (const TransferOutcome outcome : m_lane.failures)
        {
            if (!transfer.bodyComplete && outcome != transfer.outcome)
            {
                steps.push_back(
                    {StepKind::Fail, number, static_cast<std::uint8_t>(outcome), subject});
            }
        }
    }
}

void
Rules::CancelStepsAt(const Host& host, std::uint8_t number, std::vector<Step>& steps) const
{
    const auto& requests = host.node.Client().Requests();
    for (std::uint32_t slot = 0; slot < requests.End(); ++slot)
    {
        if (const ClientRequest* request = requests.Find(slot))
        {
            for (const Joined& joined : request->joined)
            {
                const auto want = static_cast<std::uint64_t>(joined.application) - 1;
                steps.push_back({StepKind::Cancel, number, 0, static_cast<std::uint16_t>(want)});
            }
        }
    }
}

Budget
Rules::CostOf(const Host& host, const Step& step) const
{
    switch (step.kind)
    {
    case StepKind::Want:
    case StepKind::Deliver:
    case StepKind::Finish:
    case StepKind::Restart:
        return nullptr;
    case StepKind::Lose:
        return &Budgets::losses;
    case StepKind::Duplicate:
        return &Budgets::duplicates;
    case StepKind::Forge:
    case StepKind::ForgePending:
        return &Budgets::forgeries;
    case StepKind::Progress:
        return &Budgets::halves;
    case StepKind::Whole:
        return &Budgets::verdicts;
    case StepKind::Fail:
        return &Budgets::failures;
    case StepKind::Refuse:
        return &Budgets::refusals;
    case StepKind::Cancel:
        return &Budgets::cancels;
    case StepKind::Crash:
        return &Budgets::crashes;
    case StepKind::Pretend:
        return &Budgets::pretences;
    case StepKind::Fire:
        break;
    }
    const ClientRequest* request = host.node.Client().Requests().Find(step.subject);
    switch (static_cast<TimerKind>(step.detail))
    {
    case TimerKind::Deadline:
        return &Budgets::deadlines;
    case TimerKind::Patience:
        return &Budgets::patience;
    case TimerKind::TransferStall:
    {
        const bool transfers = host.transfers.count(step.subject) != 0;
        return transfers ? &Budgets::failures : nullptr;
    }
    case TimerKind::AccessRetry:
        return &Budgets::backOffs;
    case TimerKind::BackOff:
    {
        // Retries of the Internet are counted by the node itself; rounds without access are not.
        const bool lonely = request != nullptr && request->state == ClientState::BackOff;
        return lonely ? &Budgets::backOffs : nullptr;
    }
    case TimerKind::ResponseDelay:
    case TimerKind::ForgetEnded:
    case TimerKind::ResponseWait:
    case TimerKind::Pause:
    case TimerKind::HolderWait:
    case TimerKind::DownloadStall:
    case TimerKind::Progress:
    case TimerKind::Quiet:
    case TimerKind::HelpDelay:
        return nullptr;
    }
    return nullptr;
}

// ---------------------------------------------------------------- what then is

void
Rules::Take(State& state, const Step& step) const
{
    World& world = state.world;
    switch (step.kind)
    {
    case StepKind::Want:
        world.Handle(step.host,
                     ResourceWanted{AppRequestId{step.subject + 1ULL},
                                    std::string(kHref),
                                    m_lane.wants[step.subject].options});
        break;
    case StepKind::Fire:
        world.Fire(step.host, {static_cast<TimerKind>(step.detail), step.subject});
        break;
    case StepKind::Progress:
    case StepKind::Whole:
    case StepKind::Finish:
    case StepKind::Fail:
    case StepKind::Refuse:
        TakeOfTransfer(world, step);
        break;
    case StepKind::Cancel:
        world.Handle(step.host, RequestCancelled{AppRequestId{step.subject + 1ULL}});
        break;
    case StepKind::Crash:
        state.monitor.Crashed(step.host);
        world.Kill(step.host);
        break;
    case StepKind::Restart:
        world.Restart(step.host);
        break;
    case StepKind::Pretend:
        world.Handle(step.host, Pretended(state, static_cast<Pretence>(step.detail)));
        break;
    case StepKind::ForgePending:
        world.Handle(step.host, ForgedPending(state, step));
        break;
    case StepKind::Deliver:
    case StepKind::Lose:
    case StepKind::Duplicate:
    case StepKind::Forge:
        break; // about a flight
    }
}

void
Rules::TakeOfTransfer(World& world, const Step& step) const
{
    if (step.kind == StepKind::Progress)
    {
        world.ProgressTransfer(step.host, step.subject, kHalf);
    }
    else if (step.kind == StepKind::Whole)
    {
        world.CompleteBody(step.host, step.subject);
    }
    else if (step.kind == StepKind::Finish)
    {
        world.FinishTransfer(step.host, step.subject);
    }
    else if (step.kind == StepKind::Fail)
    {
        world.EndTransfer(
            step.host, step.subject, static_cast<TransferOutcome>(step.detail), Verdict::None);
    }
    else
    {
        world.EndTransfer(step.host, step.subject, TransferOutcome::Complete, Verdict::Refused);
    }
}

void
Rules::Deliver(State& state, const Flight& flight) const
{
    const auto& config = *m_lane.configs[flight.from];
    state.world.Handle(flight.to,
                       PacketReceived{World::PeerOf(flight.from),
                                      static_cast<std::uint16_t>(config.servicePort),
                                      flight.packet});
}

// ---------------------------------------------------------------- strangers

std::uint8_t
Rules::ForgeriesAt(std::uint8_t host, const std::optional<Lock>& lock) const
{
    return m_lane.configs[host]->lock && lock ? kForgeries : 1;
}

void
Rules::ForgeStepsAt(const Watch& watch, std::uint8_t number, std::vector<Step>& steps) const
{
    for (const KnownRequest& known : watch.known)
    {
        const std::uint8_t forgeries = known.slot ? ForgeriesAt(number, known.key.lock) : 0;
        for (std::uint8_t forgery = 0; forgery < forgeries; ++forgery)
        {
            steps.push_back(
                {StepKind::ForgePending, number, forgery, static_cast<std::uint16_t>(*known.slot)});
        }
    }
}

PacketReceived
Rules::Forged(const State& state, const Step& step, const Flight& flight) const
{
    const ServicePacket& packet = *flight.packet;
    return Forged(state,
                  static_cast<Forgery>(step.detail),
                  {packet.node, packet.id, packet.lock},
                  flight.from);
}

PacketReceived
Rules::ForgedPending(const State& state, const Step& step) const
{
    const auto& all = state.monitor.At(step.host).known;
    const auto known =
        std::find_if(all.begin(),
                     all.end(),
                     [&step](const KnownRequest& one) { return one.slot == step.subject; });
    if (known == all.end())
    {
        throw std::out_of_range("nothing is pending there");
    }
    return Forged(state, static_cast<Forgery>(step.detail), known->key, known->requester);
}

PacketReceived
Rules::Forged(const State& state,
              Forgery forgery,
              const RequestKey& key,
              std::uint32_t requester) const
{
    ServicePacket packet;
    packet.kind = PacketKind::IFound;
    packet.node = key.node;
    packet.id = key.id;
    packet.href = std::string(kHref);
    if (key.lock && forgery != Forgery::ForeignAddress)
    {
        constexpr std::uint32_t kNobodys = 99; // hosts draw from 1001 on
        const Token secret = harness::TokenOf(kNobodys);
        packet.key = FoundKey{secret, harness::HarnessLock(secret)};
    }
    const auto stranger = static_cast<std::uint32_t>(state.world.Size());
    const bool own = forgery == Forgery::OwnAddress;
    return {World::PeerOf(own ? stranger : requester), 1967, std::move(packet)};
}

PacketReceived
Rules::Pretended(const State& state, Pretence pretence) const
{
    ServicePacket packet;
    packet.node = *NodeId::Parse("stranger");
    packet.href = std::string(kHref);
    if (pretence == Pretence::Complete)
    {
        packet.kind = PacketKind::DownloadComplete;
        packet.location = Location{"nothing", 6515, true};
        packet.size = kResourceBytes;
    }
    else
    {
        packet.kind = PacketKind::Downloading;
        packet.received = pretence == Pretence::Begun ? 1 : kHalf;
    }
    const auto stranger = World::PeerOf(static_cast<std::uint32_t>(state.world.Size()));
    return {stranger, 1967, std::move(packet)};
}

} // namespace lanpeer::explore
