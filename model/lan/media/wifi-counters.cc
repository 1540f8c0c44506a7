#include "model/lan/media/wifi-counters.h"

#include <ns3/wifi-mac-header.h>
#include <ns3/wifi-phy-state-helper.h>
#include <ns3/wifi-phy.h>

namespace lanpeer::lan
{

namespace
{

bool
IsFor(ns3::Mac48Address receiver, ns3::Ptr<const ns3::Packet> frame)
{
    ns3::WifiMacHeader header;
    frame->PeekHeader(header);
    return header.GetAddr1() == receiver || header.GetAddr1().IsGroup();
}

/// The receiver was sending, or receiving another frame.
bool
IsCollision(ns3::WifiPhyRxfailureReason reason)
{
    return reason == ns3::RXING || reason == ns3::TXING || reason == ns3::BUSY_DECODING_PREAMBLE ||
           reason == ns3::RECEPTION_ABORTED_BY_TX ||
           reason == ns3::PREAMBLE_DETECTION_PACKET_SWITCH ||
           reason == ns3::FRAME_CAPTURE_PACKET_SWITCH;
}

} // namespace

void
WifiCounter::Count(ns3::Ptr<ns3::WifiNetDevice> device)
{
    using Frame = ns3::Ptr<const ns3::Packet>;
    using Reason = ns3::WifiPhyRxfailureReason;
    const ns3::Ptr<WifiCounter> counter(this);
    const ns3::Mac48Address receiver = device->GetMac()->GetAddress();
    const ns3::Ptr<ns3::WifiPhy> phy = device->GetPhy();
    phy->TraceConnectWithoutContext("PhyTxBegin",
                                    ns3::MakeCallback(&WifiCounter::NoteSent, counter));
    phy->TraceConnectWithoutContext(
        "PhyRxDrop",
        ns3::Callback<void, Frame, Reason>([counter, receiver](Frame frame, Reason reason)
                                           { counter->NoteNotReceived(receiver, frame, reason); }));
    phy->GetState()->TraceConnectWithoutContext(
        "RxError",
        ns3::Callback<void, Frame, double>([counter, receiver](Frame frame, double /* snr */)
                                           { counter->NoteSpoilt(receiver, frame); }));
    device->GetMac()->TraceConnectWithoutContext(
        "DroppedMpdu", ns3::MakeCallback(&WifiCounter::NoteDropped, counter));
}

void
WifiCounter::NoteSent(ns3::Ptr<const ns3::Packet> frame, double /* powerW */)
{
    ns3::WifiMacHeader header;
    frame->PeekHeader(header);
    ++m_counts.frames;
    m_counts.retries += header.IsRetry() ? 1 : 0;
}

void
WifiCounter::NoteNotReceived(ns3::Mac48Address receiver,
                             ns3::Ptr<const ns3::Packet> frame,
                             ns3::WifiPhyRxfailureReason reason)
{
    if (IsFor(receiver, frame))
    {
        ++m_counts.lost;
        m_counts.collisions += IsCollision(reason) ? 1 : 0;
    }
}

void
WifiCounter::NoteSpoilt(ns3::Mac48Address receiver, ns3::Ptr<const ns3::Packet> frame)
{
    m_counts.lost += IsFor(receiver, frame) ? 1 : 0;
}

void
WifiCounter::NoteDropped(ns3::WifiMacDropReason reason, ns3::Ptr<const ns3::WifiMpdu> /* frame */)
{
    switch (reason)
    {
    case ns3::WIFI_MAC_DROP_FAILED_ENQUEUE:
    case ns3::WIFI_MAC_DROP_EXPIRED_LIFETIME:
        ++m_counts.queueDrops;
        break;
    case ns3::WIFI_MAC_DROP_REACHED_RETRY_LIMIT:
    case ns3::WIFI_MAC_DROP_QOS_OLD_PACKET:
        ++m_counts.givenUp;
        break;
    }
}

} // namespace lanpeer::lan
