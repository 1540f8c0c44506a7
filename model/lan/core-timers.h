#pragma once

#include "model/protocol/types.h"

#include <cstdint>
#include <functional>
#include <ns3/event-id.h>
#include <unordered_map>
#include <vector>

namespace lanpeer::lan
{

/// The timers of one node's core, behind a single event of ns-3's.
///
/// Nearly all timers of a holder are cancelled a few milliseconds after they were armed: somebody
/// else has answered. ns-3 keeps a cancelled event in its queue until its time comes, and with a
/// thousand nodes those outnumber all others, which every insertion into the queue then pays for.
/// Here they are dropped soon, and the event follows the earliest timer that is left.
class CoreTimers
{
  public:
    using RanOut = std::function<void(const TimerKey&)>;

    /// \param ranOut told of each timer that has run out, from within an event of ns-3's
    explicit CoreTimers(RanOut ranOut);
    ~CoreTimers();

    CoreTimers(const CoreTimers&) = delete;
    CoreTimers& operator=(const CoreTimers&) = delete;

    /// Runs out after so many microseconds; one of the same key is replaced.
    void Arm(const TimerKey& timer, std::int64_t delayUs);

    void Cancel(const TimerKey& timer);

    /// Cancels all.
    void Clear();

  private:
    struct Due
    {
        std::int64_t atNs = 0;
        std::uint64_t order = 0; ///< of arming: of two at one instant the elder comes first
        TimerKey timer;
    };

    static bool IsLater(const Due& a, const Due& b);
    bool IsCancelled(const Due& due) const;
    void DropCancelled();
    void Follow();
    void Wake();

    RanOut m_ranOut;
    std::vector<Due> m_due; ///< a heap, the earliest first; cancelled ones stay for a while
    std::unordered_map<TimerKey, std::uint64_t, FieldsHash> m_armed; ///< its order
    std::uint64_t m_orders = 0;
    ns3::EventId m_event; ///< no later than the earliest that is armed
};

} // namespace lanpeer::lan
