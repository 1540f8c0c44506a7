#include "model/lan/caching-proxy.h"

#include "model/lan/origin-order.h"

#include <algorithm>
#include <ns3/simulator.h>
#include <utility>

namespace lanpeer::lan
{

NS_OBJECT_ENSURE_REGISTERED(CachingProxy);

namespace
{

/// How much of a body that begins at \p offset is there, when \p arrived bytes of the resource are.
std::uint64_t
HereOf(std::uint64_t arrived, std::uint64_t offset)
{
    return arrived > offset ? arrived - offset : 0;
}

} // namespace

ns3::TypeId
CachingProxy::GetTypeId()
{
    static ns3::TypeId tid =
        ns3::TypeId("lanpeer::CachingProxy")
            .SetParent<ns3::Application>()
            .SetGroupName("LanPeer")
            .AddConstructor<CachingProxy>()
            .AddTraceSource("TransferOver",
                            "A body, or part of it, came down the uplink.",
                            ns3::MakeTraceSourceAccessor(&CachingProxy::m_transferTrace),
                            "lanpeer::CachingProxy::TransferCallback");
    return tid;
}

void
CachingProxy::StartApplication()
{
    HttpServer::Limits limits = HttpServer::Limits::AsManyAsCome();
    limits.aliasesOnly = false;
    m_server = std::make_unique<HttpServer>(GetNode(), kPort, limits);
    m_server->Start(
        [this](std::uint64_t request, ns3::Ipv4Address /*peer*/, const http::Request& asked)
        { Asked(request, asked); },
        nullptr);
}

void
CachingProxy::StopApplication()
{
    FlushTransfers();
    m_server.reset();
}

void
CachingProxy::DoDispose()
{
    FlushTransfers();
    m_server.reset();
    ns3::Application::DoDispose();
}

bool
CachingProxy::IsCacheable(const std::string& href) const
{
    return !m_uncacheable || !m_uncacheable(href);
}

// ---------------------------------------------------------------- towards the nodes

void
CachingProxy::Asked(std::uint64_t request, const http::Request& asked)
{
    const std::string href = "http://" + asked.authority + "/" + asked.alias;
    if (const auto held = m_cache.find(href); held != m_cache.end())
    {
        ++m_counts.hits;
        m_server->Answer(request,
                         http::Answer(asked, {held->second.bytes, held->second.descriptor}));
        return;
    }
    Waiter waiter;
    waiter.request = request;
    waiter.asked = asked;
    if (const auto running = m_shared.find(href); running != m_shared.end())
    {
        ++m_counts.collapsed;
        m_retrievals.at(running->second).waiters.push_back(waiter); // served at the next byte
        return;
    }
    ++m_counts.misses;
    Retrieve(href, waiter);
}

/// Gives those who wait what has arrived.
/// \param arrived bytes of the resource, from its first one on
/// \param copy what it will be when it is whole
void
CachingProxy::PassOn(std::uint64_t number, std::uint64_t arrived, const http::ServedCopy& copy)
{
    // By index: an answer may let in the next request of its connection, and that one may join.
    for (std::size_t i = 0; i < m_retrievals.at(number).waiters.size(); ++i)
    {
        Waiter& waiter = m_retrievals.at(number).waiters[i];
        const std::uint64_t request = waiter.request;
        if (!waiter.answered)
        {
            const http::Reply reply = http::Answer(waiter.asked, copy);
            waiter.answered = true;
            waiter.bodyOffset = reply.bodyOffset;
            waiter.bodyHere = HereOf(arrived, waiter.bodyOffset);
            m_server->Answer(request, reply, waiter.bodyHere);
            continue;
        }
        const std::uint64_t here = HereOf(arrived, waiter.bodyOffset);
        const std::uint64_t more = here - std::min(here, waiter.bodyHere);
        waiter.bodyHere += more;
        if (more > 0)
        {
            m_server->BodyCame(request, more);
        }
    }
}

// ---------------------------------------------------------------- towards the origin

void
CachingProxy::Retrieve(const std::string& href, const Waiter& first)
{
    auto origin = OriginOrder(href);
    if (!origin)
    {
        m_server->Answer(first.request,
                         http::AnswerError(http::ErrorStatus::BadRequest, {}, false));
        return;
    }
    auto& [server, order] = *origin;
    order.keepAlive = false;
    if (const auto part = m_partial.find(href); part != m_partial.end())
    {
        order.offset = part->second.bytes;
        order.ifRangeTag = part->second.descriptor;
    }
    const std::uint64_t number = ++m_lastRetrieval;
    Retrieval& retrieval = m_retrievals[number];
    retrieval.href = href;
    retrieval.waiters.push_back(first);
    retrieval.begunAtUs = ns3::Simulator::Now().GetMicroSeconds();
    retrieval.lastByteAtUs = retrieval.begunAtUs;
    if (m_collapse && IsCacheable(href))
    {
        m_shared[href] = number;
    }
    WatchForStall(number);
    retrieval.fetch = std::make_unique<HttpFetch>(GetNode(), server, order);
    retrieval.fetch->Start([this, number](std::uint64_t received, std::optional<std::uint64_t> size)
                           { Progress(number, received, size); },
                           [this, number](const HttpFetch::Result& result)
                           { FetchOver(number, result); });
}

void
CachingProxy::Progress(std::uint64_t number,
                       std::uint64_t received,
                       std::optional<std::uint64_t> size)
{
    Retrieval& retrieval = m_retrievals.at(number);
    retrieval.lastByteAtUs = ns3::Simulator::Now().GetMicroSeconds();
    if (size)
    {
        PassOn(number, received, {*size, retrieval.fetch->SoFar().tag});
    }
}

void
CachingProxy::WatchForStall(std::uint64_t number)
{
    Retrieval& retrieval = m_retrievals.at(number);
    const std::int64_t nowUs = ns3::Simulator::Now().GetMicroSeconds();
    const std::int64_t dueUs = retrieval.lastByteAtUs + m_stall.GetMicroSeconds();
    if (dueUs > nowUs)
    {
        retrieval.stall = ns3::Simulator::Schedule(
            ns3::MicroSeconds(dueUs - nowUs), &CachingProxy::WatchForStall, this, number);
        return;
    }
    retrieval.fetch->GiveUp();
}

void
CachingProxy::FetchOver(std::uint64_t number, const HttpFetch::Result& result)
{
    Retrieval& retrieval = m_retrievals.at(number);
    retrieval.stall.Cancel();
    // Kept until the callback that got here has returned: it belongs to the fetch.
    const std::shared_ptr<HttpFetch> done(std::move(retrieval.fetch));
    ns3::Simulator::ScheduleNow([done] {});
    const std::string href = retrieval.href;
    if (const auto shared = m_shared.find(href);
        shared != m_shared.end() && shared->second == number)
    {
        m_shared.erase(shared); // who asks from here on finds it in the cache, or asks anew
    }
    const bool whole = result.end == FetchEnd::Whole;
    Report(retrieval, result.bodyBytes, whole);
    if (IsCacheable(href))
    {
        Keep(href, result);
    }
    if (whole)
    {
        PassOn(number, result.received, {result.received, result.tag});
    }
    const std::vector<Waiter> waiters = std::move(m_retrievals.at(number).waiters);
    m_retrievals.erase(number);
    for (const Waiter& waiter : waiters)
    {
        if (result.end == FetchEnd::NotFound)
        {
            m_server->Answer(
                waiter.request,
                http::AnswerError(http::ErrorStatus::NotFound, {}, waiter.asked.keepAlive));
        }
        else if (!whole)
        {
            m_server->Abandon(waiter.request);
        }
    }
}

void
CachingProxy::Keep(const std::string& href, const HttpFetch::Result& result)
{
    if (result.end == FetchEnd::Whole)
    {
        m_cache[href] = {result.received, result.tag};
        m_partial.erase(href);
        return;
    }
    const auto part = m_partial.find(href);
    const std::uint64_t longest = part == m_partial.end() ? 0 : part->second.bytes;
    if (result.received > longest && !result.tag.empty() && m_cache.count(href) == 0)
    {
        m_partial[href] = {result.received, result.tag};
    }
}

void
CachingProxy::Report(const Retrieval& retrieval, std::uint64_t bodyBytes, bool whole)
{
    if (bodyBytes == 0 && !whole)
    {
        return;
    }
    TransferReport report;
    report.href = retrieval.href;
    report.begunAtUs = retrieval.begunAtUs;
    report.bodyBytes = bodyBytes;
    report.whole = whole;
    m_transferTrace(report);
}

void
CachingProxy::FlushTransfers()
{
    for (auto& [number, retrieval] : m_retrievals)
    {
        retrieval.stall.Cancel();
        Report(retrieval, retrieval.fetch->SoFar().bodyBytes, false);
        retrieval.fetch.reset();
    }
    m_retrievals.clear();
    m_shared.clear();
}

} // namespace lanpeer::lan
