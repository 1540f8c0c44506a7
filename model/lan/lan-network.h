#pragma once

#include "model/lan/lan-addresses.h"
#include "model/network/lan-network-config.h"

#include <cstdint>
#include <memory>
#include <ns3/csma-net-device.h>
#include <ns3/node.h>
#include <ns3/nstime.h>
#include <ns3/point-to-point-net-device.h>
#include <vector>

namespace lanpeer::lan
{

/// The simulated network: a switched LAN, its gateway, an uplink and an origin server behind it, of
/// ns-3's own models (R-SIM-1, R-SIM-2, R-SIM-3).
///
/// ```
///  node 0 ══╗
///  node 1 ══╬══ switch ══ gateway ── uplink ── origin
///    ...  ══╝
/// ```
///
/// Each cable is full duplex, as cables of a switch are: a pair of CSMA channels with one sender
/// each. So nothing ever collides, backs off or draws, and an idle network's delays are exact
/// (OneWayTime()). Each device has one DropTail queue and no queue discipline on top: the queues
/// that the configuration names are all there are, and what they drop is counted here.
///
/// Hosts route statically: nodes with Internet access have a default route, the others none, so
/// that connecting to the origin fails at once ("no route to host"). The gateway forwards neither
/// broadcasts nor, as other hosts do not forward at all, anything by detours.
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
    ns3::Ptr<ns3::CsmaNetDevice> Device(std::uint32_t index) const;
    ns3::Ptr<ns3::Node> Gateway() const;
    ns3::Ptr<ns3::Node> Origin() const;
    ns3::Ipv4Address OriginAddress() const;
    /// The directed broadcast address of the LAN.
    ns3::Ipv4Address BroadcastAddress() const;
    ns3::Ptr<ns3::PointToPointNetDevice> UplinkAtGateway() const;
    ns3::Ptr<ns3::PointToPointNetDevice> UplinkAtOrigin() const;

    /// Gives everything of the network that draws random numbers a stream of its own, from this one
    /// on, and returns how many streams that is (R-SIM-9). How many, and which is whose, depends on
    /// nothing but the number of nodes: a node's streams are the same in a larger LAN, with loss or
    /// without.
    std::int64_t AssignStreams(std::int64_t stream);

    /// Time from the moment a host hands a frame to its idle device to the moment another host of
    /// the LAN (the gateway is one) has it: store and forward, so twice the frame at the cable's
    /// rate, and twice the latency. Exact when nothing else is under way.
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
