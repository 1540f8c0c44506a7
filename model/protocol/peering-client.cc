#include "model/protocol/peering-client.h"

#include "model/protocol/announcer.h"
#include "model/protocol/client-timers.h"
#include "model/protocol/limits.h"
#include "model/protocol/uri.h"

#include <algorithm>
#include <utility>

// What comes in from outside, and the life of the table of requests. What a request does with it
// stands in client-asking.cc, client-holders.cc, client-waiting.cc and client-transfers.cc.

namespace lanpeer
{

namespace
{

/// What the applications of a request allow together.
void
MergeOptions(ClientRequest& request)
{
    const auto& joined = request.joined;
    if (!joined.empty())
    {
        request.options.mayWait = std::all_of(
            joined.begin(), joined.end(), [](const Joined& one) { return one.mayWait; });
        request.options.mayUseInternet = std::any_of(
            joined.begin(), joined.end(), [](const Joined& one) { return one.mayUseInternet; });
    }
}

void
Join(ClientRequest& request, const ResourceWanted& wanted)
{
    request.joined.push_back(
        {wanted.request, wanted.options.mayWait, wanted.options.mayUseInternet});
    MergeOptions(request);
}

} // namespace

void
PeeringClient::Wanted(const Context& context, const ResourceWanted& wanted, LocalCopies& copies)
{
    const RequestOptions& options = wanted.options;
    if (!context.config.client)
    {
        context.Do(TellFailed{wanted.request, Reason::ClientOff});
        return;
    }
    const bool shareable = options.cacheable && options.verified; // R-CLI-11, R-HTTP-2
    if (shareable && copies.Holds(wanted.href) && !wanted.heldRefused)
    {
        context.Do(TellFound{wanted.request, Source::Local, std::nullopt});
        return;
    }
    const bool travels = MayTravel(wanted.href, options.allowQuery);
    if (shareable && context.config.peering && !travels)
    {
        context.Note(Reason::NotPacketable, wanted.href);
    }
    const bool peered = shareable && context.config.peering && travels;

    for (std::uint32_t slot = 0; slot < m_requests.End(); ++slot)
    {
        ClientRequest* running = m_requests.Find(slot);
        if (running != nullptr && running->peered == peered && running->href == wanted.href &&
            running->joined.size() < limits::kJoined)
        {
            Join(*running, wanted);
            DispatchTo(slot, context, copies, Happening::OthersJoined);
            Settle(context, copies);
            return;
        }
    }
    if (m_requests.Count() >= context.config.pendingRequests ||
        (peered && m_peered.count(wanted.href) != 0))
    {
        context.Do(TellFailed{wanted.request, Reason::TooManyRequests});
        return;
    }
    ClientRequest request;
    request.href = wanted.href;
    request.options = options;
    request.peered = peered;
    Join(request, wanted);
    const std::uint32_t slot = Insert(context, std::move(request));
    m_queue.push_back(slot);
    Settle(context, copies);
    if (!m_queue.empty() && m_queue.back() == slot)
    {
        Enter({context, copies, slot, *m_requests.Find(slot)}, ClientState::Queued);
    }
}

std::uint32_t
PeeringClient::Insert(const Context& context, ClientRequest request)
{
    const bool peered = request.peered;
    const std::string href = request.href;
    const std::uint32_t slot = m_requests.Insert(std::move(request));
    if (peered)
    {
        m_peered.emplace(href, slot);
    }
    const std::uint64_t deadlineMs = context.config.requestDeadlineS * 1000;
    timers::Arm(context, *m_requests.Find(slot), slot, TimerKind::Deadline, deadlineMs, deadlineMs);
    return slot;
}

void
PeeringClient::Help(const Context& context, const std::string& href, LocalCopies& copies)
{
    // Half the places at most, so that others' wants leave the node room for its own.
    const std::uint64_t places =
        std::min(context.config.parallelRequests, context.config.parallelTransfers);
    if (m_requests.Count() >= context.config.pendingRequests ||
        m_active >= context.config.parallelRequests ||
        m_transfers >= context.config.parallelTransfers ||
        Helping() >= std::max<std::uint64_t>(places / 2, 1))
    {
        context.Note(Reason::HelpFull, href);
        return;
    }
    ClientRequest request;
    request.href = href;
    request.helping = true;
    const std::uint32_t slot = Insert(context, std::move(request));
    ++m_active;
    const Input input{context, copies, slot, *m_requests.Find(slot)};
    Retrieve(input);
}

std::uint64_t
PeeringClient::Helping() const
{
    std::uint64_t helping = 0;
    for (std::uint32_t slot = 0; slot < m_requests.End(); ++slot)
    {
        const ClientRequest* request = m_requests.Find(slot);
        helping += request != nullptr && request->helping ? 1 : 0;
    }
    return helping;
}

void
PeeringClient::CancelRequest(const Context& context, AppRequestId application, LocalCopies& copies)
{
    for (std::uint32_t slot = 0; slot < m_requests.End(); ++slot)
    {
        ClientRequest* request = m_requests.Find(slot);
        if (request == nullptr)
        {
            continue;
        }
        auto& joined = request->joined;
        const auto found = std::find_if(joined.begin(),
                                        joined.end(),
                                        [application](const Joined& other)
                                        { return other.application == application; });
        if (found == joined.end())
        {
            continue;
        }
        joined.erase(found);
        MergeOptions(*request);
        context.Do(TellFailed{application, Reason::Cancelled});
        if (joined.empty() && !request->helping)
        {
            Fail({context, copies, slot, *request}, Reason::Cancelled);
            Settle(context, copies);
        }
        return;
    }
}

void
PeeringClient::Heard(const Context& context, const PacketReceived& heard, LocalCopies& copies)
{
    const ServicePacket& packet = *heard.packet;
    const auto slot = FindPeered(packet.href);
    if (!slot)
    {
        return;
    }
    Input input{context, copies, *slot, *m_requests.Find(*slot)};
    input.heard = &heard;
    const bool usable = LeadsToItsSender(packet);
    if (!usable)
    {
        context.Note(Reason::ForeignLocation, packet.href, heard.peer);
    }
    switch (packet.kind)
    {
    case PacketKind::IHave:
        if (usable)
        {
            Dispatch(Happening::IHave, input);
        }
        break;
    case PacketKind::IAmDownloading:
    case PacketKind::Downloading:
        Dispatch(Happening::Downloading, input);
        break;
    case PacketKind::DownloadComplete:
        Dispatch(usable ? Happening::Complete : Happening::Failed, input);
        break;
    case PacketKind::DownloadFailed:
        Dispatch(Happening::Failed, input);
        break;
    case PacketKind::IFound:
        if (packet.wait && input.request.announcement.started)
        {
            announcer::HeardWaiter(context, input.request, *slot, SenderOf(heard), heard);
        }
        break;
    case PacketKind::INeed:
    case PacketKind::ApplicationDefined:
        break;
    }
    Settle(context, copies);
}

void
PeeringClient::HeardINeed(const Context& context, const std::string& href)
{
    const auto slot = FindPeered(href);
    if (slot && m_requests.Find(*slot)->announcement.started)
    {
        announcer::HeardINeed(context, *m_requests.Find(*slot), *slot);
    }
}

void
PeeringClient::Fired(const Context& context, const TimerKey& timer, LocalCopies& copies)
{
    if (timer.kind == TimerKind::AccessRetry)
    {
        AccessChanged(context, true, copies);
        return;
    }
    ClientRequest* request = m_requests.Find(timer.subject);
    if (request == nullptr)
    {
        return;
    }
    request->timers &= ~timers::Bit(timer.kind);
    const Input input{context, copies, timer.subject, *request};
    switch (timer.kind)
    {
    case TimerKind::ResponseWait:
        Dispatch(Happening::ResponseWaitOver, input);
        break;
    case TimerKind::Pause:
        Dispatch(Happening::PauseOver, input);
        break;
    case TimerKind::HolderWait:
        Dispatch(Happening::HolderWaitOver, input);
        break;
    case TimerKind::BackOff:
        Dispatch(Happening::BackOffOver, input);
        break;
    case TimerKind::TransferStall:
        Dispatch(Happening::TransferStall, input);
        break;
    case TimerKind::DownloadStall:
        Dispatch(Happening::DownloadStall, input);
        break;
    case TimerKind::Patience:
        Dispatch(Happening::PatienceOver, input);
        break;
    case TimerKind::Deadline:
        Fail(input, Reason::DeadlineOver);
        break;
    case TimerKind::Progress:
        announcer::ProgressDue(context, *request, timer.subject);
        break;
    case TimerKind::Quiet:
        announcer::QuietOver(context, *request, timer.subject);
        break;
    case TimerKind::ResponseDelay:
    case TimerKind::ForgetEnded:
    case TimerKind::HelpDelay:
    case TimerKind::AccessRetry:
        break; // not a request's
    }
    Settle(context, copies);
}

void
PeeringClient::Drawn(const Context& context, const TokenDrawn& drawn, LocalCopies& copies)
{
    if (ClientRequest* request = m_requests.Find(drawn.key.subject))
    {
        Input input{context, copies, drawn.key.subject, *request};
        input.drawn = &drawn;
        Dispatch(Happening::TokenDrawn, input);
        Settle(context, copies);
    }
}

void
PeeringClient::Progressed(const Context& context,
                          const TransferProgressed& event,
                          LocalCopies& copies)
{
    const auto slot = static_cast<std::uint32_t>(event.transfer);
    if (ClientRequest* request = m_requests.Find(slot); request != nullptr && request->transferring)
    {
        Input input{context, copies, slot, *request};
        input.progressed = &event;
        Dispatch(Happening::Progressed, input);
    }
}

void
PeeringClient::Whole(const Context& context, const BodyComplete& event, LocalCopies& copies)
{
    const auto slot = static_cast<std::uint32_t>(event.transfer);
    if (ClientRequest* request = m_requests.Find(slot); request != nullptr && request->transferring)
    {
        Input input{context, copies, slot, *request};
        input.whole = &event;
        Dispatch(Happening::Whole, input);
    }
}

void
PeeringClient::Ended(const Context& context, const TransferEnded& event, LocalCopies& copies)
{
    const auto slot = static_cast<std::uint32_t>(event.transfer);
    if (ClientRequest* request = m_requests.Find(slot); request != nullptr && request->transferring)
    {
        Input input{context, copies, slot, *request};
        input.ended = &event;
        Dispatch(Happening::TransferEnded, input);
        Settle(context, copies);
    }
}

void
PeeringClient::AccessChanged(const Context& context, bool access, LocalCopies& copies)
{
    m_accessLost = !access;
    if (HasAccess(context))
    {
        DispatchAll(context, copies, Happening::AccessKnown);
    }
}

void
PeeringClient::LanChanged(const Context& context, bool up, LocalCopies& copies)
{
    DispatchAll(context, copies, up ? Happening::LanFound : Happening::LanLost);
}

std::optional<OwnRetrieval>
PeeringClient::Retrieving(const std::string& href) const
{
    const auto slot = FindPeered(href);
    if (!slot)
    {
        return std::nullopt;
    }
    const ClientRequest& request = *m_requests.Find(*slot);
    if (!request.announcement.started)
    {
        return std::nullopt;
    }
    return OwnRetrieval{request.received, request.size};
}

bool
PeeringClient::Runs(const std::string& href) const
{
    return FindPeered(href).has_value();
}

std::optional<std::uint32_t>
PeeringClient::FindPeered(const std::string& href) const
{
    const auto found = m_peered.find(href);
    return found == m_peered.end() ? std::nullopt : std::optional(found->second);
}

void
PeeringClient::DispatchTo(std::uint32_t slot,
                          const Context& context,
                          LocalCopies& copies,
                          Happening happening)
{
    if (ClientRequest* request = m_requests.Find(slot))
    {
        Dispatch(happening, {context, copies, slot, *request});
    }
}

void
PeeringClient::DispatchAll(const Context& context, LocalCopies& copies, Happening happening)
{
    for (std::uint32_t slot = 0; slot < m_requests.End(); ++slot)
    {
        DispatchTo(slot, context, copies, happening);
    }
    Settle(context, copies);
}

void
PeeringClient::Settle(const Context& context, LocalCopies& copies)
{
    // Who waits for a transfer comes before who waits for a place: it asked earlier.
    while (!m_transferQueue.empty() && m_transfers < context.config.parallelTransfers)
    {
        const std::uint32_t slot = m_transferQueue.front();
        m_transferQueue.erase(m_transferQueue.begin());
        DispatchTo(slot, context, copies, Happening::TransferFree);
    }
    while (!m_queue.empty() && m_active < context.config.parallelRequests)
    {
        const std::uint32_t slot = m_queue.front();
        m_queue.erase(m_queue.begin());
        ++m_active;
        DispatchTo(slot, context, copies, Happening::PlaceFree);
    }
}

void
PeeringClient::Enter(const Input& in, ClientState state)
{
    if (in.request.state != state)
    {
        in.context.Do(ClientEntered{in.slot, in.request.state, state});
        in.request.state = state;
    }
}

void
PeeringClient::Succeed(const Input& in, Source source)
{
    Enter(in, ClientState::ItemFound);
    const ClientRequest& request = in.request;
    for (const Joined& joined : request.joined)
    {
        in.context.Do(TellFound{joined.application, source, request.from});
    }
    if (!request.peered || in.copies.Holds(request.href))
    {
        Discard(in); // no copy is kept, or one is there already
    }
    if (request.peered)
    {
        // The local server is told (210); others too, if they were told of the download.
        in.copies.Add(in.context,
                      request.href,
                      request.size.value_or(request.received),
                      request.announcement.started);
    }
    End(in);
}

void
PeeringClient::Fail(const Input& in, Reason reason)
{
    announcer::Fail(in.context, in.request, in.slot);
    Discard(in);
    if (in.request.transferring)
    {
        ReleaseTransfer(in);
    }
    for (const Joined& joined : in.request.joined)
    {
        in.context.Do(TellFailed{joined.application, reason});
    }
    End(in);
}

void
PeeringClient::End(const Input& in)
{
    timers::DisarmAll(in.context, in.request, in.slot);
    m_transferQueue.erase(std::remove(m_transferQueue.begin(), m_transferQueue.end(), in.slot),
                          m_transferQueue.end());
    const auto queued = std::find(m_queue.begin(), m_queue.end(), in.slot);
    if (queued != m_queue.end())
    {
        m_queue.erase(queued);
    }
    else
    {
        --m_active;
    }
    Enter(in, ClientState::Idle);
    if (in.request.peered)
    {
        m_peered.erase(in.request.href);
    }
    m_requests.Erase(in.slot);
}

} // namespace lanpeer
