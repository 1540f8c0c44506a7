#include "model/lan/listening-socket.h"

#include <ns3/object-factory.h>
#include <ns3/rtt-estimator.h>
#include <ns3/tcp-congestion-ops.h>
#include <ns3/tcp-l4-protocol.h>
#include <ns3/tcp-recovery-ops.h>
#include <ns3/tcp-socket-base.h>
#include <ns3/type-id.h>

namespace lanpeer::lan
{

namespace
{

class ListeningSocket : public ns3::TcpSocketBase
{
  public:
    static ns3::TypeId GetTypeId()
    {
        static ns3::TypeId tid = ns3::TypeId("lanpeer::lan::ListeningSocket")
                                     .SetParent<ns3::TcpSocketBase>()
                                     .SetGroupName("LanPeer")
                                     .AddConstructor<ListeningSocket>();
        return tid;
    }

  private:
    /// It never sends anything that another's window could hold up. The connections that it accepts
    /// are sockets of ns-3's own class.
    void PersistTimeout() override
    {
    }
};

/// What TCP's attribute of that name says.
template <typename Made>
ns3::Ptr<Made>
Make(ns3::Ptr<ns3::TcpL4Protocol> tcp, const char* attribute)
{
    ns3::TypeIdValue type;
    tcp->GetAttribute(attribute, type);
    ns3::ObjectFactory factory;
    factory.SetTypeId(type.Get());
    return factory.Create<Made>();
}

} // namespace

ns3::Ptr<ns3::Socket>
CreateListeningSocket(ns3::Ptr<ns3::Node> node)
{
    const auto tcp = node->GetObject<ns3::TcpL4Protocol>();
    const auto socket = ns3::CreateObject<ListeningSocket>();
    socket->SetNode(node);
    socket->SetTcp(tcp);
    socket->SetRtt(Make<ns3::RttEstimator>(tcp, "RttEstimatorType"));
    socket->SetCongestionControlAlgorithm(Make<ns3::TcpCongestionOps>(tcp, "SocketType"));
    socket->SetRecoveryAlgorithm(Make<ns3::TcpRecoveryOps>(tcp, "RecoveryType"));
    tcp->AddSocket(socket);
    return socket;
}

} // namespace lanpeer::lan
