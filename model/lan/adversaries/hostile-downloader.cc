#include "model/lan/adversaries/hostile-downloader.h"

#include "model/protocol/base64url.h"

#include <ns3/simulator.h>

namespace lanpeer::lan
{

namespace
{

/// Between two words of its progress, as honest nodes' by default.
constexpr std::int64_t kProgressMs = 1000;

} // namespace

void
HostileDownloader::Begin()
{
    Serve(
        [this](std::uint64_t request, ns3::Ipv4Address /*peer*/, const http::Request& asked) {
            Server()->Answer(request,
                             http::AnswerError(http::ErrorStatus::NotFound, {}, asked.keepAlive));
        },
        nullptr);
}

void
HostileDownloader::Heard(const ServicePacket& packet, ns3::Ipv4Address from, std::uint16_t port)
{
    if (packet.kind == PacketKind::INeed && Known().Find(packet.href) != nullptr)
    {
        ns3::Simulator::Schedule(RandomDelay(Known().responseDelayMs),
                                 [this, packet, from, port] { Answer(packet, from, port); });
    }
}

ServicePacket
HostileDownloader::AboutOwn(PacketKind kind, const std::string& href) const
{
    ServicePacket packet;
    packet.kind = kind;
    packet.node = OwnNode();
    packet.href = href;
    packet.size = Known().Find(href)->bytes;
    return packet;
}

void
HostileDownloader::Answer(const ServicePacket& need, ns3::Ipv4Address to, std::uint16_t port)
{
    if (Kind() == AdversaryKind::Complete)
    {
        ServicePacket complete = AboutOwn(PacketKind::DownloadComplete, need.href);
        complete.location = Location{ToBase64Url(RandomToken()), Known().httpPort};
        Broadcast(complete);
        return;
    }
    const bool isNew = m_received.emplace(need.href, Known().Find(need.href)->bytes / 2).second;
    ServicePacket answer = AboutOwn(PacketKind::IAmDownloading, need.href);
    answer.id = need.id;
    answer.to = need.node;
    answer.received = m_received.at(need.href);
    SendTo(answer, to, port);
    if (isNew)
    {
        TellProgress(need.href);
    }
}

void
HostileDownloader::TellProgress(const std::string& href)
{
    std::uint64_t& received = m_received.at(href);
    // A byte more each time: the whole of it is weeks away.
    received += Kind() == AdversaryKind::Downloading ? 1 : 0;
    ServicePacket progress = AboutOwn(PacketKind::Downloading, href);
    progress.received = received;
    Broadcast(progress);
    ns3::Simulator::Schedule(ns3::MilliSeconds(kProgressMs), [this, href] { TellProgress(href); });
}

} // namespace lanpeer::lan
