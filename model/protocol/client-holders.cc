#include "model/protocol/client-timers.h"
#include "model/protocol/limits.h"
#include "model/protocol/peering-client.h"

#include <algorithm>

// Who has it: "I have" and "download complete", and the choice among holders (146).

namespace lanpeer
{

namespace
{

bool
IsSame(const Holder& a, const Holder& b)
{
    return a.peer == b.peer && a.port == b.port && a.path == b.path;
}

} // namespace

void
PeeringClient::AnswerHeard(const Input& in)
{
    if (Ignored(in))
    {
        return;
    }
    if (IsForMe(in) && !IsBusy(in))
    {
        Take(in); // the first one counts [0024]
        return;
    }
    const bool another = Remember(in);
    if (another && IsForMe(in) && ++in.request.busyAnswers >= limits::kBusyAnswersTaken)
    {
        TimeOut(in); // enough of them: the least busy one is taken now (R-CLI-9)
    }
}

bool
PeeringClient::IsForMe(const Input& in) const
{
    const auto& to = in.heard->packet->to;
    return !to || *to == in.context.self;
}

bool
PeeringClient::IsBusy(const Input& in) const
{
    return in.context.config.slots && in.heard->packet->busyMs.value_or(0) > 0;
}

void
PeeringClient::HolderHeard(const Input& in)
{
    if (!Ignored(in))
    {
        Remember(in);
    }
}

void
PeeringClient::TakeHeard(const Input& in)
{
    if (Ignored(in))
    {
        return;
    }
    if (IsBusy(in) && OutOfPatience(in))
    {
        Remember(in); // the pause before the Internet goes on (R-CLI-9)
        return;
    }
    Take(in);
}

void
PeeringClient::TakeAwaited(const Input& in)
{
    if (!Ignored(in))
    {
        Take(in); // 156 to 158: everybody knows that it waited
    }
}

void
PeeringClient::TakeIfFree(const Input& in)
{
    if (Ignored(in))
    {
        return;
    }
    if (IsForMe(in) && !IsBusy(in))
    {
        Take(in);
    }
    else
    {
        Remember(in);
    }
}

void
PeeringClient::CompleteHeard(const Input& in)
{
    EndDownload(in);
    HolderHeard(in);
}

void
PeeringClient::CompleteInWait(const Input& in)
{
    EndDownload(in);
    if (in.context.config.straddle && !Ignored(in))
    {
        TakeCompleted(in); // R-CLI-10
    }
}

void
PeeringClient::CompleteAwaited(const Input& in)
{
    if (Ignored(in))
    {
        AwaitedFailed(in);
        return;
    }
    EndDownload(in);
    TakeCompleted(in);
}

void
PeeringClient::CompleteInPause(const Input& in)
{
    EndDownload(in);
    if (!Ignored(in))
    {
        TakeCompleted(in);
    }
}

Holder
PeeringClient::HolderOf(const Input& in)
{
    const ServicePacket& packet = *in.heard->packet;
    const std::uint64_t busyMs =
        std::min<std::uint64_t>(packet.busyMs.value_or(0), in.context.config.busyBelievedMs);
    return {in.heard->peer,
            packet.location->port,
            packet.location->path,
            static_cast<std::uint32_t>(busyMs)};
}

bool
PeeringClient::Refused(const Input& in) const
{
    const auto& refused = in.request.refused;
    if (std::find(refused.begin(), refused.end(), in.heard->peer) == refused.end())
    {
        return false;
    }
    in.context.Note(Reason::AnswerOfRefusedPeer, in.request.href, in.heard->peer);
    return true;
}

bool
PeeringClient::Ignored(const Input& in) const
{
    const auto& failed = in.request.failed;
    const Holder holder = HolderOf(in);
    return Refused(in) || failed.size() >= limits::kFailedHolders ||
           std::any_of(failed.begin(),
                       failed.end(),
                       [&holder](const Holder& other) { return IsSame(holder, other); });
}

bool
PeeringClient::Remember(const Input& in)
{
    const PeeringConfig& config = in.context.config;
    const Holder holder = HolderOf(in);
    EndDownload(in); // who has it gets it no longer
    auto& holders = in.request.holders;
    const auto known =
        std::find_if(holders.begin(),
                     holders.end(),
                     [&holder](const Holder& other) { return other.peer == holder.peer; });
    const bool another = known == holders.end() || known->busyMs == 0;
    if (known != holders.end())
    {
        *known = holder;
    }
    else if ((config.holders || IsBusy(in)) && holders.size() < config.rememberedHolders)
    {
        holders.push_back(holder); // the patent ignores later answers [0024]
    }
    return another;
}

void
PeeringClient::Take(const Input& in)
{
    PutFirst(in);
    AnnounceFoundOnce(in);
    UseHolder(in);
}

void
PeeringClient::TakeCompleted(const Input& in)
{
    PutFirst(in);
    if (in.context.config.slots && !OutOfPatience(in))
    {
        // All who wait hear of it in the same instant: each comes after a drawn while, as if it had
        // been told that the holder is busy.
        AwaitHolder(in, 0);
    }
    else
    {
        AnnounceFoundOnce(in);
        Fetch(in);
    }
}

void
PeeringClient::PutFirst(const Input& in)
{
    for (const TimerKind kind :
         {TimerKind::ResponseWait, TimerKind::Pause, TimerKind::BackOff, TimerKind::HolderWait})
    {
        timers::Disarm(in.context, in.request, in.slot, kind);
    }
    const Holder holder = HolderOf(in);
    EndDownload(in); // who has it gets it no longer
    DropHolder(in, holder.peer);
    auto& holders = in.request.holders;
    holders.insert(holders.begin(), holder);
    if (holders.size() > in.context.config.rememberedHolders)
    {
        holders.pop_back();
    }
}

void
PeeringClient::UseHolder(const Input& in)
{
    const std::uint32_t busyMs = in.request.holders.front().busyMs;
    if (!in.context.config.slots || busyMs == 0)
    {
        AnnounceFoundOnce(in);
        Fetch(in);
    }
    else if (OutOfPatience(in))
    {
        LastResort(in);
    }
    else
    {
        StartPatience(in);
        AwaitHolder(in, busyMs);
    }
}

void
PeeringClient::AwaitHolder(const Input& in, std::uint64_t busyMs)
{
    Enter(in, ClientState::AwaitHolder);
    const std::uint64_t believedMs = std::min(busyMs, in.context.config.busyBelievedMs);
    for (Holder& holder : in.request.holders)
    {
        const std::uint64_t passedMs = std::min<std::uint64_t>(holder.busyMs, believedMs);
        holder.busyMs -= static_cast<std::uint32_t>(passedMs); // when the timer fires
    }
    timers::Arm(in.context,
                in.request,
                in.slot,
                TimerKind::HolderWait,
                believedMs,
                believedMs + in.context.config.responseDelayMs);
}

void
PeeringClient::TryHolder(const Input& in)
{
    NextSource(in);
}

void
PeeringClient::RefusePeer(const Input& in)
{
    ClientRequest& request = in.request;
    const PeerId peer = *request.from;
    in.context.Note(Reason::RefusedFromPeer, request.href, peer);
    if (request.refused.size() >= limits::kRefusedPeers)
    {
        request.refused.erase(request.refused.begin());
    }
    request.refused.push_back(peer);
    request.newlyRefused = true;
    EndDownloadOf(in, peer);
}

void
PeeringClient::LeaveHolder(const Input& in, PeerId peer)
{
    auto& holders = in.request.holders;
    auto& failed = in.request.failed;
    const auto left = std::find_if(holders.begin(),
                                   holders.end(),
                                   [peer](const Holder& holder) { return holder.peer == peer; });
    if (left == holders.end())
    {
        return;
    }
    // Not before the next "I need" again: else one that claims whenever it is looked for, and leads
    // nowhere, would be followed for ever (L7). Its alias counts, not its address alone: else who
    // answers in its name could make it go unheard.
    if (failed.size() < limits::kFailedHolders)
    {
        failed.push_back(*left);
    }
    holders.erase(left);
}

void
PeeringClient::DropHolder(const Input& in, PeerId peer)
{
    auto& holders = in.request.holders;
    holders.erase(std::remove_if(holders.begin(),
                                 holders.end(),
                                 [peer](const Holder& holder) { return holder.peer == peer; }),
                  holders.end());
}

} // namespace lanpeer
