#pragma once

#include "model/explore/lane.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lanpeer::explore
{

/// What can happen next. Numbers of hosts count from 0 here, from 1 in text.
enum class StepKind : std::uint8_t
{
    Want,      ///< an application makes the subject-th request of the lane
    Deliver,   ///< the subject-th flight arrives, in canonical order: flights may overtake each other
    Lose,      ///< it never will
    Duplicate, ///< it will once more
    Fire,      ///< a timer runs out: kind and subject
    Progress,  ///< half of a transfer's bytes arrive
    Whole,     ///< the rest does; the verdict is still to come
    Finish,    ///< a transfer ends as it would by itself
    Fail,      ///< it ends badly; kind: outcome
    Refuse,    ///< the verifier refuses it
    Crash,
    Restart,
    Forge, ///< a third party ends the subject-th "I need" under way to a host, or fails to
};

/// One step, small enough to be kept for every state.
struct Step
{
    StepKind kind = StepKind::Want;
    std::uint8_t host = 0;    ///< at which it happens
    std::uint8_t detail = 0;  ///< TimerKind or TransferOutcome
    std::uint16_t subject = 0;

    std::uint32_t Packed() const;
    static Step Unpacked(std::uint32_t packed);
};

/// What is explored: the world, what may still happen to it, and what the monitor knows of it.
struct State
{
    harness::World world;
    Monitor monitor;
    Budgets left;
    std::uint32_t wantsLeft = 0; ///< bit i: the i-th want was not made yet
};

/// The rules of a lane: where it starts, what can happen in a state, and what then is.
///
/// Untimed: a flight may arrive and a timer may run out at any time and in any order, whatever
/// their times are. So everything that some timing can bring about is explored, and much that none
/// can. Two things keep it finite that are not budgets:
/// - the timer of the next "downloading" runs out only while none like it is under way from its
///   node: packets are faster than progress intervals;
/// - a flight that is the equal of another is not delivered separately.
///
/// A test may derive from it, to make a world that does wrong.
class Rules
{
  public:
    explicit Rules(Lane lane);
    virtual ~Rules() = default;

    const Lane& GetLane() const
    {
        return m_lane;
    }

    virtual State Start() const;

    /// Every step that can be taken, into \p steps.
    virtual void Possible(const State& state, std::vector<Step>& steps) const;

    /// Takes a possible step. The monitor watches.
    virtual void Take(State& state, const Step& step) const;

    /// Does the step happen by itself sooner or later, without anybody's help or harm?
    bool HappensByItself(const Step& step) const;

    /// A step in the command language of the golden scripts.
    std::string Text(const State& state, const Step& step) const;

    /// How the world of the start is made, in that language.
    std::vector<std::string> Setting() const;

  private:
    void PossibleFlights(const State& state, std::vector<Step>& steps) const;
    void PossibleAt(const State& state, std::uint8_t host, std::vector<Step>& steps) const;
    void PossibleTransfers(const State& state, std::uint8_t host, std::vector<Step>& steps) const;
    bool MayFire(const State& state, std::uint8_t host, const TimerKey& timer) const;
    void TakeOfTransfer(State& state, const Step& step) const;
    void Forge(State& state, std::uint32_t flight) const;

    Lane m_lane;
};

/// The flights of a world, as indices, in an order that does not depend on when they were sent.
std::vector<std::uint16_t> CanonicalFlights(const harness::World& world);

/// Makes the canonical encodings of states, one after the other in the same memory.
class Canonical
{
  public:
    /// \returns the encoding, valid until the next call: equal for states that differ in nothing
    /// but the order in which their flights were sent.
    std::string_view Of(const State& state);

  private:
    std::string m_bytes;
    std::string m_flightBytes;
    std::vector<std::pair<std::size_t, std::size_t>> m_flights;
};

} // namespace lanpeer::explore
