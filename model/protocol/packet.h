#pragma once

#include "model/protocol/fields.h"
#include "model/protocol/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lanpeer
{

/// The kinds of packet of R-PKT-2, by the patent's names.
enum class PacketKind : std::uint8_t
{
    INeed,              ///< type `request`, broadcast [0020]
    IHave,              ///< type `response`, status `have` [0022]
    IAmDownloading,     ///< type `response`, status `downloading` [0033]
    IFound,             ///< type `end-request`, broadcast [0027]
    Downloading,        ///< type `downloading`: start and progress [0034]
    DownloadComplete,   ///< type `download-complete` [0048]
    DownloadFailed,     ///< type `download-failed` (ours)
    ApplicationDefined, ///< any other type [0035], [0037]
};

constexpr std::size_t kPacketKinds = static_cast<std::size_t>(PacketKind::ApplicationDefined) + 1;

std::string_view ToString(PacketKind kind);

/// Where a peer serves a copy, as the core sees it: the host of the URL is the transport's
/// business. When sent, the host puts its own address before it; when received, `hostIsSource` says
/// whether the URL named the packet's own source, and no other is used (R-PKT-5).
struct Location
{
    std::string path; ///< without its leading slash: the alias
    std::uint16_t port = 0;
    bool hostIsSource = true;

    LANPEER_FIELDS(path, port, hostIsSource)
};

/// The key of an "I found": sent as the secret; on receipt the lock that it opens is beside it.
struct FoundKey
{
    Token secret{};
    Lock opens{};

    LANPEER_FIELDS(secret, opens)
};

/// One XML datagram (R-PKT-1 to R-PKT-6). Which members are set depends on `kind`; the codec
/// guarantees on receipt that those its kind needs are there, so the core need not ask again:
///
/// | kind | always set |
/// |---|---|
/// | INeed | id, href, onlyCached |
/// | IHave | id, href, location |
/// | IAmDownloading | id, href |
/// | IFound | id, href |
/// | Downloading, DownloadFailed | href |
/// | DownloadComplete | href, location |
/// | ApplicationDefined | type |
struct ServicePacket
{
    PacketKind kind = PacketKind::INeed;
    NodeId node; ///< of the sender; empty for a plain peer that sends none
    std::uint32_t id = 0;
    std::optional<NodeId> to;             ///< the requester that a response is for
    std::string href;                     ///< absolute URI, compared byte for byte
    bool onlyCached = true;               ///< `cached`: "only" (true, also when absent) or "no"
    std::optional<Lock> lock;             ///< of an "I need" (R-PKT-6)
    std::optional<FoundKey> key;          ///< of an "I found" (R-PKT-6)
    std::optional<std::uint32_t> delayMs; ///< of an "I need": answer within this (R-SRV-2)
    std::optional<Location> location;
    std::optional<std::uint64_t> size;     ///< bytes of the resource
    std::optional<std::uint64_t> received; ///< bytes that a downloader has so far
    std::optional<std::uint32_t> busyMs;   ///< no slot is free; try after this (R-SRV-9)
    bool wait = false;                     ///< of an "I found": the sender waits now (154, [0032])
    std::string type;                      ///< of an application-defined packet
    std::vector<std::pair<std::string, std::string>> attributes; ///< all others (R-PKT-3)

    LANPEER_FIELDS(kind,
                   node,
                   id,
                   to,
                   href,
                   onlyCached,
                   lock,
                   key,
                   delayMs,
                   location,
                   size,
                   received,
                   busyMs,
                   wait,
                   type,
                   attributes)
};

/// As many bytes as a packet may tell of; nullopt for more, which goes untold: a length that an
/// origin claims may be anything.
std::optional<std::uint64_t> Tellable(std::optional<std::uint64_t> bytes);

/// Does a packet's location, if it has one, lead to its sender (R-PKT-5)?
bool LeadsToItsSender(const ServicePacket& packet);

} // namespace lanpeer
