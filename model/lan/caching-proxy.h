#pragma once

#include "analysis/run-record.h"
#include "model/lan/http-fetch.h"
#include "model/lan/http-server.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <ns3/application.h>
#include <ns3/event-id.h>
#include <ns3/traced-callback.h>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::lan
{

/// The caching proxy at the gateway: what a site would use instead of peering (policy `proxy`,
/// R-SIM-7). It keeps whatever was cacheable and came whole, for good, and takes any number of
/// connections: the best that such a proxy can be.
///
/// A node sends the same GET as to the origin, but to this address: as through a proxy that
/// intercepts (RFC 9110, 3.7), the Host field says which origin is meant. Absolute-form would say
/// the same in a few more bytes, and model/http's parser, which is a daemon's too, accepts none
/// (L13).
///
/// What came of a transfer that broke is kept and resumed by Range when somebody asks again, as the
/// nodes do without a proxy. A transfer goes on when those who wait for it have left. Nothing is
/// ever drawn here.
///
/// Trace source: `TransferOver` (a body, or part of it, came down the uplink).
class CachingProxy : public ns3::Application
{
  public:
    /// The port that such proxies have had since Squid.
    static constexpr std::uint16_t kPort = 3128;

    static ns3::TypeId GetTypeId();

    /// Whether requests for what is on its way already share that transfer, and get the bytes as
    /// they arrive; else each goes upstream by itself until the first copy is whole.
    void SetCollapse(bool collapse)
    {
        m_collapse = collapse;
    }

    /// A transfer without a byte for that long is given up.
    void SetStall(ns3::Time stall)
    {
        m_stall = stall;
    }

    /// What may not be kept nor shared, by its URL: a catalog [0054]. Nothing, unless set.
    void SetUncacheable(std::function<bool(const std::string& href)> uncacheable)
    {
        m_uncacheable = std::move(uncacheable);
    }

    const analysis::ProxyRecord& Counts() const
    {
        return m_counts;
    }

    /// Ends transfers that still run, as far as measuring goes: what they brought is told by
    /// TransferOver.
    void FlushTransfers();

    struct TransferReport
    {
        std::string href;
        std::int64_t begunAtUs = 0;
        std::uint64_t bodyBytes = 0; ///< that came in this exchange
        bool whole = false;          ///< the copy was complete with it
    };

    using TransferCallback = void (*)(const TransferReport& report);

  protected:
    void DoDispose() override;

  private:
    /// A request that gets its answer from a transfer under way.
    struct Waiter
    {
        std::uint64_t request = 0;
        http::Request asked;
        bool answered = false;
        std::uint64_t bodyOffset = 0; ///< where in the resource its body begins
        std::uint64_t bodyHere = 0;   ///< how much of that it was given
    };

    struct Retrieval
    {
        std::string href;
        std::unique_ptr<HttpFetch> fetch;
        std::vector<Waiter> waiters;
        std::int64_t begunAtUs = 0;
        std::int64_t lastByteAtUs = 0;
        ns3::EventId stall;
    };

    /// What there is of a resource, whole or not.
    struct Copy
    {
        std::uint64_t bytes = 0;
        std::string descriptor;
    };

    void StartApplication() override;
    void StopApplication() override;

    void Asked(std::uint64_t request, const http::Request& asked);
    void Retrieve(const std::string& href, const Waiter& first);
    void Progress(std::uint64_t number, std::uint64_t received, std::optional<std::uint64_t> size);
    void WatchForStall(std::uint64_t number);
    void FetchOver(std::uint64_t number, const HttpFetch::Result& result);
    void Keep(const std::string& href, const HttpFetch::Result& result);
    void PassOn(std::uint64_t number, std::uint64_t arrived, const http::ServedCopy& copy);
    void Report(const Retrieval& retrieval, std::uint64_t bodyBytes, bool whole);
    bool IsCacheable(const std::string& href) const;

    bool m_collapse = true;
    ns3::Time m_stall;
    std::function<bool(const std::string&)> m_uncacheable;
    analysis::ProxyRecord m_counts;
    std::unique_ptr<HttpServer> m_server;
    std::map<std::string, Copy> m_cache;             ///< whole, by href
    std::map<std::string, Copy> m_partial;           ///< the longest part that came so far
    std::map<std::uint64_t, Retrieval> m_retrievals; ///< that run, by number
    std::map<std::string, std::uint64_t> m_shared;   ///< those that may be joined, by href
    std::uint64_t m_lastRetrieval = 0;

    ns3::TracedCallback<const TransferReport&> m_transferTrace;
};

} // namespace lanpeer::lan
