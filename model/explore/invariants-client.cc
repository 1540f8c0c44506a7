#include "model/explore/seeing.h"

#include <algorithm>
#include <fmt/format.h>

// What a node does for its own requests, and what it says and serves of what it has: R-CLI-*,
// R-HTTP-2, R-SRV-9, and the contract (peering-node.h).

namespace lanpeer::explore
{

using harness::World;

std::uint64_t
SlotsHeldBy(const harness::Host& host, std::uint32_t server)
{
    std::uint64_t held = 0;
    for (const auto& [id, transfer] : host.transfers)
    {
        held += transfer.slotHeld && transfer.server == server ? 1 : 0;
    }
    return held;
}

namespace
{

/// Is no upload slot of a host free?
bool
IsBusy(const World& world, std::uint32_t host)
{
    std::uint64_t uploads = 0;
    for (std::uint32_t other = 0; other < world.Size(); ++other)
    {
        uploads += SlotsHeldBy(world.At(other), host);
    }
    const PeeringConfig& config = world.At(host).node.Config();
    return config.slots && uploads >= config.uploadSlots;
}

std::uint32_t
PeerBit(PeerId peer)
{
    return 1U << (static_cast<std::uint64_t>(peer) - 1);
}

} // namespace

// ---------------------------------------------------------------- what is sent

void
Monitor::Sent(const Seeing& seeing,
              std::size_t i,
              const ServicePacket& packet,
              std::optional<PeerId> to)
{
    Getting& getting = m_watches[seeing.host].getting[packet.href];
    switch (packet.kind)
    {
    case PacketKind::IHave:
        SaidToHave(seeing, i, packet);
        Answered(seeing, packet, to);
        if (packet.busyMs.has_value() != IsBusy(seeing.world, seeing.host))
        {
            Violate("R-SRV-9", fmt::format("server {} miscounts its uploads", Number(seeing.host)));
        }
        break;
    case PacketKind::IAmDownloading:
        Answered(seeing, packet, to);
        ToldOfDownload(seeing, packet);
        break;
    case PacketKind::Downloading:
        getting.announced = true;
        break;
    case PacketKind::DownloadComplete:
        SaidToHave(seeing, i, packet);
        ToldOfDownload(seeing, packet);
        getting.announced = false;
        break;
    case PacketKind::DownloadFailed:
        ToldOfDownload(seeing, packet);
        getting.announced = false;
        break;
    case PacketKind::INeed:
        ++getting.needs;
        break;
    case PacketKind::IFound:
        ++getting.founds;
        break;
    case PacketKind::ApplicationDefined:
        break;
    }
}

void
Monitor::SaidToHave(const Seeing& seeing, std::size_t i, const ServicePacket& packet)
{
    if (!seeing.OfferedBefore(i, packet.href))
    {
        Violate("R-HTTP-2",
                fmt::format("node {} says {} of what it does not offer",
                            Number(seeing.host),
                            ToString(packet.kind)));
    }
}

void
Monitor::ToldOfDownload(const Seeing& seeing, const ServicePacket& packet)
{
    if (!m_watches[seeing.host].getting[packet.href].announced)
    {
        Violate("R-CLI-5",
                fmt::format("node {} says {} of a download that it did not announce",
                            Number(seeing.host),
                            ToString(packet.kind)));
    }
}

void
Monitor::Offered(const Seeing& seeing, const OfferCopy& offer)
{
    if (seeing.Host().whole.count(offer.href) == 0)
    {
        Violate("R-HTTP-2",
                fmt::format("node {} offers what is not whole and accepted", Number(seeing.host)));
    }
}

// ---------------------------------------------------------------- transfers

void
Monitor::Asked(const Seeing& seeing, const UploadAsked& asked)
{
    const auto answers =
        std::count_if(seeing.actions.begin(),
                      seeing.actions.end(),
                      [&asked](const Action& action)
                      {
                          const auto* answer = As<AnswerUpload>(action);
                          return answer != nullptr && answer->upload == asked.upload;
                      });
    if (answers != 1)
    {
        Violate("contract",
                fmt::format("node {} answers an upload {} times", Number(seeing.host), answers));
    }
}

void
Monitor::Ended(const Seeing& seeing, const TransferEnded& ended)
{
    Watch& watch = m_watches[seeing.host];
    const auto fetch = watch.fetches.find(ended.transfer);
    if (fetch == watch.fetches.end())
    {
        return;
    }
    if (ended.outcome == TransferOutcome::Complete && ended.verdict != Verdict::Accepted)
    {
        watch.getting[fetch->second.href].refused |= PeerBit(fetch->second.peer);
    }
    watch.fetches.erase(fetch);
}

void
Monitor::Started(const Seeing& seeing, std::size_t i, const StartTransfer& start)
{
    Watch& watch = m_watches[seeing.host];
    if (seeing.TransfersBefore(i, start.transfer))
    {
        Violate("contract",
                fmt::format("node {} starts a transfer that runs", Number(seeing.host)));
    }
    if (!start.peer)
    {
        return;
    }
    watch.fetches[start.transfer] = {start.href, start.peer->peer};
    if ((watch.getting[start.href].refused & PeerBit(start.peer->peer)) != 0)
    {
        Violate(
            "R-CLI-8",
            fmt::format("node {} fetches from a peer whose copy was refused", Number(seeing.host)));
    }
}

// ---------------------------------------------------------------- ends of requests

/// \returns the resource that was asked for.
std::string
Monitor::Told(std::uint32_t host, AppRequestId request)
{
    for (auto& [href, getting] : m_watches[host].getting)
    {
        if ((getting.running & BitOf(request)) != 0)
        {
            getting.running &= ~BitOf(request);
            return href;
        }
    }
    Violate("R-CLI-7",
            fmt::format("node {} ends request {} more than once",
                        Number(host),
                        static_cast<std::uint64_t>(request)));
    return {};
}

void
Monitor::Found(const Seeing& seeing, const TellFound& found)
{
    const std::string href = Told(seeing.host, found.request);
    if (seeing.Host().whole.count(href) == 0)
    {
        Violate("R-CLI-7",
                fmt::format("node {} found what is not whole and accepted", Number(seeing.host)));
    }
}

void
Monitor::Failed(const Seeing& seeing, std::size_t i, const TellFailed& failed)
{
    Told(seeing.host, failed.request);
    const auto* fired = std::get_if<TimerFired>(&seeing.event);
    // It has no access, or found that out and will try again later (FIG. 1).
    const bool cutOff = !seeing.Host().node.Config().internetAccess ||
                        seeing.ArmedBefore(i, {TimerKind::AccessRetry, 0});
    if ((failed.reason == Reason::NoInternet && !cutOff) ||
        (failed.reason == Reason::DeadlineOver &&
         (fired == nullptr || fired->timer.kind != TimerKind::Deadline)))
    {
        Violate("R-CLI-7",
                fmt::format("node {} fails for a reason that is not so: {}",
                            Number(seeing.host),
                            ToString(failed.reason)));
    }
}

} // namespace lanpeer::explore
