#include "model/lan/adversaries/hostile-canceller.h"

namespace lanpeer::lan
{

void
HostileCanceller::Heard(const ServicePacket& packet, ns3::Ipv4Address from, std::uint16_t /*port*/)
{
    if (packet.kind != PacketKind::INeed)
    {
        return;
    }
    ServicePacket found;
    found.kind = PacketKind::IFound;
    found.node = packet.node;
    found.id = packet.id;
    found.href = packet.href;
    const auto send = [this, from](const ServicePacket& sent)
    {
        if (Kind() == AdversaryKind::CancelForged)
        {
            BroadcastFrom(from, sent);
        }
        else
        {
            Broadcast(sent);
        }
    };
    send(found);
    FoundKey key;
    key.secret = RandomToken();
    found.key = key;
    send(found);
}

} // namespace lanpeer::lan
