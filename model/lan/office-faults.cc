#include "model/lan/office-faults.h"

#include "model/lan/lan-switch.h"

#include <algorithm>
#include <ns3/boolean.h>
#include <ns3/global-value.h>
#include <ns3/node-list.h>
#include <ns3/simulator.h>
#include <set>
#include <utility>

namespace lanpeer::lan
{

OfficeFaults::OfficeFaults(FaultPlan plan,
                           LanNetwork& network,
                           const std::vector<ns3::Ptr<PeeringApplication>>& applications,
                           AskingWorkload& workload,
                           std::int64_t firstStream)
    : m_plan(std::move(plan))
    , m_workload(workload)
{
    if (HasLinkFaults(m_plan))
    {
        InstallOnLinks(network, firstStream);
    }
    if (m_plan.stormControlPps)
    {
        InstallInSwitches();
    }
    if (!m_plan.uplinkDown.empty())
    {
        m_outages = std::make_unique<UplinkOutages>(
            m_plan.uplinkDown, network.UplinkAtGateway(), network.UplinkAtOrigin());
    }
    for (const std::uint32_t node : m_plan.fullDisks)
    {
        applications[node]->FillDisk();
    }
    for (const FaultPlan::Crash& crash : m_plan.crashes)
    {
        workload.PlanCrash(crash.node, crash.atUs, crash.backAtUs);
    }
}

OfficeFaults::~OfficeFaults() = default;

void
OfficeFaults::InstallOnLinks(LanNetwork& network, std::int64_t firstStream)
{
    if (m_plan.links.corruption > 0)
    {
        // What an altered byte does, the real sums of IP, UDP and TCP decide.
        ns3::GlobalValue::Bind("ChecksumEnabled", ns3::BooleanValue(true));
    }
    std::set<ns3::Ipv4Address> mute;
    for (const std::uint32_t node : m_plan.mute)
    {
        mute.insert(network.Address(node));
        if (const auto second = network.Addresses().SecondSeat(node))
        {
            mute.insert(second->address);
        }
    }
    m_links = std::make_unique<HostLinks>(m_plan.links, std::move(mute));
    // The gateway first: a node's streams do not depend on how many there are.
    m_links->Attach(network.Gateway(), false);
    for (std::uint32_t node = 0; node < network.Config().nodes; ++node)
    {
        const bool deaf =
            std::find(m_plan.deaf.begin(), m_plan.deaf.end(), node) != m_plan.deaf.end();
        m_links->Attach(network.Node(node), deaf);
    }
    m_links->AssignStreams(firstStream);
}

void
OfficeFaults::InstallInSwitches()
{
    for (std::uint32_t i = 0; i < ns3::NodeList::GetNNodes(); ++i)
    {
        const auto node = ns3::NodeList::GetNode(i);
        for (std::uint32_t device = 0; device < node->GetNDevices(); ++device)
        {
            if (const auto lanSwitch = ns3::DynamicCast<LanSwitch>(node->GetDevice(device)))
            {
                m_limits.push_back(ns3::Create<BroadcastLimit>(*m_plan.stormControlPps));
                lanSwitch->Limit(m_limits.back());
            }
        }
    }
}

analysis::FaultRecord
OfficeFaults::Record() const
{
    analysis::FaultRecord record;
    if (m_links)
    {
        const LinkFaultCounts& counts = m_links->Counts();
        record.duplicated = counts.duplicated;
        record.reordered = counts.reordered;
        record.corrupted = counts.corrupted;
        record.corruptedDelivered = counts.corruptedDelivered;
        record.unheard = counts.unheard;
    }
    for (const auto& limit : m_limits)
    {
        record.stormDropped += limit->Dropped();
    }
    if (m_outages)
    {
        record.uplinkDropped = m_outages->Dropped();
        record.uplinkDownUs = m_outages->DownUs(ns3::Simulator::Now().GetMicroSeconds());
    }
    record.fullDisks = m_plan.fullDisks.size();
    record.crashes = m_workload.Crashes();
    record.leaves = m_workload.Leaves();
    record.requestsLost = m_workload.RequestsLost();
    return record;
}

} // namespace lanpeer::lan
