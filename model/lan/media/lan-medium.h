#pragma once

#include "analysis/run-record.h"
#include "model/lan/lan-addresses.h"
#include "model/network/lan-network-config.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <ns3/net-device.h>
#include <ns3/node.h>
#include <ns3/nstime.h>
#include <ns3/vector.h>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::lan
{

/// A host's connection to a medium.
struct Connection
{
    ns3::Ptr<ns3::NetDevice> device; ///< the host's
    ns3::Ptr<ns3::NetDevice> port;   ///< the switch's end of its cable; none on a hub or in the air
};

/// What the frames of one segment travel over [0016] (R-SIM-2): a switch, a hub, or the air.
///
/// First every node of the segment is connected, the gateway last. IP is not its business. Counts
/// remain readable after Simulator::Destroy(), and the simulation may outlive this object.
class LanMedium
{
  public:
    virtual ~LanMedium() = default;

    /// Gives a host a device on this medium.
    virtual void Connect(ns3::Ptr<ns3::Node> host, const Seat& seat) = 0;
    /// The same for the gateway, which may have a part of its own to play.
    virtual void ConnectGateway(ns3::Ptr<ns3::Node> gateway, const Seat& seat)
    {
        Connect(gateway, seat);
    }

    /// In the order in which hosts were connected.
    const std::vector<Connection>& Connections() const
    {
        return m_connections;
    }

    /// How many random streams each connection may draw from.
    virtual std::int64_t StreamsPerConnection() const = 0;
    /// Gives a connection its streams, from this one on (R-SIM-9).
    virtual void AssignStreams(std::size_t connection, std::int64_t stream) = 0;

    /// Time from the moment a host hands a frame to its idle device to the moment another host has
    /// it, when nothing else is under way. In the air: without the wait for access, and by way of
    /// the access point if there is one.
    virtual ns3::Time OneWayTime(std::uint32_t frameBytes) const = 0;

    /// When every host can be taken to be on: joining a wireless LAN takes a while.
    virtual ns3::Time ReadyAt() const
    {
        return ns3::Time(0);
    }

    /// Frames so far, of all devices here (RunRecord::lan).
    virtual analysis::LanCounts Counts() const = 0;

    /// Where a connection is, in metres, for those who draw; only in the air it has an effect.
    virtual ns3::Vector Position(std::size_t connection) const = 0;

  protected:
    std::vector<Connection> m_connections;
};

/// The medium that the configuration names.
/// \param switchNode what a switch is made of; for Medium::Switch only
std::unique_ptr<LanMedium> MakeMedium(const LanNetworkConfig& config,
                                      ns3::Ptr<ns3::Node> switchNode);

/// A place on a circle, for hosts whose places mean nothing: the connection's among all of them.
ns3::Vector PlaceOnCircle(std::size_t connection, std::size_t connections);

} // namespace lanpeer::lan
