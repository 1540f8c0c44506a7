#include "model/protocol/peering-client.h"
#include "model/protocol/state-table.h"

#include <array>
#include <type_traits>

namespace lanpeer
{

/// FIG. 4A and 4B with what ours adds, as a table: what happens x in which state. The states that
/// are passed through within one event (146, 148, 152, 154) never rest, so nothing happens in them.
struct PeeringClient::Table
{
    using C = PeeringClient;
    using Row = std::array<Cell<Handler>, kHappenings>;

    // clang-format off
    static constexpr Row kPassedThrough{
        &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore,
        &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore,
        &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore};

    /// 142: a new request starts at once if there is a place for it, or queues.
    static constexpr Row kIdle{
        &C::Start,  &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore,
        &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore,
        &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore, &C::Ignore};

    static constexpr Row kQueued{
        /*PlaceFree*/     &C::Start,          /*TokenDrawn*/       &C::Ignore,
        /*IHave*/         &C::Ignore,         /*Downloading*/      &C::Ignore,
        /*Complete*/      &C::Ignore,         /*Failed*/           &C::Ignore,
        /*ResponseWait*/  &C::Ignore,         /*PauseOver*/        &C::Ignore,
        /*HolderWait*/    &C::Ignore,         /*BackOffOver*/      &C::Ignore,
        /*TransferStall*/ &C::Ignore,         /*DownloadStall*/    &C::Ignore,
        /*PatienceOver*/  &C::Ignore,         /*Progressed*/       &C::Ignore,
        /*Whole*/         &C::Ignore,         /*TransferEnded*/    &C::Ignore,
        /*TransferFree*/  &C::Ignore,         /*AccessKnown*/      &C::Ignore,
        /*LanLost*/       &C::Ignore,         /*LanFound*/         &C::Ignore,
        /*OthersJoined*/  &C::Ignore};

    static constexpr Row kAwaitToken{
        /*PlaceFree*/     &C::Ignore,         /*TokenDrawn*/       &C::SendINeed,
        /*IHave*/         &C::HolderHeard,    /*Downloading*/      &C::DownloadHeard,
        /*Complete*/      &C::CompleteHeard,  /*Failed*/           &C::FailureHeard,
        /*ResponseWait*/  &C::Ignore,         /*PauseOver*/        &C::Ignore,
        /*HolderWait*/    &C::Ignore,         /*BackOffOver*/      &C::Ignore,
        /*TransferStall*/ &C::Ignore,         /*DownloadStall*/    &C::DownloadsStalled,
        /*PatienceOver*/  &C::LosePatience,   /*Progressed*/       &C::Ignore,
        /*Whole*/         &C::Ignore,         /*TransferEnded*/    &C::Ignore,
        /*TransferFree*/  &C::Ignore,         /*AccessKnown*/      &C::Ignore,
        /*LanLost*/       &C::ForgetPeers,    /*LanFound*/         &C::Ignore,
        /*OthersJoined*/  &C::Ignore};

    static constexpr Row kAwaitResponse{ // 144
        /*PlaceFree*/     &C::Ignore,         /*TokenDrawn*/       &C::Ignore,
        /*IHave*/         &C::AnswerHeard,    /*Downloading*/      &C::DownloadHeard,
        /*Complete*/      &C::CompleteInWait, /*Failed*/           &C::FailureHeard,
        /*ResponseWait*/  &C::TimeOut,        /*PauseOver*/        &C::Ignore,
        /*HolderWait*/    &C::Ignore,         /*BackOffOver*/      &C::Ignore,
        /*TransferStall*/ &C::Ignore,         /*DownloadStall*/    &C::DownloadsStalled,
        /*PatienceOver*/  &C::LosePatience,   /*Progressed*/       &C::Ignore,
        /*Whole*/         &C::Ignore,         /*TransferEnded*/    &C::Ignore,
        /*TransferFree*/  &C::Ignore,         /*AccessKnown*/      &C::Ignore,
        /*LanLost*/       &C::ForgetPeers,    /*LanFound*/         &C::Ignore,
        /*OthersJoined*/  &C::Ignore};

    static constexpr Row kAwaitDownload{ // 156
        /*PlaceFree*/     &C::Ignore,         /*TokenDrawn*/       &C::Ignore,
        /*IHave*/         &C::TakeAwaited,    /*Downloading*/      &C::ProgressAwaited,
        /*Complete*/      &C::CompleteAwaited, /*Failed*/          &C::AwaitedFailed,
        /*ResponseWait*/  &C::Ignore,         /*PauseOver*/        &C::Ignore,
        /*HolderWait*/    &C::Ignore,         /*BackOffOver*/      &C::Ignore,
        /*TransferStall*/ &C::Ignore,         /*DownloadStall*/    &C::AwaitedStalled,
        /*PatienceOver*/  &C::StopWaiting,    /*Progressed*/       &C::Ignore,
        /*Whole*/         &C::Ignore,         /*TransferEnded*/    &C::Ignore,
        /*TransferFree*/  &C::Ignore,         /*AccessKnown*/      &C::Ignore,
        /*LanLost*/       &C::ForgetPeersAndGoOn, /*LanFound*/     &C::Ignore,
        /*OthersJoined*/  &C::OthersJoined};

    static constexpr Row kRetrieve{ // 150
        /*PlaceFree*/     &C::Ignore,         /*TokenDrawn*/       &C::Ignore,
        /*IHave*/         &C::HolderHeard,    /*Downloading*/      &C::DownloadHeardByDownloader,
        /*Complete*/      &C::CompleteHeard,  /*Failed*/           &C::FailureHeard,
        /*ResponseWait*/  &C::Ignore,         /*PauseOver*/        &C::Ignore,
        /*HolderWait*/    &C::Ignore,         /*BackOffOver*/      &C::ResumeRetrieval,
        /*TransferStall*/ &C::RetrievalStalled, /*DownloadStall*/  &C::DownloadsStalled,
        /*PatienceOver*/  &C::LosePatience,   /*Progressed*/       &C::Progress,
        /*Whole*/         &C::AwaitVerdict,   /*TransferEnded*/    &C::RetrievalEnded,
        /*TransferFree*/  &C::Ignore,         /*AccessKnown*/      &C::Ignore,
        /*LanLost*/       &C::ForgetPeers,    /*LanFound*/         &C::Ignore,
        /*OthersJoined*/  &C::Ignore};

    static constexpr Row kItemFound{ // 158
        /*PlaceFree*/     &C::Ignore,         /*TokenDrawn*/       &C::Ignore,
        /*IHave*/         &C::HolderHeard,    /*Downloading*/      &C::DownloadHeard,
        /*Complete*/      &C::CompleteHeard,  /*Failed*/           &C::FailureHeard,
        /*ResponseWait*/  &C::Ignore,         /*PauseOver*/        &C::Ignore,
        /*HolderWait*/    &C::Ignore,         /*BackOffOver*/      &C::Ignore,
        /*TransferStall*/ &C::FetchStalled,   /*DownloadStall*/    &C::DownloadsStalled,
        /*PatienceOver*/  &C::LosePatience,   /*Progressed*/       &C::Progress,
        /*Whole*/         &C::AwaitVerdict,   /*TransferEnded*/    &C::FetchEnded,
        /*TransferFree*/  &C::Ignore,         /*AccessKnown*/      &C::Ignore,
        /*LanLost*/       &C::ForgetPeers,    /*LanFound*/         &C::Ignore,
        /*OthersJoined*/  &C::Ignore};

    static constexpr Row kVerify{
        /*PlaceFree*/     &C::Ignore,         /*TokenDrawn*/       &C::Ignore,
        /*IHave*/         &C::HolderHeard,    /*Downloading*/      &C::DownloadHeardByDownloader,
        /*Complete*/      &C::CompleteHeard,  /*Failed*/           &C::FailureHeard,
        /*ResponseWait*/  &C::Ignore,         /*PauseOver*/        &C::Ignore,
        /*HolderWait*/    &C::Ignore,         /*BackOffOver*/      &C::Ignore,
        /*TransferStall*/ &C::Ignore,         /*DownloadStall*/    &C::DownloadsStalled,
        /*PatienceOver*/  &C::LosePatience,   /*Progressed*/       &C::Ignore,
        /*Whole*/         &C::Ignore,         /*TransferEnded*/    &C::VerdictCame,
        /*TransferFree*/  &C::Ignore,         /*AccessKnown*/      &C::Ignore,
        /*LanLost*/       &C::ForgetPeers,    /*LanFound*/         &C::Ignore,
        /*OthersJoined*/  &C::Ignore};

    static constexpr Row kPause{
        /*PlaceFree*/     &C::Ignore,         /*TokenDrawn*/       &C::Ignore,
        /*IHave*/         &C::TakeHeard,      /*Downloading*/      &C::DownloadHeardInPause,
        /*Complete*/      &C::CompleteInPause, /*Failed*/            &C::FailureHeard,
        /*ResponseWait*/  &C::Ignore,         /*PauseOver*/        &C::PauseEnds,
        /*HolderWait*/    &C::Ignore,         /*BackOffOver*/      &C::Ignore,
        /*TransferStall*/ &C::Ignore,         /*DownloadStall*/    &C::DownloadsStalled,
        /*PatienceOver*/  &C::LosePatience,   /*Progressed*/       &C::Ignore,
        /*Whole*/         &C::Ignore,         /*TransferEnded*/    &C::Ignore,
        /*TransferFree*/  &C::Ignore,         /*AccessKnown*/      &C::Ignore,
        /*LanLost*/       &C::ForgetPeers,    /*LanFound*/         &C::Ignore,
        /*OthersJoined*/  &C::Ignore};

    static constexpr Row kAwaitHolder{
        /*PlaceFree*/     &C::Ignore,         /*TokenDrawn*/       &C::Ignore,
        /*IHave*/         &C::TakeIfFree,     /*Downloading*/      &C::DownloadHeard,
        /*Complete*/      &C::CompleteHeard,  /*Failed*/           &C::FailureHeard,
        /*ResponseWait*/  &C::Ignore,         /*PauseOver*/        &C::Ignore,
        /*HolderWait*/    &C::TryHolder,      /*BackOffOver*/      &C::Ignore,
        /*TransferStall*/ &C::Ignore,         /*DownloadStall*/    &C::DownloadsStalled,
        /*PatienceOver*/  &C::StopWaiting,    /*Progressed*/       &C::Ignore,
        /*Whole*/         &C::Ignore,         /*TransferEnded*/    &C::Ignore,
        /*TransferFree*/  &C::Ignore,         /*AccessKnown*/      &C::Ignore,
        /*LanLost*/       &C::ForgetPeersAndGoOn, /*LanFound*/     &C::Ignore,
        /*OthersJoined*/  &C::Ignore};

    static constexpr Row kAwaitTransfer{
        /*PlaceFree*/     &C::Ignore,         /*TokenDrawn*/       &C::Ignore,
        /*IHave*/         &C::HolderHeard,    /*Downloading*/      &C::DownloadHeard,
        /*Complete*/      &C::CompleteHeard,  /*Failed*/           &C::FailureHeard,
        /*ResponseWait*/  &C::Ignore,         /*PauseOver*/        &C::Ignore,
        /*HolderWait*/    &C::Ignore,         /*BackOffOver*/      &C::Ignore,
        /*TransferStall*/ &C::Ignore,         /*DownloadStall*/    &C::DownloadsStalled,
        /*PatienceOver*/  &C::LosePatience,   /*Progressed*/       &C::Ignore,
        /*Whole*/         &C::Ignore,         /*TransferEnded*/    &C::Ignore,
        /*TransferFree*/  &C::Proceed,        /*AccessKnown*/      &C::Ignore,
        /*LanLost*/       &C::ForgetPeers,    /*LanFound*/         &C::Ignore,
        /*OthersJoined*/  &C::Ignore};

    static constexpr Row kBackOff{
        /*PlaceFree*/     &C::Ignore,         /*TokenDrawn*/       &C::Ignore,
        /*IHave*/         &C::TakeHeard,      /*Downloading*/      &C::DownloadHeardInPause,
        /*Complete*/      &C::CompleteInPause, /*Failed*/            &C::FailureHeard,
        /*ResponseWait*/  &C::Ignore,         /*PauseOver*/        &C::Ignore,
        /*HolderWait*/    &C::Ignore,         /*BackOffOver*/      &C::AskAgain,
        /*TransferStall*/ &C::Ignore,         /*DownloadStall*/    &C::DownloadsStalled,
        /*PatienceOver*/  &C::LosePatience,   /*Progressed*/       &C::Ignore,
        /*Whole*/         &C::Ignore,         /*TransferEnded*/    &C::Ignore,
        /*TransferFree*/  &C::Ignore,         /*AccessKnown*/      &C::UseAccess,
        /*LanLost*/       &C::ForgetPeers,    /*LanFound*/         &C::AskAgain,
        /*OthersJoined*/  &C::Ignore};
    // clang-format on

    /// By state; a member per enumerator, so that -Wswitch-enum asks for the row of a new one.
    static constexpr const Row& RowOf(ClientState state)
    {
        switch (state)
        {
        case ClientState::Idle:
            return kIdle;
        case ClientState::AnnounceFound:
        case ClientState::DecideWait:
        case ClientState::SeekDownloads:
        case ClientState::AnnounceWait:
            return kPassedThrough;
        case ClientState::Queued:
            return kQueued;
        case ClientState::AwaitToken:
            return kAwaitToken;
        case ClientState::AwaitResponse:
            return kAwaitResponse;
        case ClientState::AwaitDownload:
            return kAwaitDownload;
        case ClientState::Retrieve:
            return kRetrieve;
        case ClientState::ItemFound:
            return kItemFound;
        case ClientState::Verify:
            return kVerify;
        case ClientState::Pause:
            return kPause;
        case ClientState::AwaitHolder:
            return kAwaitHolder;
        case ClientState::AwaitTransfer:
            return kAwaitTransfer;
        case ClientState::BackOff:
            return kBackOff;
        }
        return kPassedThrough;
    }
};

void
PeeringClient::Dispatch(Happening happening, const Input& input)
{
    static_assert(!std::is_default_constructible_v<Cell<Handler>>,
                  "a row with a cell too few must not compile");
    const Table::Row& row = Table::RowOf(input.request.state);
    (this->*row[static_cast<std::size_t>(happening)].Get())(input);
}

} // namespace lanpeer
