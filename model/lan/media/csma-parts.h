#pragma once

#include <cstdint>
#include <ns3/csma-net-device.h>
#include <ns3/data-rate.h>
#include <ns3/error-model.h>
#include <ns3/mac48-address.h>
#include <ns3/node.h>
#include <ns3/nstime.h>
#include <ns3/packet.h>
#include <ns3/queue.h>
#include <ns3/simple-ref-count.h>
#include <string>

namespace lanpeer::lan
{

// What switch and hub are both made of: ns-3's CSMA devices.

using PacketQueue = ns3::Queue<ns3::Packet>;

/// A DropTail queue with room for so many packets.
ns3::Ptr<PacketQueue> MakeQueue(std::uint32_t packets);

/// Makes a device that has the queue a part of a node.
void AddCsmaDevice(ns3::Ptr<ns3::Node> node,
                   ns3::Ptr<ns3::CsmaNetDevice> device,
                   ns3::Mac48Address mac,
                   ns3::Ptr<PacketQueue> queue);

/// Makes a device lose received frames, each with that probability.
ns3::Ptr<ns3::RateErrorModel> AddLoss(ns3::Ptr<ns3::CsmaNetDevice> device, double probability);

/// Frames that a queue's device has put on the medium: what the queue took in and no longer has.
std::uint64_t FramesFrom(const ns3::Ptr<PacketQueue>& queue);

/// Counts of what CSMA devices trace. Apart from the medium, because trace sources may outlive it.
class CsmaCounter : public ns3::SimpleRefCount<CsmaCounter>
{
  public:
    /// Counts frames that error models take from the device, of those that were for it.
    void CountLost(ns3::Ptr<ns3::CsmaNetDevice> device);
    /// Counts how often the device finds the channel busy, and how often it gives up.
    void CountAccess(ns3::Ptr<ns3::CsmaNetDevice> device);

    std::uint64_t Lost() const
    {
        return m_lost;
    }

    std::uint64_t BackOffs() const
    {
        return m_backOffs;
    }

    std::uint64_t GivenUp() const
    {
        return m_givenUp;
    }

  private:
    void NoteLost(ns3::Mac48Address receiver, ns3::Ptr<const ns3::Packet> frame);
    void NoteBackOff(ns3::Ptr<const ns3::Packet> frame);
    void NoteGivenUp(ns3::Ptr<const ns3::Packet> frame);

    std::uint64_t m_lost = 0;
    std::uint64_t m_backOffs = 0;
    std::uint64_t m_givenUp = 0;
};

/// The keys' units as ns-3's.
ns3::DataRate RateOf(double mbps);
ns3::Time Microseconds(double us);

} // namespace lanpeer::lan
