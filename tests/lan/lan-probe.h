#pragma once

#include "model/lan/lan-network.h"

#include <gtest/gtest.h>
#include <memory>
#include <ns3/applications-module.h>
#include <ns3/core-module.h>
#include <ns3/internet-module.h>
#include <ns3/network-module.h>
#include <vector>

namespace lanpeer::lan
{

/// The port that the probes use; the protocol's own, so that broadcasts meet what they would meet.
constexpr std::uint16_t kProbePort = 1967;

/// A UDP socket that notes what arrives and when.
class UdpProbe
{
  public:
    struct Arrival
    {
        ns3::Time at;
        ns3::Ipv4Address from;
        std::uint32_t bytes;
    };

    explicit UdpProbe(ns3::Ptr<ns3::Node> node)
        : m_socket(ns3::Socket::CreateSocket(node, ns3::UdpSocketFactory::GetTypeId()))
        , m_node(node)
    {
        m_socket->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), kProbePort));
        m_socket->SetAllowBroadcast(true);
        m_socket->SetRecvCallback(ns3::MakeCallback(&UdpProbe::Receive, this));
    }

    UdpProbe(const UdpProbe&) = delete;
    UdpProbe& operator=(const UdpProbe&) = delete;

    /// Sends now; returns what the socket returns: bytes sent, or -1.
    int Send(ns3::Ipv4Address to, std::uint32_t bytes)
    {
        const ns3::InetSocketAddress address(to, kProbePort);
        return m_socket->SendTo(ns3::Create<ns3::Packet>(bytes), 0, address);
    }

    void SendAt(ns3::Time at, ns3::Ipv4Address to, std::uint32_t bytes)
    {
        ns3::Simulator::ScheduleWithContext(
            m_node->GetId(), at, [this, to, bytes] { Send(to, bytes); });
    }

    const std::vector<Arrival>& Arrivals() const
    {
        return m_arrivals;
    }

    ns3::Ptr<ns3::Socket> Socket() const
    {
        return m_socket;
    }

  private:
    void Receive(ns3::Ptr<ns3::Socket> socket)
    {
        ns3::Address from;
        while (const auto packet = socket->RecvFrom(from))
        {
            m_arrivals.push_back({ns3::Simulator::Now(),
                                  ns3::InetSocketAddress::ConvertFrom(from).GetIpv4(),
                                  packet->GetSize()});
        }
    }

    ns3::Ptr<ns3::Socket> m_socket;
    ns3::Ptr<ns3::Node> m_node;
    std::vector<Arrival> m_arrivals;
};

/// One transfer over TCP, by ns-3's own applications, and when it was complete.
class TcpTransfer
{
  public:
    TcpTransfer(ns3::Ptr<ns3::Node> from,
                ns3::Ptr<ns3::Node> to,
                ns3::Ipv4Address address,
                std::uint32_t bytes,
                ns3::Time start)
        : m_bytes(bytes)
        , m_start(start)
    {
        constexpr std::uint16_t kPort = 6515;
        const auto tcp = ns3::TypeIdValue(ns3::TcpSocketFactory::GetTypeId());
        const ns3::InetSocketAddress any(ns3::Ipv4Address::GetAny(), kPort);
        m_sink->SetAttribute("Protocol", tcp);
        m_sink->SetAttribute("Local", ns3::AddressValue(any));
        m_sink->TraceConnectWithoutContext("Rx", ns3::MakeCallback(&TcpTransfer::Receive, this));
        to->AddApplication(m_sink);

        auto bulk = ns3::CreateObject<ns3::BulkSendApplication>();
        bulk->SetAttribute("Protocol", tcp);
        bulk->SetAttribute("Remote", ns3::AddressValue(ns3::InetSocketAddress(address, kPort)));
        bulk->SetAttribute("MaxBytes", ns3::UintegerValue(bytes));
        bulk->SetAttribute("SendSize", ns3::UintegerValue(16384));
        bulk->SetStartTime(start);
        from->AddApplication(bulk);
    }

    TcpTransfer(const TcpTransfer&) = delete;
    TcpTransfer& operator=(const TcpTransfer&) = delete;

    std::uint64_t Received() const
    {
        return m_received;
    }

    /// From the start to the last byte, in seconds; negative if bytes are missing.
    double Seconds() const
    {
        return m_received == m_bytes ? (m_last - m_start).GetSeconds() : -1;
    }

  private:
    void Receive(ns3::Ptr<const ns3::Packet> packet, const ns3::Address& /* from */)
    {
        m_received += packet->GetSize();
        m_last = ns3::Simulator::Now();
    }

    ns3::Ptr<ns3::PacketSink> m_sink = ns3::CreateObject<ns3::PacketSink>();
    std::uint32_t m_bytes;
    ns3::Time m_start;
    std::uint64_t m_received = 0;
    ns3::Time m_last;
};

/// Leaves no simulation behind, for when the tests run in one process after all.
class LanTest : public ::testing::Test
{
  protected:
    /// Builds the network under test.
    LanNetwork& Build(const LanNetworkConfig& config)
    {
        m_network = std::make_unique<LanNetwork>(config);
        m_network->AssignStreams(1);
        return *m_network;
    }

    void TearDown() override
    {
        ns3::Simulator::Destroy();
        m_network.reset();
    }

  private:
    std::unique_ptr<LanNetwork> m_network;
};

} // namespace lanpeer::lan
