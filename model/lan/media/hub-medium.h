#pragma once

#include "model/lan/media/csma-parts.h"
#include "model/lan/media/lan-medium.h"

#include <ns3/csma-channel.h>

namespace lanpeer::lan
{

/// A hub: one half-duplex CSMA channel that all hosts of the segment share, each of which hears
/// every frame.
///
/// ns-3's CSMA knows no collisions. A device that finds the channel busy backs off, by a drawn
/// number of slots that doubles with each attempt, and gives a frame up after 1,000; of two that
/// begin in the same instant the first has the channel. So what the channel carries is what an
/// Ethernet's does at its best, without fragments on it. A slot is Ethernet's, 512 bit
/// times, as is the gap that a device leaves after a frame, 96; who has the channel may well keep
/// it for all that it has to send.
///
/// The channel is busy for 1 us more than a frame takes. The latency of both cables, sender to hub
/// and hub to receiver, passes before a frame is put on the channel: on the channel it would keep
/// it busy. Hosts cannot tell this from latency on the way; frames of one device keep their order.
class HubMedium : public LanMedium
{
  public:
    explicit HubMedium(const LanNetworkConfig& config);

    void Connect(ns3::Ptr<ns3::Node> host, const Seat& seat) override;
    std::int64_t StreamsPerConnection() const override;
    void AssignStreams(std::size_t connection, std::int64_t stream) override;
    /// Once the frame at the channel's rate, and twice the latency. Exact while nobody backs off.
    ns3::Time OneWayTime(std::uint32_t frameBytes) const override;
    analysis::LanCounts Counts() const override;
    ns3::Vector Position(std::size_t connection) const override;

  private:
    struct Plug
    {
        ns3::Ptr<ns3::CsmaNetDevice> device;
        ns3::Ptr<PacketQueue> queue;        // a device forgets it in Simulator::Destroy()
        ns3::Ptr<ns3::RateErrorModel> loss; // none without loss
    };

    const LanNetworkConfig m_config;
    const ns3::Ptr<ns3::CsmaChannel> m_channel;
    const ns3::Ptr<CsmaCounter> m_counter = ns3::Create<CsmaCounter>();
    std::vector<Plug> m_plugs; // as the connections
};

} // namespace lanpeer::lan
