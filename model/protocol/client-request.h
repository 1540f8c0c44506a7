#pragma once

#include "model/protocol/action.h"
#include "model/protocol/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer
{

/// A peer that said it has the resource (R-CLI-8, R-CLI-9).
struct Holder
{
    PeerId peer{};
    std::uint16_t port = 0;
    std::string path;         ///< its alias
    std::uint32_t busyMs = 0; ///< not to be tried before this has passed; 0: free, as far as known

    LANPEER_FIELDS(peer, port, path, busyMs)
};

/// A download by another node that was heard of and not heard to end: "in progress" of state 152.
struct HeardDownload
{
    PeerId peer{};
    std::uint64_t received = 0;
    bool stalled = false; ///< not in progress any more, unless it is heard to have grown (L6)

    LANPEER_FIELDS(peer, received, stalled)
};

/// An application's share of a request: one that asks for what is being got already joins
/// (R-CLI-7).
struct Joined
{
    AppRequestId application{};
    bool mayWait = true;        ///< all of them must allow it
    bool mayUseInternet = true; ///< one of them must allow it

    LANPEER_FIELDS(application, mayWait, mayUseInternet)
};

/// One that waits for this node's download: "I found" with wait="1" (154).
struct Waiter
{
    NodeId node;
    PeerId peer{};
    std::uint16_t port = 0;

    LANPEER_FIELDS(node, peer, port)
};

/// Whether and how this node tells others of its own retrieval (FIG. 7; announcer.h).
struct Announcement
{
    bool started = false;        ///< the first "downloading" was sent; an end is owed
    bool asked = false;          ///< somebody asked since the last "downloading"
    bool quiet = false;          ///< another downloader is further on
    bool progressArmed = false;  ///< the next "downloading" is due at a timer
    std::vector<Waiter> waiters; ///< in the order in which they were first heard

    LANPEER_FIELDS(started, asked, quiet, progressArmed, waiters)
};

/// What a pause leads to (R-CLI-8).
enum class AfterPause : std::uint8_t
{
    Internet,
    Ask,
};

/// One resource that this node is getting: the state of FIG. 4A and 4B, and what was learnt.
struct ClientRequest
{
    std::string href;
    RequestOptions options;
    bool peered = true;         ///< packets are sent for it; false: the Internet only
    bool helping = false;       ///< started for another node (R-CLI-12)
    std::vector<Joined> joined; ///< none: a helper's
    ClientState state = ClientState::Idle;
    std::uint32_t timers = 0; ///< which of its timers are armed: bit TimerKind

    // The latest "I need".
    std::uint32_t id = 0;
    Token secret{};
    Lock lock{}; ///< that the secret opens
    bool onlyCached = true;
    bool found = true;             ///< "I found" was sent for it, or there is none
    std::uint32_t busyAnswers = 0; ///< peers that answered it, but are busy
    std::vector<Holder> failed;    ///< what led nowhere since

    // What was tried.
    std::uint32_t rounds = 0;  ///< "I need" packets sent
    bool newlyRefused = false; ///< a peer was refused in the latest round
    std::uint64_t reasksUsed = 0;
    std::uint64_t waitsUsed = 0; ///< waits for downloads
    bool patienceStarted = false;
    bool patienceOver = false;
    bool helperAsked = false; ///< the latest "I need" was a plea for help
    std::uint32_t backOffs = 0;
    bool internetExhausted = false;
    Reason internetFailure = Reason::InternetFailed;
    AfterPause afterPause = AfterPause::Internet;

    // Who has it, who gets it, who lied.
    std::vector<Holder> holders; ///< in the order in which they are to be tried
    std::vector<HeardDownload> downloads;
    std::vector<PeerId> refused;

    // The transfer.
    bool transferring = false;
    bool kept = false;          ///< the host keeps what a transfer brought, or may
    std::optional<PeerId> from; ///< none: the Internet
    std::uint64_t received = 0; ///< bytes from the present source
    std::uint64_t receivedAtStart = 0;
    std::optional<std::uint64_t> size;
    std::uint64_t fruitlessRetries = 0;
    Announcement announcement;

    LANPEER_FIELDS(href,
                   options,
                   peered,
                   helping,
                   joined,
                   state,
                   timers,
                   id,
                   secret,
                   lock,
                   onlyCached,
                   found,
                   busyAnswers,
                   failed,
                   rounds,
                   newlyRefused,
                   reasksUsed,
                   waitsUsed,
                   patienceStarted,
                   patienceOver,
                   helperAsked,
                   backOffs,
                   internetExhausted,
                   internetFailure,
                   afterPause,
                   holders,
                   downloads,
                   refused,
                   transferring,
                   kept,
                   from,
                   received,
                   receivedAtStart,
                   size,
                   fruitlessRetries,
                   announcement)
};

} // namespace lanpeer
