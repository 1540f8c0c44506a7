#pragma once

#include "analysis/run-record.h"

#include <ns3/mac48-address.h>
#include <ns3/packet.h>
#include <ns3/simple-ref-count.h>
#include <ns3/wifi-mac.h>
#include <ns3/wifi-mpdu.h>
#include <ns3/wifi-net-device.h>
#include <ns3/wifi-phy-common.h>

namespace lanpeer::lan
{

/// Counts what 802.11 devices trace (R-SIM-2, R-SIM-8). Apart from the medium, because trace
/// sources may outlive it.
///
/// A reception counts as failed at each device that the frame was for: its own or everybody's, not
/// what it overhears. As a collision counts one that found the receiver busy with another frame,
/// its own or one on the air; a frame that another spoilt on the way is only lost: ns-3 does not
/// say whether it was that or distance. An aggregate of 802.11n that is lost as a whole is not
/// counted.
class WifiCounter : public ns3::SimpleRefCount<WifiCounter>
{
  public:
    void Count(ns3::Ptr<ns3::WifiNetDevice> device);

    const analysis::LanCounts& Counts() const
    {
        return m_counts;
    }

  private:
    void NoteSent(ns3::Ptr<const ns3::Packet> frame, double powerW);
    void NoteNotReceived(ns3::Mac48Address receiver,
                         ns3::Ptr<const ns3::Packet> frame,
                         ns3::WifiPhyRxfailureReason reason);
    void NoteSpoilt(ns3::Mac48Address receiver, ns3::Ptr<const ns3::Packet> frame);
    void NoteDropped(ns3::WifiMacDropReason reason, ns3::Ptr<const ns3::WifiMpdu> frame);

    analysis::LanCounts m_counts;
};

} // namespace lanpeer::lan
