#include "model/protocol/peering-server.h"

#include "model/protocol/limits.h"
#include "model/protocol/state-table.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

namespace lanpeer
{

/// FIG. 3 as a table: what happens x in which state. A request rests in Idle, Delay or Remembered;
/// the others are passed through within one event.
struct PeeringServer::Table
{
    static constexpr std::size_t kHappenings = static_cast<std::size_t>(Happening::DelayOver) + 1;
    using Row = std::array<Cell<Handler>, kHappenings>;

    // clang-format off
    static constexpr std::array<Row, kServerStates> kRows{{
        //              INeed                         IFound                     DelayOver
        /*Idle*/       {&PeeringServer::Locate,       &PeeringServer::Ignore,    &PeeringServer::Ignore},
        /*Locate*/     {&PeeringServer::Ignore,       &PeeringServer::Ignore,    &PeeringServer::Ignore},
        /*Delay*/      {&PeeringServer::NoteRepeated, &PeeringServer::Cancel,    &PeeringServer::Transmit},
        /*Cancel*/     {&PeeringServer::Ignore,       &PeeringServer::Ignore,    &PeeringServer::Ignore},
        /*Transmit*/   {&PeeringServer::Ignore,       &PeeringServer::Ignore,    &PeeringServer::Ignore},
        /*Remembered*/ {&PeeringServer::NoteRepeated, &PeeringServer::Ignore,    &PeeringServer::Ignore},
    }};
    // clang-format on
};

void
PeeringServer::Dispatch(const Context& context, Happening happening, const Input& input)
{
    static_assert(!std::is_default_constructible_v<Cell<Handler>>,
                  "a row with a cell too few must not compile");
    const auto state = static_cast<std::size_t>(input.state);
    (this->*Table::kRows[state][static_cast<std::size_t>(happening)].Get())(context, input);
}

void
PeeringServer::HeardINeed(const Context& context,
                          const PacketReceived& heard,
                          const Located& located)
{
    const ServicePacket& packet = *heard.packet;
    const bool locked = context.config.lock && packet.lock.has_value();
    Input input;
    input.key = {SenderOf(heard), packet.id, locked ? packet.lock : std::nullopt};
    input.heard = &heard;
    input.located = &located;
    input.state = m_index.StateOf(input.key, input.slot);
    Dispatch(context, Happening::INeed, input);
}

void
PeeringServer::HeardIFound(const Context& context, const PacketReceived& heard)
{
    const ServicePacket& packet = *heard.packet;
    Input input;
    input.key = {SenderOf(heard), packet.id, std::nullopt};
    if (context.config.lock && packet.key)
    {
        input.key.lock = packet.key->opens;
    }
    input.heard = &heard;
    input.state = m_index.StateOf(input.key, input.slot);
    Dispatch(context, Happening::IFound, input);
}

const std::string*
PeeringServer::PendingHref(std::uint32_t slot) const
{
    const Pending* pending = m_pending.Find(slot);
    return pending == nullptr ? nullptr : &pending->href;
}

void
PeeringServer::DelayOver(const Context& context, std::uint32_t slot, const Located& located)
{
    const Pending* pending = m_pending.Find(slot);
    if (pending == nullptr)
    {
        return;
    }
    Input input;
    input.key = pending->key;
    input.located = &located;
    input.slot = slot;
    Dispatch(context, Happening::DelayOver, input);
}

void
PeeringServer::Ignore(const Context& /*context*/, const Input& /*input*/)
{
}

void
PeeringServer::Locate(const Context& context, const Input& input)
{
    const ServicePacket& packet = *input.heard->packet;
    if (!input.located->Anything())
    {
        // Nothing sent, nothing remembered (R-SRV-1); told all the same, for FIG. 3 has it [0020].
        const std::uint32_t slot = m_pending.NextSlot();
        context.Do(ServerEntered{slot, ServerState::Idle, ServerState::Locate});
        context.Do(ServerEntered{slot, ServerState::Locate, ServerState::Idle});
        return;
    }
    if (m_pending.Count() >= context.config.pendingRequests)
    {
        context.Note(Reason::PendingFull, packet.href, input.heard->peer);
        return;
    }
    const std::uint32_t slot =
        m_pending.Insert({input.key, input.heard->peer, input.heard->port, packet.href});
    m_index.Add(input.key, slot);
    context.Do(ServerEntered{slot, ServerState::Idle, ServerState::Locate});
    context.Do(ServerEntered{slot, ServerState::Locate, ServerState::Delay});

    std::uint64_t delayMs = context.config.responseDelayMs;
    if (context.config.delay && packet.delayMs)
    {
        // The asker will not wait for longer than its own D (R-SRV-2); a floor, so that no request
        // can make all holders answer at once.
        delayMs =
            std::min(delayMs, std::max<std::uint64_t>(*packet.delayMs, limits::kDelayFloorMs));
    }
    context.Do(ArmTimer{{TimerKind::ResponseDelay, slot}, 0, delayMs});
}

void
PeeringServer::NoteRepeated(const Context& context, const Input& input)
{
    context.Note(Reason::RepeatedRequest, input.heard->packet->href, input.heard->peer);
}

void
PeeringServer::Cancel(const Context& context, const Input& input)
{
    const std::uint32_t slot = input.slot;
    const Pending& pending = *m_pending.Find(slot);
    if (!input.key.lock && pending.peer != input.heard->peer)
    {
        // Without a lock only the source address tells whose request it is (R-PKT-6).
        context.Note(Reason::ForeignFound, pending.href, input.heard->peer);
        return;
    }
    context.Do(CancelTimer{{TimerKind::ResponseDelay, slot}});
    context.Do(ServerEntered{slot, ServerState::Delay, ServerState::Cancel});
    context.Do(ServerEntered{slot, ServerState::Cancel, ServerState::Idle});
    End(context, slot);
}

void
PeeringServer::Transmit(const Context& context, const Input& input)
{
    const Pending& pending = *m_pending.Find(input.slot);
    context.Do(ServerEntered{input.slot, ServerState::Delay, ServerState::Transmit});
    if (input.located->Anything())
    {
        ServicePacket answer;
        answer.id = pending.key.id;
        answer.to = pending.key.node.MayTravel() ? std::optional(pending.key.node) : std::nullopt;
        answer.href = pending.href;
        if (const LocalCopy* copy = input.located->copy)
        {
            answer.kind = PacketKind::IHave;
            answer.location =
                Location{copy->alias, static_cast<std::uint16_t>(context.config.httpPort)};
            answer.size = Tellable(copy->size);
            if (!SlotFree(context))
            {
                // Silence would send the asker to the Internet (R-SRV-9).
                answer.busyMs = static_cast<std::uint32_t>(context.config.busyHintMs);
            }
        }
        else
        {
            answer.kind = PacketKind::IAmDownloading;
            answer.received = Tellable(input.located->retrieval->received);
            answer.size = Tellable(input.located->retrieval->size);
        }
        if (context.config.broadcastIHave)
        {
            context.Broadcast(std::move(answer));
        }
        else
        {
            context.SendTo(pending.peer, pending.port, std::move(answer));
        }
    }
    context.Do(ServerEntered{input.slot, ServerState::Transmit, ServerState::Idle});
    End(context, input.slot);
}

void
PeeringServer::End(const Context& context, std::uint32_t slot)
{
    m_index.End(m_pending.Find(slot)->key, context.config.endedRequests);
    m_pending.Erase(slot);
    if (!m_forgetArmed)
    {
        m_forgetArmed = true;
        const std::uint64_t waitMs = context.config.ClientWaitMs();
        context.Do(ArmTimer{{TimerKind::ForgetEnded, 0}, waitMs, waitMs});
    }
}

void
PeeringServer::ForgetEnded(const Context& context)
{
    m_index.Age();
    m_forgetArmed = m_index.EndedCount() > 0;
    if (m_forgetArmed)
    {
        const std::uint64_t waitMs = context.config.ClientWaitMs();
        context.Do(ArmTimer{{TimerKind::ForgetEnded, 0}, waitMs, waitMs});
    }
}

bool
PeeringServer::SlotFree(const Context& context) const
{
    return !context.config.slots || m_uploads < context.config.uploadSlots;
}

void
PeeringServer::UploadAsked(const Context& context,
                           const lanpeer::UploadAsked& asked,
                           const LocalCopies& copies)
{
    const LocalCopy* copy = context.config.server ? copies.FindAlias(asked.alias) : nullptr;
    if (copy == nullptr)
    {
        context.Do(AnswerUpload{asked.upload, UploadAnswer::NoSuchCopy, {}, 0});
    }
    else if (asked.body && !SlotFree(context))
    {
        context.Do(AnswerUpload{asked.upload, UploadAnswer::Busy, {}, context.config.busyHintMs});
    }
    else
    {
        m_uploads += asked.body ? 1 : 0;
        context.Do(AnswerUpload{asked.upload, UploadAnswer::Serve, copy->href, 0});
    }
}

void
PeeringServer::UploadEnded()
{
    m_uploads -= m_uploads > 0 ? 1 : 0;
}

} // namespace lanpeer
