#include "model/lan/media/csma-parts.h"

#include <cmath>
#include <ns3/drop-tail-queue.h>
#include <ns3/ethernet-header.h>

namespace lanpeer::lan
{

ns3::Ptr<PacketQueue>
MakeQueue(std::uint32_t packets)
{
    auto queue = ns3::CreateObject<ns3::DropTailQueue<ns3::Packet>>();
    queue->SetMaxSize(ns3::QueueSize(ns3::QueueSizeUnit::PACKETS, packets));
    return queue;
}

void
AddCsmaDevice(ns3::Ptr<ns3::Node> node,
              ns3::Ptr<ns3::CsmaNetDevice> device,
              ns3::Mac48Address mac,
              ns3::Ptr<PacketQueue> queue)
{
    device->SetAddress(mac);
    device->SetQueue(queue);
    node->AddDevice(device);
}

ns3::Ptr<ns3::RateErrorModel>
AddLoss(ns3::Ptr<ns3::CsmaNetDevice> device, double probability)
{
    auto loss = ns3::CreateObject<ns3::RateErrorModel>();
    loss->SetUnit(ns3::RateErrorModel::ERROR_UNIT_PACKET);
    loss->SetRate(probability);
    device->SetReceiveErrorModel(loss);
    return loss;
}

std::uint64_t
FramesFrom(const ns3::Ptr<PacketQueue>& queue)
{
    return queue->GetTotalReceivedPackets() - queue->GetNPackets();
}

void
CsmaCounter::CountLost(ns3::Ptr<ns3::CsmaNetDevice> device)
{
    const auto mac = ns3::Mac48Address::ConvertFrom(device->GetAddress());
    const ns3::Ptr<CsmaCounter> counter(this);
    device->TraceConnectWithoutContext("PhyRxDrop",
                                       ns3::Callback<void, ns3::Ptr<const ns3::Packet>>(
                                           [counter, mac](ns3::Ptr<const ns3::Packet> frame)
                                           { counter->NoteLost(mac, frame); }));
}

void
CsmaCounter::CountAccess(ns3::Ptr<ns3::CsmaNetDevice> device)
{
    const ns3::Ptr<CsmaCounter> counter(this);
    device->TraceConnectWithoutContext("MacTxBackoff",
                                       ns3::MakeCallback(&CsmaCounter::NoteBackOff, counter));
    device->TraceConnectWithoutContext("PhyTxDrop",
                                       ns3::MakeCallback(&CsmaCounter::NoteGivenUp, counter));
}

void
CsmaCounter::NoteLost(ns3::Mac48Address receiver, ns3::Ptr<const ns3::Packet> frame)
{
    ns3::EthernetHeader header(false);
    frame->PeekHeader(header);
    if (header.GetDestination() == receiver || header.GetDestination().IsGroup())
    {
        ++m_lost;
    }
}

void
CsmaCounter::NoteBackOff(ns3::Ptr<const ns3::Packet> /* frame */)
{
    ++m_backOffs;
}

void
CsmaCounter::NoteGivenUp(ns3::Ptr<const ns3::Packet> /* frame */)
{
    ++m_givenUp;
}

ns3::DataRate
RateOf(double mbps)
{
    return ns3::DataRate(static_cast<std::uint64_t>(std::llround(mbps * 1e3 * 1e3)));
}

ns3::Time
Microseconds(double us)
{
    return ns3::NanoSeconds(std::llround(us * 1e3));
}

} // namespace lanpeer::lan
