#include "model/lan/lan-network.h"

#include "model/lan/lan-network-parts.h"
#include "model/lan/ns3-defaults.h"

#include <algorithm>
#include <cmath>
#include <ns3/arp-l3-protocol.h>
#include <ns3/point-to-point-channel.h>

namespace lanpeer::lan
{

namespace
{

ns3::DataRate
KbpsRate(double kbps)
{
    return ns3::DataRate(static_cast<std::uint64_t>(std::llround(kbps * 1e3)));
}

// Random streams: see LanNetwork::AssignStreams(). What only some LANs have begins here.
constexpr std::int64_t kFurtherStreams = 10'000'000;

} // namespace

LanNetwork::LanNetwork(const LanNetworkConfig& config)
{
    config.Validate();
    ConfigureTcpDefaults(config);
    m_parts = std::make_unique<Parts>(config);
    m_parts->MakeNodes();
    m_parts->InstallInternet();
    m_parts->BuildLan();
    m_parts->BuildUplink();
}

LanNetwork::~LanNetwork() = default;

void
LanNetwork::Parts::BuildUplink()
{
    upQueue = MakeQueue(config.uplink.queuePackets);
    downQueue = MakeQueue(config.uplink.queuePackets);
    uplinkAtGateway = MakeUplinkEnd(gateway, config.uplink.upKbps, upQueue);
    uplinkAtOrigin = MakeUplinkEnd(origin, config.uplink.downKbps, downQueue);
    auto channel = ns3::CreateObjectWithAttributes<ns3::PointToPointChannel>(
        "Delay", ns3::TimeValue(Microseconds(config.uplink.latencyMs * 1e3)));
    uplinkAtGateway->Attach(channel);
    uplinkAtOrigin->Attach(channel);
    uplinkAtGateway->TraceConnectWithoutContext("MacRx",
                                                ns3::MakeCallback(&ByteCounter::Add, bytesDown));

    AddInterface(uplinkAtGateway, addresses.UplinkGateway(), addresses.UplinkMask());
    const std::uint32_t interface =
        AddInterface(uplinkAtOrigin, addresses.Origin(), addresses.UplinkMask());
    RoutingOf(origin)->SetDefaultRoute(addresses.UplinkGateway(), interface);
}

ns3::Ptr<ns3::PointToPointNetDevice>
LanNetwork::Parts::MakeUplinkEnd(ns3::Ptr<ns3::Node> node, double kbps, ns3::Ptr<PacketQueue> queue)
{
    auto device = ns3::CreateObject<ns3::PointToPointNetDevice>();
    device->SetAddress(ns3::Mac48Address::Allocate()); // on no wire: PPP has no addresses
    device->SetDataRate(KbpsRate(kbps));
    device->SetQueue(queue);
    node->AddDevice(device);
    return device;
}

const LanNetworkConfig&
LanNetwork::Config() const
{
    return m_parts->config;
}

const LanAddresses&
LanNetwork::Addresses() const
{
    return m_parts->addresses;
}

ns3::Ptr<ns3::Node>
LanNetwork::Node(std::uint32_t index) const
{
    return m_parts->nodes.at(index);
}

ns3::Ipv4Address
LanNetwork::Address(std::uint32_t index) const
{
    return m_parts->addresses.Node(index);
}

ns3::Ptr<ns3::NetDevice>
LanNetwork::Device(std::uint32_t index) const
{
    return m_parts->links[m_parts->LinkOf(index)].device;
}

const std::vector<LanLink>&
LanNetwork::Links() const
{
    return m_parts->links;
}

ns3::Ptr<ns3::Node>
LanNetwork::Gateway() const
{
    return m_parts->gateway;
}

ns3::Ptr<ns3::Node>
LanNetwork::Origin() const
{
    return m_parts->origin;
}

ns3::Ipv4Address
LanNetwork::OriginAddress() const
{
    return m_parts->addresses.Origin();
}

ns3::Ipv4Address
LanNetwork::BroadcastAddress(std::uint32_t segment) const
{
    return m_parts->addresses.Broadcast(segment);
}

ns3::Ptr<ns3::PointToPointNetDevice>
LanNetwork::UplinkAtGateway() const
{
    return m_parts->uplinkAtGateway;
}

ns3::Ptr<ns3::PointToPointNetDevice>
LanNetwork::UplinkAtOrigin() const
{
    return m_parts->uplinkAtOrigin;
}

std::int64_t
LanNetwork::AssignStreams(std::int64_t stream)
{
    // Reserved whether used or not: the origin, the gateway, the nodes; then what only some LANs
    // have, the gateway's and the nodes' further interfaces. See the declaration.
    const Parts& parts = *m_parts;
    const std::int64_t perMedium = parts.media.front()->StreamsPerConnection();
    const std::int64_t width = perMedium + 1; // and the host's ARP
    const std::int64_t hosts = stream + 1;
    const std::int64_t further = stream + kFurtherStreams;
    parts.origin->GetObject<ns3::ArpL3Protocol>()->AssignStreams(stream);
    for (std::size_t i = 0; i < parts.links.size(); ++i)
    {
        const LanLink& link = parts.links[i];
        const bool isGateway = link.host == parts.config.nodes;
        const bool isFirst = isGateway
                                 ? link.segment == 0
                                 : link.segment == parts.addresses.SegmentPlan().Of(link.host);
        const std::int64_t place =
            isGateway ? (isFirst ? 0 : link.segment) : (isFirst ? 1 : kSegmentsMax) + link.host;
        const std::int64_t its = (isFirst ? hosts : further) + place * width;
        parts.media[link.segment]->AssignStreams(parts.ConnectionOf(i), its);
        if (isFirst)
        {
            link.device->GetNode()->GetObject<ns3::ArpL3Protocol>()->AssignStreams(its + perMedium);
        }
    }
    const std::int64_t ofHosts = 1 + width * (parts.config.nodes + 1);
    return parts.config.segments == 1
               ? ofHosts
               : kFurtherStreams + width * (kSegmentsMax + parts.config.nodes);
}

std::uint32_t
LanNetwork::FrameBytes(std::uint32_t ipBytes)
{
    constexpr std::uint32_t kHeaderAndCheckSum = 14 + 4;
    constexpr std::uint32_t kLeastPayload = 46;
    return std::max(ipBytes, kLeastPayload) + kHeaderAndCheckSum;
}

std::uint32_t
LanNetwork::UdpIpBytes(std::uint32_t payloadBytes)
{
    return payloadBytes + 8 + 20;
}

ns3::Time
LanNetwork::OneWayTime(std::uint32_t frameBytes) const
{
    return m_parts->media.front()->OneWayTime(frameBytes);
}

namespace
{

ns3::Time
UplinkTime(const Uplink& uplink, double kbps, std::uint32_t ipBytes)
{
    constexpr std::uint32_t kPpp = 2;
    return KbpsRate(kbps).CalculateBytesTxTime(ipBytes + kPpp) +
           Microseconds(uplink.latencyMs * 1e3);
}

} // namespace

ns3::Time
LanNetwork::ToOriginTime(std::uint32_t ipBytes) const
{
    const Uplink& uplink = m_parts->config.uplink;
    return OneWayTime(FrameBytes(ipBytes)) + UplinkTime(uplink, uplink.upKbps, ipBytes);
}

ns3::Time
LanNetwork::FromOriginTime(std::uint32_t ipBytes) const
{
    const Uplink& uplink = m_parts->config.uplink;
    return UplinkTime(uplink, uplink.downKbps, ipBytes) + OneWayTime(FrameBytes(ipBytes));
}

ns3::Time
LanNetwork::ReadyAt() const
{
    ns3::Time latest(0);
    for (const auto& medium : m_parts->media)
    {
        latest = std::max(latest, medium->ReadyAt());
    }
    return latest;
}

ns3::Vector
LanNetwork::Position(std::uint32_t index) const
{
    const std::size_t link = m_parts->LinkOf(index);
    return m_parts->MediumOf(link).Position(m_parts->ConnectionOf(link));
}

std::vector<std::pair<ns3::Ptr<ns3::Node>, ns3::Vector>>
LanNetwork::Layout() const
{
    const Parts& parts = *m_parts;
    const double sideM = parts.config.medium == Medium::Wifi ? parts.config.wifi.roomM : 30;
    const double nextM = sideM + 10;
    std::vector<std::pair<ns3::Ptr<ns3::Node>, ns3::Vector>> places;
    for (std::uint32_t i = 0; i < parts.config.nodes; ++i)
    {
        const std::uint32_t segment = parts.addresses.SegmentPlan().Of(i);
        ns3::Vector place = Position(i);
        place.x += segment * nextM;
        places.emplace_back(parts.nodes[i], place);
    }
    for (std::size_t i = 0; i < parts.switchNodes.size(); ++i)
    {
        const double x = static_cast<double>(i) * nextM + sideM / 2;
        places.emplace_back(parts.switchNodes[i], ns3::Vector(x, sideM / 2, 0));
    }
    const double middle = (parts.config.segments * nextM - 10) / 2;
    places.emplace_back(parts.gateway, ns3::Vector(middle, -10, 0));
    places.emplace_back(parts.origin, ns3::Vector(middle, -20, 0));
    return places;
}

analysis::LanCounts
LanNetwork::Counts() const
{
    analysis::LanCounts sum;
    for (const auto& medium : m_parts->media)
    {
        sum += medium->Counts();
    }
    return sum;
}

std::uint64_t
LanNetwork::LanQueueDrops() const
{
    return Counts().queueDrops;
}

std::uint64_t
LanNetwork::UplinkDownDrops() const
{
    return m_parts->downQueue->GetTotalDroppedPackets();
}

std::uint64_t
LanNetwork::UplinkUpDrops() const
{
    return m_parts->upQueue->GetTotalDroppedPackets();
}

std::uint64_t
LanNetwork::UplinkBytesDown() const
{
    return m_parts->bytesDown->Bytes();
}

} // namespace lanpeer::lan
