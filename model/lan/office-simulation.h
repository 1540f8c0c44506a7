#pragma once

#include "analysis/run-record.h"
#include "model/lan/adversaries/hostile-team.h"
#include "model/lan/asking-workload.h"
#include "model/lan/caching-proxy.h"
#include "model/lan/collector.h"
#include "model/lan/lan-network.h"
#include "model/lan/office-faults.h"
#include "model/lan/origin-application.h"
#include "model/lan/peering-application.h"
#include "model/lan/update-workload.h"
#include "model/network/asker.h"
#include "model/network/fault-plan.h"
#include "model/protocol/parameters.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::lan
{

/// One run of one policy: an office that updates itself.
struct OfficeConfig
{
    struct Resource
    {
        std::string name; ///< the last part of its URL
        std::uint64_t bytes = 0;
        std::uint32_t round = 0; ///< of several updates in a row, the one that it belongs to
    };

    using Asker = lan::Asker;

    std::string scenario;
    std::string policy;
    std::uint64_t seed = 1;
    std::uint64_t run = 1;
    LanNetworkConfig network;
    PeeringConfig protocol = PeeringConfig::Defaults();
    std::vector<Resource> resources;
    std::uint32_t holders = 0; ///< the lowest indices hold everything at the start

    /// Who asks when. Given a source of uniform numbers in [0, 1) with a stream of its own, so that
    /// a run number means the same arrivals under every policy.
    std::function<std::vector<Asker>(const std::function<double()>& uniform)> askers;

    /// What goes wrong; none: nothing. Given a source of uniform numbers in [0, 1) with a stream of
    /// its own for each part of the plan, so that one fault draws the same with another and
    /// without.
    std::function<FaultPlan(const std::function<double(std::uint32_t part)>& uniform)> faults;

    /// Of nodes that keep themselves up to date: then `resources`, `holders` and `askers` say
    /// nothing, and the run ends when the plan says so.
    struct Updates
    {
        UpdateConfig service = UpdateConfig::Defaults();
        /// Given uniform numbers as `askers` is.
        std::function<UpdatePlan(const std::function<double()>& uniform)> plan;
    };
    std::optional<Updates> updates;

    /// A caching proxy at the gateway, through which every node reaches the Internet, those without
    /// access of their own too: it is on the LAN.
    struct Proxy
    {
        bool collapse = true; ///< concurrent requests for one URL share one transfer
    };
    std::optional<Proxy> proxy;

    /// Hostile nodes: the highest indices, that neither hold nor ask, nor keep themselves up to
    /// date. With `updates` a hostile gateway sends on the first catalog for ever (T5).
    AdversaryConfig adversaries;

    /// Given every line of all nodes' tapes, in the order of time; may throw, out of Run(). A line
    /// starts with `{"node":I,` and ends with a newline.
    std::function<void(std::string_view line)> tape;
};

/// Builds the network, the origin, a peering service on every node and the workload; runs until
/// every request has ended and what is still under way has arrived, or until the plan of updates
/// ends. One per process (R-SIM-9).
class OfficeSimulation
{
  public:
    /// Seeds ns-3 and builds everything. Throws std::invalid_argument as LanNetwork does.
    explicit OfficeSimulation(const OfficeConfig& config);
    ~OfficeSimulation();
    OfficeSimulation(const OfficeSimulation&) = delete;
    OfficeSimulation& operator=(const OfficeSimulation&) = delete;

    LanNetwork& Network()
    {
        return *m_network;
    }

    PeeringApplication& Application(std::uint32_t node)
    {
        return *m_applications[node];
    }

    const PeeringApplication& Application(std::uint32_t node) const
    {
        return *m_applications[node];
    }

    Collector& Measurements()
    {
        return *m_collector;
    }

    std::string Href(std::uint32_t resource) const;

    /// Lets a node ask for a resource now.
    void Ask(std::uint32_t node, std::uint32_t resource);

    /// Told of requests ended and requests in all, each time one ends; or of days over and days in
    /// all, of nodes that keep themselves up to date.
    void SetProgress(std::function<void(std::size_t ended, std::size_t all)> progress)
    {
        m_progress = std::move(progress);
    }

    /// Runs. May be called once.
    analysis::RunRecord Run();

  private:
    void PlanFaults();
    void BuildNetwork();
    void InstallProxy();
    void InstallAdversaries();
    void InstallServices();
    void InstallFaults();
    void PlanWorkload();
    void DrawAskers();
    void PlanDays();
    std::vector<analysis::Resource> PublishResources();
    std::vector<analysis::Resource> PlanUpdates();
    void StopWhenDone();

    OfficeConfig m_config;
    std::unique_ptr<LanNetwork> m_network;
    ns3::Ptr<OriginApplication> m_origin;
    ns3::Ptr<CachingProxy> m_proxy;         ///< if there is one
    std::unique_ptr<HostileTeam> m_hostile; ///< if somebody is
    std::vector<ns3::Ptr<PeeringApplication>> m_applications;
    std::unique_ptr<Collector> m_collector;
    std::unique_ptr<UpdateWorkload> m_updates;
    std::optional<FaultPlan> m_faultPlan;
    std::unique_ptr<AskingWorkload> m_workload;
    std::unique_ptr<OfficeFaults> m_faults;
    std::vector<Digest> m_digests; ///< by resource: what every request's verifier asks for
    std::function<void(std::size_t, std::size_t)> m_progress;
    std::vector<OfficeConfig::Asker> m_askers;
    std::int64_t m_laterUs = 0; ///< than planned everything is, for who is slow to join the LAN
    std::chrono::steady_clock::time_point m_begun;
};

} // namespace lanpeer::lan
