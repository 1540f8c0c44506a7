#include "model/protocol/announcer.h"
#include "model/protocol/client-timers.h"
#include "model/protocol/limits.h"
#include "model/protocol/peering-client.h"
#include "model/protocol/uri.h"

#include <algorithm>
#include <utility>

// Asking and waiting: FIG. 4A and 4B from 142 to the choice of a source.

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

Holder
HolderOf(const PacketReceived& heard)
{
    const ServicePacket& packet = *heard.packet;
    return {heard.peer, packet.location->port, packet.location->path, packet.busyMs.value_or(0)};
}

bool
Contains(const std::vector<PeerId>& peers, PeerId peer)
{
    return std::find(peers.begin(), peers.end(), peer) != peers.end();
}

bool
LessBusy(const Holder& a, const Holder& b)
{
    return a.busyMs < b.busyMs;
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
    for (std::uint32_t slot = 0; slot < m_requests.End(); ++slot)
    {
        const ClientRequest* other = m_requests.Find(slot);
        if (other != nullptr && slot != in.slot && other->id == request.id)
        {
            request.id = (request.id + 1) & limits::kRequestIdSentMax; // unique on this node [0038]
            slot = static_cast<std::uint32_t>(-1);
        }
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

// ---------------------------------------------------------------- "I have" and "download complete"

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

bool
PeeringClient::Refused(const Input& in) const
{
    if (!Contains(in.request.refused, in.heard->peer))
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
    return Refused(in) || failed.size() >= limits::kFailedPeers || Contains(failed, in.heard->peer);
}

bool
PeeringClient::Remember(const Input& in)
{
    const PeeringConfig& config = in.context.config;
    const Holder holder = HolderOf(*in.heard);
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
    if (in.context.config.slots)
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
    const Holder holder = HolderOf(*in.heard);
    DropHolder(in, holder.peer);
    in.request.holders.insert(in.request.holders.begin(), holder);
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
        AwaitHolder(in, busyMs);
    }
}

void
PeeringClient::AwaitHolder(const Input& in, std::uint64_t busyMs)
{
    StartPatience(in);
    Enter(in, ClientState::AwaitHolder);
    const std::uint64_t believedMs = std::min(busyMs, in.context.config.busyBelievedMs);
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
    for (Holder& holder : in.request.holders)
    {
        holder.busyMs = 0; // as long ago as was said, or nearly
    }
    NextSource(in);
}

// ---------------------------------------------------------------- downloads of others

void
PeeringClient::DownloadHeard(const Input& in)
{
    NoteDownload(in);
}

void
PeeringClient::ProgressAwaited(const Input& in)
{
    if (NoteDownload(in) && IsFurthest(in))
    {
        const ServicePacket& packet = *in.heard->packet;
        for (const Joined& joined : in.request.joined)
        {
            in.context.Do(
                TellProgress{joined.application, false, packet.received.value_or(0), packet.size});
        }
    }
}

bool
PeeringClient::IsFurthest(const Input& in) const
{
    const std::uint64_t received = in.heard->packet->received.value_or(0);
    return std::all_of(in.request.downloads.begin(),
                       in.request.downloads.end(),
                       [received](const HeardDownload& download)
                       { return download.received <= received; });
}

void
PeeringClient::DownloadHeardByDownloader(const Input& in)
{
    NoteDownload(in);
    const ServicePacket& packet = *in.heard->packet;
    announcer::HeardDownloading(
        in.context, in.request, in.slot, SenderOf(*in.heard), packet.received.value_or(0));
}

void
PeeringClient::DownloadHeardInPause(const Input& in)
{
    if (NoteDownload(in) && MayWait(in))
    {
        timers::Disarm(in.context, in.request, in.slot, TimerKind::Pause);
        timers::Disarm(in.context, in.request, in.slot, TimerKind::BackOff);
        AwaitDownload(in);
    }
}

bool
PeeringClient::NoteDownload(const Input& in)
{
    if (Refused(in))
    {
        return false;
    }
    auto& downloads = in.request.downloads;
    const PeerId peer = in.heard->peer;
    const std::uint64_t received = in.heard->packet->received.value_or(0);
    const auto known =
        std::find_if(downloads.begin(),
                     downloads.end(),
                     [peer](const HeardDownload& download) { return download.peer == peer; });
    if (known != downloads.end())
    {
        if (received <= known->received)
        {
            return false; // what does not grow counts as silence (L6)
        }
        known->received = received;
    }
    else if (downloads.size() < limits::kHeardDownloads)
    {
        downloads.push_back({peer, received});
    }
    else
    {
        return false;
    }
    const std::uint64_t stallMs = in.context.config.DownloadStallMs();
    timers::Arm(in.context, in.request, in.slot, TimerKind::DownloadStall, stallMs, stallMs);
    return true;
}

void
PeeringClient::EndDownload(const Input& in)
{
    EndDownloadOf(in, in.heard->peer);
}

void
PeeringClient::EndDownloadOf(const Input& in, PeerId peer)
{
    auto& downloads = in.request.downloads;
    downloads.erase(std::remove_if(downloads.begin(),
                                   downloads.end(),
                                   [peer](const HeardDownload& download)
                                   { return download.peer == peer; }),
                    downloads.end());
    if (downloads.empty())
    {
        timers::Disarm(in.context, in.request, in.slot, TimerKind::DownloadStall);
    }
}

void
PeeringClient::FailureHeard(const Input& in)
{
    EndDownload(in);
}

void
PeeringClient::AwaitedFailed(const Input& in)
{
    EndDownload(in);
    if (in.request.downloads.empty())
    {
        in.context.Note(Reason::DownloadFailed, in.request.href, in.heard->peer);
        NextSource(in);
    }
}

void
PeeringClient::ForgetDownloads(const Input& in)
{
    in.request.downloads.clear();
}

void
PeeringClient::AwaitedStalled(const Input& in)
{
    in.request.downloads.clear();
    in.context.Note(Reason::DownloadStalled, in.request.href);
    NextSource(in);
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
    std::stable_sort(holders.begin(), holders.end(), LessBusy);
    AnnounceFoundOnce(in);
    UseHolder(in);
}

void
PeeringClient::DecideWait(const Input& in)
{
    if (in.context.config.wait && in.request.peered)
    {
        Enter(in, ClientState::DecideWait);
        if (MayWait(in))
        {
            Enter(in, ClientState::SeekDownloads);
            if (!in.request.downloads.empty())
            {
                AwaitDownload(in);
                return;
            }
        }
    }
    LastResort(in);
}

bool
PeeringClient::MayWait(const Input& in) const
{
    const ClientRequest& request = in.request;
    return in.context.config.wait && request.options.mayWait && !request.patienceOver &&
           request.waitsUsed < in.context.config.downloadWaits;
}

void
PeeringClient::AwaitDownload(const Input& in)
{
    Enter(in, ClientState::AnnounceWait);
    ++in.request.waitsUsed;
    StartPatience(in);
    AnnounceFound(in, true);
    Enter(in, ClientState::AwaitDownload);
}

void
PeeringClient::StartPatience(const Input& in)
{
    if (!std::exchange(in.request.patienceStarted, true))
    {
        const std::uint64_t longestMs = in.context.config.longestWaitS * 1000;
        timers::Arm(in.context, in.request, in.slot, TimerKind::Patience, longestMs, longestMs);
    }
}

void
PeeringClient::LosePatience(const Input& in)
{
    in.request.patienceOver = true;
}

void
PeeringClient::StopWaiting(const Input& in)
{
    in.request.patienceOver = true;
    in.context.Note(Reason::WaitedTooLong, in.request.href);
    timers::Disarm(in.context, in.request, in.slot, TimerKind::HolderWait);
    NextSource(in);
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
        in.request.reasksUsed += in.request.newlyRefused ? 0 : 1;
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
    if (!in.context.config.reask || !request.peered || request.patienceOver)
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
