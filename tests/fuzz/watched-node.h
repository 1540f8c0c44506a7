#pragma once

#include "model/explore/invariants.h"
#include "model/harness/world.h"
#include "model/protocol/tape.h"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace lanpeer::fuzz
{

/// An "I need" of the node's own.
struct SentNeed
{
    std::uint32_t id = 0;
    std::optional<Lock> lock;
    Token secret{};
    std::string href;
    bool found = false; ///< its plain "I found" was sent
};

/// An "I need" of somebody else whose answer is due at a timer.
struct DueAnswer
{
    RequestKey key;
    PeerId peer{};
    std::uint16_t port = 0;
    std::string href;
};

/// What the host has of a transfer that does not run.
struct KeptBytes
{
    std::string href;
    std::uint64_t bytes = 0;
    bool fromPeer = false;
    bool whole = false;
    Verdict verdict = Verdict::None;
};

/// One node with a host that keeps its part of the contract (peering-node.h) and holds the node to
/// the core's: each action is looked at when it is carried out, and the node whenever it has come
/// to rest. A broken promise aborts (Require()).
class WatchedNode
{
  public:
    /// \param taped write a tape of it all, to be replayed by CheckTape()
    WatchedNode(std::shared_ptr<const PeeringConfig> config, bool taped);

    // Steps. What they ask of the state, the caller sees to.

    /// Any event that asks nothing of the host's state, and is none of those below.
    void Tell(const Event& event);
    void Fire(const TimerKey& timer);
    void Progress(std::uint32_t transfer,
                  std::uint64_t received,
                  std::optional<std::uint64_t> size);
    void CompleteBody(std::uint32_t transfer, std::uint64_t size);
    void End(std::uint32_t transfer,
             TransferOutcome outcome,
             Verdict verdict,
             std::uint64_t received,
             std::optional<std::uint32_t> retryAfterMs);
    void Restart();

    /// Replays the tape.
    void CheckTape() const;

    // What there is to choose from.

    const harness::Host& State() const
    {
        return m_host;
    }

    const PeeringConfig& Config() const
    {
        return m_host.node.Config();
    }

    const std::set<AppRequestId>& Wanted() const
    {
        return m_wanted;
    }

    const std::vector<SentNeed>& Needs() const
    {
        return m_needs;
    }

    /// Aliases by href.
    const std::map<std::string, std::string>& Offered() const
    {
        return m_offered;
    }

    const std::set<UploadId>& Uploads() const
    {
        return m_uploads;
    }

  private:
    void Handle(const Event& event);
    void HandleOne(const Event& event);
    void ForgetAll();

    // Of one event, before and after its actions.
    void NoteEvent(const Event& event);
    void CheckEvent(const Event& event, const ActionList& actions) const;
    void CheckFoundCancels(const PacketReceived& heard, const ActionList& actions) const;
    void CheckAtRest();
    void CheckPlaces() const;

    // Carries an action out, or finds that it may not be.
    void Carry(const Event& event, const Broadcast& action);
    void Carry(const Event& event, const SendTo& action);
    void Carry(const Event& event, const ArmTimer& action);
    void Carry(const Event& event, const CancelTimer& action);
    void Carry(const Event& event, const DrawToken& action);
    void Carry(const Event& event, const StartTransfer& action);
    void Carry(const Event& event, const StopTransfer& action);
    void Carry(const Event& event, const AnswerUpload& action);
    void Carry(const Event& event, const OfferCopy& action);
    void Carry(const Event& event, const WithdrawCopy& action);
    void Carry(const Event& event, const TellProgress& action);
    void Carry(const Event& event, const TellFound& action);
    void Carry(const Event& event, const TellFailed& action);
    void Carry(const Event& event, const TellPacket& action);
    void Carry(const Event& event, const Note& action);
    void Carry(const Event& event, const ServerEntered& action);
    void Carry(const Event& event, const ClientEntered& action);

    // Packets (watched-packets.cc).
    void Sent(const Event& event, const ServicePacket& packet, const SendTo* to);
    void CheckForm(const Event& event, const ServicePacket& packet) const;
    void SentINeed(const Event& event, const ServicePacket& packet, const SendTo* to);
    void SentIFound(const ServicePacket& packet, const SendTo* to);
    void SentAnswer(const Event& event, const ServicePacket& packet, const SendTo* to);
    void SentOfDownload(const ServicePacket& packet, const SendTo* to);
    void CheckOffered(const ServicePacket& packet) const;
    bool SlotsFull() const;
    bool HasAccess() const;

    harness::Host m_host; ///< the node, its timers and transfers
    explore::Monitor m_monitor;
    std::set<AppRequestId> m_wanted;
    std::set<std::string> m_whole; ///< hrefs that an application or the store has whole
    std::map<std::string, std::string> m_offered;
    std::map<std::uint32_t, KeptBytes> m_kept;
    std::set<UploadId> m_uploads;
    std::vector<SentNeed> m_needs;
    std::map<std::uint32_t, DueAnswer> m_due; ///< by the timer's subject
    std::vector<RequestKey> m_ended;          ///< since the memory of them last aged
    std::map<std::uint32_t, ClientState> m_states;
    std::set<std::string> m_announced; ///< downloads whose end is owed
    std::set<std::string> m_types;     ///< that applications take
    std::deque<TokenKey> m_toDraw;
    std::optional<Tape> m_tape;
    std::string m_taped;
};

} // namespace lanpeer::fuzz
