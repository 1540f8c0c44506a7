#pragma once

#include "model/lan/http-server.h"
#include "model/network/adversaries.h"
#include "model/protocol/packet.h"

#include <cstdint>
#include <memory>
#include <ns3/application.h>
#include <ns3/ipv4-address.h>
#include <ns3/nstime.h>
#include <ns3/random-variable-stream.h>
#include <ns3/socket.h>
#include <string>
#include <vector>

namespace lanpeer::lan
{

/// What every hostile node knows: no more than anybody on that LAN could find out.
struct HostileKnowledge
{
    struct Resource
    {
        std::string href;
        std::uint64_t bytes = 0;
        std::string altered; ///< descriptor of a body of that size that is not the resource's
    };

    std::vector<Resource> resources; ///< what the others ask for
    AdversaryConfig config;
    ns3::Ipv4Address victim; ///< of AdversaryKind::Forged
    std::uint64_t responseDelayMs = 0;
    std::uint16_t servicePort = 0;
    std::uint16_t httpPort = 0;

    /// \returns null where nobody knows it
    const Resource* Find(const std::string& href) const;
};

/// A node of the LAN that is hostile (R-SIM-6): raw service packets and HTTP on the simulated
/// sockets, without the core, whose rules it keeps only as far as it suits it. What it does is the
/// derived classes'.
///
/// Its draws come from two streams of its own (R-SIM-9).
class HostileNode : public ns3::Application
{
  public:
    static ns3::TypeId GetTypeId();

    struct Counts
    {
        std::uint64_t packetsSent = 0;    ///< a broadcast once
        std::uint64_t sentBytes = 0;      ///< their UDP payload
        std::uint64_t alteredOffered = 0; ///< GETs that it began to answer with an altered body
    };

    HostileNode(AdversaryKind kind, std::shared_ptr<const HostileKnowledge> knowledge);
    ~HostileNode() override;

    /// \returns how many streams were assigned
    std::int64_t AssignStreams(std::int64_t stream);

    const Counts& Counted() const
    {
        return m_counts;
    }

  protected:
    void DoDispose() override;

    AdversaryKind Kind() const
    {
        return m_kind;
    }

    const HostileKnowledge& Known() const
    {
        return *m_knowledge;
    }

    /// The node has begun; the sockets are there.
    virtual void Begin();
    /// A service packet of somebody else came, whatever kind it is.
    virtual void Heard(const ServicePacket& packet, ns3::Ipv4Address from, std::uint16_t port);

    void Broadcast(const ServicePacket& packet);
    void SendTo(const ServicePacket& packet, ns3::Ipv4Address to, std::uint16_t port);
    /// The same as Broadcast(), with another's source address: past the sockets, through the
    /// device.
    void BroadcastFrom(ns3::Ipv4Address source, const ServicePacket& packet);

    /// Serves on the HTTP port as honest nodes do, but for as many as come.
    void Serve(HttpServer::Asked asked, HttpServer::Ended ended);
    /// What serves; null before Serve() and once the node has stopped.
    HttpServer* Server() const
    {
        return m_server.get();
    }

    void CountAltered();

    NodeId OwnNode() const
    {
        return m_node;
    }

    Token RandomToken();
    /// As an honest server draws before it answers [0021].
    ns3::Time RandomDelay(std::uint64_t maxMs);

  private:
    void StartApplication() override;
    void StopApplication() override;
    void PacketsWait(ns3::Ptr<ns3::Socket> socket);
    void Send(const std::string& bytes, ns3::Ipv4Address to, std::uint16_t port);
    void Shut();

    AdversaryKind m_kind;
    std::shared_ptr<const HostileKnowledge> m_knowledge;
    NodeId m_node;
    ns3::Ipv4Address m_own;
    ns3::Ipv4Address m_broadcast;
    ns3::Ptr<ns3::Socket> m_socket;
    std::unique_ptr<HttpServer> m_server;
    ns3::Ptr<ns3::UniformRandomVariable> m_delays;
    ns3::Ptr<ns3::UniformRandomVariable> m_tokens;
    std::uint16_t m_lastIdentification = 0; ///< of IP packets of its own making
    Counts m_counts;
};

/// The node of that kind; it does nothing before it starts.
ns3::Ptr<HostileNode> MakeHostileNode(AdversaryKind kind,
                                      const std::shared_ptr<const HostileKnowledge>& knowledge);

} // namespace lanpeer::lan
