#pragma once

#include "model/explore/composite.h"
#include "model/explore/parts.h"

#include <cstdint>

namespace lanpeer::explore
{

/// Leaves out what can make no difference from here on, so that worlds meet that differ in nothing
/// else. Whatever wrong a world can come to, the world it is reduced to can come to as well.
///
/// - A dead letter: a flight whose arrival would change nothing, now (which is tried) or ever
///   after, is taken away. Nobody waits for it, and nobody will: its receiver gets nothing, holds
///   nothing and will ask for nothing, or the request that it would end is not known and never will
///   be.
/// - An idle memory: what a server remembers of ended requests matters only to an "I need" that is
///   under way. While there is none of a request that it remembers, its memory ages at once, as it
///   may at any time.
class Reduction
{
  public:
    /// \param lane, parts outlive the reduction
    Reduction(const Lane& lane, Parts& parts);

    /// Reduces until nothing is left to reduce. \returns the violation that an ageing memory was.
    std::optional<Violation> Apply(Composite& composite);

  private:
    bool IsDead(const Composite& composite, FlightId flight);
    bool IsMoot(const Composite& composite, const KnownFlight& known) const;
    bool WillAsk(const Composite& composite, std::uint32_t host) const;
    bool NeedUnderWay(const Composite& composite,
                      std::uint32_t host,
                      const std::vector<std::uint32_t>& requests) const;

    const Lane& m_lane;
    Parts& m_parts;
    bool m_pleas = false; ///< somebody without Internet access may ask for help (R-CLI-12)
};

} // namespace lanpeer::explore
