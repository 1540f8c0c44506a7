#pragma once

#include "model/explore/lane.h"
#include "model/harness/world.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::explore
{

/// What can happen next.
enum class StepKind : std::uint8_t
{
    Want,      ///< an application makes the subject-th request of the lane
    Deliver,   ///< the subject-th flight arrives
    Lose,      ///< it never will
    Duplicate, ///< it arrives, and will once more
    Forge,     ///< a stranger tries to end the "I need" that the subject-th flight is: Forgery
    Fire,      ///< a timer runs out: TimerKind and subject
    Progress,  ///< half of a transfer's bytes have arrived
    Whole,     ///< all have; the verdict is still to come
    Finish,    ///< a transfer ends as it would by itself
    Fail,      ///< it ends badly: TransferOutcome
    Refuse,    ///< the verifier refuses what it brought
    Cancel,    ///< the application takes back the subject-th request of the lane
    Crash,
    Restart,
    Pretend,      ///< a stranger tells of a download: Pretence
    ForgePending, ///< a stranger tries to end the request of a server's slot: Forgery
};

/// How a stranger tries to end another's request (ATTACKS L2). It has heard the "I need" and knows
/// all of it; the key alone it does not know.
enum class Forgery : std::uint8_t
{
    OwnAddress,     ///< from its own address, with a wrong key where a lock asks for one
    ForeignAddress, ///< from the requester's address, without a key
    WrongKey,       ///< from the requester's address, with a wrong key
};

constexpr std::uint8_t kForgeries = 3;

/// What a stranger that downloads nothing may say (ATTACKS L6, L7).
enum class Pretence : std::uint8_t
{
    Begun,    ///< "downloading"
    GotOn,    ///< "downloading", further on
    Complete, ///< "download complete", where nothing can be fetched
};

constexpr std::uint8_t kPretences = 3;

/// One step, small enough to be kept for every state.
struct Step
{
    StepKind kind = StepKind::Want;
    std::uint8_t host = 0;   ///< at which it happens
    std::uint8_t detail = 0; ///< TimerKind or TransferOutcome
    std::uint16_t subject = 0;

    /// The step in 32 bits: 4, 4, 8, 16.
    std::uint32_t Packed() const;
    static Step Unpacked(std::uint32_t packed);

    LANPEER_FIELDS(kind, host, detail, subject)
};

/// The nodes of a lane and who watches them.
struct State
{
    harness::World world;
    Monitor monitor;
};

/// The rules of a lane: how it begins, what can happen, and what then is.
///
/// Untimed: a flight may arrive and a timer may run out at any time and in any order, whatever
/// their times are. So everything that some timing can bring about is explored, and much that none
/// can. Three things are held back, because they would have no end or hide what is looked for:
/// - the timer of the next "downloading" runs out only while none is under way from its node:
///   packets are faster than progress intervals;
/// - a transfer stalls only as one of the failures of the budget: without one bytes arrive;
/// - deadlines, the end of patience and the back-off of a node without access run out only as
///   often as their budgets say.
///
/// A test may derive from it, to make a world that does wrong.
class Rules
{
  public:
    explicit Rules(Lane lane);
    virtual ~Rules() = default;

    const Lane& TheLane() const
    {
        return m_lane;
    }

    /// A world as the lane begins, nothing wanted yet.
    State Start() const;

    /// What one host's own state makes possible, whatever budgets are left: its timers, its
    /// transfers, its death and its return.
    virtual void StepsAt(const harness::Host& host,
                         std::uint8_t number,
                         std::vector<Step>& steps) const;

    /// The budget that a step is paid from, or nullptr where it costs nothing.
    Budget CostOf(const harness::Host& host, const Step& step) const;

    /// Is it the timer of a "downloading", which runs out only while none is under way?
    static bool IsNextDownloading(const Step& step)
    {
        return step.kind == StepKind::Fire &&
               static_cast<TimerKind>(step.detail) == TimerKind::Progress;
    }

    /// Does the step happen by itself sooner or later, without anybody's help or harm? Not that
    /// packets arrive: each may be lost. And nothing that costs something.
    static bool HappensByItself(const Step& step, Budget cost)
    {
        return cost == nullptr && (step.kind == StepKind::Fire || step.kind == StepKind::Finish);
    }

    /// Takes a step at a host: any but those about a flight. The world's observer sees it; the
    /// monitor is told only of a crash, which no event shows.
    virtual void Take(State& state, const Step& step) const;

    /// A flight arrives. It is no longer in the world, or never was.
    virtual void Deliver(State& state, const harness::Flight& flight) const;

    // Told of what is found out: each step once for each state of the hosts that it involves.

    /// A step begins in this state.
    virtual void Begins(const State& /*state*/) const
    {
    }

    /// A node handled an event; the actions are not carried out yet.
    virtual void Saw(const harness::World& /*world*/,
                     std::uint32_t /*host*/,
                     const Event& /*event*/,
                     const ActionList& /*actions*/) const
    {
    }

    /// How many of the forgeries a host must see through: from the requester's address they are
    /// its own "I found", unless a lock tells them apart (R-PKT-6).
    std::uint8_t ForgeriesAt(std::uint8_t host, const std::optional<Lock>& lock) const;

    /// A forgery for each request that a server has pending.
    void ForgeStepsAt(const Watch& watch, std::uint8_t number, std::vector<Step>& steps) const;

    /// The forged "I found" of a step, for the "I need" of a flight.
    PacketReceived Forged(const State& state,
                          const Step& step,
                          const harness::Flight& flight) const;

    /// The forged "I found" of a step, for a request that its host has pending.
    PacketReceived ForgedPending(const State& state, const Step& step) const;

    /// What a stranger says that pretends to download.
    PacketReceived Pretended(const State& state, Pretence pretence) const;

  private:
    PacketReceived Forged(const State& state,
                          Forgery forgery,
                          const RequestKey& key,
                          std::uint32_t requester) const;
    void TransferStepsAt(const harness::Host& host,
                         std::uint8_t number,
                         std::vector<Step>& steps) const;
    void CancelStepsAt(const harness::Host& host,
                       std::uint8_t number,
                       std::vector<Step>& steps) const;
    void TakeOfTransfer(harness::World& world, const Step& step) const;

    Lane m_lane;
};

} // namespace lanpeer::explore
