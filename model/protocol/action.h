#pragma once

#include "model/protocol/packet.h"
#include "model/protocol/reason.h"
#include "model/protocol/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace lanpeer
{

// What a node wants done. The host carries actions out in order, after Handle() has returned
// (peering-node.h).

/// To the directed broadcast address of every interface, from and to the service port.
struct Broadcast
{
    Shared<ServicePacket> packet;

    LANPEER_FIELDS(packet)
};

/// To one peer, from the service port.
struct SendTo
{
    PeerId peer{};
    std::uint16_t port = 0;
    Shared<ServicePacket> packet;

    LANPEER_FIELDS(peer, port, packet)
};

/// The host draws uniformly from [minMs, maxMs], in microseconds or finer, and fires once after
/// that. A timer of this key that is running is replaced.
struct ArmTimer
{
    TimerKey timer;
    std::uint64_t minMs = 0;
    std::uint64_t maxMs = 0;

    LANPEER_FIELDS(timer, minMs, maxMs)
};

struct CancelTimer
{
    TimerKey timer;

    LANPEER_FIELDS(timer)
};

/// The host draws 16 random bytes and answers by TokenDrawn before any other event.
struct DrawToken
{
    TokenKey key;

    LANPEER_FIELDS(key)
};

/// A peer's copy to fetch by HTTP.
struct PeerSource
{
    PeerId peer{};
    std::uint16_t port = 0;
    std::string path; ///< without its leading slash

    LANPEER_FIELDS(peer, port, path)
};

/// Fetch a resource: from a peer, or from its origin.
struct StartTransfer
{
    TransferId transfer{};
    std::string href;
    std::optional<PeerSource> peer; ///< none: the Internet
    std::uint64_t offset = 0;       ///< bytes there already: resume by Range; 0 discards what was
    /// For another node (R-CLI-12): no redirect may lead off the allowed origins (L13).
    bool helping = false;

    LANPEER_FIELDS(transfer, href, peer, offset, helping)
};

/// End a transfer if one is running; nothing more is heard of it. What it brought is discarded,
/// unless it is to be kept for a resume. (A transfer that ended by itself keeps what it brought
/// until this, or a start at offset 0.)
struct StopTransfer
{
    TransferId transfer{};
    bool keep = false;

    LANPEER_FIELDS(transfer, keep)
};

enum class UploadAnswer : std::uint8_t
{
    Serve,
    Busy,       ///< 503 with Retry-After (R-HTTP-3)
    NoSuchCopy, ///< 404
};

std::string_view ToString(UploadAnswer answer);

struct AnswerUpload
{
    UploadId upload{};
    UploadAnswer answer = UploadAnswer::Serve;
    std::string href;               ///< with Serve
    std::uint64_t retryAfterMs = 0; ///< with Busy

    LANPEER_FIELDS(upload, answer, href, retryAfterMs)
};

/// Keep this copy, which is whole and accepted (R-HTTP-2). From now on it is found here, and unless
/// the node is a client only (R-CLI-13), peers are told of it and served.
struct OfferCopy
{
    std::string href;
    std::string alias; ///< base64url of a drawn token (R-HTTP-1)
    std::uint64_t size = 0;

    LANPEER_FIELDS(href, alias, size)
};

/// The copy is offered no longer.
struct WithdrawCopy
{
    std::string href;

    LANPEER_FIELDS(href)
};

/// What an application may show of a running request (R-CLI-6, [0034]).
struct TellProgress
{
    AppRequestId request{};
    bool own = true; ///< false: of another node's download that this one waits for (156)
    std::uint64_t received = 0;
    std::optional<std::uint64_t> size;

    LANPEER_FIELDS(request, own, received, size)
};

struct TellFound
{
    AppRequestId request{};
    Source source = Source::Local;
    std::optional<PeerId> peer; ///< with Source::Peer

    LANPEER_FIELDS(request, source, peer)
};

struct TellFailed
{
    AppRequestId request{};
    Reason reason = Reason::NoInternet;

    LANPEER_FIELDS(request, reason)
};

/// A packet of a type that an application registered (R-PKT-3).
struct TellPacket
{
    PeerId peer{};
    std::uint16_t port = 0;
    Shared<ServicePacket> packet;

    LANPEER_FIELDS(peer, port, packet)
};

/// The core's only logging: something worth counting, or showing by `why`.
struct Note
{
    Reason reason = Reason::RepeatedRequest;
    std::string href; ///< empty where there is none
    std::optional<PeerId> peer;

    LANPEER_FIELDS(reason, href, peer)
};

/// States of FIG. 3: of a server, for one request.
enum class ServerState : std::uint8_t
{
    Idle,       ///< 122: the request is not known
    Locate,     ///< 124 (passed through): has it a local copy?
    Delay,      ///< 126: waits its random delay
    Cancel,     ///< 128 (passed through): "I found" was heard
    Transmit,   ///< 130 (passed through): answers
    Remembered, ///< ours: ended not long ago, not answered again (R-SRV-5); the patent's 122
};

/// States of FIG. 4A and 4B, of a client, for one request. The numerals are the patent's, but for
/// 148, which [0030] prints as 144 (R-CLI-4). Those without one are ours.
enum class ClientState : std::uint8_t
{
    Idle,          ///< 142: there is no request
    Queued,        ///< waits for a place among the requests in parallel
    AwaitToken,    ///< an "I need" is about to be sent
    AwaitResponse, ///< 144
    AnnounceFound, ///< 146 (passed through)
    DecideWait,    ///< 148 (passed through): wait for download?
    SeekDownloads, ///< 152 (passed through): any in-progress downloads?
    AnnounceWait,  ///< 154 (passed through)
    AwaitDownload, ///< 156
    Retrieve,      ///< 150: from the Internet
    ItemFound,     ///< 158: fetches from the peer that has it, or has it
    Verify,        ///< the body is whole, the verdict is awaited
    Pause,         ///< before 150, or before a re-ask (R-CLI-8)
    AwaitHolder,   ///< until a busy holder may be tried again (R-CLI-9)
    AwaitTransfer, ///< until a transfer may start
    BackOff,       ///< without access, until the LAN is asked again (R-CLI-12)
};

constexpr std::size_t kServerStates = static_cast<std::size_t>(ServerState::Remembered) + 1;
constexpr std::size_t kClientStates = static_cast<std::size_t>(ClientState::BackOff) + 1;

std::string_view ToString(ServerState state);
std::string_view ToString(ClientState state);

/// The server went from one state to another for one request. Nothing needs to be done; the
/// figures are drawn from these (R-CLI-14).
struct ServerEntered
{
    std::uint32_t subject = 0; ///< pending slot; without a copy the one that it would have taken
    ServerState from = ServerState::Idle;
    ServerState to = ServerState::Idle;

    LANPEER_FIELDS(subject, from, to)
};

/// The client went from one state to another for one request.
struct ClientEntered
{
    std::uint32_t subject = 0; ///< request slot
    ClientState from = ClientState::Idle;
    ClientState to = ClientState::Idle;

    LANPEER_FIELDS(subject, from, to)
};

using Action = std::variant<Broadcast,
                            SendTo,
                            ArmTimer,
                            CancelTimer,
                            DrawToken,
                            StartTransfer,
                            StopTransfer,
                            AnswerUpload,
                            OfferCopy,
                            WithdrawCopy,
                            TellProgress,
                            TellFound,
                            TellFailed,
                            TellPacket,
                            Note,
                            ServerEntered,
                            ClientEntered>;

/// In the order in which they are to be carried out.
using ActionList = std::vector<Action>;

/// The name of an action's alternative, as it stands in tapes.
std::string_view NameOf(const Action& action);

} // namespace lanpeer
