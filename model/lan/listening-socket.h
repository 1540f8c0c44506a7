#pragma once

#include <ns3/node.h>
#include <ns3/socket.h>

namespace lanpeer::lan
{

/// A TCP socket to listen on, as ns-3's own factory makes it, but for one mistake of ns-3.37: when
/// the first packet that a listening socket ever gets is the reset of a connection that it has
/// not heard of (from a host whose every SYN was lost, and which then gave up), it takes the other
/// side's window for closed, and crashes when it probes that a moment later.
ns3::Ptr<ns3::Socket> CreateListeningSocket(ns3::Ptr<ns3::Node> node);

} // namespace lanpeer::lan
