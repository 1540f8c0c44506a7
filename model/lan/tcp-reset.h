#pragma once

#include <ns3/ptr.h>
#include <ns3/socket.h>

namespace lanpeer::lan
{

/// Gives up a TCP connection as a real host's close() does while data are still coming: by RST, so
/// that the other side drops what it has queued. ns-3's Close() sends a FIN and takes in, and
/// acknowledges, all that the other side has still to send.
///
/// May be called from one of the socket's callbacks, which have to be null by then.
void ResetConnection(ns3::Ptr<ns3::Socket> socket);

} // namespace lanpeer::lan
