#include "analysis/metrics.h"

#include "analysis/durations.h"
#include "analysis/finish-times.h"
#include "analysis/statistics.h"

#include <algorithm>
#include <cstddef>
#include <set>

namespace lanpeer::analysis
{

namespace
{

constexpr double kUsPerMs = 1e3;
constexpr double kUsPerS = 1e6;

double
Ratio(std::uint64_t part, std::uint64_t whole)
{
    return static_cast<double>(part) / static_cast<double>(whole);
}

std::uint64_t
ResourceBytes(const RunRecord& record)
{
    std::set<std::uint32_t> asked;
    for (const Request& request : record.requests)
    {
        asked.insert(request.resource);
    }
    std::uint64_t bytes = 0;
    for (const std::uint32_t resource : asked)
    {
        bytes += record.resources[resource].bytes;
    }
    return bytes;
}

std::uint64_t
InternetBytes(const RunRecord& record)
{
    std::uint64_t bytes = 0;
    for (const Transfer& transfer : record.transfers)
    {
        bytes += transfer.from.kind == Place::Kind::Internet ? transfer.bodyBytes : 0;
    }
    return bytes;
}

std::optional<double>
SavedFraction(const RunRecord& record, std::uint64_t internetBytes)
{
    std::uint64_t foundBytes = 0;
    for (const Request& request : record.requests)
    {
        foundBytes += IsFound(request.end) ? record.resources[request.resource].bytes : 0;
    }
    if (foundBytes == 0)
    {
        return std::nullopt;
    }
    return 1.0 - Ratio(internetBytes, foundBytes);
}

Metrics::Served
ComputeServed(const RunRecord& record, std::uint64_t resourceBytes)
{
    Metrics::Served served;
    std::uint64_t sumBytes = 0;
    std::vector<double> bytesByNode;
    for (const NodeRecord& node : record.nodes)
    {
        served.maxBytes = std::max(served.maxBytes, node.servedBodyBytes);
        served.maxRequests = std::max(served.maxRequests, node.servedGets);
        sumBytes += node.servedBodyBytes;
        bytesByNode.push_back(static_cast<double>(node.servedBodyBytes));
    }
    served.meanBytes = Ratio(sumBytes, record.nodes.size());
    if (resourceBytes != 0)
    {
        served.maxCopies = Ratio(served.maxBytes, resourceBytes);
    }
    served.jain = JainIndex(bytesByNode);
    return served;
}

Metrics::Packets
ComputePackets(const PacketCounts& counts)
{
    Metrics::Packets packets;
    packets.iNeed = counts.iNeed;
    packets.iHave = counts.iHave;
    packets.iHaveDuplicate = counts.iHaveDuplicate;
    packets.iFound = counts.iFound;
    packets.iAmDownloading = counts.iAmDownloading;
    packets.downloading = counts.downloading;
    packets.other = counts.downloadComplete + counts.downloadFailed + counts.applicationDefined;
    packets.sentBytes = counts.sentBytes;
    packets.received = counts.received;
    return packets;
}

Metrics::ResponseDelayMs
ComputeResponseDelay(const RunRecord& record)
{
    Durations delays(kUsPerMs);
    for (const std::int64_t delayUs : record.responseDelaysUs)
    {
        delays.Add(delayUs);
    }
    return {delays.Mean(), delays.Quantile(50), delays.Quantile(95), delays.Max()};
}

Metrics::FindS
ComputeFind(const RunRecord& record)
{
    Durations finds(kUsPerS);
    for (const Request& request : record.requests)
    {
        if (request.sourceChosenAtUs)
        {
            finds.Add(*request.sourceChosenAtUs - request.askedAtUs);
        }
    }
    return {finds.Mean(), finds.Quantile(95), finds.Max()};
}

Metrics::FinishS
ComputeFinish(const RunRecord& record)
{
    Durations finishes(kUsPerS);
    bool everyoneFinished = true;
    for (const std::vector<NodeRound>& rounds : RoundsByNode(record))
    {
        for (const NodeRound& round : rounds)
        {
            if (const auto finishUs = round.FinishUs())
            {
                finishes.Add(*finishUs);
            }
            else
            {
                everyoneFinished = false;
            }
        }
    }
    return {finishes.Mean(),
            finishes.Quantile(50),
            finishes.Quantile(95),
            finishes.Quantile(99),
            everyoneFinished ? finishes.Max() : std::nullopt};
}

void
CountEnds(const RunRecord& record, Metrics& metrics)
{
    for (const Request& request : record.requests)
    {
        switch (request.end)
        {
        case RequestEnd::Running:
            break;
        case RequestEnd::FoundLocal:
            ++metrics.sources.local;
            break;
        case RequestEnd::FoundPeer:
            ++metrics.sources.peer;
            break;
        case RequestEnd::FoundInternet:
            ++metrics.sources.internet;
            break;
        case RequestEnd::Failed:
            ++metrics.failures[request.reason];
            break;
        }
    }
}

std::optional<ProxyMetrics>
ComputeProxy(const RunRecord& record)
{
    if (!record.proxy)
    {
        return std::nullopt;
    }
    ProxyMetrics proxy;
    for (const Transfer& transfer : record.transfers)
    {
        proxy.servedBytes += transfer.from == Place::Proxy() ? transfer.bodyBytes : 0;
    }
    proxy.hits = record.proxy->hits;
    proxy.misses = record.proxy->misses;
    proxy.collapsed = record.proxy->collapsed;
    return proxy;
}

/// A collector may count from a table of all reasons; what never happened is left out.
ReasonCounts
WithoutZeros(const ReasonCounts& counts)
{
    ReasonCounts result;
    for (const auto& [reason, count] : counts)
    {
        if (count != 0)
        {
            result.emplace(reason, count);
        }
    }
    return result;
}

} // namespace

Metrics
ComputeMetrics(const RunRecord& record)
{
    CheckRecord(record);
    Metrics metrics;
    metrics.scenario = record.scenario;
    metrics.policy = record.policy;
    metrics.seed = record.seed;
    metrics.run = record.run;
    metrics.nodes = record.nodes.size();

    metrics.resourceBytes = ResourceBytes(record);
    metrics.internetBytes = InternetBytes(record);
    metrics.uplinkBytes = record.uplinkBytes;
    metrics.catalogBytes = record.catalogBytes;
    if (metrics.resourceBytes != 0)
    {
        metrics.copies = Ratio(metrics.internetBytes, metrics.resourceBytes);
    }
    metrics.savedFraction = SavedFraction(record, metrics.internetBytes);

    metrics.served = ComputeServed(record, metrics.resourceBytes);
    metrics.packets = ComputePackets(record.packets);
    metrics.lan = record.lan;
    metrics.responseDelayMs = ComputeResponseDelay(record);
    metrics.findS = ComputeFind(record);
    metrics.finishS = ComputeFinish(record);
    CountEnds(record, metrics);
    metrics.stalls = record.stalls;
    metrics.refusals = WithoutZeros(record.refusals);
    metrics.dropped = WithoutZeros(record.dropped);
    metrics.adversaries = record.adversaries;
    metrics.proxy = ComputeProxy(record);
    metrics.updates = ComputeUpdateMetrics(record);
    if (record.faults)
    {
        metrics.faults = ComputeFaultMetrics(*record.faults);
    }

    metrics.simulatedS = static_cast<double>(record.simulatedUs) / kUsPerS;
    metrics.events = record.events;
    metrics.wallS = static_cast<double>(record.wallUs) / kUsPerS;
    return metrics;
}

} // namespace lanpeer::analysis
