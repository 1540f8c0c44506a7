#include "model/lan/faults/broadcast-limit.h"

#include <algorithm>
#include <ns3/simulator.h>

namespace lanpeer::lan
{

namespace
{

constexpr std::int64_t kSecondNs = 1'000'000'000;

} // namespace

BroadcastLimit::BroadcastLimit(std::uint32_t perSecond)
    : m_perSecond(perSecond)
{
}

bool
BroadcastLimit::Admit(ns3::Ptr<const ns3::NetDevice> port)
{
    const std::int64_t nowNs = ns3::Simulator::Now().GetNanoSeconds();
    const std::int64_t full = m_perSecond * kSecondNs;
    const auto [found, isNew] = m_buckets.try_emplace(port->GetIfIndex(), Bucket{full, nowNs});
    Bucket& bucket = found->second;
    // After a second it is full, however long it was: no product that could overflow.
    bucket.fill =
        std::min(full, bucket.fill + m_perSecond * std::min(nowNs - bucket.atNs, kSecondNs));
    bucket.atNs = nowNs;
    if (bucket.fill < kSecondNs)
    {
        ++m_dropped;
        return false;
    }
    bucket.fill -= kSecondNs;
    return true;
}

} // namespace lanpeer::lan
