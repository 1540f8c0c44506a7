#pragma once

#include "model/explore/composite.h"
#include "model/explore/parts.h"
#include "model/explore/reduction.h"

#include <cstddef>
#include <cstdint>

namespace lanpeer::explore
{

/// What is done with the worlds that one step leads to.
class Visitor
{
  public:
    virtual ~Visitor() = default;

    /// \param reached may be changed
    /// \param free it costs nothing (Budgets), so that it can happen again and again
    /// \param byItself Rules::HappensByItself(), or a packet arrives where timers wait for it
    virtual void Reached(Composite& reached, const Step& step, bool free, bool byItself) = 0;

    /// The step leads to what must not be. No more is visited.
    virtual void Wrong(const Violation& violation, const Step& step) = 0;
};

/// What can happen in a world, and to which worlds that leads, reduced as the lane has it.
///
/// Delay-ordered (Lane::delayOrdered): no timer fires whose least delay is longer than what else
/// goes on can take at the most: half of T for a packet under way [0026], its longest delay for a
/// timer; a transfer may take any time. When each of them began is not looked at, so this leaves
/// out what can happen (a timer that is all but over when a packet is sent): an
/// under-approximation, which reaches deeper among more nodes and proves nothing about the rest.
class Successors
{
  public:
    /// \param rules, parts outlive it
    Successors(const Rules& rules, Parts& parts);

    /// \returns false where a step was wrong.
    bool Visit(const Composite& from, Visitor& visitor);

    /// How many steps were taken so far.
    std::size_t Count() const
    {
        return m_count;
    }

  private:
    void VisitWants(const Composite& from);
    void VisitFlights(const Composite& from);
    void VisitHosts(const Composite& from);
    std::uint64_t BoundMs(const Composite& from) const;
    bool IsDownloading(const Composite& from, std::size_t host) const;
    void Take(const Composite& from, const Step& step, Budget cost, bool byItself);
    void Lose(const Composite& from, std::size_t index);
    void Reach(const Step& step, bool free, bool byItself);

    const Rules& m_rules;
    const Lane& m_lane;
    Parts& m_parts;
    Reduction m_reduction;
    Visitor* m_visitor = nullptr;
    bool m_wrong = false;
    Composite m_reached; ///< kept for its memory
    std::size_t m_count = 0;
};

} // namespace lanpeer::explore
