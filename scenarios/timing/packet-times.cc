#include "scenarios/timing/packet-times.h"

#include "model/protocol/packet-codec.h"

#include <algorithm>
#include <cstddef>

namespace lanpeer::timing
{

namespace
{

/// Ethernet's bytes on the cable that ns-3 counts: header and check sum, no preamble.
std::size_t
FrameBytes(const ServicePacket& packet)
{
    constexpr std::size_t kIpAndUdp = 20 + 8;
    constexpr std::size_t kHeaderAndCheckSum = 14 + 4;
    constexpr std::size_t kLeastPayload = 46;
    const auto payload = Encode(packet, "10.1.0.1");
    return std::max(payload->size() + kIpAndUdp, kLeastPayload) + kHeaderAndCheckSum;
}

} // namespace

PacketTimes
TimesOn(double latencyMs, double rateMbps)
{
    const auto oneWayMs = [latencyMs, rateMbps](const ServicePacket& packet)
    {
        const double bits = 8.0 * static_cast<double>(FrameBytes(packet));
        return latencyMs + 2.0 * bits / (rateMbps * 1e3);
    };
    ServicePacket packet;
    packet.node = *NodeId::Parse("AAAAAAAAAAAAAAAAAAAAAA");
    packet.id = 1'111'111'111;
    packet.href = "http://198.51.100.2/r001.cab";

    ServicePacket need = packet;
    need.kind = PacketKind::INeed;
    need.lock = Lock{};
    need.delayMs = 2000;

    ServicePacket found = packet;
    found.kind = PacketKind::IFound;
    found.key = FoundKey{};

    ServicePacket have = packet;
    have.kind = PacketKind::IHave;
    have.to = packet.node;
    have.location = Location{"AAAAAAAAAAAAAAAAAAAAAA", 6515};
    have.size = 100;
    return {oneWayMs(need), oneWayMs(have), oneWayMs(found)};
}

} // namespace lanpeer::timing
