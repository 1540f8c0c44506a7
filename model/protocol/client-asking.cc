#include "model/protocol/client-timers.h"
#include "model/protocol/limits.h"
#include "model/protocol/peering-client.h"
#include "model/protocol/uri.h"

#include <algorithm>
#include <utility>

// Asking, and what comes when nobody answers: 142, 144, and the choice of the next source.

namespace lanpeer
{

namespace
{

/// The number that an "I need" shows of its lock: as good as drawn (R-CLI-1).
std::uint32_t
IdOf(const Lock& lock)
{
    const std::uint32_t word = static_cast<std::uint32_t>(lock[0]) << 24 |
                               static_cast<std::uint32_t>(lock[1]) << 16 |
                               static_cast<std::uint32_t>(lock[2]) << 8 | lock[3];
    return word & limits::kRequestIdSentMax;
}

} // namespace

void
PeeringClient::Ignore(const Input& /*in*/)
{
}

void
PeeringClient::Start(const Input& in)
{
    const PeeringConfig& config = in.context.config;
    const bool needless = config.askUncacheable && config.peering && // [0054]
                          MayTravel(in.request.href, in.request.options.allowQuery);
    if (in.request.peered || needless)
    {
        Ask(in, true);
    }
    else
    {
        LastResort(in);
    }
}

void
PeeringClient::Ask(const Input& in, bool onlyCached)
{
    in.request.onlyCached = onlyCached;
    in.request.found = false;
    in.request.newlyRefused = false;
    in.request.busyAnswers = 0;
    in.request.failed.clear(); // each "I need" gives everybody a fresh chance
    Enter(in, ClientState::AwaitToken);
    in.context.Do(DrawToken{{TokenPurpose::Request, in.slot}});
}

void
PeeringClient::SendINeed(const Input& in)
{
    ClientRequest& request = in.request;
    const PeeringConfig& config = in.context.config;
    request.secret = in.drawn->token;
    request.lock = in.drawn->lock;
    request.id = IdOf(request.lock);
    while (!IsIdFree(in, request.id))
    {
        request.id = (request.id + 1) & limits::kRequestIdSentMax; // unique on this node [0038]
    }
    ServicePacket packet;
    packet.kind = PacketKind::INeed;
    packet.id = request.id;
    packet.href = request.href;
    packet.onlyCached = request.onlyCached;
    if (config.lock)
    {
        packet.lock = request.lock;
    }
    if (config.delay)
    {
        packet.delayMs = static_cast<std::uint32_t>(config.responseDelayMs);
    }
    in.context.Broadcast(std::move(packet));
    ++request.rounds;
    const std::uint64_t waitMs = config.ClientWaitMs();
    timers::Arm(in.context, request, in.slot, TimerKind::ResponseWait, waitMs, waitMs);
    Enter(in, ClientState::AwaitResponse);
}

bool
PeeringClient::IsIdFree(const Input& in, std::uint32_t id) const
{
    for (std::uint32_t slot = 0; slot < m_requests.End(); ++slot)
    {
        const ClientRequest* other = m_requests.Find(slot);
        if (other != nullptr && slot != in.slot && other->id == id)
        {
            return false;
        }
    }
    return true;
}

void
PeeringClient::AnnounceFound(const Input& in, bool wait)
{
    ServicePacket packet;
    packet.kind = PacketKind::IFound;
    packet.id = in.request.id;
    packet.href = in.request.href;
    packet.wait = wait;
    if (in.context.config.lock)
    {
        packet.key = FoundKey{in.request.secret, in.request.lock};
    }
    in.context.Broadcast(std::move(packet));
    in.request.found = true;
}

void
PeeringClient::AnnounceFoundOnce(const Input& in)
{
    if (!in.request.found)
    {
        Enter(in, ClientState::AnnounceFound);
        AnnounceFound(in, false);
    }
}

// ---------------------------------------------------------------- time-outs and what comes next

void
PeeringClient::TimeOut(const Input& in)
{
    timers::Disarm(in.context, in.request, in.slot, TimerKind::ResponseWait);
    auto& holders = in.request.holders;
    if (holders.empty())
    {
        DecideWait(in);
        return;
    }
    std::stable_sort(holders.begin(),
                     holders.end(),
                     [](const Holder& a, const Holder& b) { return a.busyMs < b.busyMs; });
    AnnounceFoundOnce(in);
    UseHolder(in);
}

void
PeeringClient::NextSource(const Input& in)
{
    // While a holder that was not refused is known the Internet is not used (R-CLI-9).
    if (!in.request.holders.empty() && !OutOfPatience(in))
    {
        UseHolder(in);
    }
    else if (MayReask(in))
    {
        const bool reask = !in.request.newlyRefused && in.request.rounds > 0;
        in.request.reasksUsed += reask ? 1 : 0;
        PauseThen(in, AfterPause::Ask);
    }
    else if (in.context.config.reask)
    {
        DecideWait(in);
    }
    else
    {
        LastResort(in); // the patent is silent on failure (R-SIM-7)
    }
}

bool
PeeringClient::OutOfPatience(const Input& in) const
{
    return in.request.patienceOver && CanUseInternet(in);
}

bool
PeeringClient::MayReask(const Input& in) const
{
    const ClientRequest& request = in.request;
    if (!request.peered || request.patienceOver)
    {
        return false;
    }
    if (request.rounds == 0)
    {
        return true; // a helper's, now an application's own: the others were never asked
    }
    if (!in.context.config.reask)
    {
        return false;
    }
    return request.newlyRefused ? request.rounds < limits::kAskRounds
                                : request.reasksUsed < in.context.config.reasks;
}

void
PeeringClient::PauseThen(const Input& in, AfterPause then)
{
    in.request.afterPause = then;
    if (in.context.config.pause && in.request.peered)
    {
        Enter(in, ClientState::Pause);
        timers::Arm(in.context,
                    in.request,
                    in.slot,
                    TimerKind::Pause,
                    0,
                    in.context.config.responseDelayMs);
    }
    else
    {
        PauseEnds(in);
    }
}

void
PeeringClient::PauseEnds(const Input& in)
{
    if (in.request.afterPause == AfterPause::Ask)
    {
        Ask(in, !in.request.helperAsked);
    }
    else if (CanUseInternet(in))
    {
        Retrieve(in);
    }
    else
    {
        LastResort(in);
    }
}

bool
PeeringClient::CanUseInternet(const Input& in) const
{
    return HasAccess(in.context) && in.request.options.mayUseInternet &&
           !in.request.internetExhausted;
}

void
PeeringClient::LastResort(const Input& in)
{
    ClientRequest& request = in.request;
    if (request.internetExhausted)
    {
        Fail(in, request.internetFailure);
    }
    else if (!request.options.mayUseInternet)
    {
        Fail(in, Reason::NoHolder);
    }
    else if (HasAccess(in.context))
    {
        PauseThen(in, AfterPause::Internet);
    }
    else if (!in.context.config.helper || !in.context.config.peering)
    {
        Fail(in, Reason::NoInternet);
    }
    else if (request.peered && !request.helperAsked)
    {
        request.helperAsked = true;
        PauseThen(in, AfterPause::Ask);
    }
    else
    {
        BackOff(in);
    }
}

void
PeeringClient::BackOff(const Input& in)
{
    constexpr std::uint32_t kDoublings = 6;
    const std::uint64_t longestMs =
        std::min(limits::kBackOffMaxMs, limits::kBackOffMs << in.request.backOffs);
    in.request.backOffs = std::min(in.request.backOffs + 1, kDoublings);
    Enter(in, ClientState::BackOff);
    timers::Arm(in.context, in.request, in.slot, TimerKind::BackOff, longestMs / 2, longestMs);
}

void
PeeringClient::AskAgain(const Input& in)
{
    timers::Disarm(in.context, in.request, in.slot, TimerKind::BackOff);
    if (in.request.peered)
    {
        in.request.helperAsked = true;
        Ask(in, false);
    }
    else
    {
        LastResort(in);
    }
}

void
PeeringClient::UseAccess(const Input& in)
{
    timers::Disarm(in.context, in.request, in.slot, TimerKind::BackOff);
    in.request.helperAsked = false;
    LastResort(in);
}

void
PeeringClient::ForgetPeers(const Input& in)
{
    in.request.holders.clear();
    in.request.downloads.clear();
    timers::Disarm(in.context, in.request, in.slot, TimerKind::DownloadStall);
}

void
PeeringClient::ForgetPeersAndGoOn(const Input& in)
{
    ForgetPeers(in);
    timers::Disarm(in.context, in.request, in.slot, TimerKind::HolderWait);
    NextSource(in);
}

} // namespace lanpeer
