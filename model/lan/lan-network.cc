#include "model/lan/lan-network.h"

#include "model/lan/broadcast-path.h"
#include "model/lan/lan-switch.h"
#include "model/lan/neighbour-table.h"
#include "model/lan/ns3-defaults.h"

#include <cmath>
#include <ns3/arp-l3-protocol.h>
#include <ns3/boolean.h>
#include <ns3/csma-channel.h>
#include <ns3/drop-tail-queue.h>
#include <ns3/error-model.h>
#include <ns3/internet-stack-helper.h>
#include <ns3/ipv4-l3-protocol.h>
#include <ns3/ipv4-static-routing-helper.h>
#include <ns3/point-to-point-channel.h>
#include <ns3/pointer.h>
#include <ns3/simple-ref-count.h>
#include <ns3/uinteger.h>

namespace lanpeer::lan
{

namespace
{

using PacketQueue = ns3::Queue<ns3::Packet>;

ns3::DataRate
KbpsRate(double kbps)
{
    return ns3::DataRate(static_cast<std::uint64_t>(std::llround(kbps * 1e3)));
}

ns3::Time
Microseconds(double us)
{
    return ns3::NanoSeconds(std::llround(us * 1e3));
}

ns3::Ptr<PacketQueue>
MakeQueue(std::uint32_t packets)
{
    auto queue = ns3::CreateObject<ns3::DropTailQueue<ns3::Packet>>();
    queue->SetMaxSize(ns3::QueueSize(ns3::QueueSizeUnit::PACKETS, packets));
    return queue;
}

/// Counts what a device delivers. Apart from the network, because trace sources may outlive it.
class ByteCounter : public ns3::SimpleRefCount<ByteCounter>
{
  public:
    void Add(ns3::Ptr<const ns3::Packet> packet)
    {
        m_bytes += packet->GetSize();
    }
    std::uint64_t Bytes() const
    {
        return m_bytes;
    }

  private:
    std::uint64_t m_bytes = 0;
};

/// What hangs on one cable of the switch.
struct Cable
{
    ns3::Ptr<ns3::CsmaNetDevice> host;
    ns3::Ptr<ns3::CsmaNetDevice> port;
    ns3::Ptr<PacketQueue> hostQueue; // a device forgets its queue in Simulator::Destroy()
    ns3::Ptr<PacketQueue> portQueue;
    ns3::Ptr<ns3::RateErrorModel> hostLoss; // none without loss
    ns3::Ptr<ns3::RateErrorModel> portLoss;
};

} // namespace

struct LanNetwork::Parts
{
    explicit Parts(const LanNetworkConfig& given)
        : config(given)
        , addresses(given.nodes)
    {
    }

    void InstallInternet();
    void BuildLan();
    void BuildUplink();
    void PlugIn(ns3::Ptr<ns3::Node> host, std::uint32_t index);
    ns3::Ptr<ns3::CsmaNetDevice> MakeDevice(ns3::Ptr<ns3::Node> node, ns3::Mac48Address mac);
    ns3::Ptr<ns3::RateErrorModel> MakeLoss(ns3::Ptr<ns3::CsmaNetDevice> device) const;
    ns3::Ptr<ns3::PointToPointNetDevice> MakeUplinkEnd(ns3::Ptr<ns3::Node> node,
                                                       double kbps,
                                                       ns3::Ptr<PacketQueue> queue);

    const LanNetworkConfig config;
    const LanAddresses addresses;
    std::vector<ns3::Ptr<ns3::Node>> nodes;
    ns3::Ptr<ns3::Node> gateway;
    ns3::Ptr<ns3::Node> origin;
    ns3::Ptr<ns3::Node> switchNode;
    ns3::Ptr<LanSwitch> bridge;
    std::unique_ptr<NeighbourTable> neighbours; // with Arp::Static
    std::vector<Cable> cables;                  // by node index, then the gateway's
    ns3::Ptr<ns3::PointToPointNetDevice> uplinkAtGateway;
    ns3::Ptr<ns3::PointToPointNetDevice> uplinkAtOrigin;
    ns3::Ptr<PacketQueue> upQueue;
    ns3::Ptr<PacketQueue> downQueue;
    ns3::Ptr<ByteCounter> bytesDown = ns3::Create<ByteCounter>();
};

LanNetwork::LanNetwork(const LanNetworkConfig& config)
{
    config.Validate();
    ConfigureTcpDefaults(config);
    m_parts = std::make_unique<Parts>(config);
    // Nodes first: their ns-3 ids, and so the names of pcap files, are their indices.
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        m_parts->nodes.push_back(ns3::CreateObject<ns3::Node>());
    }
    m_parts->gateway = ns3::CreateObject<ns3::Node>();
    m_parts->origin = ns3::CreateObject<ns3::Node>();
    m_parts->switchNode = ns3::CreateObject<ns3::Node>();
    m_parts->InstallInternet();
    m_parts->BuildLan();
    m_parts->BuildUplink();
}

LanNetwork::~LanNetwork() = default;

void
LanNetwork::Parts::InstallInternet()
{
    ns3::InternetStackHelper helper;
    helper.SetIpv6StackInstall(false);
    helper.SetIpv4ArpJitter(config.arpJitter);
    helper.SetRoutingHelper(ns3::Ipv4StaticRoutingHelper());
    helper.Install(origin);
    ConfigureOriginTcp(origin);
    if (config.arp == Arp::Static)
    {
        neighbours = std::make_unique<NeighbourTable>(addresses, config.nodes);
        helper.SetRoutingHelper(NeighbourRoutingHelper(addresses));
    }
    helper.Install(gateway);
    const ns3::BooleanValue off(false);
    origin->GetObject<ns3::Ipv4>()->SetAttribute("IpForward", off);
    for (const ns3::Ptr<ns3::Node>& node : nodes)
    {
        helper.Install(node);
        node->GetObject<ns3::Ipv4>()->SetAttribute("IpForward", off);
    }
}

namespace
{

/// Makes a device an interface of its node's IP and returns its index. By hand, because ns-3's
/// address helper installs a queue discipline on the way: a second queue in front of the one that
/// the configuration names, whose drops nobody would count.
std::uint32_t
AddInterface(ns3::Ptr<ns3::NetDevice> device, ns3::Ipv4Address address, ns3::Ipv4Mask mask)
{
    auto ipv4 = device->GetNode()->GetObject<ns3::Ipv4>();
    const std::uint32_t index = ipv4->AddInterface(device);
    ipv4->AddAddress(index, ns3::Ipv4InterfaceAddress(address, mask));
    ipv4->SetUp(index);
    return index;
}

ns3::Ptr<ns3::Ipv4StaticRouting>
RoutingOf(ns3::Ptr<ns3::Node> node)
{
    return ns3::DynamicCast<ns3::Ipv4StaticRouting>(
        node->GetObject<ns3::Ipv4>()->GetRoutingProtocol());
}

} // namespace

void
LanNetwork::Parts::BuildLan()
{
    bridge = ns3::CreateObject<LanSwitch>();
    bridge->SetAttribute("Latency", ns3::TimeValue(Microseconds(config.latencyUs)));
    bridge->SetAddress(addresses.PortMac(0));
    switchNode->AddDevice(bridge);
    if (config.arp == Arp::Static)
    {
        // A LAN that has been up for a while: the switch, too, knows everyone, for good. Otherwise
        // the first frame to each host, and one every 300 s, would go to all of them.
        bridge->SetAttribute("ExpirationTime", ns3::TimeValue(ns3::Days(36500)));
    }
    cables.reserve(nodes.size() + 1);
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        PlugIn(nodes[i], i);
        const std::uint32_t interface =
            AddInterface(cables[i].host, addresses.Node(i), addresses.Mask());
        if (config.arp == Arp::Static && !config.wholeBroadcastPath)
        {
            ShortenBroadcastPath(nodes[i], addresses.Broadcast());
        }
        if (config.HasInternet(i))
        {
            RoutingOf(nodes[i])->SetDefaultRoute(addresses.Gateway(), interface);
        }
    }
    PlugIn(gateway, config.nodes);
    AddInterface(cables.back().host, addresses.Gateway(), addresses.Mask());

    for (const Cable& cable : cables)
    {
        auto ipv4 = cable.host->GetNode()->GetObject<ns3::Ipv4L3Protocol>();
        auto interface = ipv4->GetInterface(ipv4->GetInterfaceForDevice(cable.host));
        if (neighbours)
        {
            neighbours->Serve(interface);
        }
        else
        {
            // Linux's unres_qlen. ns-3's 3 lose segments whenever an entry runs out, every 120 s.
            interface->GetArpCache()->SetAttribute("PendingQueueSize", ns3::UintegerValue(101));
        }
    }
}

void
LanNetwork::Parts::PlugIn(ns3::Ptr<ns3::Node> host, std::uint32_t index)
{
    Cable cable;
    cable.host = MakeDevice(host, addresses.Mac(index));
    cable.port = MakeDevice(switchNode, addresses.PortMac(index));
    cable.hostQueue = cable.host->GetQueue();
    cable.portQueue = cable.port->GetQueue();
    const ns3::DataRateValue rate(KbpsRate(config.rateMbps * 1e3));
    // Full duplex: each end sends on a channel of its own, on which the other end only listens.
    const auto oneWay = [&rate](ns3::Ptr<ns3::CsmaNetDevice> from, ns3::Ptr<ns3::CsmaNetDevice> to)
    {
        // No delay: a CSMA channel is busy while a frame propagates, the latency is the switch's.
        auto channel = ns3::CreateObjectWithAttributes<ns3::CsmaChannel>("DataRate", rate);
        from->Attach(channel);
        channel->Attach(to);
    };
    oneWay(cable.host, cable.port);
    oneWay(cable.port, cable.host);
    bridge->AddPort(cable.port);
    if (config.arp == Arp::Static)
    {
        bridge->Learn(addresses.Mac(index), cable.port);
    }
    if (config.loss > 0)
    {
        cable.hostLoss = MakeLoss(cable.host);
        cable.portLoss = MakeLoss(cable.port);
    }
    cables.push_back(cable);
}

ns3::Ptr<ns3::CsmaNetDevice>
LanNetwork::Parts::MakeDevice(ns3::Ptr<ns3::Node> node, ns3::Mac48Address mac)
{
    auto device = ns3::CreateObject<ns3::CsmaNetDevice>();
    device->SetAddress(mac);
    device->SetQueue(MakeQueue(config.queuePackets));
    node->AddDevice(device);
    return device;
}

ns3::Ptr<ns3::RateErrorModel>
LanNetwork::Parts::MakeLoss(ns3::Ptr<ns3::CsmaNetDevice> device) const
{
    auto loss = ns3::CreateObject<ns3::RateErrorModel>();
    loss->SetUnit(ns3::RateErrorModel::ERROR_UNIT_PACKET);
    loss->SetRate(config.loss);
    device->SetReceiveErrorModel(loss);
    return loss;
}

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

ns3::Ptr<ns3::CsmaNetDevice>
LanNetwork::Device(std::uint32_t index) const
{
    return m_parts->cables.at(index).host;
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
LanNetwork::BroadcastAddress() const
{
    return m_parts->addresses.Broadcast();
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
    // Reserved whether used or not, and the gateway first: see the declaration.
    const std::int64_t first = stream;
    const auto assign = [&stream](const auto& model)
    {
        if (model)
        {
            model->AssignStreams(stream);
        }
        ++stream;
    };
    const auto assignCable = [&assign](const Cable& cable)
    {
        assign(cable.host); // back-off of CSMA: never drawn on full-duplex cables
        assign(cable.port);
        assign(cable.hostLoss);
        assign(cable.portLoss);
        assign(cable.host->GetNode()->GetObject<ns3::ArpL3Protocol>());
    };
    assign(m_parts->origin->GetObject<ns3::ArpL3Protocol>());
    assignCable(m_parts->cables.back());
    for (std::uint32_t i = 0; i < m_parts->config.nodes; ++i)
    {
        assignCable(m_parts->cables[i]);
    }
    return stream - first;
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
    const ns3::DataRate rate = KbpsRate(m_parts->config.rateMbps * 1e3);
    const ns3::Time cable =
        rate.CalculateBytesTxTime(frameBytes) + Microseconds(m_parts->config.latencyUs);
    return cable + cable;
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

std::uint64_t
LanNetwork::LanQueueDrops() const
{
    std::uint64_t drops = 0;
    for (const Cable& cable : m_parts->cables)
    {
        drops += cable.hostQueue->GetTotalDroppedPackets();
        drops += cable.portQueue->GetTotalDroppedPackets();
    }
    return drops;
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
