#include "model/protocol/announcer.h"
#include "model/protocol/client-timers.h"
#include "model/protocol/limits.h"
#include "model/protocol/peering-client.h"

#include <algorithm>
#include <utility>

// Who gets it: downloads of others, and waiting for them (148 to 156).

namespace lanpeer
{

void
PeeringClient::DecideWait(const Input& in)
{
    if (in.context.config.wait && in.request.peered)
    {
        Enter(in, ClientState::DecideWait);
        if (MayWait(in))
        {
            Enter(in, ClientState::SeekDownloads);
            if (SomebodyDownloads(in))
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
    // Who has not asked yet has no "I need" that its "I found" could end (R-PKT-6): a helper that
    // an application joined.
    return in.context.config.wait && request.options.mayWait && request.rounds > 0 &&
           !request.patienceOver && request.waitsUsed < in.context.config.downloadWaits;
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
PeeringClient::OthersJoined(const Input& in)
{
    if (!in.request.options.mayWait)
    {
        NextSource(in); // one of those who want it does not wait (148)
    }
}

bool
PeeringClient::SomebodyDownloads(const Input& in) const
{
    return std::any_of(in.request.downloads.begin(),
                       in.request.downloads.end(),
                       [](const HeardDownload& download) { return !download.stalled; });
}

void
PeeringClient::StartPatience(const Input& in)
{
    if (!std::exchange(in.request.patienceStarted, true))
    {
        // "Can it wait?" [0030]: no longer than leaves half the deadline for the Internet.
        const PeeringConfig& config = in.context.config;
        const std::uint64_t longestMs =
            std::min(config.longestWaitS * 1000, config.requestDeadlineS * 1000 / 2);
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
    const NodeId node = SenderOf(*in.heard);
    announcer::HeardFetching(in.request, node);
    if (NoteDownload(in))
    {
        const std::uint64_t received = in.heard->packet->received.value_or(0);
        announcer::HeardDownloading(in.context, in.request, in.slot, node, received);
    }
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
    if (in.request.size && received > *in.request.size)
    {
        return false; // so much there is not
    }
    if (known != downloads.end())
    {
        if (received <= known->received)
        {
            return false; // what does not grow counts as silence (L6)
        }
        *known = {peer, received, false};
    }
    else if (downloads.size() < limits::kHeardDownloads)
    {
        downloads.push_back({peer, received, false});
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
    if (!SomebodyDownloads(in))
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
    if (!SomebodyDownloads(in))
    {
        in.context.Note(Reason::DownloadFailed, in.request.href, in.heard->peer);
        NextSource(in);
    }
}

void
PeeringClient::DownloadsStalled(const Input& in)
{
    for (HeardDownload& download : in.request.downloads)
    {
        download.stalled = true;
    }
}

void
PeeringClient::AwaitedStalled(const Input& in)
{
    DownloadsStalled(in);
    in.context.Note(Reason::DownloadStalled, in.request.href);
    NextSource(in);
}

} // namespace lanpeer
