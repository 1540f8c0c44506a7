#pragma once

#include <ns3/rtt-estimator.h>

namespace lanpeer::lan
{

/// The round-trip estimator of a host behind a slow line: ns-3's own, but the retransmission
/// time-out that follows from it never falls below the time that a segment may take on that line.
///
/// Ten segments of the initial window take 2.5 s on a modem, and the time-out after the handshake
/// is 0.3 s. Linux sees that such a time-out was early (F-RTO, Eifel) and undoes it. ns-3 has
/// neither: it sends the whole window again, takes no samples of what it sent twice, and goes on
/// like that. Two transfers on one modem then carry every byte twice.
class UplinkRtt : public ns3::RttMeanDeviation
{
  public:
    static ns3::TypeId GetTypeId();
    ns3::TypeId GetInstanceTypeId() const override;

    void Measurement(ns3::Time roundTrip) override;
    ns3::Ptr<ns3::RttEstimator> Copy() const override;
    void Reset() override;

  private:
    ns3::Time m_leastTimeout;
    ns3::Time m_measuredVariation; ///< what the variation would be by itself
};

} // namespace lanpeer::lan
