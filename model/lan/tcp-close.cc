#include "model/lan/tcp-close.h"

#include <ns3/simulator.h>
#include <ns3/tcp-socket-base.h>

namespace lanpeer::lan
{

namespace
{

constexpr std::int64_t kFinSeconds = 60;

/// Never made: its name is the way to protected members of the sockets that ns-3 makes.
struct Closable : ns3::TcpSocketBase
{
    static void Reset(ns3::TcpSocketBase& socket)
    {
        (socket.*&Closable::SendRST)();
    }

    static ns3::TcpSocket::TcpStates_t StateOf(const ns3::TcpSocketBase& socket)
    {
        return (socket.*&Closable::m_state).Get();
    }
};

/// The FIN is out, and what ends the connection is the other side's.
bool
IsFinSent(ns3::TcpSocket::TcpStates_t state)
{
    return state == ns3::TcpSocket::FIN_WAIT_1 || state == ns3::TcpSocket::FIN_WAIT_2 ||
           state == ns3::TcpSocket::CLOSING || state == ns3::TcpSocket::LAST_ACK;
}

/// Looks once a minute: the FIN follows all data, how long ever these take.
void
Watch(const ns3::Ptr<ns3::TcpSocketBase>& socket, bool wasFinSent)
{
    const ns3::TcpSocket::TcpStates_t state = Closable::StateOf(*socket);
    if (state == ns3::TcpSocket::CLOSED || state == ns3::TcpSocket::TIME_WAIT)
    {
        return; // over, or over by itself
    }
    if (wasFinSent)
    {
        Closable::Reset(*socket);
        return;
    }
    ns3::Simulator::Schedule(ns3::Seconds(kFinSeconds),
                             [socket, isFinSent = IsFinSent(state)] { Watch(socket, isFinSent); });
}

} // namespace

void
ResetConnection(ns3::Ptr<ns3::Socket> socket)
{
    if (const auto tcp = ns3::DynamicCast<ns3::TcpSocketBase>(socket))
    {
        Closable::Reset(*tcp);
    }
    // A reset socket is let go by ns-3 at once. Its own callback may be what got here, and what
    // called that still needs it.
    ns3::Simulator::ScheduleNow([socket] {});
}

void
CloseConnection(ns3::Ptr<ns3::Socket> socket)
{
    socket->Close();
    if (const auto tcp = ns3::DynamicCast<ns3::TcpSocketBase>(socket))
    {
        Watch(tcp, false);
    }
}

} // namespace lanpeer::lan
