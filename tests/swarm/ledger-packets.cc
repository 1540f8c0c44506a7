#include "tests/swarm/ledger-seeing.h"

#include "model/protocol/limits.h"

#include <algorithm>

// What is sent, how often, and which timers run.

namespace lanpeer::swarm
{

namespace
{

constexpr std::uint64_t kMsUs = 1000;

} // namespace

void
Ledger::LookAtPacket(const Seeing& seeing, const ServicePacket& packet, bool broadcast)
{
    const Resource& resource = ResourceOf(packet.href);
    const auto& self = seeing.Host().node.Self();
    Demand(packet.node == self, "R-PKT-1", seeing, "sends in another's name");
    Demand(!resource.href.empty(), "R-PKT-2", seeing, "sends of what there is not");
    Demand(resource.cacheable || seeing.config.askUncacheable,
           "R-CLI-11",
           seeing,
           "sends a packet for what is not cacheable");
    Demand(seeing.world.NowUs() <= m_askedUs + m_answerUs,
           "R-PKT-7",
           seeing,
           "sends although nobody asks");
    switch (packet.kind)
    {
    case PacketKind::INeed:
        Demand(broadcast, "R-PKT-2", seeing, "does not broadcast");
        SentNeed(seeing, packet);
        break;
    case PacketKind::IFound:
        Demand(broadcast, "R-PKT-2", seeing, "does not broadcast");
        SentFound(seeing, packet);
        break;
    case PacketKind::IHave:
    case PacketKind::IAmDownloading:
        Demand(broadcast == seeing.config.broadcastIHave,
               "R-PKT-2",
               seeing,
               "answers other than it is set to");
        SentOfCopy(seeing, packet);
        break;
    case PacketKind::Downloading:
        SentProgress(seeing, packet, broadcast);
        break;
    case PacketKind::DownloadComplete:
    case PacketKind::DownloadFailed:
        Demand(broadcast, "R-PKT-2", seeing, "does not broadcast");
        SentFor(seeing, packet.href).progressUs.reset();
        SentOfCopy(seeing, packet);
        break;
    case PacketKind::ApplicationDefined:
        Demand(false, "R-PKT-7", seeing, "sends what no application asked it to");
        break;
    }
}

Ledger::Sent&
Ledger::SentFor(const Seeing& seeing, const std::string& href)
{
    return seeing.book.sent.try_emplace(href, Sent{seeing.world.NowUs(), 0, 0, 0, 0, {}})
        .first->second;
}

void
Ledger::SentNeed(const Seeing& seeing, const ServicePacket& packet)
{
    const PeeringConfig& config = seeing.config;
    Demand(config.client, "R-CLI-13", seeing, "asks although it is no client");
    Demand(packet.lock.has_value() == config.lock, "R-PKT-6", seeing, "misapplies its lock");
    const bool delay = config.delay ? packet.delayMs == config.responseDelayMs : !packet.delayMs;
    Demand(delay, "R-CLI-1", seeing, "does not say its own delay");
    const bool fresh = seeing.book.needs.emplace(packet.id, Need{packet.href, packet.lock}).second;
    Demand(fresh, "R-CLI-1", seeing, "asks with an ID that it has used");
    Sent& sent = SentFor(seeing, packet.href);
    const auto& client = seeing.Host().node.Client();
    Demand(client.Runs(packet.href) || config.askUncacheable,
           "R-PKT-7",
           seeing,
           "asks for what it does not want");
    ++sent.needs;
    if (packet.onlyCached)
    {
        // The first, those after failures, and those that newly refused peers allow.
        const std::uint64_t most = config.reask ? 1 + config.reasks + (limits::kAskRounds - 1) : 1;
        Demand(sent.needs - sent.pleas <= most || config.askUncacheable,
               "R-CLI-8",
               seeing,
               "asks too often");
        return;
    }
    Demand(config.helper, "R-CLI-12", seeing, "asks for help without the rule");
    // Each is half a back-off after the one before, but for what an end of its troubles allows.
    const std::uint64_t passedMs = (seeing.world.NowUs() - sent.sinceUs) / kMsUs;
    const std::uint64_t most = 4 + 2 * m_setting.mishaps.size() + passedMs * 2 / limits::kBackOffMs;
    Demand(++sent.pleas <= most, "R-CLI-12", seeing, "asks for help too often");
}

void
Ledger::SentFound(const Seeing& seeing, const ServicePacket& packet)
{
    const PeeringConfig& config = seeing.config;
    const auto need = seeing.book.needs.find(packet.id);
    const bool its = need != seeing.book.needs.end() && need->second.href == packet.href;
    Demand(its, "R-CLI-2", seeing, "has found what it did not ask for");
    Demand(packet.key.has_value() == config.lock, "R-PKT-6", seeing, "misapplies its key");
    if (its && packet.key)
    {
        Demand(packet.key->opens == need->second.lock &&
                   harness::HarnessLock(packet.key->secret) == packet.key->opens,
               "R-PKT-6",
               seeing,
               "shows a key that does not fit");
    }
    Sent& sent = SentFor(seeing, packet.href);
    if (packet.wait)
    {
        Demand(config.wait, "R-CLI-4", seeing, "waits without the rule");
        Demand(++sent.waits <= config.downloadWaits, "R-CLI-4", seeing, "waits too often");
    }
    else
    {
        Demand(++sent.founds <= sent.needs, "R-CLI-2", seeing, "finds more than it asks for");
    }
}

void
Ledger::SentOfCopy(const Seeing& seeing, const ServicePacket& packet)
{
    Demand(seeing.config.server, "R-CLI-13", seeing, "answers although it is no server");
    if (!packet.location)
    {
        return; // "I am downloading", "download failed"
    }
    const LocalCopy* copy = seeing.Host().node.Copies().FindOffered(packet.href);
    Demand(copy != nullptr && packet.location->path == copy->alias &&
               packet.location->port == seeing.config.httpPort && packet.size == copy->size,
           "R-SRV-4",
           seeing,
           "says of its copy what is not so");
}

void
Ledger::SentProgress(const Seeing& seeing, const ServicePacket& packet, bool broadcast)
{
    const PeeringConfig& config = seeing.config;
    Demand(config.server && (config.wait || config.helper),
           "R-CLI-5",
           seeing,
           "tells of a download that it will not share");
    Demand(packet.received.value_or(0) <= ResourceOf(packet.href).bytes,
           "R-CLI-5",
           seeing,
           "has more than there is");
    Sent& sent = SentFor(seeing, packet.href);
    const std::uint64_t nowUs = seeing.world.NowUs();
    Demand(!sent.progressUs || !broadcast ||
               nowUs - *sent.progressUs >= config.progressIntervalMs * kMsUs,
           "R-CLI-5",
           seeing,
           "tells of its progress too often");
    sent.progressUs = nowUs;
}

void
Ledger::Armed(const Seeing& seeing, const ArmTimer& arm)
{
    const PeeringConfig& config = seeing.config;
    const std::uint64_t d = config.responseDelayMs;
    const auto within = [&](std::uint64_t least, std::uint64_t most, std::string_view requirement)
    {
        Demand(arm.minMs == least && arm.maxMs == most,
               requirement,
               seeing,
               std::string("arms ") + std::string(ToString(arm.timer.kind)) + " for another time");
    };
    switch (arm.timer.kind)
    {
    case TimerKind::ResponseDelay:
    {
        const auto* heard = seeing.EventAs<PacketReceived>();
        const auto asked = heard != nullptr ? heard->packet->delayMs : std::nullopt;
        const std::uint64_t askedMs =
            std::max<std::uint64_t>(asked.value_or(0), limits::kDelayFloorMs);
        within(0, config.delay && asked ? std::min(d, askedMs) : d, "R-SRV-2");
        break;
    }
    case TimerKind::ForgetEnded:
    case TimerKind::ResponseWait:
        within(config.ClientWaitMs(), config.ClientWaitMs(), "R-CLI-1");
        break;
    case TimerKind::Pause:
        Demand(config.pause, "R-CLI-8", seeing, "pauses without the rule");
        [[fallthrough]];
    case TimerKind::HelpDelay:
        within(0, d, "R-CLI-8");
        break;
    case TimerKind::HolderWait:
        Demand(arm.maxMs == arm.minMs + d && arm.minMs <= config.busyBelievedMs,
               "R-CLI-9",
               seeing,
               "waits too long for a holder");
        break;
    case TimerKind::BackOff:
        Demand(arm.maxMs <= limits::kBackOffMaxMs, "R-CLI-12", seeing, "backs off too long");
        break;
    case TimerKind::TransferStall:
        Demand(arm.maxMs == config.peerStallMs || arm.maxMs == config.internetStallMs,
               "R-CLI-8",
               seeing,
               "waits too long for a byte");
        break;
    case TimerKind::DownloadStall:
        within(config.DownloadStallMs(), config.DownloadStallMs(), "R-CLI-4");
        break;
    case TimerKind::Patience:
        Demand(arm.maxMs <= config.longestWaitS * kMsUs, "R-CLI-9", seeing, "is too patient");
        break;
    case TimerKind::Deadline:
        within(config.requestDeadlineS * kMsUs, config.requestDeadlineS * kMsUs, "R-CLI-7");
        break;
    case TimerKind::Progress:
        within(config.progressIntervalMs, config.progressIntervalMs, "R-CLI-5");
        break;
    case TimerKind::Quiet:
        within(2 * config.progressIntervalMs, 2 * config.progressIntervalMs, "R-CLI-5");
        break;
    case TimerKind::AccessRetry:
        within(config.accessRetryS * kMsUs, config.accessRetryS * kMsUs, "R-CLI-12");
        break;
    }
}

} // namespace lanpeer::swarm
