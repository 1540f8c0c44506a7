#pragma once

#include <cstdint>
#include <map>
#include <ns3/net-device.h>
#include <ns3/simple-ref-count.h>

namespace lanpeer::lan
{

/// The storm control of a switch (key `faults.storm_control_pps`): each port takes so many
/// broadcasts per second and drops those above, whatever they are. A token bucket per port that
/// holds what one second refills, as switches judge storms by the second.
class BroadcastLimit : public ns3::SimpleRefCount<BroadcastLimit>
{
  public:
    explicit BroadcastLimit(std::uint32_t perSecond);

    /// Whether the port passes a broadcast that comes in now.
    bool Admit(ns3::Ptr<const ns3::NetDevice> port);

    /// Broadcasts dropped so far, at all ports.
    std::uint64_t Dropped() const
    {
        return m_dropped;
    }

  private:
    struct Bucket
    {
        std::int64_t fill = 0; ///< in broadcasts x nanoseconds: exact
        std::int64_t atNs = 0;
    };

    std::int64_t m_perSecond;
    std::map<std::uint32_t, Bucket> m_buckets; ///< by the port's index in its node
    std::uint64_t m_dropped = 0;
};

} // namespace lanpeer::lan
