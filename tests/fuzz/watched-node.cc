#include "tests/fuzz/watched-node.h"

#include "model/harness/replay.h"
#include "model/protocol/limits.h"
#include "tests/fuzz/fuzzing.h"
#include "tests/unit/packet-samples.h"

#include <algorithm>
#include <utility>

namespace lanpeer::fuzz
{

namespace
{

constexpr std::size_t kTimerKinds = static_cast<std::size_t>(TimerKind::AccessRetry) + 1;
constexpr std::size_t kEventKinds = std::variant_size_v<Event> + kPacketKinds + kTimerKinds;

/// Which event met a request in which state. libFuzzer looks at this section as at the code that is
/// reached, and keeps the inputs that show something new in it.
[[gnu::section("__libfuzzer_extra_counters"),
  gnu::used]] std::uint8_t g_met[kEventKinds * kClientStates];

std::size_t
KindOf(const Event& event)
{
    if (const auto* heard = std::get_if<PacketReceived>(&event))
    {
        return std::variant_size_v<Event> + static_cast<std::size_t>(heard->packet->kind);
    }
    if (const auto* fired = std::get_if<TimerFired>(&event))
    {
        return std::variant_size_v<Event> + kPacketKinds +
               static_cast<std::size_t>(fired->timer.kind);
    }
    return event.index();
}

void
NoteMet(const Event& event, const SlotTable<ClientRequest>& requests)
{
    for (std::uint32_t slot = 0; slot < requests.End(); ++slot)
    {
        if (const ClientRequest* request = requests.Find(slot))
        {
            g_met[KindOf(event) * kClientStates + static_cast<std::size_t>(request->state)] = 1;
        }
    }
}

NodeId
NameOfStart(std::uint32_t starts)
{
    return *NodeId::Parse("n1." + std::to_string(starts));
}

/// Different each time, and none of those that the fuzzer gives to others.
Token
TokenOfDraw(std::uint32_t draw)
{
    Token token{};
    token[0] = 0xD0;
    for (unsigned i = 0; i < 4; ++i)
    {
        token[15 - i] = static_cast<std::uint8_t>(draw >> (8 * i));
    }
    return token;
}

template <typename T>
std::size_t
CountOf(const ActionList& actions)
{
    return static_cast<std::size_t>(std::count_if(actions.begin(),
                                                  actions.end(),
                                                  [](const Action& action)
                                                  { return std::holds_alternative<T>(action); }));
}

/// \returns the packet of that kind that was heard, or nullptr.
const PacketReceived*
Heard(const Event& event, PacketKind kind)
{
    const auto* heard = std::get_if<PacketReceived>(&event);
    return heard != nullptr && heard->packet->kind == kind ? heard : nullptr;
}

std::uint32_t
BitsOf(const std::set<AppRequestId>& wanted)
{
    std::uint32_t bits = 0;
    for (const AppRequestId request : wanted)
    {
        bits |= 1U << (static_cast<std::uint64_t>(request) - 1);
    }
    return bits;
}

} // namespace

WatchedNode::WatchedNode(std::shared_ptr<const PeeringConfig> config, bool taped)
    : m_host(PeeringNode(NameOfStart(1), std::move(config)))
    , m_monitor(1, {})
{
    if (taped)
    {
        m_tape.emplace(m_host.node,
                       [this](std::string_view line) { m_taped.append(line).append("\n"); });
    }
}

// ---------------------------------------------------------------- steps

void
WatchedNode::Tell(const Event& event)
{
    Handle(event);
}

void
WatchedNode::Fire(const TimerKey& timer)
{
    m_host.timers.erase(timer);
    Handle(TimerFired{timer});
}

void
WatchedNode::Progress(std::uint32_t transfer,
                      std::uint64_t received,
                      std::optional<std::uint64_t> size)
{
    m_host.transfers.at(transfer).received = received;
    Handle(TransferProgressed{static_cast<TransferId>(transfer), received, size});
}

void
WatchedNode::CompleteBody(std::uint32_t transfer, std::uint64_t size)
{
    m_host.transfers.at(transfer).received = size;
    m_host.transfers.at(transfer).bodyComplete = true;
    Handle(BodyComplete{static_cast<TransferId>(transfer), size});
}

void
WatchedNode::End(std::uint32_t transfer,
                 TransferOutcome outcome,
                 Verdict verdict,
                 std::uint64_t received,
                 std::optional<std::uint32_t> retryAfterMs)
{
    const harness::RunningTransfer ended = m_host.transfers.at(transfer);
    m_host.transfers.erase(transfer);
    const bool whole = outcome == TransferOutcome::Complete;
    m_kept[transfer] = {ended.href, received, ended.server.has_value(), whole, verdict};
    Handle(
        TransferEnded{static_cast<TransferId>(transfer), outcome, verdict, received, retryAfterMs});
}

void
WatchedNode::Restart()
{
    Restarted event;
    event.self = NameOfStart(++m_host.starts);
    for (const auto& [href, alias] : m_offered)
    {
        event.copies.push_back({href, 1000});
    }
    ForgetAll();
    Handle(event);
}

void
WatchedNode::ForgetAll()
{
    m_host.timers.clear();
    m_host.transfers.clear();
    m_wanted.clear();
    m_whole.clear();
    m_offered.clear();
    m_kept.clear();
    m_uploads.clear();
    m_needs.clear();
    m_due.clear();
    m_ended.clear();
    m_states.clear();
    m_announced.clear();
    m_types.clear();
}

// ---------------------------------------------------------------- one event

void
WatchedNode::Handle(const Event& event)
{
    HandleOne(event);
    // Before any other event, in the order of the actions.
    while (!m_toDraw.empty())
    {
        const TokenKey key = m_toDraw.front();
        m_toDraw.pop_front();
        const Token token = TokenOfDraw(++m_host.tokensDrawn);
        HandleOne(TokenDrawn{key, token, samples::Digest(token)});
    }
    CheckAtRest();
}

void
WatchedNode::HandleOne(const Event& event)
{
    NoteEvent(event);
    NoteMet(event, m_host.node.Client().Requests());
    PeeringNode twin = m_host.node;
    ActionList actions;
    ActionList twins;
    m_host.node.Handle(event, actions);
    twin.Handle(event, twins);
    Require(actions == twins, "same state, same event: same actions");
    Require(twin == m_host.node && HashOf(twin) == HashOf(m_host.node), "and the same state");
    if (m_tape)
    {
        m_tape->Record(m_host.node, event, actions);
    }
    CheckEvent(event, actions);
    for (const Action& action : actions)
    {
        std::visit([this, &event](const auto& wanted) { Carry(event, wanted); }, action);
    }
    const auto* fired = std::get_if<TimerFired>(&event);
    if (fired != nullptr && fired->timer.kind == TimerKind::ResponseDelay)
    {
        m_ended.push_back(m_due.at(fired->timer.subject).key);
        m_due.erase(fired->timer.subject);
    }
}

void
WatchedNode::NoteEvent(const Event& event)
{
    if (const auto* wanted = std::get_if<ResourceWanted>(&event))
    {
        m_wanted.insert(wanted->request);
    }
    else if (const auto* offered = std::get_if<CopyOffered>(&event))
    {
        m_whole.insert(offered->href);
    }
    else if (const auto* restarted = std::get_if<Restarted>(&event))
    {
        for (const CopyOffered& copy : restarted->copies)
        {
            m_whole.insert(copy.href);
        }
    }
    else if (const auto* type = std::get_if<ApplicationTypeRegistered>(&event))
    {
        if (!type->registered)
        {
            m_types.erase(type->type);
        }
        else if (m_types.size() < limits::kApplicationTypes)
        {
            m_types.insert(type->type);
        }
    }
    else if (const auto* ended = std::get_if<UploadEnded>(&event))
    {
        m_uploads.erase(ended->upload);
    }
    else if (const auto* fired = std::get_if<TimerFired>(&event))
    {
        if (fired->timer.kind == TimerKind::ForgetEnded)
        {
            m_ended.clear();
        }
    }
}

/// What an event must lead to.
void
WatchedNode::CheckEvent(const Event& event, const ActionList& actions) const
{
    Require(CountOf<AnswerUpload>(actions) == (std::holds_alternative<UploadAsked>(event) ? 1 : 0),
            "every UploadAsked is answered at once");
    if (const auto* cancelled = std::get_if<RequestCancelled>(&event))
    {
        const bool told =
            std::any_of(actions.begin(),
                        actions.end(),
                        [cancelled](const Action& action)
                        {
                            const auto* failed = std::get_if<TellFailed>(&action);
                            return failed != nullptr && failed->request == cancelled->request;
                        });
        Require(told == (m_wanted.count(cancelled->request) != 0),
                "who takes a request back is told that it is over");
    }
    if (const auto* heard = Heard(event, PacketKind::IFound))
    {
        CheckFoundCancels(*heard, actions);
    }
    if (const auto* heard = std::get_if<PacketReceived>(&event))
    {
        const bool own = heard->packet->node == m_host.node.Self();
        Require(!own || actions.empty(), "R-SRV-6: its own broadcasts are ignored");
        Require(Config().peering || actions.empty(), "without peering nothing is heard");
    }
    if (const auto* packet = std::get_if<ApplicationPacketToSend>(&event))
    {
        const std::size_t sent = CountOf<Broadcast>(actions) + CountOf<SendTo>(actions);
        Require(sent == (Config().peering ? 1U : 0U), "R-PKT-2: an application's packet is sent");
        Require((CountOf<SendTo>(actions) == 1) == (packet->peer && Config().peering), "to whom");
    }
}

/// R-SRV-3: the matching "I found" cancels, and (R-PKT-6) no other does: Carry(CancelTimer).
void
WatchedNode::CheckFoundCancels(const PacketReceived& heard, const ActionList& actions) const
{
    const NodeId node = SenderOf(heard);
    for (const auto& [slot, due] : m_due)
    {
        const bool itsKey = due.key.lock
                                ? heard.packet->key && heard.packet->key->opens == due.key.lock
                                : due.peer == heard.peer && !(Config().lock && heard.packet->key);
        const bool its = node == due.key.node && heard.packet->id == due.key.id && itsKey &&
                         node != m_host.node.Self() && Config().peering;
        const TimerKey timer{TimerKind::ResponseDelay, slot};
        const bool cancelled = std::any_of(actions.begin(),
                                           actions.end(),
                                           [&timer](const Action& action)
                                           {
                                               const auto* cancel =
                                                   std::get_if<CancelTimer>(&action);
                                               return cancel != nullptr && cancel->timer == timer;
                                           });
        Require(cancelled == its, "R-SRV-3, R-PKT-6: the matching \"I found\" cancels, no other");
    }
}

// ---------------------------------------------------------------- at rest

void
WatchedNode::CheckAtRest()
{
    // Timers and transfers are those that the requests believe in, each request will wake, tables
    // are within their bounds: as the explorer sees it.
    auto& getting = m_monitor.At(0).getting;
    getting.clear();
    getting[{}].running = BitsOf(m_wanted); // it sums them up
    for (const std::string& href : m_announced)
    {
        getting[href].announced = true;
    }
    m_monitor.LookAt(m_host, 0);
    if (const auto& seen = m_monitor.Seen())
    {
        Require(false, seen->requirement + ": " + seen->what);
    }
    const auto& requests = m_host.node.Client().Requests();
    std::set<std::string> peered;
    std::set<std::string> announced;
    for (std::uint32_t slot = 0; slot < requests.End(); ++slot)
    {
        const ClientRequest* request = requests.Find(slot);
        const auto state = m_states.find(slot);
        Require((state == m_states.end() ? ClientState::Idle : state->second) ==
                    (request == nullptr ? ClientState::Idle : request->state),
                "R-CLI-14: each change of state is told");
        if (request == nullptr)
        {
            continue;
        }
        Require(!request->peered || peered.insert(request->href).second,
                "R-CLI-7: one request per resource");
        Require(request->failed.size() <= limits::kFailedHolders &&
                    request->joined.size() + (request->helping ? 1 : 0) > 0,
                "a request is somebody's");
        if (request->announcement.started)
        {
            announced.insert(request->href);
        }
    }
    Require(announced == m_announced,
            "R-CLI-5: an end is told of each download that was announced");
    for (const auto& [slot, kept] : m_kept)
    {
        Require(requests.Find(slot) != nullptr, "R-CLI-7: nothing is left behind");
    }
    for (const auto& [slot, due] : m_due)
    {
        Require(m_host.timers.count({TimerKind::ResponseDelay, slot}) == 1, "R-SRV-4: an answer");
    }
    Require(m_host.node.Copies().Count() == m_offered.size(), "each copy is offered");
    CheckPlaces();
}

/// Nobody waits for a place that is free.
void
WatchedNode::CheckPlaces() const
{
    const PeeringConfig& config = Config();
    const auto& requests = m_host.node.Client().Requests();
    std::size_t active = 0;
    std::size_t helping = 0;
    bool queued = false;
    bool awaits = false;
    for (std::uint32_t slot = 0; slot < requests.End(); ++slot)
    {
        if (const ClientRequest* request = requests.Find(slot))
        {
            active += request->state == ClientState::Queued ? 0 : 1;
            helping += request->helping ? 1 : 0;
            queued = queued || request->state == ClientState::Queued;
            awaits = awaits || request->state == ClientState::AwaitTransfer;
        }
    }
    Require(active <= config.parallelRequests, "requests in parallel");
    Require(!queued || active == config.parallelRequests, "who queues, queues for something");
    Require(!awaits || m_host.transfers.size() == config.parallelTransfers, "so for transfers");
    const std::uint64_t places = std::min(config.parallelRequests, config.parallelTransfers);
    Require(helping <= std::max<std::uint64_t>(places / 2, 1), "helping leaves room");
}

void
WatchedNode::CheckTape() const
{
    if (m_tape)
    {
        const auto difference = harness::Replay(m_taped);
        Require(!difference, difference ? "a tape is replayed: " + difference->what : "");
    }
}

// ---------------------------------------------------------------- actions

void
WatchedNode::Carry(const Event& event, const Broadcast& action)
{
    Sent(event, *action.packet, nullptr);
}

void
WatchedNode::Carry(const Event& event, const SendTo& action)
{
    Sent(event, *action.packet, &action);
}

void
WatchedNode::Carry(const Event& event, const ArmTimer& action)
{
    Require(action.minMs <= action.maxMs, "a timer's range is one");
    const bool runs = m_host.timers.count(action.timer) != 0;
    m_host.timers[action.timer] = {action.minMs, action.maxMs, 0};
    if (action.timer.kind != TimerKind::ResponseDelay)
    {
        return;
    }
    const auto* heard = Heard(event, PacketKind::INeed);
    Require(heard != nullptr && !runs, "R-SRV-2: a delay is that of an \"I need\"");
    const ServicePacket& packet = *heard->packet;
    std::uint64_t delayMs = Config().responseDelayMs;
    if (Config().delay && packet.delayMs)
    {
        delayMs =
            std::min(delayMs, std::max<std::uint64_t>(*packet.delayMs, limits::kDelayFloorMs));
    }
    Require(action.minMs == 0 && action.maxMs == delayMs, "R-SRV-2: from 0 to D, or the asker's D");
    Require(Config().server && (packet.lock || !Config().requireLock), "who may be answered");
    const RequestKey key{SenderOf(*heard), packet.id, Config().lock ? packet.lock : std::nullopt};
    for (const auto& [slot, due] : m_due)
    {
        Require(due.key != key, "R-SRV-5: one timer per request");
    }
    // Ended ones are remembered, the latest half of their bound whatever comes.
    const std::size_t sure = std::min<std::size_t>(m_ended.size(), Config().endedRequests / 2);
    Require(std::find(m_ended.end() - static_cast<std::ptrdiff_t>(sure), m_ended.end(), key) ==
                m_ended.end(),
            "R-SRV-5: what ended is not answered again");
    m_due[action.timer.subject] = {key, heard->peer, heard->port, packet.href};
}

void
WatchedNode::Carry(const Event& /*event*/, const CancelTimer& action)
{
    Require(m_host.timers.erase(action.timer) == 1, "only what is armed is cancelled");
    if (action.timer.kind == TimerKind::ResponseDelay)
    {
        const auto due = m_due.find(action.timer.subject);
        Require(due != m_due.end(), "R-SRV-3: an answer that was due");
        m_ended.push_back(due->second.key);
        m_due.erase(due);
    }
}

void
WatchedNode::Carry(const Event& /*event*/, const DrawToken& action)
{
    m_toDraw.push_back(action.key);
}

void
WatchedNode::Carry(const Event& /*event*/, const StartTransfer& action)
{
    const auto slot = static_cast<std::uint32_t>(action.transfer);
    Require(m_host.transfers.count(slot) == 0, "one transfer per TransferId at a time");
    const auto kept = m_kept.find(slot);
    if (action.offset > 0)
    {
        Require(!action.peer, "what another source brought is not resumed");
        Require(kept != m_kept.end() && !kept->second.fromPeer &&
                    kept->second.href == action.href && kept->second.bytes == action.offset,
                "what is resumed is there");
    }
    const ClientRequest* request = m_host.node.Client().Requests().Find(slot);
    if (request != nullptr)
    {
        Require(request->href == action.href, "a transfer is that of its request");
        // Its own transfer is resumed in any case: whether there is access shows then.
        const bool resumes = kept != m_kept.end() && !kept->second.fromPeer;
        Require(action.peer || resumes || HasAccess(), "R-CLI-12: only with access");
        const bool lanOnly = !request->helping && !request->options.mayUseInternet;
        Require(action.peer || !lanOnly, "who may not use the Internet does not");
    }
    if (action.peer)
    {
        Require(request == nullptr || std::find(request->refused.begin(),
                                                request->refused.end(),
                                                action.peer->peer) == request->refused.end(),
                "R-CLI-8: nothing is fetched from a refused peer");
    }
    if (kept != m_kept.end())
    {
        m_kept.erase(kept);
    }
    harness::RunningTransfer transfer;
    transfer.href = action.href;
    transfer.offset = action.offset;
    transfer.received = action.offset;
    if (action.peer)
    {
        transfer.server = static_cast<std::uint32_t>(action.peer->peer);
    }
    m_host.transfers[slot] = transfer;
}

bool
WatchedNode::HasAccess() const
{
    ActionList none;
    return m_host.node.Client().HasAccess({Config(), m_host.node.Self(), none});
}

void
WatchedNode::Carry(const Event& /*event*/, const StopTransfer& action)
{
    const auto slot = static_cast<std::uint32_t>(action.transfer);
    const auto running = m_host.transfers.find(slot);
    Require(running != m_host.transfers.end() || m_kept.count(slot) == 1,
            "what is stopped is there");
    if (action.keep)
    {
        Require(running != m_host.transfers.end(), "what is kept of a transfer was running");
        m_kept[slot] = {running->second.href,
                        running->second.received,
                        running->second.server.has_value(),
                        false,
                        Verdict::None};
    }
    else
    {
        m_kept.erase(slot);
    }
    m_host.transfers.erase(slot);
}

void
WatchedNode::Carry(const Event& event, const AnswerUpload& action)
{
    const auto& asked = std::get<UploadAsked>(event);
    Require(action.upload == asked.upload, "the upload that was asked for is answered");
    const auto copy = std::find_if(m_offered.begin(),
                                   m_offered.end(),
                                   [&asked](const auto& one) { return one.second == asked.alias; });
    const bool served = copy != m_offered.end() && Config().server;
    Require((action.answer != UploadAnswer::NoSuchCopy) == served, "R-HTTP-1: by alias");
    if (served)
    {
        const bool busy = asked.body && SlotsFull();
        Require((action.answer == UploadAnswer::Busy) == busy, "R-HTTP-3: upload slots");
        Require(busy || action.href == copy->first, "R-HTTP-1: the copy of that alias");
        Require(!busy || action.retryAfterMs > 0, "R-HTTP-3: with Retry-After");
    }
    if (action.answer == UploadAnswer::Serve && asked.body)
    {
        m_uploads.insert(asked.upload);
    }
}

bool
WatchedNode::SlotsFull() const
{
    return Config().slots && m_uploads.size() >= Config().uploadSlots;
}

void
WatchedNode::Carry(const Event& /*event*/, const OfferCopy& action)
{
    const auto whole = std::find_if(m_kept.begin(),
                                    m_kept.end(),
                                    [&action](const auto& kept) {
                                        return kept.second.whole && kept.second.href == action.href;
                                    });
    const bool fetched = whole != m_kept.end();
    Require(fetched || m_whole.count(action.href) != 0,
            "R-HTTP-2: a copy that is offered is whole");
    Require(
        !fetched || whole->second.verdict == Verdict::Accepted ||
            (whole->second.verdict == Verdict::None && !whole->second.fromPeer && Config().helper),
        "R-HTTP-2: a copy that is offered was accepted");
    Require(!action.alias.empty(), "R-HTTP-1: an alias is one");
    for (const auto& [href, alias] : m_offered)
    {
        Require(href != action.href && alias != action.alias, "a copy has one alias, of its own");
    }
    if (fetched)
    {
        m_kept.erase(whole);
    }
    m_offered[action.href] = action.alias;
}

void
WatchedNode::Carry(const Event& /*event*/, const WithdrawCopy& action)
{
    Require(m_offered.erase(action.href) == 1, "only what is offered is withdrawn");
    m_whole.erase(action.href);
}

void
WatchedNode::Carry(const Event& /*event*/, const TellProgress& action)
{
    Require(m_wanted.count(action.request) == 1, "progress of a request that runs");
}

void
WatchedNode::Carry(const Event& event, const TellFound& action)
{
    Require(m_wanted.erase(action.request) == 1, "R-CLI-7: a request ends exactly once");
    Require(action.peer.has_value() == (action.source == Source::Peer), "from whom");
    if (action.source == Source::Local)
    {
        const auto& wanted = std::get<ResourceWanted>(event);
        Require(m_offered.count(wanted.href) == 1 && !wanted.heldRefused,
                "R-CLI-7: what is held is found, unless it was refused");
        return;
    }
    const auto* ended = std::get_if<TransferEnded>(&event);
    Require(ended != nullptr && ended->outcome == TransferOutcome::Complete &&
                ended->verdict != Verdict::Refused,
            "what is found is whole and not refused");
    Require(ended->verdict == Verdict::Accepted || action.source == Source::Internet,
            "R-HTTP-2: what comes from a peer is accepted first");
}

void
WatchedNode::Carry(const Event& event, const TellFailed& action)
{
    Require(m_wanted.erase(action.request) == 1, "R-CLI-7: a request ends exactly once");
    Require(!ToString(action.reason).empty(), "for a reason");
    const auto* fired = std::get_if<TimerFired>(&event);
    Require(action.reason != Reason::DeadlineOver ||
                (fired != nullptr && fired->timer.kind == TimerKind::Deadline),
            "R-CLI-7: the deadline is over when it is");
    const auto* cancelled = std::get_if<RequestCancelled>(&event);
    Require((action.reason == Reason::Cancelled) ==
                (cancelled != nullptr && cancelled->request == action.request),
            "R-CLI-7: cancelled is what was taken back");
}

void
WatchedNode::Carry(const Event& event, const TellPacket& action)
{
    Require(Heard(event, PacketKind::ApplicationDefined) != nullptr &&
                m_types.count(action.packet->type) == 1,
            "R-PKT-3: to who registered for it");
}

void
WatchedNode::Carry(const Event& /*event*/, const Note& action)
{
    Require(!ToString(action.reason).empty(), "a reason has a name");
}

void
WatchedNode::Carry(const Event& /*event*/, const ServerEntered& action)
{
    Require(action.from != action.to, "a change of state is one");
}

void
WatchedNode::Carry(const Event& /*event*/, const ClientEntered& action)
{
    const auto known = m_states.find(action.subject);
    Require(action.from != action.to &&
                action.from == (known == m_states.end() ? ClientState::Idle : known->second),
            "R-CLI-14: a change of state is from where it was");
    if (action.to == ClientState::Idle)
    {
        m_states.erase(action.subject);
    }
    else
    {
        m_states[action.subject] = action.to;
    }
}

} // namespace lanpeer::fuzz
