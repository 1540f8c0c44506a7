#include "model/lan/faults/damage.h"
#include "model/lan/origin-order.h"
#include "model/lan/peer-address.h"
#include "model/lan/peering-application.h"

#include <algorithm>
#include <ns3/inet-socket-address.h>
#include <ns3/simulator.h>
#include <utility>

// Of PeeringApplication: what it does with bodies. Transfers, uploads and copies.

namespace lanpeer::lan
{

namespace
{

/// How often progress of a transfer is told to the core (peering-node.h, the host contract).
constexpr std::int64_t kProgressEveryUs = 250'000;

/// A transfer from a peer that brought less than this in such a window is cut, as the daemon's are
/// (reference/retrieval, MinimumRate; U1): a trickle is never without a byte for long enough to
/// count as stalled. Looked at when a byte comes, so that it costs no event; of none at all the
/// core's own timer tells.
constexpr std::int64_t kRateWindowUs = 20'000'000;
constexpr std::uint64_t kRateWindowBytes = 20'000; ///< 1000 bytes per second

} // namespace

// ---------------------------------------------------------------- transfers

void
PeeringApplication::On(const StartTransfer& action)
{
    Transfer& transfer = m_transfers[action.transfer];
    transfer.fetch.reset();
    transfer.order = action;
    transfer.reportedAtUs = -1;
    transfer.windowAtUs = ns3::Simulator::Now().GetMicroSeconds();
    transfer.windowBytes = 0;

    ns3::InetSocketAddress server(ns3::Ipv4Address::GetLoopback(), 0);
    http::GetOrder order;
    if (action.peer)
    {
        server = ns3::InetSocketAddress(AddressOf(action.peer->peer), action.peer->port);
        order.authority = TextOf(AddressOf(action.peer->peer));
        order.target = "/" + action.peer->path;
    }
    else if (const auto origin = OriginOrder(action.href))
    {
        server = m_proxy.value_or(origin->first);
        order = origin->second;
    }
    order.keepAlive = false;
    if (action.offset > 0)
    {
        order.offset = action.offset;
        if (!transfer.keptTag.empty())
        {
            order.ifRangeTag = transfer.keptTag;
        }
    }
    const TransferId id = action.transfer;
    transfer.begunAtUs = ns3::Simulator::Now().GetMicroSeconds();
    transfer.fetch = std::make_unique<HttpFetch>(GetNode(), server, order);
    transfer.fetch->Start([this, id](std::uint64_t received, std::optional<std::uint64_t> size)
                          { Progress(id, received, size); },
                          [this, id](const HttpFetch::Result& result) { FetchOver(id, result); });
}

void
PeeringApplication::Progress(TransferId id,
                             std::uint64_t received,
                             std::optional<std::uint64_t> size)
{
    if (m_diskFull)
    {
        DiskIsFull(id);
        return;
    }
    Transfer& transfer = m_transfers.at(id);
    const std::int64_t nowUs = ns3::Simulator::Now().GetMicroSeconds();
    if (transfer.order.peer && nowUs - transfer.windowAtUs >= kRateWindowUs)
    {
        const std::uint64_t bodyBytes = transfer.fetch->SoFar().bodyBytes;
        if (bodyBytes - transfer.windowBytes < kRateWindowBytes)
        {
            transfer.fetch->GiveUp();
            return;
        }
        transfer.windowAtUs = nowUs;
        transfer.windowBytes = bodyBytes;
    }
    if (transfer.reportedAtUs < 0 || nowUs - transfer.reportedAtUs >= kProgressEveryUs)
    {
        transfer.reportedAtUs = nowUs;
        Tell(TransferProgressed{id, received, size});
    }
}

void
PeeringApplication::FetchOver(TransferId id, const HttpFetch::Result& result)
{
    Transfer& transfer = m_transfers.at(id);
    Detach(transfer);
    const StartTransfer order = transfer.order;
    const std::int64_t begunAtUs = transfer.begunAtUs;
    transfer.keptTag = result.tag;
    transfer.keptDamaged = result.damaged || (result.resumed && transfer.keptDamaged);

    const std::string content = result.tag + (transfer.keptDamaged ? kDamagedSuffix : "");

    TransferEnded event{id, TransferOutcome::Failed, Verdict::None, result.received, {}};
    switch (result.end)
    {
    case FetchEnd::Whole:
    {
        if (m_diskFull)
        {
            event.outcome = TransferOutcome::StoreFailed;
            break;
        }
        event.outcome = TransferOutcome::Complete;
        event.verdict = Judge(
            order.href, {order.peer ? Source::Peer : Source::Internet, result.received, content});
        break;
    }
    case FetchEnd::Unavailable:
        event.outcome = TransferOutcome::Busy;
        if (result.retryAfterSeconds)
        {
            event.retryAfterMs = static_cast<std::uint32_t>(
                std::min<std::uint64_t>(*result.retryAfterSeconds, 86400) * 1000);
        }
        break;
    case FetchEnd::NotFound:
        event.outcome = TransferOutcome::NotFound;
        break;
    case FetchEnd::NoRoute:
        event.outcome = order.peer ? TransferOutcome::Failed : TransferOutcome::NoAccess;
        break;
    case FetchEnd::Broken:
        break;
    }
    const bool accepted =
        event.outcome == TransferOutcome::Complete && event.verdict != Verdict::Refused;
    if (accepted)
    {
        m_arrived[order.href] = {result.received, content};
    }
    ReportTransfer(order,
                   begunAtUs,
                   result.bodyBytes,
                   accepted,
                   event.outcome == TransferOutcome::Complete ? result.tag : std::string());
    Tell(event);
}

/// The fetch ends within a callback of its own: it is kept until that has returned.
std::shared_ptr<HttpFetch>
PeeringApplication::Detach(Transfer& transfer)
{
    std::shared_ptr<HttpFetch> done(std::move(transfer.fetch));
    ns3::Simulator::ScheduleNow([done] {});
    return done;
}

/// The first bytes that cannot be written end the transfer.
void
PeeringApplication::DiskIsFull(TransferId id)
{
    Transfer& transfer = m_transfers.at(id);
    const HttpFetch::Result soFar = Detach(transfer)->SoFar();
    ReportTransfer(transfer.order, transfer.begunAtUs, soFar.bodyBytes, false);
    Tell(TransferEnded{id, TransferOutcome::StoreFailed, Verdict::None, 0, {}});
}

void
PeeringApplication::ReportTransfer(const StartTransfer& order,
                                   std::int64_t begunAtUs,
                                   std::uint64_t bodyBytes,
                                   bool accepted,
                                   const std::string& whole)
{
    if (bodyBytes == 0 && !accepted)
    {
        return;
    }
    TransferReport report;
    report.href = order.href;
    report.peer = order.peer ? std::optional(order.peer->peer) : std::nullopt;
    report.begunAtUs = begunAtUs;
    report.bodyBytes = bodyBytes;
    report.accepted = accepted;
    report.whole = whole;
    m_transferTrace(report);
}

void
PeeringApplication::FlushTransfers()
{
    for (auto& [id, transfer] : m_transfers)
    {
        if (transfer.fetch)
        {
            ReportTransfer(
                transfer.order, transfer.begunAtUs, transfer.fetch->SoFar().bodyBytes, false);
            transfer.fetch.reset();
        }
    }
}

Verdict
PeeringApplication::Judge(const std::string& href, const Body& body) const
{
    const auto verifier = m_verifiers.find(href);
    if (verifier == m_verifiers.end())
    {
        return Verdict::None;
    }
    const auto judge = verifier->second; // it may ask for something, and so change the map
    return judge(body);
}

void
PeeringApplication::On(const StopTransfer& action)
{
    const auto found = m_transfers.find(action.transfer);
    if (found == m_transfers.end())
    {
        return;
    }
    Transfer& transfer = found->second;
    if (transfer.fetch)
    {
        const HttpFetch::Result soFar = transfer.fetch->SoFar();
        ReportTransfer(transfer.order, transfer.begunAtUs, soFar.bodyBytes, false);
        transfer.keptTag = soFar.tag;
        transfer.keptDamaged = soFar.damaged || (soFar.resumed && transfer.keptDamaged);
        transfer.fetch.reset();
    }
    if (!action.keep)
    {
        m_arrived.erase(transfer.order.href); // a whole body that is not kept, or was refused
        m_transfers.erase(found);
    }
}

// ---------------------------------------------------------------- uploads and copies

void
PeeringApplication::UploadRequested(std::uint64_t request,
                                    ns3::Ipv4Address peer,
                                    const http::Request& asked)
{
    if (FindLink(m_links, peer) == nullptr)
    {
        m_server->Answer(request, http::AnswerError(http::ErrorStatus::Forbidden, {}, false));
        return; // only the node's own subnets are served (R-HTTP-3)
    }
    m_uploads.emplace(request, Upload{PeerOf(peer), asked});
    Tell(UploadAsked{static_cast<UploadId>(request),
                     PeerOf(peer),
                     asked.alias,
                     asked.method == http::Method::Get});
}

void
PeeringApplication::On(const AnswerUpload& action)
{
    const auto request = static_cast<std::uint64_t>(action.upload);
    const auto found = m_uploads.find(request);
    if (found == m_uploads.end())
    {
        if (action.answer == UploadAnswer::Serve)
        {
            Tell(UploadEnded{action.upload}); // who asked has gone
        }
        return;
    }
    const auto [peer, asked] = found->second;
    m_uploads.erase(found);
    switch (action.answer)
    {
    case UploadAnswer::Serve:
    {
        const Copy& copy = m_copies.at(action.href);
        if (asked.method == http::Method::Get)
        {
            m_uploadsServed.insert(request);
            m_servedTrace(action.href, peer);
        }
        m_server->Answer(request, http::Answer(asked, {copy.size, copy.descriptor}));
        break;
    }
    case UploadAnswer::Busy:
    {
        const auto seconds = static_cast<std::uint32_t>((action.retryAfterMs + 999) / 1000);
        m_server->Answer(
            request,
            http::AnswerError(http::ErrorStatus::ServiceUnavailable, seconds, asked.keepAlive));
        break;
    }
    case UploadAnswer::NoSuchCopy:
        m_server->Answer(request,
                         http::AnswerError(http::ErrorStatus::NotFound, {}, asked.keepAlive));
        break;
    }
}

void
PeeringApplication::On(const OfferCopy& action)
{
    if (const auto arrived = m_arrived.find(action.href); arrived != m_arrived.end())
    {
        m_copies[action.href] = arrived->second;
        m_arrived.erase(arrived);
    }
}

void
PeeringApplication::On(const WithdrawCopy& action)
{
    m_copies.erase(action.href);
}

} // namespace lanpeer::lan
