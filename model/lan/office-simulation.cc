#include "model/lan/office-simulation.h"

#include "model/lan/ns3-defaults.h"
#include "model/lan/peer-address.h"
#include "model/lan/peering-helper.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ns3/random-variable-stream.h>
#include <ns3/rng-seed-manager.h>
#include <ns3/simulator.h>
#include <utility>

namespace lanpeer::lan
{

namespace
{

// Who draws from which of ns-3's streams (R-SIM-9). Far apart, so that none depends on how many
// another takes, nor on the policy.
constexpr std::int64_t kWorkloadStream = 0;
constexpr std::int64_t kNetworkStreams = 1000;
constexpr std::int64_t kServiceStreams = 100'000'000;
constexpr std::int64_t kUpdateStreams = 200'000'000;
constexpr std::int64_t kHostileStreams = 300'000'000;
constexpr std::int64_t kFaultStreams = 400'000'000; // a stream for each part of the plan
constexpr std::int64_t kLinkFaultStreams = 401'000'000;

/// The content that the origin has published is the first.
constexpr std::uint32_t kRevision = 1;

/// Beyond a client's wait everything under way has arrived; a little more for the slowest links.
constexpr std::uint64_t kSettleMs = 1000;

/// The content that whoever is hostile puts in its place: another of the same size.
constexpr std::uint32_t kAlteredRevision = 0;

constexpr std::int64_t kDayUs = 24LL * 3600 * 1'000'000;

/// Uniform numbers in [0, 1) from the workload's stream. To be called once in a run.
std::function<double()>
WorkloadDraws()
{
    const auto draws = ns3::CreateObject<ns3::UniformRandomVariable>();
    draws->SetStream(kWorkloadStream);
    return [draws]
    {
        return draws->GetValue(0.0, 1.0);
    };
}

} // namespace

OfficeSimulation::OfficeSimulation(const OfficeConfig& config)
    : m_config(config)
    , m_begun(std::chrono::steady_clock::now())
{
    ns3::RngSeedManager::SetSeed(static_cast<std::uint32_t>(m_config.seed));
    ns3::RngSeedManager::SetRun(m_config.run);
    PlanFaults();
    BuildNetwork();
    InstallProxy();
    InstallServices();
    InstallAdversaries();
    DrawAskers();
    InstallFaults();
    PlanWorkload();
}

OfficeSimulation::~OfficeSimulation()
{
    m_faults.reset();
    m_applications.clear();
    m_hostile.reset();
    m_origin = nullptr;
    m_proxy = nullptr;
    ns3::Simulator::Destroy();
}

std::string
OfficeSimulation::Href(std::uint32_t resource) const
{
    return "http://" + TextOf(m_network->OriginAddress()) + "/" + m_config.resources[resource].name;
}

void
OfficeSimulation::PlanFaults()
{
    if (!m_config.faults)
    {
        return;
    }
    std::map<std::uint32_t, ns3::Ptr<ns3::UniformRandomVariable>> streams;
    m_faultPlan = m_config.faults(
        [&streams](std::uint32_t part)
        {
            ns3::Ptr<ns3::UniformRandomVariable>& draws = streams[part];
            if (!draws)
            {
                draws = ns3::CreateObject<ns3::UniformRandomVariable>();
                draws->SetStream(kFaultStreams + part);
            }
            return draws->GetValue(0.0, 1.0);
        });
    m_config.network.wholeBroadcastPath =
        m_config.network.wholeBroadcastPath || HasLinkFaults(*m_faultPlan);
}

void
OfficeSimulation::BuildNetwork()
{
    ConfigureSimulator();
    m_network = std::make_unique<LanNetwork>(m_config.network);
    m_network->AssignStreams(kNetworkStreams);

    m_origin = ns3::CreateObject<OriginApplication>();
    m_network->Origin()->AddApplication(m_origin);
    m_collector = std::make_unique<Collector>(
        m_config.network.nodes, m_config.updates ? PlanUpdates() : PublishResources());
    if (!m_config.updates)
    {
        m_collector->SetRequestEnded([this] { StopWhenDone(); });
    }
}

std::vector<analysis::Resource>
OfficeSimulation::PublishResources()
{
    std::vector<analysis::Resource> resources;
    for (std::uint32_t i = 0; i < m_config.resources.size(); ++i)
    {
        const OfficeConfig::Resource& resource = m_config.resources[i];
        const std::string descriptor = ContentDescriptor(resource.name, resource.bytes, kRevision);
        // Who has the gateway sends on another body than the origin's (L19).
        m_origin->Publish("/" + resource.name,
                          resource.bytes,
                          m_config.adversaries.gateway
                              ? ContentDescriptor(resource.name, resource.bytes, kAlteredRevision)
                              : descriptor);
        m_digests.push_back(DigestOf(descriptor));
        resources.push_back({Href(i), resource.bytes, resource.round});
    }
    return resources;
}

std::vector<analysis::Resource>
OfficeSimulation::PlanUpdates()
{
    m_updates = std::make_unique<UpdateWorkload>(m_config.updates->plan(WorkloadDraws()),
                                                 m_config.updates->service,
                                                 "http://" + TextOf(m_network->OriginAddress()),
                                                 m_origin);
    if (m_config.adversaries.gateway)
    {
        m_updates->Freeze();
    }
    return m_updates->Resources();
}

void
OfficeSimulation::InstallProxy()
{
    if (!m_config.proxy)
    {
        return;
    }
    m_proxy = ns3::CreateObject<CachingProxy>();
    m_proxy->SetCollapse(m_config.proxy->collapse);
    m_proxy->SetStall(ns3::MilliSeconds(m_config.protocol.internetStallMs));
    if (m_updates)
    {
        m_proxy->SetUncacheable([catalog = m_updates->CatalogUrl()](const std::string& href)
                                { return href == catalog; });
    }
    m_network->Gateway()->AddApplication(m_proxy);
    m_collector->Attach(m_proxy);
}

void
OfficeSimulation::InstallServices()
{
    PeeringConfig protocol = m_config.protocol;
    protocol.helperOrigins = {"http://" + TextOf(m_network->OriginAddress())};
    PeeringHelper helper;
    const std::uint32_t hostile = HostileTeam::First(m_config.network.nodes, m_config.adversaries);
    for (std::uint32_t node = 0; node < m_config.network.nodes; ++node)
    {
        // A hostile node's own service is dumb, so that indices are the same for all.
        protocol.peering = m_config.protocol.peering && node < hostile;
        protocol.internetAccess = m_proxy || m_config.network.HasInternet(node);
        helper.SetConfig(protocol);
        const auto application = helper.Install(m_network->Node(node));
        application->AssignStreams(kServiceStreams + 2 * static_cast<std::int64_t>(node));
        m_collector->Attach(node, application);
        if (m_proxy)
        {
            application->SetProxy({m_network->Addresses().Gateway(), CachingProxy::kPort});
        }
        if (m_config.tape)
        {
            application->SetTape(
                [this, node](std::string_view line)
                { m_config.tape(fmt::format("{{\"node\":{},{}\n", node, line.substr(1))); });
        }
        for (std::uint32_t i = 0; node < m_config.holders && i < m_config.resources.size(); ++i)
        {
            const OfficeConfig::Resource& resource = m_config.resources[i];
            application->Offer(Href(i),
                               resource.bytes,
                               ContentDescriptor(resource.name, resource.bytes, kRevision));
        }
        m_applications.push_back(application);
    }
}

void
OfficeSimulation::InstallAdversaries()
{
    const AdversaryConfig& adversaries = m_config.adversaries;
    if (adversaries.count == 0 && !adversaries.gateway)
    {
        return;
    }
    HostileKnowledge knowledge;
    knowledge.config = adversaries;
    knowledge.responseDelayMs = m_config.protocol.responseDelayMs;
    knowledge.servicePort = static_cast<std::uint16_t>(m_config.protocol.servicePort);
    knowledge.httpPort = static_cast<std::uint16_t>(m_config.protocol.httpPort);
    std::vector<std::string> contents;
    for (const analysis::Resource& resource : m_collector->Record().resources)
    {
        const std::string name = resource.href.substr(resource.href.rfind('/') + 1);
        contents.push_back(ContentDescriptor(name, resource.bytes, kRevision));
        knowledge.resources.push_back({resource.href,
                                       resource.bytes,
                                       ContentDescriptor(name, resource.bytes, kAlteredRevision)});
    }
    const std::uint32_t first = HostileTeam::First(m_config.network.nodes, adversaries);
    knowledge.victim = m_network->Address(first - 1);
    m_hostile = std::make_unique<HostileTeam>(*m_network, knowledge, kHostileStreams);
    m_collector->SetWatch(
        {m_config.network.nodes, first, std::move(contents), m_config.protocol.broadcastIHave});
}

void
OfficeSimulation::InstallFaults()
{
    m_workload = std::make_unique<AskingWorkload>(
        m_applications,
        *m_collector,
        [this](std::uint32_t node, std::uint32_t resource) { Ask(node, resource); },
        [this](std::uint32_t node, std::uint32_t resource)
        { return m_applications[node]->Held(Href(resource)).has_value(); },
        [this] { StopWhenDone(); });
    if (m_faultPlan)
    {
        Postpone(*m_faultPlan, m_laterUs);
        m_faults = std::make_unique<OfficeFaults>(
            *m_faultPlan, *m_network, m_applications, *m_workload, kLinkFaultStreams);
    }
}

void
OfficeSimulation::PlanWorkload()
{
    if (m_updates)
    {
        const std::uint32_t honest =
            HostileTeam::First(m_config.network.nodes, m_config.adversaries);
        m_updates->Install({m_applications.begin(), m_applications.begin() + honest},
                           *m_collector,
                           kUpdateStreams);
        ns3::Simulator::Stop(ns3::MicroSeconds(m_updates->EndUs()));
        PlanDays();
        return;
    }
    if (!m_config.askers)
    {
        return;
    }
    m_workload->Plan(m_askers, static_cast<std::uint32_t>(m_config.resources.size()));
    if (m_workload->Planned() == 0)
    {
        ns3::Simulator::ScheduleNow(&OfficeSimulation::StopWhenDone, this); // nobody else would
    }
}

/// If somebody would ask before everyone is on the LAN, all that is planned is so much later.
void
OfficeSimulation::DrawAskers()
{
    if (m_updates || !m_config.askers)
    {
        return;
    }
    m_askers = m_config.askers(WorkloadDraws());
    const std::int64_t readyUs = m_network->ReadyAt().GetMicroSeconds();
    for (const OfficeConfig::Asker& asker : m_askers)
    {
        m_laterUs = std::max(m_laterUs, readyUs - asker.atUs);
    }
    for (OfficeConfig::Asker& asker : m_askers)
    {
        Postpone(asker, m_laterUs);
    }
}

/// Says each day that it is over.
void
OfficeSimulation::PlanDays()
{
    const std::int64_t days = m_updates->EndUs() / kDayUs;
    for (std::int64_t day = 1; day <= days; ++day)
    {
        ns3::Simulator::Schedule(ns3::MicroSeconds(day * kDayUs),
                                 [this, day, days]
                                 {
                                     if (m_progress)
                                     {
                                         m_progress(static_cast<std::size_t>(day),
                                                    static_cast<std::size_t>(days));
                                     }
                                 });
    }
}

void
OfficeSimulation::Ask(std::uint32_t node, std::uint32_t resource)
{
    const AppRequestId request = m_collector->Asked(node, resource);
    m_applications[node]->Ask(request, Href(resource), m_digests[resource]);
}

void
OfficeSimulation::StopWhenDone()
{
    const std::size_t asked = m_collector->Record().requests.size();
    const std::size_t ended = asked - m_collector->Running();
    if (m_progress)
    {
        m_progress(std::min(ended, m_workload->Planned()), m_workload->Planned());
    }
    if (ended == asked && m_workload->ToCome() == 0)
    {
        ns3::Simulator::Stop(ns3::MilliSeconds(m_config.protocol.ClientWaitMs() + kSettleMs));
    }
}

analysis::RunRecord
OfficeSimulation::Run()
{
    ns3::Simulator::Run();
    for (const auto& application : m_applications)
    {
        application->FlushTransfers();
    }
    if (m_proxy)
    {
        m_proxy->FlushTransfers();
    }
    analysis::RunRecord& record = m_collector->Record();
    record.scenario = m_config.scenario;
    record.policy = m_config.policy;
    record.seed = m_config.seed;
    record.run = m_config.run;
    record.lan = m_network->Counts();
    if (m_hostile)
    {
        record.adversaries = m_collector->Watch()->Record();
        m_hostile->WriteTo(*record.adversaries);
    }
    record.proxy = m_proxy ? std::optional(m_proxy->Counts()) : std::nullopt;
    record.uplinkBytes = m_network->UplinkBytesDown();
    if (m_faults)
    {
        record.faults = m_faults->Record();
    }
    record.simulatedUs = ns3::Simulator::Now().GetMicroSeconds();
    record.events = ns3::Simulator::GetEventCount();
    if (!m_config.protocol.peering)
    {
        for (analysis::Request& request : record.requests)
        {
            request.sourceChosenAtUs = request.askedAtUs; // there is no choice (`direct`: 0)
        }
    }
    record.wallUs = std::chrono::duration_cast<std::chrono::microseconds>(
                        std::chrono::steady_clock::now() - m_begun)
                        .count();
    return record;
}

} // namespace lanpeer::lan
