#include "model/lan/core-timers.h"

#include <algorithm>
#include <ns3/nstime.h>
#include <ns3/simulator.h>
#include <utility>

namespace lanpeer::lan
{

CoreTimers::CoreTimers(RanOut ranOut)
    : m_ranOut(std::move(ranOut))
{
}

CoreTimers::~CoreTimers()
{
    Clear();
}

void
CoreTimers::Arm(const TimerKey& timer, std::int64_t delayUs)
{
    const std::int64_t nowNs = ns3::Simulator::Now().GetNanoSeconds();
    m_armed[timer] = ++m_orders;
    m_due.push_back({nowNs + delayUs * 1000, m_orders, timer});
    std::push_heap(m_due.begin(), m_due.end(), IsLater);
    // More cancelled ones than others: dropping them costs no more than their arming did.
    constexpr std::size_t kFew = 16;
    if (m_due.size() > 2 * m_armed.size() + kFew)
    {
        DropCancelled();
    }
    Follow();
}

void
CoreTimers::Cancel(const TimerKey& timer)
{
    m_armed.erase(timer);
}

void
CoreTimers::Clear()
{
    m_armed.clear();
    m_due.clear();
    // Asked twice, as by an application that outlives Simulator::Destroy(), it leaves ns-3 alone:
    // cancelling even an event that was none would make a new simulator.
    if (m_event.PeekEventImpl() != nullptr)
    {
        m_event.Cancel();
        m_event = ns3::EventId();
    }
}

bool
CoreTimers::IsLater(const Due& a, const Due& b)
{
    return a.atNs != b.atNs ? a.atNs > b.atNs : a.order > b.order;
}

bool
CoreTimers::IsCancelled(const Due& due) const
{
    const auto armed = m_armed.find(due.timer);
    return armed == m_armed.end() || armed->second != due.order;
}

void
CoreTimers::DropCancelled()
{
    m_due.erase(std::remove_if(m_due.begin(),
                               m_due.end(),
                               [this](const Due& due) { return IsCancelled(due); }),
                m_due.end());
    std::make_heap(m_due.begin(), m_due.end(), IsLater);
}

/// Sees to it that the event comes when the earliest timer is due. One that was cancelled since may
/// wake for nothing.
void
CoreTimers::Follow()
{
    while (!m_due.empty() && IsCancelled(m_due.front()))
    {
        std::pop_heap(m_due.begin(), m_due.end(), IsLater);
        m_due.pop_back();
    }
    if (m_due.empty())
    {
        return;
    }
    const ns3::Time due = ns3::NanoSeconds(m_due.front().atNs);
    if (m_event.IsRunning() && ns3::NanoSeconds(static_cast<std::int64_t>(m_event.GetTs())) <= due)
    {
        return;
    }
    m_event.Cancel();
    m_event = ns3::Simulator::Schedule(due - ns3::Simulator::Now(), &CoreTimers::Wake, this);
}

void
CoreTimers::Wake()
{
    const std::int64_t nowNs = ns3::Simulator::Now().GetNanoSeconds();
    if (!m_due.empty() && m_due.front().atNs <= nowNs && !IsCancelled(m_due.front()))
    {
        std::pop_heap(m_due.begin(), m_due.end(), IsLater);
        const TimerKey timer = m_due.back().timer;
        m_due.pop_back();
        m_armed.erase(timer);
        m_ranOut(timer);
    }
    Follow();
}

} // namespace lanpeer::lan
