#pragma once

#include "model/harness/world.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lanpeer::harness
{

/// Writes down what happens in a World: a line per event, below it an indented line per action.
///
/// Left out, so that the eye stays on the protocol: that a token is drawn (its number is seen where
/// it is used); the timers Deadline and ForgetEnded, which every request arms. States that are gone
/// through in one event stand in one line.
class Tracer : public Observer
{
  public:
    void Handled(const World& world,
                 std::uint32_t host,
                 const Event& event,
                 const ActionList& actions) override;

    /// From now on each event has the time before it, or no longer.
    void ShowTime(bool show)
    {
        m_timed = show;
    }

    /// A line that no node's event is behind.
    void Line(std::string_view text);

    /// All lines since it was last called.
    std::string Take();

  private:
    /// States entered that follow each other are one line.
    bool ContinueStates(const Action& action);
    void WriteAction(const World& world, std::uint32_t host, const Action& action);

    std::string m_text;
    std::optional<std::uint32_t> m_host; ///< of the latest event shown
    std::optional<Action> m_entered;     ///< the latest action, if it tells of a state
    bool m_timed = false;
};

} // namespace lanpeer::harness
