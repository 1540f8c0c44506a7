#pragma once

#include "model/explore/liveness.h"
#include "model/explore/state-store.h"
#include "model/explore/steps.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::explore
{

/// What went wrong and the shortest way there.
struct Finding
{
    Violation violation;
    std::vector<std::string> story; ///< setting and steps, in the language of the golden scripts
};

/// What an exploration came to.
struct Report
{
    bool complete = false; ///< every state was seen and nothing is wrong; else `finding` says what
    std::optional<Finding> finding;
    std::size_t states = 0;
    std::size_t transitions = 0;
    std::size_t depth = 0; ///< steps to the state that is furthest away
    std::size_t widest = 0; ///< worlds held at a time
    std::size_t storeBytes = 0; ///< of states and edges, room for growth included
    double seconds = 0;

    /// One line: figures.
    std::string Summary() const;

    /// The violation with its story, or an empty text.
    std::string Told() const;
};

/// Explicit-state breadth-first search over the worlds of a lane.
///
/// Of a state it keeps fingerprint, parent and step (StateStore), and what liveness needs. The
/// worlds themselves are kept only while they wait to be expanded: copying one costs as much as
/// taking one step, while making it anew from the start would cost as many steps as it lies deep.
class Explorer
{
  public:
    /// \param rules outlive the explorer
    explicit Explorer(const Rules& rules);

    /// Explores all, or up to the first violation, which breadth-first is one of the shortest.
    /// A lane that does not fit its limit of states is a violation.
    Report Run();

    /// Takes a story's steps again from the start. \returns each step as text.
    std::vector<std::string> Retell(std::uint32_t state, std::optional<Step> last) const;

  private:
    struct Waiting
    {
        State state;
        std::uint32_t depth = 0;
    };

    void Add(State state, std::uint32_t parent, const Step& step, std::uint32_t depth);
    void Expand(std::uint32_t number, const Waiting& waiting);
    void LookForTraps();
    void Find(const Violation& violation, std::uint32_t state, std::optional<Step> last);

    const Rules& m_rules;
    Canonical m_canonical;
    StateStore m_store;
    Liveness m_liveness;
    std::deque<Waiting> m_frontier;
    std::vector<Step> m_steps; ///< of the state that is being expanded
    Report m_report;
};

} // namespace lanpeer::explore
