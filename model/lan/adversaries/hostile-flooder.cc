#include "model/lan/adversaries/hostile-flooder.h"

#include "model/protocol/base64url.h"

#include <cmath>
#include <ns3/simulator.h>

namespace lanpeer::lan
{

void
HostileFlooder::Begin()
{
    // Several of them do not send in step.
    constexpr double kMsPerS = 1000;
    const double betweenMs = std::ceil(kMsPerS / Known().config.packetsPerS);
    ns3::Simulator::Schedule(
        RandomDelay(static_cast<std::uint64_t>(betweenMs)), &HostileFlooder::SendNext, this);
}

void
HostileFlooder::SendNext()
{
    ServicePacket need;
    need.kind = PacketKind::INeed;
    need.node = *NodeId::Parse(ToBase64Url(RandomToken()));
    need.id = ++m_sent;
    need.lock = RandomToken();
    if (Kind() == AdversaryKind::Forged)
    {
        need.href = Known().resources[m_sent % Known().resources.size()].href;
        BroadcastFrom(Known().victim, need);
    }
    else
    {
        need.href = "http://origin.invalid/" + ToBase64Url(RandomToken());
        Broadcast(need);
    }
    constexpr double kUsPerS = 1e6;
    ns3::Simulator::Schedule(ns3::MicroSeconds(std::llround(kUsPerS / Known().config.packetsPerS)),
                             &HostileFlooder::SendNext,
                             this);
}

} // namespace lanpeer::lan
