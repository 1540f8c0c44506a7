#pragma once

#include "model/explore/composite.h"
#include "model/explore/state-graph.h"
#include "model/explore/state-store.h"
#include "model/explore/story.h"
#include "model/explore/successors.h"
#include "model/explore/symmetry.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace lanpeer::explore
{

/// What went wrong and the shortest way there.
struct Finding
{
    Violation violation;
    std::vector<std::string> story; ///< a golden script, one line each
};

/// What an exploration came to.
struct Report
{
    /// Every state was seen (of a delay-ordered lane: that it reaches) and nothing is wrong.
    /// Otherwise `finding` says what is, be it that there are more states than the lane's limit.
    bool complete = false;
    bool delayOrdered = false; ///< under-approximation: nothing is said of the other orders
    std::optional<Finding> finding;
    std::size_t states = 0;
    std::size_t transitions = 0;
    std::size_t depth = 0;      ///< steps to the states that are furthest away
    std::size_t edges = 0;      ///< of the state graph: what costs nothing
    std::size_t circles = 0;    ///< that a request may run in; none can be gone round for ever
    std::size_t parts = 0;      ///< different hosts
    std::size_t packets = 0;    ///< different flights
    std::size_t storeBytes = 0; ///< of states and edges, room for growth included
    double seconds = 0;         ///< of processor time

    double StatesPerSecond() const;
    double BytesPerState() const;

    /// The figures in one line.
    std::string Summary() const;

    /// The story and the violation, or an empty text.
    std::string Told() const;
};

/// Explicit-state breadth-first search over the worlds of a lane.
///
/// A state is a Composite: a few bytes, kept exactly. So the frontier needs no worlds, which would
/// be some 5 kB each to hold and 2 us to copy, nor need they be made anew by replay: the states
/// that wait are those of the store that were not expanded yet.
class Explorer : private Visitor
{
  public:
    /// How far an exploration is: states seen, and of those not looked at yet.
    using Progress = std::function<void(std::size_t states, std::size_t waiting)>;

    /// \param rules outlive the explorer
    explicit Explorer(const Rules& rules);

    /// Explores all, or up to the first violation, which has one of the shortest stories.
    ///
    /// \param progress told now and then
    Report Run(const Progress& progress = {});

    /// One hash of each state seen, the same for all worlds that differ in the numbers of nodes
    /// that are alike: two explorations of a lane, by its symmetry or not, have the same. Slow; for
    /// tests of the symmetry.
    std::set<std::uint64_t> Fingerprints();

  private:
    void Reached(Composite& reached, const Step& step, bool free, bool byItself) override;
    void Wrong(const Violation& violation, const Step& step) override;

    void Start();
    void Expand(std::uint32_t number);
    void WorldOf(std::uint32_t state, Composite& world);
    void LookForTraps();
    void LookForCircles();
    void Find(const Violation& violation, std::uint32_t state, std::optional<Step> last);

    const Rules& m_rules;
    const Lane& m_lane;
    Parts m_parts;
    Symmetry m_symmetry;
    Successors m_successors;
    CompositeCodec m_codec;
    StateStore m_store;
    StateGraph m_graph;
    std::uint32_t m_from = 0;  ///< the state that is being expanded
    std::uint32_t m_level = 1; ///< the first state that is one step deeper than it
    Composite m_lowest;        ///< kept for its memory
    Report m_report;
};

} // namespace lanpeer::explore
