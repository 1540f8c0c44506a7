#include "model/explore/state-changes.h"

#include <algorithm>
#include <set>
#include <utility>

namespace lanpeer::explore
{

namespace
{

using harness::World;

std::string
VertexOf(ServerState state)
{
    switch (state)
    {
    case ServerState::Idle:
        return "122";
    case ServerState::Locate:
        return "124";
    case ServerState::Delay:
        return "126";
    case ServerState::Cancel:
        return "128";
    case ServerState::Transmit:
        return "130";
    case ServerState::Remembered:
        break;
    }
    return std::string(ToString(state));
}

/// \param before the request before the event, if there was one
std::string
VertexOf(ClientState state, const ClientRequest* before)
{
    switch (state)
    {
    case ClientState::Idle:
        return "142";
    case ClientState::AwaitToken:
    case ClientState::AwaitResponse:
        return "144";
    case ClientState::AnnounceFound:
        return "146";
    case ClientState::DecideWait:
        return "148";
    case ClientState::Retrieve:
        return "150";
    case ClientState::SeekDownloads:
        return "152";
    case ClientState::AnnounceWait:
        return "154";
    case ClientState::AwaitDownload:
        return "156";
    case ClientState::ItemFound:
        return "158";
    case ClientState::Verify:
        return before != nullptr && before->from ? "158" : "150";
    case ClientState::Queued:
    case ClientState::Pause:
    case ClientState::AwaitHolder:
    case ClientState::AwaitTransfer:
    case ClientState::BackOff:
        break;
    }
    return std::string(ToString(state));
}

// ---------------------------------------------------------------- what causes an edge

std::string
CauseOf(PacketKind kind)
{
    switch (kind)
    {
    case PacketKind::INeed:
        return "I need";
    case PacketKind::IHave:
        return "I have";
    case PacketKind::IFound:
        return "I found";
    case PacketKind::IAmDownloading:
        return "I am downloading";
    case PacketKind::Downloading:
        return "downloading";
    case PacketKind::DownloadComplete:
        return "complete";
    case PacketKind::DownloadFailed:
        return "download failed";
    case PacketKind::ApplicationDefined:
        break;
    }
    return "application-defined";
}

std::string
CauseOf(TimerKind kind)
{
    switch (kind)
    {
    case TimerKind::ResponseDelay:
        return "expiry";
    case TimerKind::ResponseWait:
        return "time-out";
    case TimerKind::Pause:
        return "pause over";
    case TimerKind::HolderWait:
        return "holder may be free";
    case TimerKind::BackOff:
        return "back-off over";
    case TimerKind::TransferStall:
        return "transfer stalled";
    case TimerKind::DownloadStall:
        return "download stalled";
    case TimerKind::Patience:
        return "longest wait over";
    case TimerKind::Deadline:
        return "deadline";
    case TimerKind::HelpDelay:
        return "helps";
    case TimerKind::AccessRetry:
        return "access tried again";
    case TimerKind::ForgetEnded:
    case TimerKind::Progress:
    case TimerKind::Quiet:
        break;
    }
    return std::string(ToString(kind));
}

std::string
CauseOf(const TransferEnded& ended, const ClientRequest* before)
{
    switch (ended.outcome)
    {
    case TransferOutcome::Complete:
        if (ended.verdict == Verdict::Refused)
        {
            return "refused";
        }
        // The arrow out of 158 has no words in the figures.
        return before != nullptr && before->from ? "" : "retrieved";
    case TransferOutcome::Failed:
        return "transfer failed";
    case TransferOutcome::Busy:
        return "busy";
    case TransferOutcome::NotFound:
        return "not found";
    case TransferOutcome::NoAccess:
        return "no access";
    case TransferOutcome::StoreFailed:
        return "not kept";
    }
    return "";
}

/// What the event is to a request that was there before it, or was not. Empty: an inner step, that
/// the figures do not have.
std::string
CauseOf(const Event& event, const ClientRequest* before)
{
    if (const auto* heard = std::get_if<PacketReceived>(&event))
    {
        return CauseOf(heard->packet->kind);
    }
    if (const auto* fired = std::get_if<TimerFired>(&event))
    {
        return CauseOf(fired->timer.kind);
    }
    if (const auto* ended = std::get_if<TransferEnded>(&event))
    {
        return CauseOf(*ended, before);
    }
    if (const auto* wanted = std::get_if<ResourceWanted>(&event))
    {
        if (before != nullptr)
        {
            return "joined by one that may not wait";
        }
        return wanted->options.cacheable ? "need" : "need, not cacheable";
    }
    if (std::holds_alternative<RequestCancelled>(event))
    {
        return "taken back";
    }
    if (std::holds_alternative<TokenDrawn>(event) || std::holds_alternative<BodyComplete>(event))
    {
        return "";
    }
    return std::string(NameOf(event));
}

/// Others' requests ended, so that this one's turn came?
std::string
CauseOf(const Event& event, const ClientEntered& entered, const ClientRequest* before)
{
    if (entered.from == ClientState::Queued && entered.to != ClientState::Idle)
    {
        return "place free";
    }
    if (entered.from == ClientState::AwaitTransfer && entered.to != ClientState::Idle)
    {
        return "transfer free";
    }
    return CauseOf(event, before);
}

// ---------------------------------------------------------------- what a passed state found

std::string
FoundBy(ServerState state, const harness::Host& host, const std::string& href)
{
    if (state != ServerState::Locate)
    {
        return "";
    }
    if (host.offered.count(href) != 0)
    {
        return "copy";
    }
    return host.node.Client().Retrieving(href) ? "own retrieval" : "no copy";
}

/// "Whether it can or will wait" [0030]: the application lets it, and no bound of ours is reached.
bool
Waits(const Event& event, const ClientRequest& before, const PeeringConfig& config)
{
    const auto* fired = std::get_if<TimerFired>(&event);
    const bool patient =
        !before.patienceOver && !(fired != nullptr && fired->timer.kind == TimerKind::Patience);
    return before.options.mayWait && patient && before.waitsUsed < config.downloadWaits;
}

std::string
FoundBy(ClientState state,
        const Event& event,
        const ClientRequest* before,
        const PeeringConfig& config)
{
    if (before == nullptr)
    {
        return "";
    }
    if (state == ClientState::DecideWait)
    {
        return Waits(event, *before, config) ? "will" : "won't";
    }
    if (state == ClientState::SeekDownloads)
    {
        const bool some = std::any_of(before->downloads.begin(),
                                      before->downloads.end(),
                                      [](const HeardDownload& heard) { return !heard.stalled; });
        return some ? "some" : "none";
    }
    return "";
}

} // namespace

CollectingRules::CollectingRules(Lane lane, StateGraphs& graphs)
    : Rules(std::move(lane))
    , m_graphs(graphs)
{
}

void
CollectingRules::Begins(const State& state) const
{
    m_before.clear();
    for (std::uint32_t host = 0; host < state.world.Size(); ++host)
    {
        m_before.push_back(state.world.At(host).node);
    }
}

void
CollectingRules::Saw(const World& world,
                     std::uint32_t host,
                     const Event& event,
                     const ActionList& actions) const
{
    SawServer(world, host, event, actions);
    SawClient(host, event, actions);
    SawRetry(world, host, event);
    m_before[host] = world.At(host).node;
}

void
CollectingRules::SawServer(const World& world,
                           std::uint32_t host,
                           const Event& event,
                           const ActionList& actions) const
{
    std::set<std::uint32_t> seen;
    for (const Action& action : actions)
    {
        if (const auto* entered = std::get_if<ServerEntered>(&action))
        {
            const bool first = seen.insert(entered->subject).second;
            m_graphs.server.AddEdge(
                VertexOf(entered->from),
                VertexOf(entered->to),
                first ? CauseOf(event, nullptr)
                      : FoundBy(entered->from, world.At(host), std::string(kHref)));
        }
    }
}

void
CollectingRules::SawClient(std::uint32_t host, const Event& event, const ActionList& actions) const
{
    std::set<std::uint32_t> seen;
    for (const Action& action : actions)
    {
        const auto* entered = std::get_if<ClientEntered>(&action);
        if (entered == nullptr)
        {
            continue;
        }
        const ClientRequest* before = m_before[host].Client().Requests().Find(entered->subject);
        const bool first = seen.insert(entered->subject).second;
        const std::string label =
            first ? CauseOf(event, *entered, before)
                  : FoundBy(entered->from, event, before, *TheLane().configs[host]);
        const std::string from = VertexOf(entered->from, before);
        const std::string to = VertexOf(entered->to, before);
        if (from != to || !label.empty())
        {
            m_graphs.client.AddEdge(from, to, label);
        }
    }
}

/// A transfer that did not bring it, after which its request goes on in the same state: no change
/// of state, so nothing is told of it.
void
CollectingRules::SawRetry(const World& world, std::uint32_t host, const Event& event) const
{
    std::optional<std::uint32_t> slot;
    if (const auto* ended = std::get_if<TransferEnded>(&event))
    {
        slot = static_cast<std::uint32_t>(ended->transfer);
    }
    const auto* fired = std::get_if<TimerFired>(&event);
    if (fired != nullptr && fired->timer.kind == TimerKind::TransferStall)
    {
        slot = fired->timer.subject;
    }
    if (!slot)
    {
        return;
    }
    const ClientRequest* before = m_before[host].Client().Requests().Find(*slot);
    const ClientRequest* after = world.At(host).node.Client().Requests().Find(*slot);
    if (before != nullptr && after != nullptr && before->state == after->state)
    {
        const std::string vertex = VertexOf(before->state, before);
        m_graphs.client.AddEdge(vertex, vertex, CauseOf(event, before));
    }
}

} // namespace lanpeer::explore
