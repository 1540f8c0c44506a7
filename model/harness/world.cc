#include "model/harness/world.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace lanpeer::harness
{

namespace
{

NodeId
NameOfHost(std::uint32_t host, std::uint32_t starts)
{
    std::string name = "n" + std::to_string(host + 1);
    if (starts > 1)
    {
        name += "." + std::to_string(starts);
    }
    return *NodeId::Parse(name);
}

/// `HOST, COUNT` in the last four bytes.
Token
HarnessToken(std::uint32_t host, std::uint32_t count)
{
    Token token{};
    const std::uint32_t word = (host + 1) * 1000 + count;
    for (unsigned i = 0; i < 4; ++i)
    {
        token[15 - i] = static_cast<std::uint8_t>(word >> (8 * i));
    }
    return token;
}

/// One draw of splitmix64 (Steele, Lea, Flood 2014).
std::uint64_t
NextRandom(std::uint64_t& state)
{
    state += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

} // namespace

Lock
HarnessLock(const Token& token)
{
    Lock lock{};
    std::copy(token.begin() + 12, token.end(), lock.begin());
    return lock;
}

World::World(const std::vector<std::shared_ptr<const PeeringConfig>>& configs,
             std::uint64_t resourceBytes)
    : m_resourceBytes(resourceBytes)
{
    for (std::uint32_t host = 0; host < configs.size(); ++host)
    {
        m_hosts.emplace_back(PeeringNode(NameOfHost(host, 1), configs[host]));
        m_hosts.back().internet = configs[host]->internetAccess;
    }
}

void
World::Handle(std::uint32_t host, const Event& event)
{
    ActionList actions;
    m_hosts[host].node.Handle(event, actions);
    if (m_observer != nullptr)
    {
        m_observer->Handled(*this, host, event, actions);
    }
    Carry(host, actions);
}

void
World::Carry(std::uint32_t host, const ActionList& actions)
{
    for (const Action& action : actions)
    {
        std::visit([this, host](const auto& wanted) { Carry(host, wanted); }, action);
    }
}

void
World::Send(std::uint32_t from, std::uint32_t to, const Shared<ServicePacket>& packet)
{
    if (to >= m_hosts.size() || !m_hosts[to].alive)
    {
        return;
    }
    Flight flight{from, to, packet, m_nowUs + m_timing.packetUs};
    if (m_conditions == nullptr)
    {
        m_flights.push_back(flight);
        return;
    }
    for (const std::uint64_t dueUs : m_conditions->ArrivalsUs(*this, flight))
    {
        flight.dueUs = dueUs;
        m_flights.push_back(flight);
    }
}

void
World::Carry(std::uint32_t host, const Broadcast& action)
{
    for (std::uint32_t other = 0; other < m_hosts.size(); ++other)
    {
        if (other != host)
        {
            Send(host, other, action.packet);
        }
    }
}

void
World::Carry(std::uint32_t host, const SendTo& action)
{
    Send(host, static_cast<std::uint32_t>(action.peer) - 1, action.packet);
}

void
World::Carry(std::uint32_t host, const ArmTimer& action)
{
    m_hosts[host].timers[action.timer] = {
        action.minMs, action.maxMs, m_nowUs + DrawUs(host, action.minMs, action.maxMs)};
}

void
World::Carry(std::uint32_t host, const CancelTimer& action)
{
    m_hosts[host].timers.erase(action.timer);
}

void
World::Carry(std::uint32_t host, const DrawToken& action)
{
    const Token token = HarnessToken(host, ++m_hosts[host].tokensDrawn);
    Handle(host, TokenDrawn{action.key, token, HarnessLock(token)});
}

void
World::Carry(std::uint32_t host, const StartTransfer& action)
{
    const auto slot = static_cast<std::uint32_t>(action.transfer);
    RunningTransfer transfer;
    transfer.href = action.href;
    transfer.offset = action.offset;
    transfer.received = action.offset;
    if (action.peer)
    {
        transfer.dueUs = m_nowUs + m_timing.peerTransferUs;
        transfer.server = static_cast<std::uint32_t>(action.peer->peer) - 1;
        Connect(host, slot, *action.peer, transfer);
    }
    else
    {
        transfer.dueUs = m_nowUs + m_timing.internetTransferUs;
        transfer.outcome =
            m_hosts[host].internet ? TransferOutcome::Complete : TransferOutcome::NoAccess;
    }
    if (m_conditions != nullptr)
    {
        m_conditions->Started(*this, host, slot, transfer);
    }
    m_hosts[host].transfers[slot] = transfer;
}

/// Asks a peer's HTTP server.
void
World::Connect(std::uint32_t host,
               std::uint32_t slot,
               const PeerSource& source,
               RunningTransfer& transfer)
{
    const std::uint32_t server = *transfer.server;
    transfer.outcome = TransferOutcome::Failed;
    if (server >= m_hosts.size() || !m_hosts[server].alive ||
        (m_conditions != nullptr && !m_conditions->Connects(*this, host, server)))
    {
        return;
    }
    transfer.upload = static_cast<UploadId>((host + 1) * 1000 + slot);
    Handle(server, UploadAsked{transfer.upload, PeerOf(host), source.path, true});
    const AnswerUpload answer = *std::exchange(m_uploadAnswer, std::nullopt);
    transfer.altered = m_hosts[server].liar;
    transfer.slotHeld = answer.answer == UploadAnswer::Serve;
    transfer.retryAfterMs = static_cast<std::uint32_t>(answer.retryAfterMs);
    transfer.outcome = answer.answer == UploadAnswer::Serve  ? TransferOutcome::Complete
                       : answer.answer == UploadAnswer::Busy ? TransferOutcome::Busy
                                                             : TransferOutcome::NotFound;
}

void
World::Carry(std::uint32_t host, const StopTransfer& action)
{
    const auto found = m_hosts[host].transfers.find(static_cast<std::uint32_t>(action.transfer));
    if (found != m_hosts[host].transfers.end())
    {
        const RunningTransfer transfer = found->second;
        m_hosts[host].transfers.erase(found);
        ReleaseUpload(transfer);
    }
}

void
World::Carry(std::uint32_t /*host*/, const AnswerUpload& action)
{
    m_uploadAnswer = action;
}

void
World::Carry(std::uint32_t host, const OfferCopy& action)
{
    m_hosts[host].offered.insert(action.href);
}

void
World::Carry(std::uint32_t host, const WithdrawCopy& action)
{
    m_hosts[host].offered.erase(action.href);
    m_hosts[host].whole.erase(action.href);
}

void
World::ReleaseUpload(const RunningTransfer& transfer)
{
    if (transfer.slotHeld && m_hosts[*transfer.server].alive)
    {
        Handle(*transfer.server, UploadEnded{transfer.upload});
    }
}

void
World::Deliver(std::size_t flight)
{
    const Flight arrived = m_flights[flight];
    m_flights.erase(m_flights.begin() + static_cast<std::ptrdiff_t>(flight));
    const auto& config = m_hosts[arrived.from].node.Config();
    Handle(arrived.to,
           PacketReceived{PeerOf(arrived.from),
                          static_cast<std::uint16_t>(config.servicePort),
                          arrived.packet});
}

void
World::Lose(std::size_t flight)
{
    m_flights.erase(m_flights.begin() + static_cast<std::ptrdiff_t>(flight));
}

void
World::Duplicate(std::size_t flight)
{
    m_flights.push_back(m_flights[flight]);
}

void
World::Fire(std::uint32_t host, const TimerKey& timer)
{
    m_hosts[host].timers.erase(timer);
    Handle(host, TimerFired{timer});
}

void
World::ProgressTransfer(std::uint32_t host, std::uint32_t transfer, std::uint64_t received)
{
    RunningTransfer& running = m_hosts[host].transfers.at(transfer);
    running.received = received;
    const std::uint64_t size = ResourceBytes(running.href);
    Handle(host, TransferProgressed{static_cast<TransferId>(transfer), received, size});
}

void
World::CompleteBody(std::uint32_t host, std::uint32_t transfer)
{
    RunningTransfer& running = m_hosts[host].transfers.at(transfer);
    const std::uint64_t size = ResourceBytes(running.href);
    running.received = size;
    running.bodyComplete = true;
    const RunningTransfer complete = running;
    running.slotHeld = false; // the server has sent it all, whatever the verdict will be
    ReleaseUpload(complete);
    Handle(host, BodyComplete{static_cast<TransferId>(transfer), size});
}

void
World::EndTransfer(std::uint32_t host,
                   std::uint32_t transfer,
                   TransferOutcome outcome,
                   Verdict verdict)
{
    const auto found = m_hosts[host].transfers.find(transfer);
    const RunningTransfer ended = found->second;
    m_hosts[host].transfers.erase(found);
    TransferEnded event{static_cast<TransferId>(transfer), outcome, verdict, ended.received, {}};
    if (outcome == TransferOutcome::Complete)
    {
        event.received = ResourceBytes(ended.href);
        if (verdict == Verdict::Accepted)
        {
            m_hosts[host].whole.insert(ended.href);
        }
    }
    if (outcome == TransferOutcome::Busy)
    {
        event.retryAfterMs = ended.retryAfterMs;
    }
    ReleaseUpload(ended);
    Handle(host, event);
}

void
World::FinishTransfer(std::uint32_t host, std::uint32_t transfer)
{
    const RunningTransfer& running = m_hosts[host].transfers.at(transfer);
    const bool whole = running.outcome == TransferOutcome::Complete;
    const Verdict verdict = !whole            ? Verdict::None
                            : running.altered ? Verdict::Refused
                                              : Verdict::Accepted;
    EndTransfer(host, transfer, running.outcome, verdict);
}

void
World::Kill(std::uint32_t host)
{
    m_hosts[host].alive = false;
    m_hosts[host].timers.clear();
    // What was whole but not to be kept (not cacheable, or not yet offered) is gone (R-HTTP-2).
    m_hosts[host].whole = std::exchange(m_hosts[host].offered, {});
    const auto transfers = std::exchange(m_hosts[host].transfers, {});
    m_flights.erase(std::remove_if(m_flights.begin(),
                                   m_flights.end(),
                                   [host](const Flight& flight) { return flight.to == host; }),
                    m_flights.end());
    for (const auto& [id, transfer] : transfers)
    {
        ReleaseUpload(transfer);
    }
    for (Host& other : m_hosts)
    {
        for (auto& [id, transfer] : other.transfers)
        {
            if (transfer.server == host && !transfer.bodyComplete)
            {
                transfer.outcome = TransferOutcome::Failed;
                transfer.slotHeld = false;
            }
        }
    }
}

void
World::Restart(std::uint32_t host)
{
    Host& restarted = m_hosts[host];
    restarted.alive = true;
    ++restarted.starts;
    Restarted event{NameOfHost(host, restarted.starts), {}};
    for (const std::string& href : restarted.whole)
    {
        event.copies.push_back({href, ResourceBytes(href)});
    }
    Handle(host, event);
}

std::uint64_t
World::DrawUs(std::uint32_t host, std::uint64_t minMs, std::uint64_t maxMs)
{
    const std::uint64_t spanUs = (maxMs - minMs) * 1000;
    if (m_random)
    {
        return minMs * 1000 + (spanUs == 0 ? 0 : NextRandom(*m_random) % (spanUs + 1));
    }
    return minMs * 1000 + spanUs * (host + 1) / (m_hosts.size() + 1);
}

std::optional<NextStep>
World::Next() const
{
    NextStep next;
    next.dueUs = std::numeric_limits<std::uint64_t>::max();
    for (std::size_t flight = 0; flight < m_flights.size(); ++flight)
    {
        if (m_flights[flight].dueUs < next.dueUs)
        {
            next = {m_flights[flight].dueUs, NextStep::Kind::Flight, flight, 0, 0, {}};
        }
    }
    for (std::uint32_t host = 0; host < m_hosts.size(); ++host)
    {
        for (const auto& [slot, transfer] : m_hosts[host].transfers)
        {
            if (transfer.dueUs < next.dueUs)
            {
                next = {transfer.dueUs, NextStep::Kind::Transfer, 0, host, slot, {}};
            }
        }
        for (const auto& [key, timer] : m_hosts[host].timers)
        {
            if (timer.dueUs < next.dueUs)
            {
                next = {timer.dueUs, NextStep::Kind::Timer, 0, host, 0, key};
            }
        }
    }
    const bool none = next.dueUs == std::numeric_limits<std::uint64_t>::max();
    return none ? std::nullopt : std::optional(next);
}

std::optional<std::uint64_t>
World::NextDueUs() const
{
    const auto next = Next();
    return next ? std::optional(next->dueUs) : std::nullopt;
}

bool
World::RunNext()
{
    const auto next = Next();
    if (!next)
    {
        return false;
    }
    m_nowUs = std::max(m_nowUs, next->dueUs);
    switch (next->kind)
    {
    case NextStep::Kind::Flight:
        Deliver(next->flight);
        break;
    case NextStep::Kind::Transfer:
        FinishTransfer(next->host, next->transfer);
        break;
    case NextStep::Kind::Timer:
        Fire(next->host, next->timer);
        break;
    }
    return true;
}

} // namespace lanpeer::harness
