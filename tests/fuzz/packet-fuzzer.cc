#include "model/protocol/limits.h"
#include "model/protocol/packet-format.h"
#include "model/protocol/uri.h"
#include "model/protocol/xml-text.h"
#include "tests/fuzz/fuzzing.h"
#include "tests/unit/packet-samples.h"

#include <algorithm>
#include <set>

// The bytes are a datagram, and what any station of the LAN may send (L17).

namespace lanpeer::fuzz
{

namespace
{

using samples::kSource;

/// What R-PKT-4 and packet.h say of all that decodes.
void
CheckMembers(const ServicePacket& packet)
{
    const bool hrefNeeded = packet.kind != PacketKind::ApplicationDefined;
    const bool hasLocation =
        packet.kind == PacketKind::IHave || packet.kind == PacketKind::DownloadComplete;
    Require(packet.node.Empty() || packet.node.MayTravel(), "a node's name is one");
    Require(!packet.to || packet.to->MayTravel(), "a requester's name is one");
    Require(packet.id <= limits::kRequestIdAcceptedMax, "R-PKT-1: an ID of at most 2^31");
    Require(packet.href.empty() != hrefNeeded, "R-PKT-2: the href of each kind");
    Require(!hrefNeeded ||
                (MayTravel(packet.href, true) && IsAbsoluteUri(packet.href) &&
                 !HasUserInfo(packet.href) && packet.href.find('#') == std::string::npos &&
                 EscapedXmlBytes(packet.href) <= limits::kHrefEscapedBytes),
            "R-PKT-4: an href that may travel");
    Require(packet.location.has_value() == hasLocation, "R-PKT-2: the location of each kind");
    Require(packet.size.value_or(0) <= limits::kResourceBytesMax &&
                packet.received.value_or(0) <= limits::kResourceBytesMax,
            "sizes of at most 2^53");
    Require(packet.kind == PacketKind::ApplicationDefined
                ? format::IsType(packet.type) && !format::IsOwnType(packet.type)
                : packet.type.empty(),
            "R-PKT-3: a type of its own only where it is the application's");
    if (packet.location)
    {
        const std::string& path = packet.location->path;
        Require(packet.location->port != 0 && !path.empty() && path.front() != '/' &&
                    path.size() <= limits::kLocationPathBytes &&
                    ("/" + path + "/").find("/../") == std::string::npos,
                "R-PKT-5: a location that leads nowhere else");
    }
}

void
CheckAttributes(const ServicePacket& packet)
{
    std::set<std::string> names;
    Require(packet.attributes.size() <= limits::kPacketAttributes, "R-PKT-4: 32 attributes");
    for (const auto& [name, value] : packet.attributes)
    {
        Require(names.insert(name).second, "R-PKT-4: no attribute twice");
        Require(IsXmlName(name), "an attribute's name is one of XML");
        Require(!format::IsOwnName(packet.kind, name), "R-PKT-3: the kind's own are no others");
        Require(!CheckValue(value), "R-PKT-4: UTF-8 without control characters");
        Require(std::none_of(value.begin(),
                             value.end(),
                             [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
                "L22: no control characters");
    }
}

/// What the raw bytes of a packet that decodes may not hold, whatever a parser makes of them.
void
CheckMarkupOf(std::string_view bytes)
{
    const bool declared = bytes.substr(0, 2) == "<?";
    Require(bytes.size() <= limits::kPacketBytes, "R-PKT-4: 1,400 bytes");
    Require(std::count(bytes.begin(), bytes.end(), '<') == (declared ? 2 : 1),
            "R-PKT-4: one element, no children");
    Require(bytes.find("<!") == std::string_view::npos, "R-PKT-4: no DTD, comment or CDATA");
    for (std::size_t at = bytes.find('&'); at != std::string_view::npos;
         at = bytes.find('&', at + 1))
    {
        std::size_t length = 0;
        Require(!CheckReference(bytes.substr(at), length), "R-PKT-4: the five entities only");
    }
}

/// What decodes and is sent on decodes to the same, and is sent the same from then on.
void
CheckEncoding(const ServicePacket& packet)
{
    const auto sent = Encode(packet, kSource);
    if (!sent)
    {
        // Only what has no form of ours: a location elsewhere, or too long or too many attributes
        // by what we always write.
        ServicePacket plain = packet;
        plain.attributes.clear();
        if (plain.location)
        {
            plain.location = Location{"a", 1, true};
        }
        Require(Encode(plain, kSource).has_value(), "what decodes is encoded");
        const bool foreign = packet.location && !packet.location->hostIsSource;
        Require(foreign || plain != packet, "what decodes is encoded as it is");
        return;
    }
    Require(sent->size() <= limits::kPacketBytes, "R-PKT-4: nothing longer than 1,400 is sent");
    const auto again = samples::Decoded(*sent);
    const auto* same = std::get_if<ServicePacket>(&again);
    Require(same != nullptr && *same == packet, "what is sent decodes to the same");
    Require(HashOf(*same) == HashOf(packet) && Encoded(*same) == Encoded(packet), "equal values");
    Require(Encode(*same, kSource) == sent, "what is sent on is sent the same");
    Require(LooksLikeIFound(*sent) == (packet.kind == PacketKind::IFound),
            "R-SRV-7: the budget of what is sent");
}

} // namespace

} // namespace lanpeer::fuzz

int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace lanpeer;
    using namespace lanpeer::fuzz;
    const std::string_view bytes = TextOf(data, size);
    const bool looksLikeIFound = LooksLikeIFound(bytes);
    const auto decoded = samples::Decoded(bytes);
    const auto* packet = std::get_if<ServicePacket>(&decoded);
    if (packet == nullptr)
    {
        Require(!ToString(std::get<Reason>(decoded)).empty(), "a reason has a name");
        return 0;
    }
    CheckMembers(*packet);
    CheckAttributes(*packet);
    CheckMarkupOf(bytes);
    CheckEncoding(*packet);
    // Of bytes made to deceive, a type spelt in character references may be overlooked.
    Require(looksLikeIFound == (packet->kind == PacketKind::IFound) ||
                bytes.find("&#") != std::string_view::npos,
            "R-SRV-7: the budget is that of the packet");
    return 0;
}
