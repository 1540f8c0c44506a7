#include "model/lan/update-workload.h"

#include <ns3/simulator.h>
#include <utility>

namespace lanpeer::lan
{

/// One node's trace callbacks; ns-3 binds them to an object.
struct UpdateWorkload::Ear
{
    Ear(UpdateWorkload& newWorkload, std::uint32_t newNode)
        : workload(newWorkload)
        , node(newNode)
    {
    }

    void CheckEnded(const CheckReport& report)
    {
        workload.CheckEnded(report);
    }

    void Installed(const CatalogEntry& entry)
    {
        workload.Installed(node, entry);
    }

    UpdateWorkload& workload;
    std::uint32_t node;
};

UpdateWorkload::UpdateWorkload(UpdatePlan plan,
                               const UpdateConfig& config,
                               const std::string& origin,
                               ns3::Ptr<OriginApplication> server)
    : m_plan(std::move(plan))
    , m_config(config)
    , m_publisher(m_plan, origin, std::move(server))
{
}

UpdateWorkload::~UpdateWorkload() = default;

std::vector<analysis::Resource>
UpdateWorkload::Resources() const
{
    std::vector<analysis::Resource> resources;
    for (std::size_t release = 0; release < m_plan.releases.size(); ++release)
    {
        resources.push_back({m_publisher.UrlOf(release), m_plan.releases[release].bytes});
    }
    return resources;
}

analysis::UpdateRecord&
UpdateWorkload::Record()
{
    return *m_collector->Record().updates;
}

void
UpdateWorkload::Install(const std::vector<ns3::Ptr<PeeringApplication>>& peerings,
                        Collector& collector,
                        std::int64_t firstStream)
{
    m_collector = &collector;
    analysis::UpdateRecord& record = collector.Record().updates.emplace();
    for (std::uint32_t release = 0; release < m_plan.releases.size(); ++release)
    {
        const UpdatePlan::Release& its = m_plan.releases[release];
        m_recorded.push_back(static_cast<std::uint32_t>(record.releases.size()));
        if (its.atUs >= 0)
        {
            record.releases.push_back({its.product, release, its.atUs});
        }
    }
    for (std::uint32_t node = 0; node < peerings.size(); ++node)
    {
        const auto service = ns3::CreateObject<UpdateApplication>();
        service->Config() = m_config;
        service->SetPeering(peerings[node]);
        service->SetPublisher(&m_publisher);
        service->SetNumbering([&collector, node](const std::string& href)
                              { return collector.Asked(node, href); });
        service->AssignStreams(firstStream + node);
        m_ears.push_back(std::make_unique<Ear>(*this, node));
        Ear* ear = m_ears.back().get();
        service->TraceConnectWithoutContext("CheckEnded", ns3::MakeCallback(&Ear::CheckEnded, ear));
        service->TraceConnectWithoutContext("Installed", ns3::MakeCallback(&Ear::Installed, ear));
        peerings[node]->GetNode()->AddApplication(service);
        m_services.push_back(service);
    }
    m_publisher.Start();
    SwitchNodes(peerings);
}

void
UpdateWorkload::SwitchNodes(const std::vector<ns3::Ptr<PeeringApplication>>& peerings)
{
    std::vector<bool> started(peerings.size(), false);
    for (const UpdatePlan::OnPeriod& period : m_plan.on)
    {
        if (period.node >= peerings.size())
        {
            continue;
        }
        Record().on.push_back({period.node, period.fromUs, period.toUs});
        const auto peering = peerings[period.node];
        const auto service = m_services[period.node];
        if (!started[period.node])
        {
            started[period.node] = true;
            peering->SetStartTime(ns3::MicroSeconds(period.fromUs));
            service->SetStartTime(ns3::MicroSeconds(period.fromUs));
        }
        else
        {
            ns3::Simulator::Schedule(ns3::MicroSeconds(period.fromUs),
                                     [peering, service]
                                     {
                                         peering->SwitchOn();
                                         service->SwitchOn();
                                     });
        }
        if (period.toUs < m_plan.endUs)
        {
            ns3::Simulator::Schedule(ns3::MicroSeconds(period.toUs),
                                     [peering, service]
                                     {
                                         peering->SwitchOff();
                                         service->SwitchOff();
                                     });
        }
    }
    for (std::size_t node = 0; node < peerings.size(); ++node)
    {
        if (!started[node])
        {
            peerings[node]->SetStartTime(ns3::MicroSeconds(m_plan.endUs));
            m_services[node]->SetStartTime(ns3::MicroSeconds(m_plan.endUs));
        }
    }
}

void
UpdateWorkload::CheckEnded(const CheckReport& report)
{
    std::string outcome(ToString(report.outcome));
    if (report.outcome == CheckOutcome::Failed)
    {
        outcome += ": " + std::string(ToString(report.reason));
    }
    ++Record().checks[outcome];
}

void
UpdateWorkload::Installed(std::uint32_t node, const CatalogEntry& entry)
{
    const std::size_t release = m_publisher.ReleaseOf(entry.product, entry.version);
    Record().installations.push_back(
        {node, m_recorded[release], ns3::Simulator::Now().GetMicroSeconds()});
}

} // namespace lanpeer::lan
