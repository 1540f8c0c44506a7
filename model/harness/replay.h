#pragma once

#include "model/harness/world.h"
#include "model/protocol/tape.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::harness
{

/// Where a tape is not what the core says it should be.
struct TapeDifference
{
    std::size_t line = 0; ///< counted from 1
    std::string what;     ///< in a sentence
    std::string recorded; ///< the line of the tape, if there is one
    std::string replayed; ///< what the core makes of it, if it could be read
};

/// Reads a tape (tape.h), hands its events to a fresh node and compares what that node's tape says,
/// byte for byte.
///
/// Total: whatever \p tape holds, there is a difference or none. Packets that no codec lets through
/// and settings beyond their bounds are differences too, so that nothing reaches the core that its
/// contract keeps out.
///
/// \returns the first difference, or nullopt for a tape that this core would write itself.
std::optional<TapeDifference> Replay(std::string_view tape);

/// Keeps a tape of each host of a World.
class TapeRecorder : public Observer
{
  public:
    /// \param world with the hosts as they are before the first event
    /// \param next is told of everything too; nullptr: nobody
    explicit TapeRecorder(const World& world, Observer* next = nullptr);

    TapeRecorder(const TapeRecorder&) = delete;
    TapeRecorder& operator=(const TapeRecorder&) = delete;

    void Handled(const World& world,
                 std::uint32_t host,
                 const Event& event,
                 const ActionList& actions) override;

    /// The tapes so far, by host.
    const std::vector<std::string>& Tapes() const
    {
        return m_tapes;
    }

  private:
    std::vector<std::string> m_tapes;
    std::vector<Tape> m_recorders;
    Observer* m_next;
};

} // namespace lanpeer::harness
