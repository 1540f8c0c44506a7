#include "model/lan/faults/damage.h"

#include <algorithm>
#include <ns3/ipv4-header.h>
#include <ns3/tag.h>
#include <ns3/tcp-header.h>
#include <ns3/tcp-l4-protocol.h>
#include <ns3/udp-header.h>
#include <ns3/udp-l4-protocol.h>
#include <optional>
#include <utility>
#include <vector>

namespace lanpeer::lan
{

namespace
{

class DamageTag : public ns3::Tag
{
  public:
    static ns3::TypeId GetTypeId()
    {
        static ns3::TypeId tid = ns3::TypeId("lanpeer::lan::DamageTag")
                                     .SetParent<ns3::Tag>()
                                     .SetGroupName("LanPeer")
                                     .AddConstructor<DamageTag>();
        return tid;
    }

    ns3::TypeId GetInstanceTypeId() const override
    {
        return GetTypeId();
    }

    std::uint32_t GetSerializedSize() const override
    {
        return 0;
    }

    void Serialize(ns3::TagBuffer /*buffer*/) const override
    {
    }

    void Deserialize(ns3::TagBuffer /*buffer*/) override
    {
    }

    void Print(std::ostream& out) const override
    {
        out << "damaged";
    }
};

/// Where in an IP packet the payload of UDP or TCP lies, and the check sum in front of it.
struct Layout
{
    std::size_t checkSum = 0;
    std::size_t payload = 0;
    std::size_t end = 0; ///< what lies behind is Ethernet's padding
};

std::optional<Layout>
LayoutOf(ns3::Ptr<const ns3::Packet> ipPacket)
{
    const auto rest = ipPacket->Copy();
    ns3::Ipv4Header ip;
    const std::size_t ipBytes = rest->RemoveHeader(ip);
    if (ipBytes == 0 || ip.GetFragmentOffset() != 0)
    {
        return std::nullopt;
    }
    Layout layout;
    layout.end = std::min<std::size_t>(ipPacket->GetSize(), ipBytes + ip.GetPayloadSize());
    if (ip.GetProtocol() == ns3::UdpL4Protocol::PROT_NUMBER)
    {
        constexpr std::size_t kCheckSumAt = 6;
        ns3::UdpHeader udp;
        layout.checkSum = ipBytes + kCheckSumAt;
        layout.payload = ipBytes + rest->PeekHeader(udp);
    }
    else if (ip.GetProtocol() == ns3::TcpL4Protocol::PROT_NUMBER)
    {
        constexpr std::size_t kCheckSumAt = 16;
        ns3::TcpHeader tcp;
        layout.checkSum = ipBytes + kCheckSumAt;
        layout.payload = ipBytes + rest->PeekHeader(tcp);
    }
    else
    {
        return std::nullopt;
    }
    return layout.payload <= layout.end ? std::optional(layout) : std::nullopt;
}

std::size_t
Draw(std::size_t count, const std::function<double()>& uniform)
{
    return std::min(count - 1, static_cast<std::size_t>(uniform() * static_cast<double>(count)));
}

void
AlterByte(std::vector<std::uint8_t>& bytes,
          const Layout& layout,
          const std::function<double()>& uniform)
{
    constexpr std::size_t kCheckSumBytes = 2;
    const bool bare = layout.payload == layout.end;
    const std::size_t from = bare ? layout.checkSum : layout.payload;
    const std::size_t at = from + Draw(bare ? kCheckSumBytes : layout.end - from, uniform);
    constexpr std::size_t kOtherValues = 255;
    bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1 + Draw(kOtherValues, uniform)));
}

void
ExchangeWords(std::vector<std::uint8_t>& bytes,
              const Layout& layout,
              const std::function<double()>& uniform)
{
    constexpr std::size_t kWord = 2;
    const std::size_t words = (layout.end - layout.payload) / kWord;
    const std::size_t one = Draw(words, uniform);
    const std::size_t other = (one + 1 + Draw(words - 1, uniform)) % words;
    for (std::size_t byte = 0; byte < kWord; ++byte)
    {
        std::swap(bytes[layout.payload + one * kWord + byte],
                  bytes[layout.payload + other * kWord + byte]);
    }
}

} // namespace

ns3::Ptr<ns3::Packet>
Damaged(ns3::Ptr<const ns3::Packet> ipPacket, Damage damage, const std::function<double()>& uniform)
{
    constexpr std::size_t kTwoWords = 4;
    const std::optional<Layout> layout = LayoutOf(ipPacket);
    const bool unseen = damage == Damage::Unseen;
    if (!layout || (unseen && layout->end - layout->payload < kTwoWords))
    {
        return nullptr;
    }
    std::vector<std::uint8_t> bytes(ipPacket->GetSize());
    ipPacket->CopyData(bytes.data(), ipPacket->GetSize());
    if (unseen)
    {
        ExchangeWords(bytes, *layout, uniform);
    }
    else
    {
        AlterByte(bytes, *layout, uniform);
    }
    // A new packet: receivers share what they decoded by its uid (received-packets.h).
    auto damaged = ns3::Create<ns3::Packet>(bytes.data(), static_cast<std::uint32_t>(bytes.size()));
    if (unseen)
    {
        damaged->AddByteTag(DamageTag());
    }
    return damaged;
}

bool
IsDamaged(const ns3::Packet& bytes)
{
    DamageTag tag;
    return bytes.FindFirstMatchingByteTag(tag);
}

} // namespace lanpeer::lan
