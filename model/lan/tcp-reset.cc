#include "model/lan/tcp-reset.h"

#include <ns3/simulator.h>
#include <ns3/tcp-socket-base.h>

namespace lanpeer::lan
{

namespace
{

/// Never made: its name is the way to a protected member of the sockets that ns-3 makes.
struct Resettable : ns3::TcpSocketBase
{
    static void Reset(ns3::TcpSocketBase& socket)
    {
        (socket.*&Resettable::SendRST)();
    }
};

} // namespace

void
ResetConnection(ns3::Ptr<ns3::Socket> socket)
{
    if (const auto tcp = ns3::DynamicCast<ns3::TcpSocketBase>(socket))
    {
        Resettable::Reset(*tcp);
    }
    // A reset socket is let go by ns-3 at once. Its own callback may be what got here, and what
    // called that still needs it.
    ns3::Simulator::ScheduleNow([socket] {});
}

} // namespace lanpeer::lan
