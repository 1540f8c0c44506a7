#pragma once

#include "model/lan/lan-network.h"
#include "model/protocol/packet.h"

#include <functional>
#include <ns3/socket.h>
#include <string>

namespace lanpeer::lan
{

/// A stranger on the LAN that speaks the raw protocol and follows no rule: a socket on the service
/// port of the gateway, which is on the link and runs no service of its own.
class FakePeer
{
  public:
    explicit FakePeer(LanNetwork& network);

    /// Told of every packet that decodes.
    void OnPacket(std::function<void(const ServicePacket&, ns3::Ipv4Address from)> heard)
    {
        m_heard = std::move(heard);
    }

    void Broadcast(const ServicePacket& packet);
    void SendTo(ns3::Ipv4Address to, const ServicePacket& packet);
    /// Any bytes, to everyone.
    void BroadcastBytes(const std::string& bytes);

  private:
    void Wait(ns3::Ptr<ns3::Socket> socket);
    void Send(ns3::Ipv4Address to, const std::string& bytes);

    ns3::Ipv4Address m_own;
    ns3::Ipv4Address m_broadcast;
    ns3::Ptr<ns3::Socket> m_socket;
    std::function<void(const ServicePacket&, ns3::Ipv4Address)> m_heard;
};

} // namespace lanpeer::lan
