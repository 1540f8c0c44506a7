#include "reference/service/peering-service-impl.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <ctime>
#include <fmt/format.h>
#include <memory>
#include <spdlog/spdlog.h>
#include <system_error>
#include <utility>

// Of PeeringService: what it does with bodies. Transfers and copies.

namespace lanpeer::reference
{

namespace
{

/// The file of a partial body, which keeps the partial body alive.
std::shared_ptr<const FileDescriptor>
FileOf(const std::shared_ptr<PartialFile>& partial)
{
    return {partial, &partial->File()};
}

} // namespace

std::string
Month()
{
    const std::time_t now = std::time(nullptr);
    std::tm parts = {};
    ::gmtime_r(&now, &parts);
    return fmt::format("{:04}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1);
}

std::string
OriginText(const std::optional<PeerSource>& peer)
{
    return peer ? "peer " + AddressOf(peer->peer).to_string() : "the Internet";
}

// ---------------------------------------------------------------- transfers

PeeringService::Impl::Transfer*
PeeringService::Impl::Find(TransferId id, std::uint64_t serial)
{
    const auto found = m_transfers.find(id);
    return found != m_transfers.end() && found->second.serial == serial ? &found->second : nullptr;
}

FetchOrder
PeeringService::Impl::OrderOf(const Transfer& transfer) const
{
    const StartTransfer& wanted = transfer.order;
    FetchOrder order;
    order.fromPeer = wanted.peer.has_value();
    order.url = wanted.peer ? fmt::format("http://{}:{}/{}",
                                          AddressOf(wanted.peer->peer).to_string(),
                                          wanted.peer->port,
                                          wanted.peer->path)
                            : wanted.href;
    order.offset = wanted.offset;
    order.ifRangeTag = wanted.offset > 0 ? transfer.keptTag : "";
    order.maxBytes = MaxBytesOf(wanted.href);
    if (wanted.helping)
    {
        order.allowedOrigins = m_config->helperOrigins; // L13
    }
    return order;
}

/// What the most patient of those who want it would take.
std::uint64_t
PeeringService::Impl::MaxBytesOf(const std::string& href) const
{
    std::optional<std::uint64_t> most;
    for (const auto& [id, request] : m_requests)
    {
        if (request.asked.url == href)
        {
            most = std::max(most.value_or(0),
                            request.asked.maxBytes.value_or(m_settings.resourceBytesMax));
        }
    }
    return std::min(most.value_or(m_settings.resourceBytesMax), m_settings.resourceBytesMax);
}

/// The partial body of a stopped transfer of this URL whose file the retrieval thread may still
/// have. It may be written to anew: what that thread is told is done in its order.
std::shared_ptr<PartialFile>
PeeringService::Impl::TakeDiscarded(const std::string& href)
{
    const auto found = std::find_if(
        m_transfers.begin(),
        m_transfers.end(),
        [&href](const auto& its) { return its.second.discarded && its.second.order.href == href; });
    if (found == m_transfers.end())
    {
        return nullptr;
    }
    const auto partial = std::move(found->second.partial);
    m_transfers.erase(found);
    return partial;
}

void
PeeringService::Impl::On(const StartTransfer& action)
{
    const auto discarded = TakeDiscarded(action.href);
    const auto before = m_transfers.find(action.transfer);
    if (before != m_transfers.end() && before->second.discarded)
    {
        m_transfers.erase(before); // of another URL
    }
    Transfer& transfer = m_transfers[action.transfer];
    transfer.order = action;
    transfer.serial = ++m_lastSerial;
    transfer.fetched = 0;
    const TransferId id = action.transfer;
    const std::uint64_t serial = transfer.serial;
    m_history.Add(action.href,
                  action.offset > 0 ? fmt::format("fetching from {}, resumed at byte {}",
                                                  OriginText(action.peer),
                                                  action.offset)
                                    : fmt::format("fetching from {}", OriginText(action.peer)));
    FetchResult failed;
    try
    {
        transfer.partial = transfer.partial ? transfer.partial
                           : discarded      ? discarded
                                            : m_store->StartPartial(action.href);
        failed.message = "an application offers the same URL at the moment";
    }
    catch (const StoreError& error)
    {
        failed.end = FetchEnd::StoreFailed;
        failed.message = error.what();
    }
    if (!transfer.partial)
    {
        boost::asio::post(m_io,
                          [weak = weak_from_this(), id, serial, failed]
                          {
                              const auto self = weak.lock();
                              if (self && self->Find(id, serial) != nullptr)
                              {
                                  self->FetchOver(id, serial, failed);
                              }
                          });
        return;
    }
    transfer.fetch = m_retriever->Start(
        OrderOf(transfer),
        FileOf(transfer.partial),
        [this, id, serial](std::uint64_t received, std::optional<std::uint64_t> size)
        { Progress(id, serial, received, size); },
        [this, id, serial](const FetchResult& result) { FetchOver(id, serial, result); });
}

void
PeeringService::Impl::Progress(TransferId id,
                               std::uint64_t serial,
                               std::uint64_t received,
                               std::optional<std::uint64_t> size)
{
    Transfer* transfer = Find(id, serial);
    if (transfer == nullptr)
    {
        return;
    }
    transfer->fetched = received - std::min(received, transfer->order.offset);
    const std::uint64_t expected = std::max(received, size.value_or(0));
    if (!transfer->partial->Expect(expected))
    {
        NoRoom(*transfer, received, expected);
        return;
    }
    MakeRoom(0); // for what was written, never for what was only announced
    Tell(TransferProgressed{id, received, size});
}

/// Of a peer it is the peer's word that is not believed; the Internet's is the resource's size.
void
PeeringService::Impl::NoRoom(Transfer& transfer, std::uint64_t received, std::uint64_t size)
{
    const TransferId id = transfer.order.transfer;
    const std::string text =
        fmt::format("no room for {} bytes from {}", size, OriginText(transfer.order.peer));
    m_history.Add(transfer.order.href, text);
    spdlog::warn("{}: {}", transfer.order.href, text);
    m_retriever->Stop(*std::exchange(transfer.fetch, std::nullopt));
    CountFetch(transfer, transfer.fetched);
    transfer.serial = ++m_lastSerial;
    const auto outcome =
        transfer.order.peer ? TransferOutcome::Failed : TransferOutcome::StoreFailed;
    Tell(TransferEnded{id, outcome, Verdict::None, received, {}});
}

void
PeeringService::Impl::FetchOver(TransferId id, std::uint64_t serial, const FetchResult& result)
{
    Transfer* transfer = Find(id, serial);
    if (transfer == nullptr)
    {
        return;
    }
    transfer->fetch.reset();
    transfer->keptTag = result.tag;
    CountFetch(*transfer, result.bodyBytes);
    if (result.end != FetchEnd::Whole)
    {
        m_history.Add(transfer->order.href, result.message);
        spdlog::info("{}", result.message);
        for (auto& [request, its] : m_requests)
        {
            if (its.asked.url == transfer->order.href)
            {
                its.problem = result.message;
            }
        }
    }
    TransferEnded event{id, TransferOutcome::Failed, Verdict::None, result.received, {}};
    switch (result.end)
    {
    case FetchEnd::Whole:
        Tell(BodyComplete{id, result.received});
        if (Find(id, serial) != nullptr)
        {
            Seal(id, serial, result.received);
        }
        return;
    case FetchEnd::Unavailable:
        event.outcome = TransferOutcome::Busy;
        if (result.retryAfterSeconds)
        {
            constexpr std::uint64_t kDayS = 86400;
            event.retryAfterMs =
                static_cast<std::uint32_t>(std::min(*result.retryAfterSeconds, kDayS) * 1000);
        }
        break;
    case FetchEnd::NotFound:
        event.outcome = TransferOutcome::NotFound;
        break;
    case FetchEnd::NoRoute:
        event.outcome = transfer->order.peer ? TransferOutcome::Failed : TransferOutcome::NoAccess;
        break;
    case FetchEnd::StoreFailed:
        event.outcome = TransferOutcome::StoreFailed;
        break;
    case FetchEnd::Broken:
        break;
    }
    Tell(event);
}

void
PeeringService::Impl::Seal(TransferId id, std::uint64_t serial, std::uint64_t size)
{
    boost::asio::post(m_workers,
                      [weak = weak_from_this(),
                       &io = m_io,
                       id,
                       serial,
                       size,
                       partial = m_transfers.at(id).partial]() mutable
                      {
                          std::optional<Digest> digest;
                          try
                          {
                              digest = partial->Seal(size);
                          }
                          catch (const StoreError& error)
                          {
                              spdlog::error("{}", error.what());
                          }
                          partial.reset(); // or the next one of this URL would find it in use
                          boost::asio::post(io,
                                            [weak, id, serial, size, digest]
                                            {
                                                if (const auto self = weak.lock())
                                                {
                                                    self->Sealed(id, serial, size, digest);
                                                }
                                            });
                      });
}

void
PeeringService::Impl::Sealed(TransferId id,
                             std::uint64_t serial,
                             std::uint64_t size,
                             const std::optional<Digest>& digest)
{
    const Transfer* transfer = Find(id, serial);
    if (transfer == nullptr)
    {
        return;
    }
    if (digest)
    {
        try
        {
            JudgeBody(id,
                      serial,
                      {ReadOnly(transfer->partial->File()),
                       size,
                       *digest,
                       transfer->order.peer ? Source::Peer : Source::Internet});
            return;
        }
        catch (const std::system_error& error)
        {
            spdlog::error("{}", error.what());
        }
    }
    m_transfers.erase(id);
    Tell(TransferEnded{id, TransferOutcome::StoreFailed, Verdict::None, 0, {}});
}

void
PeeringService::Impl::On(const StopTransfer& action)
{
    const auto found = m_transfers.find(action.transfer);
    if (found == m_transfers.end())
    {
        return;
    }
    Transfer& transfer = found->second;
    const std::uint64_t serial = transfer.serial = ++m_lastSerial;
    if (!transfer.fetch)
    {
        if (!action.keep)
        {
            m_transfers.erase(found);
        }
        return;
    }
    const FetchId fetch = *std::exchange(transfer.fetch, std::nullopt);
    CountFetch(transfer, transfer.fetched);
    if (action.keep)
    {
        m_retriever->Stop(fetch);
        return;
    }
    transfer.discarded = true;
    m_retriever->Stop(fetch,
                      [this, id = action.transfer, serial]
                      {
                          if (Find(id, serial) != nullptr)
                          {
                              m_transfers.erase(id);
                          }
                      });
}

// ---------------------------------------------------------------- copies

void
PeeringService::Impl::MakeRoom(std::uint64_t bytes)
{
    std::vector<std::string> evicted;
    try
    {
        evicted = m_store->Evict(bytes);
    }
    catch (const StoreError& error)
    {
        spdlog::error("{}", error.what());
    }
    for (const std::string& href : evicted)
    {
        spdlog::info("{}: makes room", href);
        Tell(CopyWithdrawn{href});
    }
}

void
PeeringService::Impl::On(const OfferCopy& action)
{
    if (!m_arrived || m_arrived->href != action.href || m_arrived->kept)
    {
        return; // the store has it already
    }
    m_arrived->kept = true;
    try
    {
        MakeRoom(0);
        m_store->Keep(*m_arrived->partial, m_arrived->body.digest);
    }
    catch (const StoreError& error)
    {
        spdlog::error("{}", error.what());
        m_history.Add(action.href, fmt::format("not kept: {}", error.what()));
        Tell(CopyWithdrawn{action.href});
    }
}

void
PeeringService::Impl::On(const WithdrawCopy& action)
{
    try
    {
        m_store->Remove(action.href);
    }
    catch (const StoreError& error)
    {
        spdlog::error("{}", error.what());
    }
}

// ---------------------------------------------------------------- counting

void
PeeringService::Impl::Count(TrafficKind kind, boost::asio::ip::address_v4 peer, std::uint64_t bytes)
{
    switch (kind)
    {
    case TrafficKind::FromPeer:
        m_status.fromPeersBytes += bytes;
        break;
    case TrafficKind::FromInternet:
        m_status.fromInternetBytes += bytes;
        break;
    case TrafficKind::ServedToPeer:
        m_status.servedBytes += bytes;
        break;
    }
    try
    {
        m_store->AddTraffic(
            kind, kind == TrafficKind::FromInternet ? "" : peer.to_string(), bytes, Month());
    }
    catch (const StoreError& error)
    {
        spdlog::error("{}", error.what());
    }
}

void
PeeringService::Impl::CountFetch(const Transfer& transfer, std::uint64_t bytes)
{
    if (bytes == 0)
    {
        return;
    }
    if (transfer.order.peer)
    {
        Count(TrafficKind::FromPeer, AddressOf(transfer.order.peer->peer), bytes);
    }
    else
    {
        Count(TrafficKind::FromInternet, {}, bytes);
    }
}

} // namespace lanpeer::reference
