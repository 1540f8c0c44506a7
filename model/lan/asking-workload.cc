#include "model/lan/asking-workload.h"

#include <algorithm>
#include <ns3/simulator.h>
#include <numeric>
#include <utility>

namespace lanpeer::lan
{

AskingWorkload::AskingWorkload(const std::vector<ns3::Ptr<PeeringApplication>>& applications,
                               Collector& collector,
                               Ask ask,
                               Held held,
                               std::function<void()> changed)
    : m_applications(applications)
    , m_collector(collector)
    , m_ask(std::move(ask))
    , m_held(std::move(held))
    , m_changed(std::move(changed))
    , m_machines(applications.size())
{
}

void
AskingWorkload::Plan(const std::vector<Asker>& askers, std::uint32_t resources)
{
    std::vector<std::uint32_t> every(resources);
    std::iota(every.begin(), every.end(), 0);
    for (const Asker& asker : askers)
    {
        const auto& wanted = asker.resources.empty() ? every : asker.resources;
        m_planned += wanted.size();
        ns3::Simulator::Schedule(ns3::MicroSeconds(asker.atUs),
                                 [this, node = asker.node, wanted] { AskNow(node, wanted); });
        if (asker.away)
        {
            PlanAbsence(asker.node, asker.away->fromUs, asker.away->toUs, m_leaves);
        }
    }
}

void
AskingWorkload::PlanCrash(std::uint32_t node, std::int64_t fromUs, std::optional<std::int64_t> toUs)
{
    PlanAbsence(node, fromUs, toUs, m_crashes);
}

void
AskingWorkload::PlanAbsence(std::uint32_t node,
                            std::int64_t fromUs,
                            std::optional<std::int64_t> toUs,
                            std::uint64_t& counter)
{
    ns3::Simulator::Schedule(ns3::MicroSeconds(fromUs),
                             [this, node, forGood = !toUs.has_value(), &counter]
                             {
                                 counter += m_machines[node].offFor == 0 ? 1 : 0;
                                 Off(node, forGood);
                             });
    if (toUs)
    {
        ns3::Simulator::Schedule(ns3::MicroSeconds(*toUs), [this, node] { On(node); });
    }
}

std::size_t
AskingWorkload::ToCome() const
{
    std::size_t toCome = m_planned - m_due;
    for (const Machine& machine : m_machines)
    {
        toCome += machine.forGood ? 0 : machine.owed.size();
    }
    return toCome;
}

void
AskingWorkload::AskNow(std::uint32_t node, const std::vector<std::uint32_t>& resources)
{
    Machine& machine = m_machines[node];
    for (const std::uint32_t resource : resources)
    {
        // One by one: a request may end before the next is made, and that is not all then.
        ++m_due;
        if (machine.offFor > 0)
        {
            Owe(machine, resource);
        }
        else
        {
            AskUnlessAsked(node, resource);
        }
    }
    if (machine.offFor > 0)
    {
        m_changed();
    }
}

/// One that joins a running one is no request of its own (R-CLI-7).
void
AskingWorkload::AskUnlessAsked(std::uint32_t node, std::uint32_t resource)
{
    if (!m_collector.IsAsking(node, resource))
    {
        m_ask(node, resource);
    }
}

void
AskingWorkload::Owe(Machine& machine, std::uint32_t resource)
{
    if (std::find(machine.owed.begin(), machine.owed.end(), resource) == machine.owed.end())
    {
        machine.owed.push_back(resource);
    }
}

void
AskingWorkload::Off(std::uint32_t node, bool forGood)
{
    Machine& machine = m_machines[node];
    machine.forGood = machine.forGood || forGood;
    if (machine.offFor++ == 0)
    {
        m_applications[node]->SwitchOff();
        machine.owed = m_collector.LosePower(node);
        m_requestsLost += machine.owed.size();
    }
    m_changed();
}

void
AskingWorkload::On(std::uint32_t node)
{
    Machine& machine = m_machines[node];
    if (--machine.offFor > 0)
    {
        return;
    }
    m_applications[node]->SwitchOn();
    while (!machine.owed.empty())
    {
        const std::uint32_t resource = machine.owed.front();
        machine.owed.erase(machine.owed.begin());
        if (!m_held(node, resource))
        {
            AskUnlessAsked(node, resource);
        }
    }
    m_changed();
}

} // namespace lanpeer::lan
