#pragma once

#include "model/lan/faults/broadcast-limit.h"

#include <ns3/bridge-net-device.h>
#include <ns3/csma-net-device.h>
#include <ns3/mac48-address.h>
#include <ns3/nstime.h>

namespace lanpeer::lan
{

/// The switch: ns-3's learning bridge and the delay line of `lan.latency_us` (R-SIM-2).
///
/// The switch holds each frame for the latency of the cable it came from and of the one it goes to,
/// then forwards it, first in, first out. All cables being of one latency, hosts cannot tell this
/// from latency in the cables: holding a frame before its outgoing queue instead of behind moves
/// everything that the queue does by one and the same time. It costs one event per frame, and a
/// broadcast is held once, not once per receiver. So the channels need no delay of their own (a
/// CSMA channel is busy while a frame propagates, which chokes it), hosts keep plain devices, and a
/// pcap file taken at a host shows frames when the host has them.
class LanSwitch : public ns3::BridgeNetDevice
{
  public:
    static ns3::TypeId GetTypeId();

    /// Adds a port to this bridge, once both are devices of the switch's node.
    ///
    /// The port hands its frames to the bridge directly, past ns3::Node: a node asks each of its
    /// handlers, of which a bridge has one per port, for every frame, and twice.
    void AddPort(ns3::Ptr<ns3::CsmaNetDevice> port);

    /// Tells the switch which port leads to the host with that address, as if it had heard it.
    void Learn(ns3::Mac48Address host, ns3::Ptr<ns3::NetDevice> port);

    /// Storm control: broadcasts above its rate are dropped where they come in.
    void Limit(ns3::Ptr<BroadcastLimit> broadcasts)
    {
        m_limit = broadcasts;
    }

  private:
    bool Hold(ns3::Ptr<ns3::NetDevice> port,
              ns3::Ptr<const ns3::Packet> frame,
              std::uint16_t protocol,
              const ns3::Address& source,
              const ns3::Address& destination,
              PacketType type);
    void Forward(ns3::Ptr<ns3::NetDevice> port,
                 ns3::Ptr<const ns3::Packet> frame,
                 std::uint16_t protocol,
                 ns3::Mac48Address source,
                 ns3::Mac48Address destination,
                 PacketType type);

    ns3::Time m_latency;              //!< of one cable, one way
    ns3::Ptr<BroadcastLimit> m_limit; //!< null: none
};

} // namespace lanpeer::lan
