#pragma once

#include "analysis/run-record.h"
#include "model/lan/lan-addresses.h"
#include "model/network/lan-network-config.h"

#include <cstdint>
#include <memory>
#include <ns3/net-device.h>
#include <ns3/node.h>
#include <ns3/nstime.h>
#include <ns3/point-to-point-net-device.h>
#include <ns3/vector.h>
#include <string>
#include <utility>
#include <vector>

namespace lanpeer::lan
{

/// A host's device on the medium of a segment, for those who put faults on it (R-SIM-5).
struct LanLink
{
    std::uint32_t segment = 0;
    std::uint32_t host = 0;          ///< a node's index or, `nodes`, the gateway
    ns3::Ptr<ns3::NetDevice> device; ///< the host's: a CsmaNetDevice, or in the air a WifiNetDevice
    ns3::Ptr<ns3::NetDevice> port;   ///< the switch's end of its cable; none on a hub or in the air
};

/// The simulated network: a LAN, its gateway, an uplink and an origin server behind it, of ns-3's
/// own models (R-SIM-1, R-SIM-2, R-SIM-3).
///
/// ```
///  node 0 ══╗
///  node 1 ══╬══ switch ══ gateway ── uplink ── origin
///    ...  ══╝
/// ```
///
/// In place of the switch there may be a hub or the air (LanMedium), and there may be several
/// segments, with a subnet and a medium each, that the gateway joins as their router; some nodes
/// may have an interface in two of them (Segments). Devices of the LAN have no queue discipline on
/// top of their queues: the queues that the configuration names are all there are, and what they
/// drop is counted here.
///
/// Hosts route statically: nodes with Internet access have a default route, the others none, so
/// that connecting to the origin fails at once ("no route to host"); with several segments all have
/// a route to the others. The gateway forwards no broadcasts; hosts do not forward at all, those
/// with two interfaces included.
///
/// The nodes belong to ns-3 until Simulator::Destroy(); the counters remain readable after it. One
/// network per process: MAC addresses, defaults and random streams are the process's.
class LanNetwork
{
  public:
    /// Builds everything and sets TCP's defaults (ConfigureTcpDefaults()). Throws
    /// std::invalid_argument as LanNetworkConfig::Validate() does.
    explicit LanNetwork(const LanNetworkConfig& config);
    ~LanNetwork();
    LanNetwork(const LanNetwork&) = delete;
    LanNetwork& operator=(const LanNetwork&) = delete;

    const LanNetworkConfig& Config() const;
    const LanAddresses& Addresses() const;

    ns3::Ptr<ns3::Node> Node(std::uint32_t index) const;
    ns3::Ipv4Address Address(std::uint32_t index) const;
    /// A node's device in its own segment.
    ns3::Ptr<ns3::NetDevice> Device(std::uint32_t index) const;
    /// Every device of the LAN: segment by segment, in each the nodes by index, the gateway last.
    const std::vector<LanLink>& Links() const;
    ns3::Ptr<ns3::Node> Gateway() const;
    ns3::Ptr<ns3::Node> Origin() const;
    ns3::Ipv4Address OriginAddress() const;
    /// The directed broadcast address of a segment.
    ns3::Ipv4Address BroadcastAddress(std::uint32_t segment = 0) const;
    ns3::Ptr<ns3::PointToPointNetDevice> UplinkAtGateway() const;
    ns3::Ptr<ns3::PointToPointNetDevice> UplinkAtOrigin() const;

    /// Gives everything of the network that draws random numbers a stream of its own, from this one
    /// on, and returns how many streams that is (R-SIM-9). How many, and which is whose, depends on
    /// nothing but the medium and the numbers of nodes and segments: a node's streams are the same
    /// in a larger LAN, with loss or without.
    std::int64_t AssignStreams(std::int64_t stream);

    /// Time from the moment a host hands a frame to its idle device to the moment another host of
    /// its segment (the gateway is one) has it, when nothing else is under way. Exact on a switch
    /// and a hub, the least it can be in the air.
    /// \param frameBytes size on the wire, see FrameBytes()
    ns3::Time OneWayTime(std::uint32_t frameBytes) const;
    /// The same from a host of the LAN to the origin, or back: one more hop, over the uplink.
    /// \param ipBytes size of the IP packet
    ns3::Time ToOriginTime(std::uint32_t ipBytes) const;
    ns3::Time FromOriginTime(std::uint32_t ipBytes) const;
    /// Bytes of the Ethernet frame around an IP packet: header, padding to 64 bytes, check sum. As
    /// in ns-3 without preamble; the gap of 12 bytes between frames is not part of it.
    static std::uint32_t FrameBytes(std::uint32_t ipBytes);
    /// Bytes of the IP packet around a UDP datagram's payload.
    static std::uint32_t UdpIpBytes(std::uint32_t payloadBytes);

    /// When every node can be taken to be on the LAN: joining a wireless one takes a while.
    ns3::Time ReadyAt() const;

    /// Where a node is, in metres, of its own segment's room: where it was strewn in the air; on a
    /// circle elsewhere, for those who draw.
    ns3::Vector Position(std::uint32_t index) const;
    /// Every ns-3 node of the network with a place to draw it at, segments side by side.
    std::vector<std::pair<ns3::Ptr<ns3::Node>, ns3::Vector>> Layout() const;

    /// Frames of the LAN so far.
    analysis::LanCounts Counts() const;
    /// Frames that full queues of the LAN dropped so far: every host's and every switch port's.
    std::uint64_t LanQueueDrops() const;
    /// Frames that the uplink's queues dropped so far.
    std::uint64_t UplinkDownDrops() const;
    std::uint64_t UplinkUpDrops() const;
    /// Bytes on the wire that the uplink's device at the gateway has delivered downwards so far:
    /// IP packets and 2 bytes of PPP each (`uplink_bytes` of INTERFACES.md).
    std::uint64_t UplinkBytesDown() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace lanpeer::lan
