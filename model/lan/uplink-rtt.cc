#include "model/lan/uplink-rtt.h"

#include <algorithm>

namespace lanpeer::lan
{

NS_OBJECT_ENSURE_REGISTERED(UplinkRtt);

ns3::TypeId
UplinkRtt::GetTypeId()
{
    static ns3::TypeId tid = ns3::TypeId("lanpeer::lan::UplinkRtt")
                                 .SetParent<ns3::RttMeanDeviation>()
                                 .SetGroupName("LanPeer")
                                 .AddConstructor<UplinkRtt>()
                                 .AddAttribute("LeastTimeout",
                                               "The retransmission time-out is this long at least",
                                               ns3::TimeValue(ns3::Seconds(1)),
                                               ns3::MakeTimeAccessor(&UplinkRtt::m_leastTimeout),
                                               ns3::MakeTimeChecker(ns3::Time(0)));
    return tid;
}

ns3::TypeId
UplinkRtt::GetInstanceTypeId() const
{
    return GetTypeId();
}

void
UplinkRtt::Measurement(ns3::Time roundTrip)
{
    m_estimatedVariation = m_measuredVariation;
    RttMeanDeviation::Measurement(roundTrip);
    m_measuredVariation = m_estimatedVariation;
    // The time-out is the estimate and four variations.
    m_estimatedVariation =
        std::max(m_estimatedVariation, (m_leastTimeout - m_estimatedRtt) / std::int64_t{4});
}

ns3::Ptr<ns3::RttEstimator>
UplinkRtt::Copy() const
{
    return ns3::CopyObject<UplinkRtt>(this);
}

void
UplinkRtt::Reset()
{
    RttMeanDeviation::Reset();
    m_measuredVariation = ns3::Time(0);
}

} // namespace lanpeer::lan
