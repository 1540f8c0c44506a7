#include "model/explore/invariants.h"
#include "model/protocol/client-timers.h"
#include "model/protocol/limits.h"

#include <fmt/format.h>

// What must hold between two steps, whatever the steps were.

namespace lanpeer::explore
{

namespace
{

using harness::Host;

bool
IsArmed(const Host& host, TimerKind kind, std::uint32_t subject)
{
    return host.timers.count({kind, subject}) != 0;
}

/// Is it a timer that one request of the client has for itself?
bool
IsOfRequest(TimerKind kind)
{
    switch (kind)
    {
    case TimerKind::ResponseWait:
    case TimerKind::Pause:
    case TimerKind::HolderWait:
    case TimerKind::BackOff:
    case TimerKind::TransferStall:
    case TimerKind::DownloadStall:
    case TimerKind::Patience:
    case TimerKind::Deadline:
    case TimerKind::Progress:
    case TimerKind::Quiet:
        return true;
    case TimerKind::ResponseDelay:
    case TimerKind::ForgetEnded:
    case TimerKind::HelpDelay:
    case TimerKind::AccessRetry:
        return false;
    }
    return false;
}

/// Will something happen to the request by itself, other than that its deadline passes? No packet
/// is counted on: each may be lost.
bool
WillWake(const Host& host, std::uint32_t slot, const ClientRequest& request)
{
    const bool transfers = host.transfers.count(slot) != 0;
    switch (request.state)
    {
    case ClientState::Idle:
    case ClientState::AwaitToken:
    case ClientState::AnnounceFound:
    case ClientState::DecideWait:
    case ClientState::SeekDownloads:
    case ClientState::AnnounceWait:
        return false; // no request rests there
    case ClientState::Queued:
    case ClientState::AwaitTransfer:
        return true; // until another one ends: the search for what cannot end sees to it
    case ClientState::AwaitResponse:
        return IsArmed(host, TimerKind::ResponseWait, slot);
    case ClientState::AwaitDownload:
        return IsArmed(host, TimerKind::DownloadStall, slot);
    case ClientState::Retrieve:
        return transfers ? IsArmed(host, TimerKind::TransferStall, slot)
                         : IsArmed(host, TimerKind::BackOff, slot);
    case ClientState::ItemFound:
        return transfers && IsArmed(host, TimerKind::TransferStall, slot);
    case ClientState::Verify:
        return transfers;
    case ClientState::Pause:
        return IsArmed(host, TimerKind::Pause, slot);
    case ClientState::AwaitHolder:
        return IsArmed(host, TimerKind::HolderWait, slot);
    case ClientState::BackOff:
        return IsArmed(host, TimerKind::BackOff, slot);
    }
    return false;
}

std::uint32_t
BitsOf(const std::vector<Joined>& joined)
{
    std::uint32_t bits = 0;
    for (const Joined& one : joined)
    {
        bits |= 1U << (static_cast<std::uint64_t>(one.application) - 1);
    }
    return bits;
}

} // namespace

void
Monitor::LookAt(const Host& host, std::uint32_t number)
{
    if (!host.alive)
    {
        return;
    }
    const auto& requests = host.node.Client().Requests();
    std::uint32_t running = 0;
    std::size_t transferring = 0;
    for (std::uint32_t slot = 0; slot < requests.End(); ++slot)
    {
        if (const ClientRequest* request = requests.Find(slot))
        {
            running |= BitsOf(request->joined);
            transferring += request->transferring ? 1 : 0;
            LookAtRequest(host, number, slot, *request);
        }
    }
    for (const auto& [href, getting] : m_watches[number].getting)
    {
        LookAtGetting(host, number, href, getting);
    }
    if (running != m_watches[number].Running())
    {
        Violate("R-CLI-7", fmt::format("node {} forgot a request", number + 1));
    }
    if (transferring != host.transfers.size())
    {
        Violate("contract", fmt::format("node {} lost count of its transfers", number + 1));
    }
    std::size_t delays = 0;
    for (const auto& [timer, running_] : host.timers)
    {
        delays += timer.kind == TimerKind::ResponseDelay ? 1 : 0;
        if (IsOfRequest(timer.kind) && requests.Find(timer.subject) == nullptr)
        {
            Violate("contract",
                    fmt::format("node {}: timer {} outlives its request",
                                number + 1,
                                ToString(timer.kind)));
        }
    }
    if (delays != host.node.Server().PendingCount())
    {
        Violate("R-SRV-2", fmt::format("server {}: a pending request has no timer", number + 1));
    }
    LookAtBounds(host, number);
}

void
Monitor::LookAtRequest(const Host& host,
                       std::uint32_t number,
                       std::uint32_t slot,
                       const ClientRequest& request)
{
    for (unsigned bit = 0; bit <= static_cast<unsigned>(TimerKind::AccessRetry); ++bit)
    {
        const auto kind = static_cast<TimerKind>(bit);
        const bool believed = (request.timers & timers::Bit(kind)) != 0;
        if (IsOfRequest(kind) && believed != IsArmed(host, kind, slot))
        {
            Violate("contract",
                    fmt::format("node {}: timer {} is {}armed, and the request believes otherwise",
                                number + 1,
                                ToString(kind),
                                believed ? "not " : ""));
        }
    }
    if (request.transferring != (host.transfers.count(slot) != 0))
    {
        Violate("contract", fmt::format("node {} lost track of a transfer", number + 1));
    }
    if (!WillWake(host, slot, request))
    {
        Violate("R-CLI-7",
                fmt::format("node {}: a request sleeps in {} and nothing will wake it",
                            number + 1,
                            ToString(request.state)));
    }
}

void
Monitor::LookAtBounds(const Host& host, std::uint32_t number)
{
    const PeeringConfig& config = host.node.Config();
    const auto& requests = host.node.Client().Requests();
    bool within = host.node.Server().PendingCount() <= config.pendingRequests &&
                  host.node.Server().EndedCount() <= config.endedRequests &&
                  requests.Count() <= config.pendingRequests &&
                  host.transfers.size() <= config.parallelTransfers;
    for (std::uint32_t slot = 0; slot < requests.End(); ++slot)
    {
        if (const ClientRequest* request = requests.Find(slot))
        {
            within = within && request->holders.size() <= config.rememberedHolders &&
                     request->downloads.size() <= limits::kHeardDownloads &&
                     request->refused.size() <= limits::kRefusedPeers &&
                     request->announcement.waiters.size() <= config.waiters &&
                     request->joined.size() <= limits::kJoined;
        }
    }
    if (!within)
    {
        Violate("limits", fmt::format("node {}: a table is past its bound", number + 1));
    }
}

/// Who told of a download is still at it. And how many packets a request may cost the LAN: its
/// first "I need", a re-ask, one for each round that newly refused peers allow (R-CLI-8), and that
/// again with a plea for help for each time that it backs off without Internet access (R-CLI-12);
/// an "I found" for each, and for each wait for a download. (Answers are counted where they are
/// sent, "downloading" comes as often as time passes.)
void
Monitor::LookAtGetting(const Host& host,
                       std::uint32_t number,
                       const std::string& href,
                       const Getting& getting)
{
    const PeeringConfig& config = host.node.Config();
    const auto& requests = host.node.Client().Requests();
    const ClientRequest* its = nullptr;
    for (std::uint32_t slot = 0; slot < requests.End(); ++slot)
    {
        const ClientRequest* request = requests.Find(slot);
        its = request != nullptr && request->href == href ? request : its;
    }
    if (getting.announced && its == nullptr)
    {
        Violate("R-CLI-5", fmt::format("node {} owes word of its download", number + 1));
    }
    // Two that do not join (one is not cacheable) ask each for itself; and how often one asks that
    // backs off is counted by the node up to its longest back-off only.
    const std::uint64_t backOffs = its != nullptr ? its->backOffs : 0;
    if (getting.asked > 1 || (limits::kBackOffMs << backOffs) >= limits::kBackOffMaxMs)
    {
        return;
    }
    const std::uint64_t asks = config.reask ? limits::kAskRounds + config.reasks : 1;
    const std::uint64_t pleas = config.helper ? 1 : 0;
    const std::uint64_t mostNeeds = (asks + pleas) * (1 + backOffs);
    const std::uint64_t mostFounds = getting.needs + (config.wait ? config.downloadWaits : 0);
    if (getting.needs > mostNeeds || getting.founds > mostFounds)
    {
        Violate("R-CLI-1",
                fmt::format("node {} sent {} \"I need\" and {} \"I found\" for one request",
                            number + 1,
                            getting.needs,
                            getting.founds));
    }
}

} // namespace lanpeer::explore
