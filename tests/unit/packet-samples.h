#pragma once

#include "model/protocol/packet-codec.h"
#include "model/protocol/packet.h"

#include <sodium.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Packets that the tests of the codec share.
namespace lanpeer::samples
{

constexpr std::string_view kSource = "192.168.1.23"; ///< where packets come from
constexpr std::string_view kHref = "http://update.example.com/VIRUSDEF.0112312359.cab";

/// The patent's own packet [0039], as it is printed there.
constexpr std::string_view kPatent =
    R"(<service type = "request" version = "1.0" ID = "1111" method = "get" )"
    R"(href = "http://domain.com/whatever" acceptprotocol = "http"/>)";

/// Bytes 0 to 15 of SHA-256, as both hosts compute it (R-PKT-6).
inline Lock
Digest(const Token& token)
{
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(), token.data(), token.size());
    Lock lock{};
    std::copy_n(digest.begin(), lock.size(), lock.begin());
    return lock;
}

inline Token
TokenOf(std::uint8_t first)
{
    Token token{};
    for (std::size_t i = 0; i < token.size(); ++i)
    {
        token[i] = static_cast<std::uint8_t>(first + 37 * i);
    }
    return token;
}

inline NodeId
Node(std::string_view text)
{
    return NodeId::Parse(text).value();
}

inline ServicePacket
Of(PacketKind kind)
{
    ServicePacket packet;
    packet.kind = kind;
    packet.node = Node("N4tJq0zv3yD7wXbRkLm2Pg");
    packet.href = kHref;
    return packet;
}

inline ServicePacket
INeed()
{
    ServicePacket packet = Of(PacketKind::INeed);
    packet.id = 1234567890;
    packet.lock = Digest(TokenOf(7));
    packet.delayMs = 2000;
    return packet;
}

inline ServicePacket
IHave()
{
    ServicePacket packet = Of(PacketKind::IHave);
    packet.node = Node("Zr9-QmW_8sUe5hVc1aTfKd");
    packet.id = 1234567890;
    packet.to = INeed().node;
    packet.location = Location{"aGVsbG8gd29ybGQhISEhIQ", 6515, true};
    packet.size = 910000;
    return packet;
}

inline ServicePacket
IAmDownloading()
{
    ServicePacket packet = Of(PacketKind::IAmDownloading);
    packet.id = 1234567890;
    packet.to = Node("other-node");
    packet.received = 455000;
    packet.size = 910000;
    return packet;
}

inline ServicePacket
IFound()
{
    ServicePacket packet = Of(PacketKind::IFound);
    packet.id = 1234567890;
    packet.key = FoundKey{TokenOf(7), Digest(TokenOf(7))};
    return packet;
}

inline ServicePacket
Downloading()
{
    ServicePacket packet = Of(PacketKind::Downloading);
    packet.received = 455000;
    packet.size = 910000;
    return packet;
}

inline ServicePacket
DownloadComplete()
{
    ServicePacket packet = Of(PacketKind::DownloadComplete);
    packet.location = Location{"aGVsbG8gd29ybGQhISEhIQ", 6515, true};
    packet.size = 910000;
    return packet;
}

inline ServicePacket
DownloadFailed()
{
    return Of(PacketKind::DownloadFailed);
}

inline ServicePacket
Application()
{
    ServicePacket packet;
    packet.kind = PacketKind::ApplicationDefined;
    packet.node = Node("N4tJq0zv3yD7wXbRkLm2Pg");
    packet.type = "inventory";
    packet.attributes = {{"app", "scan"}, {"note", "a < b & \"c\" > 'd' \u00e9\u2028\U0001F600"}};
    return packet;
}

/// One of each kind, in the order of PacketKind.
inline std::vector<ServicePacket>
OfEachKind()
{
    return {INeed(),
            IHave(),
            IAmDownloading(),
            IFound(),
            Downloading(),
            DownloadComplete(),
            DownloadFailed(),
            Application()};
}

inline std::variant<ServicePacket, Reason>
Decoded(std::string_view bytes)
{
    return Decode(bytes, kSource, Digest);
}

/// What became of the bytes: "decoded", or the reason's name.
inline std::string
Outcome(std::string_view bytes)
{
    const auto decoded = Decoded(bytes);
    const auto* reason = std::get_if<Reason>(&decoded);
    return std::string(reason != nullptr ? ToString(*reason) : "decoded");
}

} // namespace lanpeer::samples
