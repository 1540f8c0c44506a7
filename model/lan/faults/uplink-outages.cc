#include "model/lan/faults/uplink-outages.h"

#include <algorithm>
#include <ns3/error-model.h>
#include <ns3/simulator.h>
#include <utility>

namespace lanpeer::lan
{

/// Loses everything while the line is down. One for both ends.
class UplinkOutages::DeadLine : public ns3::ErrorModel
{
  public:
    void SetDown(bool down)
    {
        m_down = down;
    }

    std::uint64_t Dropped() const
    {
        return m_dropped;
    }

  private:
    bool DoCorrupt(ns3::Ptr<ns3::Packet> /*packet*/) override
    {
        m_dropped += m_down ? 1 : 0;
        return m_down;
    }

    void DoReset() override
    {
    }

    bool m_down = false;
    std::uint64_t m_dropped = 0;
};

UplinkOutages::UplinkOutages(std::vector<FaultPlan::Outage> outages,
                             ns3::Ptr<ns3::PointToPointNetDevice> oneEnd,
                             ns3::Ptr<ns3::PointToPointNetDevice> otherEnd)
    : m_outages(std::move(outages))
    , m_line(ns3::CreateObject<DeadLine>())
{
    oneEnd->SetReceiveErrorModel(m_line);
    otherEnd->SetReceiveErrorModel(m_line);
    for (const FaultPlan::Outage& outage : m_outages)
    {
        for (const bool down : {true, false})
        {
            ns3::Simulator::Schedule(ns3::MicroSeconds(down ? outage.fromUs : outage.toUs),
                                     [line = m_line, down] { line->SetDown(down); });
        }
    }
}

UplinkOutages::~UplinkOutages() = default;

std::uint64_t
UplinkOutages::Dropped() const
{
    return m_line->Dropped();
}

std::int64_t
UplinkOutages::DownUs(std::int64_t untilUs) const
{
    std::int64_t downUs = 0;
    for (const FaultPlan::Outage& outage : m_outages)
    {
        downUs += std::max<std::int64_t>(0, std::min(outage.toUs, untilUs) - outage.fromUs);
    }
    return downUs;
}

} // namespace lanpeer::lan
