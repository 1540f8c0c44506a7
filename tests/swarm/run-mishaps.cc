#include "tests/swarm/run.h"

#include <fmt/format.h>

#include <algorithm>

// What goes wrong from outside: crashes, cuts, applications that change their minds, strangers.

namespace lanpeer::swarm
{

using harness::Host;
using harness::World;

void
Run::Begin(const Mishap& mishap, std::uint32_t number)
{
    const std::uint32_t host = mishap.host;
    const bool alive = m_world.At(host).alive;
    const std::string& href = m_setting.resources[mishap.resource].href;
    switch (mishap.kind)
    {
    case MishapKind::Crash:
        if (alive)
        {
            Crash(host);
        }
        break;
    case MishapKind::Partition:
        m_network.Cut(mishap.mask, true);
        break;
    case MishapKind::Uplink:
        m_world.At(host).internet = false;
        break;
    case MishapKind::ToldUplink:
        m_world.At(host).internet = false;
        // (Told without `helper` a node fails at once, and the monitor knows only of what it found
        // out itself.)
        if (alive && m_world.At(host).node.Config().helper)
        {
            m_world.Handle(host, InternetAccessChanged{false});
        }
        break;
    case MishapKind::Lan:
        m_network.TakeAway(host, true);
        if (alive)
        {
            m_world.Handle(host, LanChanged{false});
        }
        break;
    case MishapKind::StoreFull:
        m_network.FillStore(host, true);
        break;
    case MishapKind::Cancel:
        Cancel(mishap);
        break;
    case MishapKind::Withdraw:
        if (alive)
        {
            m_world.Handle(host, CopyWithdrawn{href});
        }
        break;
    case MishapKind::Offer:
        Offer(mishap);
        break;
    case MishapKind::Stranger:
        Forge(mishap, number);
        break;
    }
}

void
Run::End(const Mishap& mishap)
{
    const std::uint32_t host = mishap.host;
    Host& its = m_world.At(host);
    switch (mishap.kind)
    {
    case MishapKind::Crash:
        if (!its.alive)
        {
            m_world.Restart(host);
            TellOfCatalog(host);
        }
        break;
    case MishapKind::Partition:
        m_network.Cut(mishap.mask, false);
        break;
    case MishapKind::Uplink:
        its.internet = its.node.Config().internetAccess;
        break;
    case MishapKind::ToldUplink:
        its.internet = its.node.Config().internetAccess;
        if (its.alive)
        {
            m_world.Handle(host, InternetAccessChanged{true});
        }
        break;
    case MishapKind::Lan:
        m_network.TakeAway(host, false);
        if (its.alive)
        {
            m_world.Handle(host, LanChanged{true});
        }
        break;
    case MishapKind::StoreFull:
        m_network.FillStore(host, false);
        break;
    case MishapKind::Cancel:
    case MishapKind::Withdraw:
    case MishapKind::Offer:
    case MishapKind::Stranger:
        break; // of no duration
    }
}

void
Run::Crash(std::uint32_t host)
{
    m_monitor.Crashed(host);
    m_ledger.Crashed(host);
    if (m_tracer)
    {
        m_tracer->Line(fmt::format("n{} dies", host + 1));
    }
    m_world.Kill(host);
}

void
Run::Cancel(const Mishap& mishap)
{
    if (!m_world.At(mishap.host).alive)
    {
        return;
    }
    for (const auto& [request, entry] : m_ledger.EntriesOf(mishap.host))
    {
        if (!entry.ended)
        {
            m_world.Handle(mishap.host, RequestCancelled{AppRequestId(request)});
            return;
        }
    }
}

void
Run::Offer(const Mishap& mishap)
{
    Host& its = m_world.At(mishap.host);
    const Resource& resource = m_setting.resources[mishap.resource];
    if (its.alive && resource.cacheable)
    {
        m_ledger.Holds(mishap.host, resource.href);
        its.whole.insert(resource.href);
        m_world.Handle(mishap.host, CopyOffered{resource.href, resource.bytes});
    }
}

// ---------------------------------------------------------------- strangers

void
Run::Forge(const Mishap& mishap, std::uint32_t number)
{
    const bool asks = mishap.forgery == Forgery::INeed || mishap.forgery == Forgery::INeedHelp;
    if (asks && !m_setting.resources[mishap.resource].cacheable)
    {
        return; // that it is not, only who wants it knows: a helper would rightly retrieve it
    }
    const bool altered = mishap.forgery == Forgery::IHaveAltered;
    const std::uint32_t stranger = (altered ? kLeadNowhere : 0) + mishap.number / 2 % kLeadNowhere;
    const Shared<ServicePacket> packet(ForgedPacket(mishap, number, stranger));
    auto peer = World::PeerOf(static_cast<std::uint32_t>(m_world.Size()) + stranger);
    const auto heard = m_heard.find(packet->href);
    const bool ends = mishap.forgery == Forgery::IFound || mishap.forgery == Forgery::IFoundKey;
    if (ends && heard != m_heard.end() && (mishap.number + number) % 2 == 0)
    {
        peer = World::PeerOf(heard->second.from); // forged too: only the lock tells (R-PKT-6)
    }
    for (std::uint32_t host = 0; host < m_world.Size(); ++host)
    {
        if (m_world.At(host).alive)
        {
            m_world.Handle(host, PacketReceived{peer, 1967, packet});
        }
    }
}

ServicePacket
Run::ForgedPacket(const Mishap& mishap, std::uint32_t number, std::uint32_t stranger)
{
    const Resource& resource = m_setting.resources[mishap.resource];
    ServicePacket packet;
    packet.node = *NodeId::Parse(fmt::format("stranger{}", stranger + 1));
    packet.href = resource.href;
    const auto heard = m_heard.find(resource.href);
    const bool asked = heard != m_heard.end();
    const std::uint32_t fresh = 0x40000000 + mishap.number * 1000 + number;
    packet.id = asked ? heard->second.packet.id : fresh;
    switch (mishap.forgery)
    {
    case Forgery::IHave:
    case Forgery::IHaveAltered:
    case Forgery::IHaveForeign:
    case Forgery::IHaveBusy:
        packet.kind = PacketKind::IHave;
        packet.to = asked ? std::optional(heard->second.packet.node) : std::nullopt;
        packet.location = Location{fmt::format("alias{}", number % 3), 6515};
        packet.location->hostIsSource = mishap.forgery != Forgery::IHaveForeign;
        packet.size = resource.bytes;
        if (mishap.forgery == Forgery::IHaveBusy)
        {
            packet.busyMs = 1000 * (number + 1);
        }
        break;
    case Forgery::IFound:
    case Forgery::IFoundKey:
        packet.kind = PacketKind::IFound;
        packet.node = asked ? heard->second.packet.node : packet.node;
        if (mishap.forgery == Forgery::IFoundKey)
        {
            const Token secret{0xEE, static_cast<std::uint8_t>(number)};
            packet.key = FoundKey{secret, harness::HarnessLock(secret)};
        }
        break;
    case Forgery::IFoundWait:
        packet.kind = PacketKind::IFound;
        packet.node = *NodeId::Parse(fmt::format("waiter{}", number));
        packet.wait = true;
        break;
    case Forgery::Downloading:
        packet.kind = PacketKind::Downloading;
        packet.received = resource.bytes / 100 + number;
        break;
    case Forgery::Complete:
        packet.kind = PacketKind::DownloadComplete;
        packet.location = Location{fmt::format("alias{}", number % 3), 6515};
        packet.size = resource.bytes;
        break;
    case Forgery::Failed:
        packet.kind = PacketKind::DownloadFailed;
        break;
    case Forgery::INeed:
    case Forgery::INeedHelp:
        packet.kind = PacketKind::INeed;
        packet.id = fresh;
        packet.onlyCached = mishap.forgery == Forgery::INeed;
        break;
    case Forgery::ApplicationOwn:
        packet.kind = PacketKind::ApplicationDefined;
        packet.type = "strange";
        break;
    }
    return packet;
}

} // namespace lanpeer::swarm
