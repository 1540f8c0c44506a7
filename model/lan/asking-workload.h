#pragma once

#include "model/lan/collector.h"
#include "model/lan/peering-application.h"
#include "model/network/asker.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace lanpeer::lan
{

/// The applications of an office's nodes, which ask when they should, and the power of its machines
/// (R-SIM-4, R-SIM-5). A node that is off asks for nothing; what it should have asked for
/// meanwhile, and what it had asked for and not got, it asks for when it is back. Those are
/// requests of their own: one that the power was lost over never ends.
class AskingWorkload
{
  public:
    using Ask = std::function<void(std::uint32_t node, std::uint32_t resource)>;
    using Held = std::function<bool(std::uint32_t node, std::uint32_t resource)>;

    /// \param ask lets a node that is on ask for a resource now
    /// \param held whether a node holds it whole
    /// \param changed told when a request is lost, or what was to come has come
    AskingWorkload(const std::vector<ns3::Ptr<PeeringApplication>>& applications,
                   Collector& collector,
                   Ask ask,
                   Held held,
                   std::function<void()> changed);

    /// \param resources how many there are
    void Plan(const std::vector<Asker>& askers, std::uint32_t resources);

    /// A machine without power for that time, for good if it has no end. Of times that overlap the
    /// node is back when all are over.
    void PlanCrash(std::uint32_t node, std::int64_t fromUs, std::optional<std::int64_t> toUs);

    /// Requests that the plan has in all, those asked again not counted.
    std::size_t Planned() const
    {
        return m_planned;
    }

    /// Requests that are still to be asked: the plan's, and those of nodes that will be back.
    std::size_t ToCome() const;

    std::uint64_t Crashes() const
    {
        return m_crashes;
    }

    std::uint64_t Leaves() const
    {
        return m_leaves;
    }

    /// Requests that the power was lost over.
    std::uint64_t RequestsLost() const
    {
        return m_requestsLost;
    }

  private:
    struct Machine
    {
        std::uint32_t offFor = 0;          ///< absences that it is in
        bool forGood = false;              ///< one of them has no end
        std::vector<std::uint32_t> owed{}; ///< what it will ask for when it is back
    };

    void PlanAbsence(std::uint32_t node,
                     std::int64_t fromUs,
                     std::optional<std::int64_t> toUs,
                     std::uint64_t& counter);
    void AskNow(std::uint32_t node, const std::vector<std::uint32_t>& resources);
    void AskUnlessAsked(std::uint32_t node, std::uint32_t resource);
    static void Owe(Machine& machine, std::uint32_t resource);
    void Off(std::uint32_t node, bool forGood);
    void On(std::uint32_t node);

    const std::vector<ns3::Ptr<PeeringApplication>>& m_applications;
    Collector& m_collector;
    Ask m_ask;
    Held m_held;
    std::function<void()> m_changed;
    std::vector<Machine> m_machines;
    std::size_t m_planned = 0;
    std::size_t m_due = 0; ///< of the planned ones, those whose time has come
    std::uint64_t m_crashes = 0;
    std::uint64_t m_leaves = 0;
    std::uint64_t m_requestsLost = 0;
};

} // namespace lanpeer::lan
