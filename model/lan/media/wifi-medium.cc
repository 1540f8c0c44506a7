#include "model/lan/media/wifi-medium.h"

#include "model/lan/media/csma-parts.h"

#include <fmt/format.h>

#include <ns3/boolean.h>
#include <ns3/frame-exchange-manager.h>
#include <ns3/net-device-container.h>
#include <ns3/random-variable-stream.h>
#include <ns3/ssid.h>
#include <ns3/string.h>
#include <ns3/wifi-helper.h>
#include <ns3/wifi-mac-helper.h>
#include <ns3/wifi-mac-queue.h>
#include <ns3/wifi-mac.h>
#include <ns3/wifi-phy.h>
#include <ns3/yans-wifi-helper.h>
#include <stdexcept>

namespace lanpeer::lan
{

namespace
{

constexpr std::int64_t kStreams = 30;
constexpr std::int64_t kPlaceStream = 0;
constexpr std::int64_t kLossStream = 1;
constexpr std::int64_t kWifiStreams = 2; ///< from here on, whatever ns-3 draws there

// An access point says every 102.4 ms that it is there; a station that has heard it joins by a
// handful of frames at 1 Mb/s, which take 3 ms.
constexpr std::int64_t kFirstJoinsMs = 120;
constexpr std::int64_t kNextJoinsMs = 4;
constexpr std::int64_t kJoinsWithinMs = 200;

ns3::WifiStandard
StandardOf(WifiStandard standard)
{
    switch (standard)
    {
    case WifiStandard::B:
        return ns3::WIFI_STANDARD_80211b;
    case WifiStandard::G:
        return ns3::WIFI_STANDARD_80211g;
    case WifiStandard::N:
        return ns3::WIFI_STANDARD_80211n;
    }
    throw std::invalid_argument("lan.wifi.standard: no such value");
}

/// ns-3's default channel of that standard at 2.4 GHz, of 20 MHz or, as DSSS has it, 22.
const char*
ChannelOf(WifiStandard standard)
{
    return standard == WifiStandard::B ? "{0, 22, BAND_2_4GHZ, 0}" : "{0, 20, BAND_2_4GHZ, 0}";
}

/// ns-3's name of a basic rate.
std::string
ModeOf(double mbps)
{
    const bool isDsss = mbps == 1 || mbps == 2 || mbps == 5.5 || mbps == 11;
    const std::string number = mbps == 5.5 ? "5_5" : fmt::format("{:.0f}", mbps);
    return (isDsss ? "DsssRate" : "ErpOfdmRate") + number + "Mbps";
}

void
SetQueues(ns3::Ptr<ns3::WifiMac> mac, std::uint32_t packets)
{
    const ns3::QueueSize size(ns3::QueueSizeUnit::PACKETS, packets);
    for (const ns3::AcIndex index :
         {ns3::AC_BE, ns3::AC_BK, ns3::AC_VI, ns3::AC_VO, ns3::AC_BE_NQOS})
    {
        if (const auto queue = mac->GetTxopQueue(index))
        {
            queue->SetMaxSize(size);
        }
    }
}

/// Gives a device another address than the one that ns-3's helper took for it, in all the places
/// where the helper has put it.
void
SetMac(ns3::Ptr<ns3::WifiNetDevice> device, ns3::Mac48Address address)
{
    constexpr std::uint8_t kOnlyLink = 0;
    const auto mac = device->GetMac();
    device->SetAddress(address);
    mac->GetFrameExchangeManager()->SetAddress(address);
    if (mac->GetTypeOfStation() != ns3::STA) // whose is the access point's, when it has joined it
    {
        mac->SetBssid(address, kOnlyLink);
    }
}

ns3::Ptr<ns3::YansWifiChannel>
MakeChannel()
{
    return ns3::YansWifiChannelHelper::Default().Create();
}

} // namespace

WifiMedium::WifiMedium(const LanNetworkConfig& config)
    : m_config(config)
    , m_channel(MakeChannel())
{
}

bool
WifiMedium::HasAccessPoint() const
{
    return m_config.wifi.mode == WifiMode::AccessPoint;
}

void
WifiMedium::Connect(ns3::Ptr<ns3::Node> host, const Seat& seat)
{
    Install(host, seat, HasAccessPoint() ? "ns3::StaWifiMac" : "ns3::AdhocWifiMac");
}

void
WifiMedium::ConnectGateway(ns3::Ptr<ns3::Node> gateway, const Seat& seat)
{
    m_gateway = m_stations.size();
    Install(gateway, seat, HasAccessPoint() ? "ns3::ApWifiMac" : "ns3::AdhocWifiMac");
}

void
WifiMedium::Install(ns3::Ptr<ns3::Node> host, const Seat& seat, const char* macType)
{
    ns3::WifiHelper wifi;
    wifi.SetStandard(StandardOf(m_config.wifi.standard));
    wifi.SetRemoteStationManager("ns3::IdealWifiManager",
                                 "NonUnicastMode",
                                 ns3::StringValue(ModeOf(m_config.wifi.broadcastMbps)));
    ns3::YansWifiPhyHelper phy;
    phy.SetChannel(m_channel);
    phy.Set("ChannelSettings", ns3::StringValue(ChannelOf(m_config.wifi.standard)));
    ns3::WifiMacHelper mac;
    mac.SetType(macType,
                "Ssid",
                ns3::SsidValue(ns3::Ssid("lanpeer")),
                "QosSupported",
                ns3::BooleanValue(m_config.wifi.standard == WifiStandard::N));

    Station station;
    station.device = ns3::DynamicCast<ns3::WifiNetDevice>(wifi.Install(phy, mac, host).Get(0));
    SetMac(station.device, seat.mac);
    // A place of the device's own: one with two is in two rooms.
    station.place = ns3::CreateObject<ns3::ConstantPositionMobilityModel>();
    station.place->SetPosition({m_config.wifi.roomM / 2, m_config.wifi.roomM / 2, 0});
    station.device->GetPhy()->SetMobility(station.place);
    if (HasAccessPoint() && !m_gateway)
    {
        station.device->GetMac()->SetAttribute("WaitBeaconTimeout",
                                               ns3::TimeValue(JoinsAfter(m_stations.size())));
    }
    SetQueues(station.device->GetMac(), m_config.queuePackets);
    if (m_config.loss > 0)
    {
        station.loss = ns3::CreateObject<ns3::RateErrorModel>();
        station.loss->SetUnit(ns3::RateErrorModel::ERROR_UNIT_PACKET);
        station.loss->SetRate(m_config.loss);
        station.device->GetPhy()->SetPostReceptionErrorModel(station.loss);
    }
    m_counter->Count(station.device);
    m_connections.push_back({station.device, nullptr});
    m_stations.push_back(station);
}

ns3::Time
WifiMedium::JoinsAfter(std::size_t connection) const
{
    return ns3::MilliSeconds(kFirstJoinsMs + kNextJoinsMs * static_cast<std::int64_t>(connection));
}

ns3::Time
WifiMedium::ReadyAt() const
{
    return HasAccessPoint() ? JoinsAfter(m_stations.size()) + ns3::MilliSeconds(kJoinsWithinMs)
                            : ns3::Time(0);
}

std::int64_t
WifiMedium::StreamsPerConnection() const
{
    return kStreams;
}

void
WifiMedium::AssignStreams(std::size_t connection, std::int64_t stream)
{
    const Station& station = m_stations.at(connection);
    if (connection != m_gateway)
    {
        const auto draws = ns3::CreateObject<ns3::UniformRandomVariable>();
        draws->SetStream(stream + kPlaceStream);
        const double x = draws->GetValue(0, m_config.wifi.roomM);
        const double y = draws->GetValue(0, m_config.wifi.roomM);
        station.place->SetPosition({x, y, 0});
    }
    if (station.loss)
    {
        station.loss->AssignStreams(stream + kLossStream);
    }
    const std::int64_t used = ns3::WifiHelper().AssignStreams(
        ns3::NetDeviceContainer(station.device), stream + kWifiStreams);
    if (used > kStreams - kWifiStreams)
    {
        throw std::logic_error(fmt::format("802.11: {} streams of {}", used, kStreams));
    }
}

ns3::Time
WifiMedium::OneWayTime(std::uint32_t frameBytes) const
{
    const double mbps = m_config.wifi.standard == WifiStandard::B   ? 11
                        : m_config.wifi.standard == WifiStandard::G ? 54
                                                                    : 72.2;
    const ns3::Time hop = RateOf(mbps).CalculateBytesTxTime(frameBytes);
    return HasAccessPoint() ? hop + hop : hop;
}

analysis::LanCounts
WifiMedium::Counts() const
{
    return m_counter->Counts();
}

ns3::Vector
WifiMedium::Position(std::size_t connection) const
{
    return m_stations.at(connection).place->GetPosition();
}

} // namespace lanpeer::lan
