#pragma once

#include "model/network/fault-plan.h"

#include <cstdint>
#include <memory>
#include <ns3/point-to-point-net-device.h>
#include <vector>

namespace lanpeer::lan
{

/// An uplink that goes down and comes back (key `faults.uplink_down`, R-SIM-3, R-SIM-5): while it
/// is down, what is sent into it at either end is lost, and so is what was on the line. Neither end
/// is told; connections over it survive or die as TCP has it.
class UplinkOutages
{
  public:
    /// To be made before the simulation runs, and to outlive it. The ends must have no receive
    /// error model.
    UplinkOutages(std::vector<FaultPlan::Outage> outages,
                  ns3::Ptr<ns3::PointToPointNetDevice> oneEnd,
                  ns3::Ptr<ns3::PointToPointNetDevice> otherEnd);
    ~UplinkOutages();
    UplinkOutages(const UplinkOutages&) = delete;
    UplinkOutages& operator=(const UplinkOutages&) = delete;

    /// Packets lost so far, of both directions.
    std::uint64_t Dropped() const;

    /// For how long it was down until that instant.
    std::int64_t DownUs(std::int64_t untilUs) const;

  private:
    class DeadLine;

    std::vector<FaultPlan::Outage> m_outages;
    ns3::Ptr<DeadLine> m_line;
};

} // namespace lanpeer::lan
