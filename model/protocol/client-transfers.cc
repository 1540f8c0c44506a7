#include "model/protocol/announcer.h"
#include "model/protocol/client-timers.h"
#include "model/protocol/limits.h"
#include "model/protocol/peering-client.h"

#include <algorithm>
#include <utility>

// Getting: 150 and 158, from the choice of a source to the copy.

namespace lanpeer
{

void
PeeringClient::Fetch(const Input& in)
{
    if (!TakeTransferPlace(in))
    {
        return;
    }
    ClientRequest& request = in.request;
    const Holder holder = request.holders.front();
    // What another source brought is not resumed: if the whole is refused, it must be known whose
    // fault it is.
    request.from = holder.peer;
    request.received = 0;
    request.receivedAtStart = 0;
    in.context.Do(StartTransfer{static_cast<TransferId>(in.slot),
                                request.href,
                                PeerSource{holder.peer, holder.port, holder.path},
                                0});
    request.kept = true;
    const std::uint64_t stallMs = in.context.config.peerStallMs;
    timers::Arm(in.context, request, in.slot, TimerKind::TransferStall, stallMs, stallMs);
    Enter(in, ClientState::ItemFound);
}

void
PeeringClient::Retrieve(const Input& in)
{
    if (!TakeTransferPlace(in))
    {
        return;
    }
    ClientRequest& request = in.request;
    if (std::exchange(request.from, std::nullopt))
    {
        request.received = 0; // that came from a peer
    }
    request.receivedAtStart = request.received;
    in.context.Do(StartTransfer{static_cast<TransferId>(in.slot),
                                request.href,
                                std::nullopt,
                                request.received,
                                request.helping && request.joined.empty()});
    request.kept = true;
    const std::uint64_t stallMs = in.context.config.internetStallMs;
    timers::Arm(in.context, request, in.slot, TimerKind::TransferStall, stallMs, stallMs);
    Enter(in, ClientState::Retrieve);
    announcer::Begin(in.context, request, in.slot);
}

void
PeeringClient::ResumeRetrieval(const Input& in)
{
    if (MayRetrieve(in))
    {
        Retrieve(in);
    }
    else
    {
        GiveUpRetrieval(in);
    }
}

bool
PeeringClient::MayRetrieve(const Input& in) const
{
    return in.request.helping || in.request.options.mayUseInternet;
}

void
PeeringClient::GiveUpRetrieval(const Input& in)
{
    announcer::Fail(in.context, in.request, in.slot);
    Discard(in);
    NextSource(in);
}

bool
PeeringClient::TakeTransferPlace(const Input& in)
{
    if (m_transfers >= in.context.config.parallelTransfers)
    {
        m_transferQueue.push_back(in.slot);
        Enter(in, ClientState::AwaitTransfer);
        return false;
    }
    ++m_transfers;
    in.request.transferring = true;
    return true;
}

void
PeeringClient::ReleaseTransfer(const Input& in)
{
    timers::Disarm(in.context, in.request, in.slot, TimerKind::TransferStall);
    in.request.transferring = false;
    --m_transfers;
}

void
PeeringClient::Discard(const Input& in)
{
    if (std::exchange(in.request.kept, false))
    {
        in.context.Do(StopTransfer{static_cast<TransferId>(in.slot)});
    }
    in.request.received = 0;
}

void
PeeringClient::Proceed(const Input& in)
{
    if (in.request.announcement.started)
    {
        ResumeRetrieval(in); // its own transfer goes on; others wait for it
    }
    // A while has passed: what was heard meanwhile counts.
    else if (!in.request.holders.empty())
    {
        UseHolder(in);
    }
    else if (MayWait(in) && SomebodyDownloads(in))
    {
        AwaitDownload(in);
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

void
PeeringClient::Progress(const Input& in)
{
    ClientRequest& request = in.request;
    const TransferProgressed& event = *in.progressed;
    request.size = event.size ? event.size : request.size;
    if (event.received <= request.received)
    {
        return;
    }
    request.received = event.received;
    const std::uint64_t stallMs =
        request.from ? in.context.config.peerStallMs : in.context.config.internetStallMs;
    timers::Arm(in.context, request, in.slot, TimerKind::TransferStall, stallMs, stallMs);
    for (const Joined& joined : request.joined)
    {
        in.context.Do(TellProgress{joined.application, true, request.received, request.size});
    }
}

void
PeeringClient::AwaitVerdict(const Input& in)
{
    timers::Disarm(in.context, in.request, in.slot, TimerKind::TransferStall);
    in.request.received = in.whole->size;
    in.request.size = in.whole->size;
    Enter(in, ClientState::Verify);
}

void
PeeringClient::VerdictCame(const Input& in)
{
    if (in.request.from)
    {
        FetchEnded(in);
    }
    else
    {
        RetrievalEnded(in);
    }
}

// ---------------------------------------------------------------- from a peer

void
PeeringClient::FetchEnded(const Input& in)
{
    ReleaseTransfer(in);
    ClientRequest& request = in.request;
    const PeerId peer = *request.from;
    request.received = in.ended->received;
    switch (in.ended->outcome)
    {
    case TransferOutcome::Complete:
        if (in.ended->verdict == Verdict::Accepted)
        {
            request.size = in.ended->received;
            Succeed(in, Source::Peer);
            return;
        }
        RefusePeer(in);
        break;
    case TransferOutcome::Busy:
        in.context.Note(Reason::PeerBusy, request.href, peer);
        if (in.context.config.slots && !request.holders.empty() && !OutOfPatience(in))
        {
            // Busy is not failed: the next in turn is tried after a while, this one last.
            std::rotate(
                request.holders.begin(), request.holders.begin() + 1, request.holders.end());
            StartPatience(in);
            AwaitHolder(in,
                        in.ended->retryAfterMs.value_or(
                            static_cast<std::uint32_t>(in.context.config.busyHintMs)));
            return;
        }
        break;
    case TransferOutcome::NotFound:
        in.context.Note(Reason::LeadsNowhere, request.href, peer);
        break;
    case TransferOutcome::Failed:
    case TransferOutcome::NoAccess:
        in.context.Note(Reason::TransferFailed, request.href, peer);
        break;
    case TransferOutcome::StoreFailed:
        Fail(in, Reason::StoreFailed);
        return;
    }
    LeaveHolder(in, peer);
    NextSource(in);
}

void
PeeringClient::FetchStalled(const Input& in)
{
    Discard(in);
    ReleaseTransfer(in);
    in.context.Note(Reason::TransferStalled, in.request.href, in.request.from);
    LeaveHolder(in, *in.request.from);
    NextSource(in);
}

// ---------------------------------------------------------------- from the Internet

void
PeeringClient::RetrievalEnded(const Input& in)
{
    ReleaseTransfer(in);
    ClientRequest& request = in.request;
    request.received = in.ended->received;
    switch (in.ended->outcome)
    {
    case TransferOutcome::Complete:
    {
        // Nobody verifies what is not shared, or what a helper fetched from an allowed origin: the
        // asker does (R-CLI-12), and an application here that joined since.
        const bool unverified = !request.peered || (request.helping && request.joined.empty());
        if (in.ended->verdict == Verdict::Accepted ||
            (in.ended->verdict == Verdict::None && unverified))
        {
            request.size = in.ended->received;
            Succeed(in, Source::Internet);
            return;
        }
        in.context.Note(Reason::RefusedFromInternet, request.href);
        RetrievalOver(in, Reason::ContentRefused);
        return;
    }
    case TransferOutcome::Failed:
    case TransferOutcome::Busy:
        in.context.Note(Reason::TransferFailed, request.href);
        RetryRetrieval(in);
        return;
    case TransferOutcome::NotFound:
        RetrievalOver(in, Reason::NotFound);
        return;
    case TransferOutcome::NoAccess:
        LoseAccess(in);
        return;
    case TransferOutcome::StoreFailed:
        Fail(in, Reason::StoreFailed);
        return;
    }
}

void
PeeringClient::RetrievalStalled(const Input& in)
{
    in.context.Do(StopTransfer{static_cast<TransferId>(in.slot), true});
    ReleaseTransfer(in);
    in.context.Note(Reason::TransferStalled, in.request.href);
    RetryRetrieval(in);
}

void
PeeringClient::RetryRetrieval(const Input& in)
{
    ClientRequest& request = in.request;
    if (!MayRetrieve(in))
    {
        // Who allowed the Internet took its request back: what runs may go on, but not begin again.
        GiveUpRetrieval(in);
        return;
    }
    if (request.received > request.receivedAtStart)
    {
        request.fruitlessRetries = 0;
    }
    if (request.fruitlessRetries >= in.context.config.internetRetries)
    {
        RetrievalOver(in, Reason::InternetFailed);
        return;
    }
    ++request.fruitlessRetries;
    // Its own transfer goes on, so no pause (R-CLI-8); the others still wait for it.
    Enter(in, ClientState::Retrieve);
    const std::uint64_t doublings = std::min<std::uint64_t>(request.fruitlessRetries, 6);
    const std::uint64_t longestMs =
        std::min(limits::kBackOffMaxMs, limits::kBackOffMs << doublings);
    timers::Arm(in.context, request, in.slot, TimerKind::BackOff, 0, longestMs);
}

void
PeeringClient::RetrievalOver(const Input& in, Reason reason)
{
    announcer::Fail(in.context, in.request, in.slot);
    Discard(in);
    in.request.internetExhausted = true;
    in.request.internetFailure = reason;
    GoOnOrGiveUpHelping(in, reason);
}

void
PeeringClient::LoseAccess(const Input& in)
{
    announcer::Fail(in.context, in.request, in.slot);
    Discard(in);
    in.context.Note(Reason::AccessLost, in.request.href);
    m_accessLost = true;
    const std::uint64_t retryMs = in.context.config.accessRetryS * 1000;
    in.context.Do(ArmTimer{{TimerKind::AccessRetry, 0}, retryMs, retryMs});
    in.request.helperAsked = false;
    GoOnOrGiveUpHelping(in, Reason::NoInternet);
}

void
PeeringClient::GoOnOrGiveUpHelping(const Input& in, Reason reason)
{
    if (in.request.joined.empty())
    {
        Fail(in, reason); // nobody here wants it; who asked will ask again
    }
    else
    {
        in.request.helping = false; // it is an application's own now
        NextSource(in);
    }
}

} // namespace lanpeer
