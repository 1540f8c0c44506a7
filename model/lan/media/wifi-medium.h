#pragma once

#include "model/lan/media/lan-medium.h"
#include "model/lan/media/wifi-counters.h"

#include <ns3/constant-position-mobility-model.h>
#include <ns3/error-model.h>
#include <ns3/wifi-net-device.h>
#include <ns3/yans-wifi-channel.h>

namespace lanpeer::lan
{

/// 802.11 at 2.4 GHz of ns3::wifi: carrier sense, collisions, signal lost with distance
/// (log-distance, exponent 3; about 50 m are bridged), acknowledgements and retransmissions.
///
/// The gateway is the access point, amid the room; the nodes are strewn over it, each by a stream
/// of its own. A node's broadcast goes up to the access point as a frame of its own, acknowledged,
/// and from there to all at the broadcast rate, without acknowledgement: who does not hear it has
/// lost it. Ad hoc, it goes to all directly, and who is out of the sender's reach never hears of
/// it.
///
/// The rate of all other frames is that which the signal to noise ratio allows (IdealWifiManager):
/// it draws nothing and probes nothing, so what is lost is the medium's fault and not that of one
/// of the many algorithms that look for a rate.
///
/// Stations join one after the other, in the order of the nodes, so that they do not all shout at
/// once when the run begins: an office's have been there before. See ReadyAt().
class WifiMedium : public LanMedium
{
  public:
    explicit WifiMedium(const LanNetworkConfig& config);

    void Connect(ns3::Ptr<ns3::Node> host, const Seat& seat) override;
    void ConnectGateway(ns3::Ptr<ns3::Node> gateway, const Seat& seat) override;
    std::int64_t StreamsPerConnection() const override;
    /// Gives the host its place, too. Before it all are where the gateway is.
    void AssignStreams(std::size_t connection, std::int64_t stream) override;
    ns3::Time OneWayTime(std::uint32_t frameBytes) const override;
    ns3::Time ReadyAt() const override;
    analysis::LanCounts Counts() const override;
    ns3::Vector Position(std::size_t connection) const override;

  private:
    struct Station
    {
        ns3::Ptr<ns3::WifiNetDevice> device;
        ns3::Ptr<ns3::ConstantPositionMobilityModel> place;
        ns3::Ptr<ns3::RateErrorModel> loss; // none without loss
    };

    void Install(ns3::Ptr<ns3::Node> host, const Seat& seat, const char* macType);
    ns3::Time JoinsAfter(std::size_t connection) const;
    bool HasAccessPoint() const;

    const LanNetworkConfig m_config;
    const ns3::Ptr<ns3::YansWifiChannel> m_channel;
    const ns3::Ptr<WifiCounter> m_counter = ns3::Create<WifiCounter>();
    std::vector<Station> m_stations; // as the connections
    std::optional<std::size_t> m_gateway;
};

} // namespace lanpeer::lan
