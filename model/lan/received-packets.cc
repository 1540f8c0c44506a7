#include "model/lan/received-packets.h"

#include "model/lan/content.h"
#include "model/protocol/packet-codec.h"

#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace lanpeer::lan
{

ReceivedPackets&
ReceivedPackets::Instance()
{
    static ReceivedPackets packets;
    return packets;
}

const ReceivedPackets::Entry&
ReceivedPackets::Of(ns3::Ptr<const ns3::Packet> packet, ns3::Ipv4Address source)
{
    const std::uint64_t uid = packet->GetUid();
    if (const auto found = m_entries.find(uid); found != m_entries.end())
    {
        return found->second;
    }
    if (m_entries.size() >= kRemembered)
    {
        m_entries.clear();
    }
    std::vector<std::uint8_t> bytes(packet->GetSize());
    packet->CopyData(bytes.data(), packet->GetSize());
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    std::ostringstream host;
    source.Print(host);
    auto decoded = Decode(text, host.str(), LockOf);
    Entry entry;
    entry.iFound = LooksLikeIFound(text);
    if (auto* content = std::get_if<ServicePacket>(&decoded))
    {
        entry.content = Shared<ServicePacket>(std::move(*content));
    }
    else
    {
        entry.content = std::get<Reason>(decoded);
    }
    return m_entries.emplace(uid, std::move(entry)).first->second;
}

} // namespace lanpeer::lan
