#include "model/lan/received-packets.h"

#include "model/lan/content.h"
#include "model/lan/peer-address.h"
#include "model/protocol/packet-codec.h"

#include <string>
#include <utility>

namespace lanpeer::lan
{

namespace
{

std::string
PayloadOf(ns3::Ptr<const ns3::Packet> packet)
{
    std::string text(packet->GetSize(), '\0');
    packet->CopyData(reinterpret_cast<std::uint8_t*>(text.data()), packet->GetSize());
    return text;
}

} // namespace

ReceivedPackets&
ReceivedPackets::Instance()
{
    static ReceivedPackets packets;
    return packets;
}

bool
ReceivedPackets::IsIFound(ns3::Ptr<const ns3::Packet> packet)
{
    return EntryOf(packet).iFound;
}

const ReceivedPackets::Content&
ReceivedPackets::ContentOf(ns3::Ptr<const ns3::Packet> packet, ns3::Ipv4Address source)
{
    Entry& entry = EntryOf(packet);
    if (!entry.content)
    {
        ++m_decoded;
        auto decoded = Decode(PayloadOf(packet), TextOf(source), LockOf);
        if (auto* content = std::get_if<ServicePacket>(&decoded))
        {
            entry.content = Shared<ServicePacket>(std::move(*content));
        }
        else
        {
            entry.content = std::get<Reason>(decoded);
        }
    }
    return *entry.content;
}

ReceivedPackets::Entry&
ReceivedPackets::EntryOf(ns3::Ptr<const ns3::Packet> packet)
{
    const std::uint64_t uid = packet->GetUid();
    if (m_last != nullptr && m_lastUid == uid)
    {
        return *m_last;
    }
    auto found = m_entries.find(uid);
    if (found == m_entries.end())
    {
        if (m_entries.size() >= kRemembered)
        {
            m_entries.clear();
        }
        found = m_entries.emplace(uid, Entry{LooksLikeIFound(PayloadOf(packet)), {}}).first;
    }
    m_lastUid = uid;
    m_last = &found->second;
    return *m_last;
}

} // namespace lanpeer::lan
