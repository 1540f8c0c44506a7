#pragma once

#include "model/network/lan-network-config.h"

#include <cstdint>
#include <ns3/node.h>

namespace lanpeer::lan
{

/// Sets up ns-3's simulator for a LAN: the scheduler that is cheapest for it. To be called first,
/// in the program's main, before anything is scheduled.
void ConfigureSimulator();

/// Makes ns-3's TCP what a Debian 12 host's is, for every socket created from now on in this
/// process (ns-3 has one set of defaults; one simulation per process). Each line of ns3-defaults.cc
/// names what Linux has. Called by LanNetwork.
void ConfigureTcpDefaults(const LanNetworkConfig& config);

/// Gives the sockets of the origin server, which send down the uplink, the patience that they need
/// there (UplinkRtt). Called by LanNetwork, after ConfigureTcpDefaults().
void ConfigureOriginTcp(ns3::Ptr<ns3::Node> origin);

/// Send buffer of a TCP socket, in bytes: what the longest path of this network holds, twice what
/// is under way on it and a full queue of the uplink; 256 KiB at least and 4 MiB at most (Linux's
/// tcp_wmem).
///
/// Enough that the congestion window is what limits a sender, as on Linux, whose buffers grow by
/// themselves; when recovering from loss with nothing new to send, ns-3 sends again what was not
/// lost. But not more, because ns-3 has nothing like Linux's TCP small queues: a sender puts its
/// whole window into its own device, where everything else that the node sends waits behind it.
std::uint32_t TcpSendBufferBytes(const LanNetworkConfig& config);

/// Receive buffer of a TCP socket, in bytes: twice the send buffer, so that no sender ever fills
/// the window. It must not: ns-3.37 crashes when a sender that has used up the receiver's window
/// loses a segment while it has more to send (TcpTxBuffer::NextSeg offers a segment of no bytes).
/// For the same reason applications must read what arrives, and not let it lie.
std::uint32_t TcpReceiveBufferBytes(const LanNetworkConfig& config);

} // namespace lanpeer::lan
