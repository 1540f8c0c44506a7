#pragma once

#include "model/lan/lan-switch.h"
#include "model/lan/media/csma-parts.h"
#include "model/lan/media/lan-medium.h"

namespace lanpeer::lan
{

/// A switch with a full-duplex cable to each host: a pair of CSMA channels with one sender each. So
/// nothing ever collides, backs off or draws, and an idle network's delays are exact.
class SwitchMedium : public LanMedium
{
  public:
    SwitchMedium(const LanNetworkConfig& config, ns3::Ptr<ns3::Node> switchNode);

    void Connect(ns3::Ptr<ns3::Node> host, const Seat& seat) override;
    std::int64_t StreamsPerConnection() const override;
    void AssignStreams(std::size_t connection, std::int64_t stream) override;
    /// Store and forward: twice the frame at the cable's rate, and twice the latency. Exact.
    ns3::Time OneWayTime(std::uint32_t frameBytes) const override;
    analysis::LanCounts Counts() const override;
    ns3::Vector Position(std::size_t connection) const override;

    ns3::Ptr<LanSwitch> Bridge() const
    {
        return m_bridge;
    }

  private:
    /// What hangs on one cable beside its devices.
    struct Cable
    {
        ns3::Ptr<ns3::CsmaNetDevice> host;
        ns3::Ptr<ns3::CsmaNetDevice> port;
        ns3::Ptr<PacketQueue> hostQueue; // a device forgets its queue in Simulator::Destroy()
        ns3::Ptr<PacketQueue> portQueue;
        ns3::Ptr<ns3::RateErrorModel> hostLoss; // none without loss
        ns3::Ptr<ns3::RateErrorModel> portLoss;
    };

    const LanNetworkConfig m_config;
    const ns3::Ptr<ns3::Node> m_switchNode;
    const ns3::Ptr<LanSwitch> m_bridge;
    const ns3::Ptr<CsmaCounter> m_counter = ns3::Create<CsmaCounter>();
    std::vector<Cable> m_cables; // as the connections
};

} // namespace lanpeer::lan
