#pragma once

#include "analysis/run-record.h"
#include "model/lan/collector.h"
#include "model/lan/publisher.h"
#include "model/lan/update-application.h"
#include "model/network/update-plan.h"
#include "model/protocol/update/update-parameters.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace lanpeer::lan
{

/// The workload of an office that keeps itself up to date (R-SIM-4): a publisher that releases, an
/// update service on every node, and nodes that are switched on and off as the plan says. The rest
/// is up to them. Writes the RunRecord's `updates`.
class UpdateWorkload
{
  public:
    /// \param origin its URL without a path
    UpdateWorkload(UpdatePlan plan,
                   const UpdateConfig& config,
                   const std::string& origin,
                   ns3::Ptr<OriginApplication> server);
    ~UpdateWorkload();
    UpdateWorkload(const UpdateWorkload&) = delete;
    UpdateWorkload& operator=(const UpdateWorkload&) = delete;

    /// What may be asked for: one per release of the plan, in its order.
    std::vector<analysis::Resource> Resources() const;

    /// Nobody sees another catalog than the first (Publisher::Freeze()). Before Install().
    void Freeze()
    {
        m_publisher.Freeze();
    }

    /// Puts an update service beside the peering service of each of these nodes; the nodes after
    /// them are nobody's business. To be called once, before
    /// the simulation runs; the collector and the applications must outlive this.
    /// \param firstStream of the services' streams, one per node
    void Install(const std::vector<ns3::Ptr<PeeringApplication>>& peerings,
                 Collector& collector,
                 std::int64_t firstStream);

    /// What is not to be cached.
    std::string CatalogUrl() const
    {
        return m_publisher.CatalogUrl();
    }

    /// When the run is over.
    std::int64_t EndUs() const
    {
        return m_plan.endUs;
    }

  private:
    struct Ear;

    void SwitchNodes(const std::vector<ns3::Ptr<PeeringApplication>>& peerings);
    void CheckEnded(const CheckReport& report);
    void Installed(std::uint32_t node, const CatalogEntry& entry);
    analysis::UpdateRecord& Record();

    UpdatePlan m_plan;
    UpdateConfig m_config;
    Publisher m_publisher;
    Collector* m_collector = nullptr;
    std::vector<ns3::Ptr<UpdateApplication>> m_services;
    std::vector<std::unique_ptr<Ear>> m_ears;
    std::vector<std::uint32_t> m_recorded; ///< by release of the plan: its index in the record
};

} // namespace lanpeer::lan
