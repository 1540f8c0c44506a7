#pragma once

#include "model/lan/lan-network.h"
#include "model/lan/media/csma-parts.h"
#include "model/lan/media/lan-medium.h"
#include "model/lan/neighbour-table.h"

#include <cstddef>
#include <memory>
#include <ns3/ipv4-static-routing.h>
#include <ns3/simple-ref-count.h>
#include <vector>

// Of LanNetwork: what it is made of. For its own sources only.

namespace lanpeer::lan
{

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

struct LanNetwork::Parts
{
    explicit Parts(const LanNetworkConfig& given)
        : config(given)
        , addresses(given.SegmentPlan())
    {
    }

    void MakeNodes();
    void InstallInternet();
    void BuildLan();
    void BuildSegment(std::uint32_t segment);
    void PlugIn(std::uint32_t segment, std::uint32_t host, const Seat& seat);
    void AddRoutes();
    void BuildUplink();
    ns3::Ptr<ns3::PointToPointNetDevice> MakeUplinkEnd(ns3::Ptr<ns3::Node> node,
                                                       double kbps,
                                                       ns3::Ptr<PacketQueue> queue);

    /// The link of a node's first interface.
    std::size_t LinkOf(std::uint32_t node) const;
    /// A link's connection, as its medium counts.
    std::size_t ConnectionOf(std::size_t link) const;
    const LanMedium& MediumOf(std::size_t link) const;

    const LanNetworkConfig config;
    const LanAddresses addresses;
    std::vector<ns3::Ptr<ns3::Node>> nodes;
    ns3::Ptr<ns3::Node> gateway;
    ns3::Ptr<ns3::Node> origin;
    std::vector<ns3::Ptr<ns3::Node>> switchNodes;  // by segment, with Medium::Switch
    std::vector<std::unique_ptr<LanMedium>> media; // by segment
    std::vector<std::size_t> firstLinks;           // by segment
    std::vector<LanLink> links;                    // see LanNetwork::Links()
    std::unique_ptr<NeighbourTable> neighbours;    // with Arp::Static
    ns3::Ptr<ns3::PointToPointNetDevice> uplinkAtGateway;
    ns3::Ptr<ns3::PointToPointNetDevice> uplinkAtOrigin;
    ns3::Ptr<PacketQueue> upQueue;
    ns3::Ptr<PacketQueue> downQueue;
    ns3::Ptr<ByteCounter> bytesDown = ns3::Create<ByteCounter>();
};

/// Makes a device an interface of its node's IP and returns its index. By hand, because ns-3's
/// address helper installs a queue discipline on the way: a second queue in front of the one that
/// the configuration names, whose drops nobody would count.
std::uint32_t AddInterface(ns3::Ptr<ns3::NetDevice> device,
                           ns3::Ipv4Address address,
                           ns3::Ipv4Mask mask);

ns3::Ptr<ns3::Ipv4StaticRouting> RoutingOf(ns3::Ptr<ns3::Node> node);

} // namespace lanpeer::lan
