#pragma once

#include "analysis/labelled-graph.h"
#include "model/explore/rules.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lanpeer::explore
{

/// The state graphs that a lane's exploration finds in the running code, with the labels of FIG. 3,
/// 4A and 4B (R-CLI-14). Every change of state that any transition tells of (ServerEntered,
/// ClientEntered) is an edge, states that are passed through included.
///
/// A vertex is the patent's numeral, or the name of a state of ours. Two of ours are no vertices,
/// for the patent's state goes on in them: before the "I need" of 144 leaves a token is drawn; a
/// body of 150 or 158 that is whole awaits its verdict.
///
/// The first edge of an event is labelled with what caused it ("time-out"), those behind it with
/// the answer that the state passed through found ("will", "none"; "" where it asks nothing). The
/// answer is read from what the node and its host knew before, not from where the edge leads: a
/// choice made the wrong way round is seen.
struct StateGraphs
{
    analysis::LabelledGraph server;
    analysis::LabelledGraph client;
};

/// The rules of a lane, with an eye on its state graphs.
class CollectingRules : public Rules
{
  public:
    /// \param graphs what is seen is added to; outlives the rules
    CollectingRules(Lane lane, StateGraphs& graphs);

    void Begins(const State& state) const override;

    void Saw(const harness::World& world,
             std::uint32_t host,
             const Event& event,
             const ActionList& actions) const override;

  private:
    void SawServer(const harness::World& world,
                   std::uint32_t host,
                   const Event& event,
                   const ActionList& actions) const;
    void SawClient(std::uint32_t host, const Event& event, const ActionList& actions) const;
    void SawRetry(const harness::World& world, std::uint32_t host, const Event& event) const;

    StateGraphs& m_graphs;
    mutable std::vector<PeeringNode> m_before; ///< by host, as they were before the event
};

} // namespace lanpeer::explore
