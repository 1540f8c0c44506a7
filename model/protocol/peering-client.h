#pragma once

#include "model/protocol/client-request.h"
#include "model/protocol/context.h"
#include "model/protocol/event.h"
#include "model/protocol/local-copies.h"
#include "model/protocol/peering-server.h"
#include "model/protocol/slot-table.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace lanpeer
{

/// The peering client: FIG. 4A, 4B, 6 and 7, [0025]-[0034], [0044]-[0051], R-CLI-1 to R-CLI-13. One
/// state per request; the rules of R-SIM-7 switch what the patent does not have.
///
/// Events come in by the public members, are turned into a Happening and looked up in the state
/// table (client-table.cc), whose handlers stand in four files by what they are about: asking,
/// holders, waiting, transfers.
class PeeringClient
{
  public:
    /// \param copies the node's local copies, which outlive the call
    void Wanted(const Context& context, const ResourceWanted& wanted, LocalCopies& copies);
    void CancelRequest(const Context& context, AppRequestId application, LocalCopies& copies);
    void Heard(const Context& context, const PacketReceived& heard, LocalCopies& copies);
    void Fired(const Context& context, const TimerKey& timer, LocalCopies& copies);
    void Drawn(const Context& context, const TokenDrawn& drawn, LocalCopies& copies);
    void Progressed(const Context& context, const TransferProgressed& event, LocalCopies& copies);
    void Whole(const Context& context, const BodyComplete& event, LocalCopies& copies);
    void Ended(const Context& context, const TransferEnded& event, LocalCopies& copies);
    void AccessChanged(const Context& context, bool access, LocalCopies& copies);
    void LanChanged(const Context& context, bool up, LocalCopies& copies);

    /// Retrieves for another node (R-CLI-12), if there is a place for it.
    void Help(const Context& context, const std::string& href, LocalCopies& copies);

    /// Somebody asked for a resource: its progress is worth telling (R-CLI-5).
    void HeardINeed(const Context& context, const std::string& href);

    /// How far this node's own Internet retrieval of a resource is, if it has one to tell of.
    std::optional<OwnRetrieval> Retrieving(const std::string& href) const;

    /// Is a request for the resource running that packets are sent for?
    bool Runs(const std::string& href) const;

    bool HasAccess(const Context& context) const
    {
        return context.config.internetAccess && !m_accessLost;
    }

    const SlotTable<ClientRequest>& Requests() const
    {
        return m_requests;
    }

    LANPEER_FIELDS(m_requests, m_queue, m_transferQueue, m_active, m_transfers, m_accessLost)

  private:
    /// What can happen to one request: the columns of the state table.
    enum class Happening : std::uint8_t
    {
        PlaceFree,
        TokenDrawn,
        IHave,
        Downloading, ///< "I am downloading" and "downloading"
        Complete,
        Failed,
        ResponseWaitOver,
        PauseOver,
        HolderWaitOver,
        BackOffOver,
        TransferStall,
        DownloadStall,
        PatienceOver,
        Progressed,
        Whole,
        TransferEnded,
        TransferFree,
        AccessKnown,
        LanLost,
        LanFound,
        OthersJoined,
    };

    /// One request that something happens to. `request` dies when a handler ends it.
    struct Input
    {
        const Context& context;
        LocalCopies& copies;
        std::uint32_t slot;
        ClientRequest& request;
        const PacketReceived* heard = nullptr;
        const lanpeer::TokenDrawn* drawn = nullptr;
        const TransferProgressed* progressed = nullptr;
        const BodyComplete* whole = nullptr;
        const TransferEnded* ended = nullptr;
    };

    using Handler = void (PeeringClient::*)(const Input&);
    struct Table;
    static constexpr std::size_t kHappenings =
        static_cast<std::size_t>(Happening::OthersJoined) + 1;

    void Dispatch(Happening happening, const Input& input);
    void DispatchAll(const Context& context, LocalCopies& copies, Happening happening);
    void DispatchTo(std::uint32_t slot,
                    const Context& context,
                    LocalCopies& copies,
                    Happening happening);
    std::uint32_t Insert(const Context& context, ClientRequest request);
    bool IsIdFree(const Input& in, std::uint32_t id) const;
    std::uint64_t Helping() const;
    std::optional<std::uint32_t> FindPeered(const std::string& href) const;

    // The handlers of the state table.
    // Asking, and what comes when nobody answers (client-asking.cc):
    void Ignore(const Input& in);
    void Start(const Input& in);
    void SendINeed(const Input& in);
    void TimeOut(const Input& in);
    void PauseEnds(const Input& in);
    void AskAgain(const Input& in);
    void UseAccess(const Input& in);
    void ForgetPeers(const Input& in);
    void ForgetPeersAndGoOn(const Input& in);
    // Who has it (client-holders.cc):
    void AnswerHeard(const Input& in);
    void HolderHeard(const Input& in);
    void TakeHeard(const Input& in);
    void TakeAwaited(const Input& in);
    void TakeIfFree(const Input& in);
    void CompleteHeard(const Input& in);
    void CompleteInWait(const Input& in);
    void CompleteAwaited(const Input& in);
    void CompleteInPause(const Input& in);
    void TryHolder(const Input& in);
    // Who gets it, and waiting for that (client-waiting.cc):
    void OthersJoined(const Input& in);
    void LosePatience(const Input& in);
    void StopWaiting(const Input& in);
    void DownloadHeard(const Input& in);
    void ProgressAwaited(const Input& in);
    void DownloadHeardByDownloader(const Input& in);
    void DownloadHeardInPause(const Input& in);
    void FailureHeard(const Input& in);
    void AwaitedFailed(const Input& in);
    void DownloadsStalled(const Input& in);
    void AwaitedStalled(const Input& in);
    // Getting it (client-transfers.cc):
    void ResumeRetrieval(const Input& in);
    void Proceed(const Input& in);
    void Progress(const Input& in);
    void AwaitVerdict(const Input& in);
    void VerdictCame(const Input& in);
    void FetchEnded(const Input& in);
    void FetchStalled(const Input& in);
    void RetrievalEnded(const Input& in);
    void RetrievalStalled(const Input& in);

    // What handlers share.
    // Asking, and what comes when nobody answers (client-asking.cc):
    void Ask(const Input& in, bool onlyCached);
    void AnnounceFound(const Input& in, bool wait);
    void AnnounceFoundOnce(const Input& in);
    void NextSource(const Input& in);
    bool OutOfPatience(const Input& in) const;
    bool MayReask(const Input& in) const;
    void PauseThen(const Input& in, AfterPause then);
    bool CanUseInternet(const Input& in) const;
    void LastResort(const Input& in);
    void BackOff(const Input& in);
    // Who has it (client-holders.cc):
    bool IsForMe(const Input& in) const;
    bool IsBusy(const Input& in) const;
    static Holder HolderOf(const Input& in);
    bool Refused(const Input& in) const;
    bool Ignored(const Input& in) const;
    bool Remember(const Input& in);
    void Take(const Input& in);
    void TakeCompleted(const Input& in);
    void PutFirst(const Input& in);
    void UseHolder(const Input& in);
    void AwaitHolder(const Input& in, std::uint64_t busyMs);
    void RefusePeer(const Input& in);
    void LeaveHolder(const Input& in, PeerId peer);
    void DropHolder(const Input& in, PeerId peer);
    // Who gets it, and waiting for that (client-waiting.cc):
    void DecideWait(const Input& in);
    bool MayWait(const Input& in) const;
    bool SomebodyDownloads(const Input& in) const;
    void AwaitDownload(const Input& in);
    void StartPatience(const Input& in);
    bool IsFurthest(const Input& in) const;
    bool NoteDownload(const Input& in);
    void EndDownload(const Input& in);
    void EndDownloadOf(const Input& in, PeerId peer);
    // Getting it (client-transfers.cc):
    void Fetch(const Input& in);
    void Retrieve(const Input& in);
    bool TakeTransferPlace(const Input& in);
    void ReleaseTransfer(const Input& in);
    void Discard(const Input& in);
    bool MayRetrieve(const Input& in) const;
    void GiveUpRetrieval(const Input& in);
    void RetryRetrieval(const Input& in);
    void RetrievalOver(const Input& in, Reason reason);
    void LoseAccess(const Input& in);
    void GoOnOrGiveUpHelping(const Input& in, Reason reason);
    // The life of a request (peering-client.cc):
    void Settle(const Context& context, LocalCopies& copies);
    void Enter(const Input& in, ClientState state);
    void Succeed(const Input& in, Source source);
    void Fail(const Input& in, Reason reason);
    void End(const Input& in);

    SlotTable<ClientRequest> m_requests;
    std::unordered_map<std::string, std::uint32_t, FieldsHash>
        m_peered;                               ///< by href; follows from m_requests
    std::vector<std::uint32_t> m_queue;         ///< waiting for a place, in order
    std::vector<std::uint32_t> m_transferQueue; ///< waiting for a transfer, in order
    std::uint64_t m_active = 0;                 ///< requests that have a place
    std::uint64_t m_transfers = 0;              ///< transfers that run
    bool m_accessLost = false;
};

} // namespace lanpeer
