#pragma once

#include "model/protocol/packet.h"
#include "model/protocol/types.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace lanpeer
{

// What can happen to a node. Every event is legal in every state (peering-node.h).

/// An application asks for a resource (R-API-1). Answered by exactly one TellFound or TellFailed.
struct ResourceWanted
{
    AppRequestId request{};
    std::string href;
    RequestOptions options;
    /// The application's verifier has refused the copy that is held here: that one is no answer.
    bool heldRefused = false;

    LANPEER_FIELDS(request, href, options, heldRefused)
};

/// The application no longer wants it.
struct RequestCancelled
{
    AppRequestId request{};

    LANPEER_FIELDS(request)
};

/// A packet that decoded, from an on-link unicast source and within the budgets (R-SRV-7).
struct PacketReceived
{
    PeerId peer{};          ///< its source address
    std::uint16_t port = 0; ///< its source port: answers go there
    Shared<ServicePacket> packet;

    LANPEER_FIELDS(peer, port, packet)
};

/// Who sent a packet: its node ID, or for a plain peer its source address (R-PKT-1).
NodeId SenderOf(const PacketReceived& heard);

/// A timer that was armed and neither cancelled nor armed again has run out.
struct TimerFired
{
    TimerKey timer;

    LANPEER_FIELDS(timer)
};

/// The answer to DrawToken.
struct TokenDrawn
{
    TokenKey key;
    Token token{};
    Lock lock{}; ///< bytes 0 to 15 of its SHA-256

    LANPEER_FIELDS(key, token, lock)
};

/// Bytes of a transfer arrived. The host may report at intervals of up to 250 ms.
struct TransferProgressed
{
    TransferId transfer{};
    std::uint64_t received = 0;        ///< of the whole body, what came before a resume included
    std::optional<std::uint64_t> size; ///< of the whole body, when known

    LANPEER_FIELDS(transfer, received, size)
};

/// All bytes are here; the verdict follows with TransferEnded, perhaps after the application has
/// been asked (R-HTTP-2).
struct BodyComplete
{
    TransferId transfer{};
    std::uint64_t size = 0;

    LANPEER_FIELDS(transfer, size)
};

enum class TransferOutcome : std::uint8_t
{
    Complete,    ///< whole; see the verdict
    Failed,      ///< connection refused, reset or closed early, or an answer that makes no sense
    Busy,        ///< 503 (R-CLI-9)
    NotFound,    ///< 404 or 410
    NoAccess,    ///< the Internet could not be reached at all (R-CLI-12)
    StoreFailed, ///< the bytes could not be kept: disk full
};

enum class Verdict : std::uint8_t
{
    None,     ///< nobody verified it: there is no verifier
    Accepted, ///< by the request's verifier (R-HTTP-2)
    Refused,
};

std::string_view ToString(TransferOutcome outcome);
std::string_view ToString(Verdict verdict);

/// A transfer that was started and not stopped has ended.
struct TransferEnded
{
    TransferId transfer{};
    TransferOutcome outcome = TransferOutcome::Complete;
    Verdict verdict = Verdict::None;
    std::uint64_t received = 0;                ///< of the whole body
    std::optional<std::uint32_t> retryAfterMs; ///< with Busy

    LANPEER_FIELDS(transfer, outcome, verdict, received, retryAfterMs)
};

/// A peer asks the HTTP server for an alias (R-HTTP-1). Answered by exactly one AnswerUpload.
struct UploadAsked
{
    UploadId upload{};
    PeerId peer{};
    std::string alias;
    bool body = true; ///< false: HEAD, which needs no upload slot

    LANPEER_FIELDS(upload, peer, alias, body)
};

/// A served upload with a body has ended, well or badly.
struct UploadEnded
{
    UploadId upload{};

    LANPEER_FIELDS(upload)
};

/// The host holds a whole, accepted copy: at start, or offered by an application (R-API-1).
struct CopyOffered
{
    std::string href;
    std::uint64_t size = 0;

    LANPEER_FIELDS(href, size)
};

/// A copy is no longer offered: withdrawn by an application, evicted or found damaged by the store.
struct CopyWithdrawn
{
    std::string href;

    LANPEER_FIELDS(href)
};

/// Internet access was found or lost (FIG. 1).
struct InternetAccessChanged
{
    bool access = true;

    LANPEER_FIELDS(access)
};

/// The LAN came up or went away: what was heard on the old one is no longer true.
struct LanChanged
{
    bool up = true;

    LANPEER_FIELDS(up)
};

/// An application sends a packet of its own type [0037], [0038].
struct ApplicationPacketToSend
{
    std::optional<PeerId> peer; ///< none: broadcast
    std::uint16_t port = 0;
    std::string type;
    std::vector<std::pair<std::string, std::string>> attributes;

    LANPEER_FIELDS(peer, port, type, attributes)
};

/// An application takes packets of a type, or no longer does [0035].
struct ApplicationTypeRegistered
{
    std::string type;
    bool registered = true;

    LANPEER_FIELDS(type, registered)
};

/// The catalog that the node holds names these resources: a helper retrieves no others (R-CLI-12).
struct CatalogHeld
{
    std::set<std::string> hrefs;

    LANPEER_FIELDS(hrefs)
};

/// The node starts again under a new name; of what it knew only the copies persisted (R-HTTP-2).
struct Restarted
{
    NodeId self;
    std::vector<CopyOffered> copies;

    LANPEER_FIELDS(self, copies)
};

using Event = std::variant<ResourceWanted,
                           RequestCancelled,
                           PacketReceived,
                           TimerFired,
                           TokenDrawn,
                           TransferProgressed,
                           BodyComplete,
                           TransferEnded,
                           UploadAsked,
                           UploadEnded,
                           CopyOffered,
                           CopyWithdrawn,
                           InternetAccessChanged,
                           LanChanged,
                           ApplicationPacketToSend,
                           ApplicationTypeRegistered,
                           CatalogHeld,
                           Restarted>;

/// The name of an event's alternative, as it stands in tapes.
std::string_view NameOf(const Event& event);

} // namespace lanpeer
