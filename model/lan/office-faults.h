#pragma once

#include "analysis/fault-record.h"
#include "model/lan/asking-workload.h"
#include "model/lan/faults/broadcast-limit.h"
#include "model/lan/faults/host-links.h"
#include "model/lan/faults/uplink-outages.h"
#include "model/lan/lan-network.h"
#include "model/network/fault-plan.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace lanpeer::lan
{

/// What goes wrong in an office, as its plan says (R-SIM-5): on links, in the switch, on the uplink
/// and in machines.
class OfficeFaults
{
  public:
    /// To be made when the nodes have their applications and before the simulation runs, and to
    /// outlive it. The network must have been built with `wholeBroadcastPath` if HasLinkFaults().
    /// \param firstStream of the links' streams
    OfficeFaults(FaultPlan plan,
                 LanNetwork& network,
                 const std::vector<ns3::Ptr<PeeringApplication>>& applications,
                 AskingWorkload& workload,
                 std::int64_t firstStream);
    ~OfficeFaults();
    OfficeFaults(const OfficeFaults&) = delete;
    OfficeFaults& operator=(const OfficeFaults&) = delete;

    /// What has happened until now.
    analysis::FaultRecord Record() const;

  private:
    void InstallOnLinks(LanNetwork& network, std::int64_t firstStream);
    void InstallInSwitches();

    FaultPlan m_plan;
    const AskingWorkload& m_workload;
    std::unique_ptr<HostLinks> m_links;
    std::unique_ptr<UplinkOutages> m_outages;
    std::vector<ns3::Ptr<BroadcastLimit>> m_limits; ///< of each switch
};

} // namespace lanpeer::lan
