#include "model/lan/media/hub-medium.h"

#include <ns3/simulator.h>

namespace lanpeer::lan
{

namespace
{

constexpr double kChannelDelayUs = 1;

/// A CSMA device at the end of a cable that has latency.
class HubDevice : public ns3::CsmaNetDevice
{
  public:
    static ns3::TypeId GetTypeId();

    void SetLatency(ns3::Time latency)
    {
        m_latency = latency;
    }

    // Send() comes by here, too.
    bool SendFrom(ns3::Ptr<ns3::Packet> packet,
                  const ns3::Address& source,
                  const ns3::Address& destination,
                  std::uint16_t protocol) override
    {
        ns3::Simulator::Schedule(
            m_latency, &HubDevice::PutOut, this, packet, source, destination, protocol);
        return true;
    }

  private:
    void PutOut(ns3::Ptr<ns3::Packet> packet,
                ns3::Address source,
                ns3::Address destination,
                std::uint16_t protocol)
    {
        CsmaNetDevice::SendFrom(packet, source, destination, protocol);
    }

    ns3::Time m_latency;
};

NS_OBJECT_ENSURE_REGISTERED(HubDevice);

ns3::TypeId
HubDevice::GetTypeId()
{
    static ns3::TypeId tid = ns3::TypeId("lanpeer::lan::HubDevice")
                                 .SetParent<ns3::CsmaNetDevice>()
                                 .SetGroupName("LanPeer")
                                 .AddConstructor<HubDevice>();
    return tid;
}

/// Ethernet's gap between frames and its back-off, but for the number of attempts: an Ethernet
/// device waits for a busy channel as long as it takes, only a collision is an attempt. ns-3's
/// 1,000 stand for that.
void
SetAccess(ns3::Ptr<ns3::CsmaNetDevice> device, const ns3::DataRate& rate)
{
    constexpr std::uint32_t kGapBits = 96;
    constexpr std::uint32_t kSlotBits = 512;
    constexpr std::uint32_t kSlotsMin = 1;
    constexpr std::uint32_t kSlotsMax = 1023;
    constexpr std::uint32_t kDoublings = 10;
    constexpr std::uint32_t kAttempts = 1000;
    device->SetInterframeGap(rate.CalculateBitsTxTime(kGapBits));
    device->SetBackoffParams(
        rate.CalculateBitsTxTime(kSlotBits), kSlotsMin, kSlotsMax, kDoublings, kAttempts);
}

} // namespace

HubMedium::HubMedium(const LanNetworkConfig& config)
    : m_config(config)
    , m_channel(ns3::CreateObjectWithAttributes<ns3::CsmaChannel>(
          "DataRate",
          ns3::DataRateValue(RateOf(config.rateMbps)),
          "Delay",
          ns3::TimeValue(Microseconds(kChannelDelayUs))))
{
}

void
HubMedium::Connect(ns3::Ptr<ns3::Node> host, const Seat& seat)
{
    Plug plug;
    const auto device = ns3::CreateObject<HubDevice>();
    device->SetLatency(Microseconds(2 * m_config.latencyUs));
    plug.device = device;
    plug.queue = MakeQueue(m_config.queuePackets);
    AddCsmaDevice(host, device, seat.mac, plug.queue);
    device->Attach(m_channel);
    SetAccess(device, RateOf(m_config.rateMbps));
    if (m_config.loss > 0)
    {
        plug.loss = AddLoss(device, m_config.loss);
    }
    m_counter->CountLost(device);
    m_counter->CountAccess(device);
    m_connections.push_back({device, nullptr});
    m_plugs.push_back(plug);
}

std::int64_t
HubMedium::StreamsPerConnection() const
{
    return 2;
}

void
HubMedium::AssignStreams(std::size_t connection, std::int64_t stream)
{
    const Plug& plug = m_plugs.at(connection);
    plug.device->AssignStreams(stream);
    if (plug.loss)
    {
        plug.loss->AssignStreams(stream + 1);
    }
}

ns3::Time
HubMedium::OneWayTime(std::uint32_t frameBytes) const
{
    return RateOf(m_config.rateMbps).CalculateBytesTxTime(frameBytes) +
           Microseconds(2 * m_config.latencyUs + kChannelDelayUs);
}

analysis::LanCounts
HubMedium::Counts() const
{
    analysis::LanCounts counts;
    for (const Plug& plug : m_plugs)
    {
        counts.frames += FramesFrom(plug.queue);
        counts.queueDrops += plug.queue->GetTotalDroppedPackets();
    }
    counts.frames -= m_counter->GivenUp();
    counts.lost = m_counter->Lost();
    counts.backOffs = m_counter->BackOffs();
    counts.givenUp = m_counter->GivenUp();
    return counts;
}

ns3::Vector
HubMedium::Position(std::size_t connection) const
{
    return PlaceOnCircle(connection, m_connections.size());
}

} // namespace lanpeer::lan
