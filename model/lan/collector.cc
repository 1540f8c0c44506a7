#include "model/lan/collector.h"

#include <algorithm>
#include <ns3/simulator.h>
#include <utility>

namespace lanpeer::lan
{

namespace
{

/// Requests from this number on are for the catalog.
constexpr std::uint64_t kUnrecorded = 1ULL << 62;

std::int64_t
NowUs()
{
    return ns3::Simulator::Now().GetMicroSeconds();
}

} // namespace

struct Collector::Ear
{
    Ear(Collector& newCollector, std::uint32_t newNode, ns3::Ptr<PeeringApplication> newApplication)
        : collector(newCollector)
        , node(newNode)
        , application(std::move(newApplication))
    {
    }

    void Handled(const Event& event, const ActionList& actions)
    {
        collector.Handled(node, event, actions);
    }

    void Sent(const ServicePacket& packet, std::uint32_t bytes)
    {
        collector.Sent(packet, bytes);
        if (packet.kind == PacketKind::INeed)
        {
            collector.m_asks[node][packet.id] = {NowUs(), false};
        }
    }

    void Received(std::uint32_t /*bytes*/)
    {
        ++collector.m_record.packets.received;
    }

    void Dropped(Reason reason)
    {
        ++collector.m_record.dropped[std::string(ToString(reason))];
    }

    void TransferOver(const PeeringApplication::TransferReport& report)
    {
        collector.TransferOver(node, report);
    }

    void ServedGet(const std::string& /*href*/, PeerId peer)
    {
        // Served to nodes of the LAN, as are the bytes, which are counted where they arrive.
        if (collector.m_nodeByPeer.count(static_cast<std::uint64_t>(peer)) != 0)
        {
            ++collector.m_record.nodes[node].servedGets;
        }
    }

    Collector& collector;
    std::uint32_t node;
    ns3::Ptr<PeeringApplication> application;
};

Collector::Collector(std::uint32_t nodes, std::vector<analysis::Resource> resources)
{
    m_record.resources = std::move(resources);
    m_record.nodes.resize(nodes);
    m_asks.resize(nodes);
    m_requests.assign(nodes, std::vector<std::optional<std::size_t>>(m_record.resources.size()));
    for (std::uint32_t i = 0; i < m_record.resources.size(); ++i)
    {
        m_resourceByHref.emplace(m_record.resources[i].href, i);
    }
}

Collector::~Collector() = default;

void
Collector::Attach(std::uint32_t node, ns3::Ptr<PeeringApplication> application)
{
    for (const NodeLink& link : LinksOf(application->GetNode()))
    {
        m_nodeByPeer.emplace(link.own.Get(), node);
    }
    m_ears.push_back(std::make_unique<Ear>(*this, node, application));
    Ear* ear = m_ears.back().get();
    application->TraceConnectWithoutContext("Handled", ns3::MakeCallback(&Ear::Handled, ear));
    application->TraceConnectWithoutContext("Sent", ns3::MakeCallback(&Ear::Sent, ear));
    application->TraceConnectWithoutContext("Received", ns3::MakeCallback(&Ear::Received, ear));
    application->TraceConnectWithoutContext("Dropped", ns3::MakeCallback(&Ear::Dropped, ear));
    application->TraceConnectWithoutContext("TransferOver",
                                            ns3::MakeCallback(&Ear::TransferOver, ear));
    application->TraceConnectWithoutContext("ServedGet", ns3::MakeCallback(&Ear::ServedGet, ear));
}

void
Collector::Attach(ns3::Ptr<CachingProxy> proxy)
{
    m_throughProxy = true;
    proxy->TraceConnectWithoutContext("TransferOver",
                                      ns3::MakeCallback(&Collector::ProxyTransferOver, this));
}

AppRequestId
Collector::Asked(std::uint32_t node, std::uint32_t resource)
{
    const std::size_t number = m_record.requests.size();
    analysis::Request request;
    request.node = node;
    request.resource = resource;
    request.askedAtUs = NowUs();
    m_record.requests.push_back(request);
    std::vector<std::uint32_t>& wanted = m_record.nodes[node].wanted;
    if (std::find(wanted.begin(), wanted.end(), resource) == wanted.end())
    {
        wanted.push_back(resource);
    }
    m_requests[node][resource] = number;
    ++m_running;
    return static_cast<AppRequestId>(number);
}

AppRequestId
Collector::Asked(std::uint32_t node, const std::string& href)
{
    const auto resource = m_resourceByHref.find(href);
    return resource == m_resourceByHref.end()
               ? static_cast<AppRequestId>(kUnrecorded + m_unrecorded++)
               : Asked(node, resource->second);
}

std::vector<std::uint32_t>
Collector::LosePower(std::uint32_t node)
{
    std::vector<std::uint32_t> lost;
    for (std::uint32_t resource = 0; resource < m_requests[node].size(); ++resource)
    {
        if (m_requests[node][resource].has_value())
        {
            m_requests[node][resource].reset();
            lost.push_back(resource);
        }
    }
    m_running -= lost.size();
    return lost;
}

void
Collector::Handled(std::uint32_t node, const Event& event, const ActionList& actions)
{
    if (const auto* heard = std::get_if<PacketReceived>(&event))
    {
        const PacketKind kind = heard->packet->kind;
        if (kind == PacketKind::IHave)
        {
            Heard(node, *heard);
        }
        const bool answers = kind == PacketKind::IHave || kind == PacketKind::IAmDownloading;
        if (m_watch && answers && m_asks[node].count(heard->packet->id) == 0)
        {
            m_watch->Reflected();
        }
    }
    for (const Action& action : actions)
    {
        if (const auto* started = std::get_if<StartTransfer>(&action))
        {
            Started(node, *started);
        }
        else if (const auto* noted = std::get_if<Note>(&action))
        {
            Noted(noted->reason);
        }
        else if (const auto* found = std::get_if<TellFound>(&action))
        {
            const analysis::RequestEnd end =
                found->source == Source::Local  ? analysis::RequestEnd::FoundLocal
                : found->source == Source::Peer ? analysis::RequestEnd::FoundPeer
                                                : analysis::RequestEnd::FoundInternet;
            Ended(found->request, end, {});
        }
        else if (const auto* failed = std::get_if<TellFailed>(&action))
        {
            Ended(failed->request,
                  analysis::RequestEnd::Failed,
                  std::string(ToString(failed->reason)));
        }
    }
}

void
Collector::Heard(std::uint32_t node, const PacketReceived& heard)
{
    const auto ask = m_asks[node].find(heard.packet->id);
    if (ask == m_asks[node].end())
    {
        return; // overheard: an answer to another node's request
    }
    if (std::exchange(ask->second.answered, true))
    {
        ++m_record.packets.iHaveDuplicate;
    }
    else
    {
        m_record.responseDelaysUs.push_back(NowUs() - ask->second.sentAtUs);
    }
}

void
Collector::Sent(const ServicePacket& packet, std::uint32_t bytes)
{
    analysis::PacketCounts& counts = m_record.packets;
    counts.sentBytes += bytes;
    switch (packet.kind)
    {
    case PacketKind::INeed:
        ++counts.iNeed;
        break;
    case PacketKind::IHave:
        ++counts.iHave;
        break;
    case PacketKind::IAmDownloading:
        ++counts.iAmDownloading;
        break;
    case PacketKind::IFound:
        ++counts.iFound;
        break;
    case PacketKind::Downloading:
        ++counts.downloading;
        break;
    case PacketKind::DownloadComplete:
        ++counts.downloadComplete;
        break;
    case PacketKind::DownloadFailed:
        ++counts.downloadFailed;
        break;
    case PacketKind::ApplicationDefined:
        ++counts.applicationDefined;
        break;
    }
}

void
Collector::Started(std::uint32_t node, const StartTransfer& action)
{
    const auto resource = m_resourceByHref.find(action.href);
    if (resource == m_resourceByHref.end())
    {
        return; // the catalog
    }
    const auto number = m_requests[node][resource->second];
    if (!number)
    {
        return; // for another node: this one helps
    }
    analysis::Request& request = m_record.requests[*number];
    if (!request.sourceChosenAtUs)
    {
        request.sourceChosenAtUs = NowUs();
    }
}

void
Collector::TransferOver(std::uint32_t node, const PeeringApplication::TransferReport& report)
{
    const auto resource = m_resourceByHref.find(report.href);
    if (resource == m_resourceByHref.end())
    {
        if (!report.peer && !m_throughProxy)
        {
            CatalogCame(report.bodyBytes);
        }
        return;
    }
    analysis::Transfer transfer;
    transfer.to = analysis::Place::AtNode(node);
    transfer.resource = resource->second;
    transfer.bodyBytes = report.bodyBytes;
    transfer.begunAtUs = report.begunAtUs;
    transfer.endedAtUs = NowUs();
    transfer.completedTheCopy = report.accepted;
    transfer.from = m_throughProxy ? analysis::Place::Proxy() : analysis::Place::Internet();
    if (report.peer)
    {
        const auto server = m_nodeByPeer.find(static_cast<std::uint64_t>(*report.peer));
        if (server == m_nodeByPeer.end())
        {
            return; // not one of ours: nobody served it
        }
        transfer.from = analysis::Place::AtNode(server->second);
        if (m_watch && m_watch->IsHostile(server->second))
        {
            m_watch->Served(report.bodyBytes);
        }
        else
        {
            m_record.nodes[server->second].servedBodyBytes += report.bodyBytes;
        }
    }
    if (m_watch)
    {
        m_watch->TransferOver(node, resource->second, report.whole, report.accepted);
    }
    m_record.transfers.push_back(transfer);
}

void
Collector::ProxyTransferOver(const CachingProxy::TransferReport& report)
{
    const auto resource = m_resourceByHref.find(report.href);
    if (resource == m_resourceByHref.end())
    {
        CatalogCame(report.bodyBytes);
        return;
    }
    analysis::Transfer transfer;
    transfer.to = analysis::Place::Proxy();
    transfer.resource = resource->second;
    transfer.bodyBytes = report.bodyBytes;
    transfer.begunAtUs = report.begunAtUs;
    transfer.endedAtUs = NowUs();
    transfer.completedTheCopy = report.whole;
    m_record.transfers.push_back(transfer);
}

void
Collector::CatalogCame(std::uint64_t bodyBytes)
{
    m_record.catalogBytes += bodyBytes;
    if (m_record.updates)
    {
        m_record.updates->catalogs.push_back({NowUs(), bodyBytes});
    }
}

void
Collector::Ended(AppRequestId number, analysis::RequestEnd end, const std::string& reason)
{
    if (static_cast<std::uint64_t>(number) >= kUnrecorded)
    {
        return;
    }
    analysis::Request& request = m_record.requests[static_cast<std::size_t>(number)];
    request.end = end;
    request.endedAtUs = NowUs();
    request.reason = reason;
    // What the node does with this resource from now on, it does for others: as their helper.
    std::optional<std::size_t>& running = m_requests[request.node][request.resource];
    if (running == static_cast<std::size_t>(number))
    {
        running.reset();
    }
    if (analysis::IsFound(end) && m_watch)
    {
        m_watch->Found(request.node, request.resource);
    }
    if (analysis::IsFound(end) && !request.sourceChosenAtUs)
    {
        // Held already, or being fetched already for another node: there was no choice to make.
        request.sourceChosenAtUs = request.askedAtUs;
    }
    --m_running;
    if (m_requestEnded)
    {
        m_requestEnded();
    }
}

void
Collector::Noted(Reason reason)
{
    const std::string name(ToString(reason));
    if (GroupOf(reason) == ReasonGroup::Refusal)
    {
        ++m_record.refusals[name];
    }
    else if (GroupOf(reason) == ReasonGroup::Drop)
    {
        ++m_record.dropped[name];
    }
    else if (reason == Reason::TransferStalled) // own ones: not DownloadStalled, another node's
    {
        ++m_record.stalls;
    }
}

} // namespace lanpeer::lan
