#pragma once

#include "model/explore/composite.h"
#include "model/explore/liveness.h"
#include "model/explore/reduction.h"
#include "model/explore/state-store.h"
#include "model/explore/story.h"

#include <cstddef>
#include <cstdint>
#include <optional>
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
    /// Every state was seen and nothing is wrong. Otherwise `finding` says what is, be it that
    /// there are more states than the lane's limit.
    bool complete = false;
    std::optional<Finding> finding;
    std::size_t states = 0;
    std::size_t transitions = 0;
    std::size_t depth = 0;      ///< steps to the states that are furthest away
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
class Explorer
{
  public:
    /// \param rules outlive the explorer
    explicit Explorer(const Rules& rules);

    /// Explores all, or up to the first violation, which has one of the shortest stories.
    Report Run();

  private:
    void Expand(std::uint32_t number);
    void ExpandWants(const Composite& from);
    void ExpandFlights(const Composite& from);
    void ExpandHosts(const Composite& from);
    bool IsDownloading(const Composite& from, std::size_t host) const;
    void Take(const Composite& from, const Step& step, Budget cost, bool byItself);
    void Lose(const Composite& from, std::size_t index);
    void Add(Composite& reached, const Step& step, bool byItself);
    void LookForTraps();
    void Find(const Violation& violation, std::uint32_t state, std::optional<Step> last);

    const Rules& m_rules;
    const Lane& m_lane;
    Parts m_parts;
    Reduction m_reduction;
    CompositeCodec m_codec;
    StateStore m_store;
    Liveness m_liveness;
    std::uint32_t m_from = 0;  ///< the state that is being expanded
    std::uint32_t m_level = 1; ///< the first state that is one step deeper than it
    Composite m_reached;       ///< kept for its memory
    Report m_report;
};

} // namespace lanpeer::explore
