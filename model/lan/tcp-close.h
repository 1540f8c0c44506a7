#pragma once

#include <ns3/ptr.h>
#include <ns3/socket.h>

// How a real host ends TCP connections, where ns-3's sockets do it otherwise.
namespace lanpeer::lan
{

/// Gives up a TCP connection as a real host's close() does while data are still coming: by RST, so
/// that the other side drops what it has queued. ns-3's Close() sends a FIN and takes in, and
/// acknowledges, all that the other side has still to send.
///
/// May be called from one of the socket's callbacks, which have to be null by then.
void ResetConnection(ns3::Ptr<ns3::Socket> socket);

/// Ends it in good order, after what is still to be sent: by FIN. A FIN that nobody answers is
/// repeated for about a minute, as by a real host (Linux: tcp_fin_timeout, tcp_orphan_retries).
/// ns-3 repeats it for ever: its listening sockets do not answer what belongs to no connection, so
/// one acknowledgement lost at the end means four packets a second from then on.
void CloseConnection(ns3::Ptr<ns3::Socket> socket);

} // namespace lanpeer::lan
