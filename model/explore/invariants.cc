#include "model/explore/seeing.h"

#include <iterator>
#include <utility>

namespace lanpeer::explore
{

namespace
{

/// Does a request run that may fetch a resource from peers? All that may, join.
bool
GetsFromPeers(const PeeringNode& node, const std::string& href)
{
    const auto& requests = node.Client().Requests();
    for (std::uint32_t slot = 0; slot < requests.End(); ++slot)
    {
        const ClientRequest* request = requests.Find(slot);
        if (request != nullptr && request->href == href && request->options.cacheable &&
            request->options.verified)
        {
            return true;
        }
    }
    return false;
}

} // namespace

Monitor::Monitor(std::size_t hosts, const Strictness& strictness)
    : m_strictness(strictness)
    , m_watches(hosts)
{
}

std::uint32_t
Watch::Running() const
{
    std::uint32_t running = 0;
    for (const auto& [href, one] : getting)
    {
        running |= one.running;
    }
    return running;
}

void
Monitor::Violate(std::string_view requirement, std::string what)
{
    if (!m_violation)
    {
        m_violation = Violation{std::string(requirement), std::move(what)};
    }
}

void
Monitor::Crashed(std::uint32_t host)
{
    m_watches[host] = {};
}

void
Monitor::Handled(const harness::World& world,
                 std::uint32_t host,
                 const Event& event,
                 const ActionList& actions)
{
    const Seeing seeing{world, host, event, actions};
    LookAtEvent(seeing);
    for (std::size_t i = 0; i < actions.size(); ++i)
    {
        LookAtAction(seeing, i);
    }
    if (const auto* fired = std::get_if<TimerFired>(&event))
    {
        if (fired->timer.kind == TimerKind::ResponseDelay)
        {
            DelayOver(seeing, fired->timer.subject);
        }
        else if (fired->timer.kind == TimerKind::ForgetEnded)
        {
            MemoryAged(host);
        }
    }
    auto& getting = m_watches[host].getting;
    for (auto its = getting.begin(); its != getting.end();)
    {
        Getting& one = its->second;
        if (one.refused != 0 && !GetsFromPeers(seeing.Host().node, its->first))
        {
            one.refused = 0; // what still runs for it is another request, not to be shared
        }
        if (one.running == 0)
        {
            one = {0, one.announced, 0, 0, 0, 0}; // a new request begins anew
        }
        its = one == Getting{} ? getting.erase(its) : std::next(its);
    }
}

void
Monitor::LookAtEvent(const Seeing& seeing)
{
    if (const auto* wanted = std::get_if<ResourceWanted>(&seeing.event))
    {
        Getting& getting = m_watches[seeing.host].getting[wanted->href];
        getting.running |= BitOf(wanted->request);
        ++getting.asked;
    }
    else if (const auto* asked = std::get_if<UploadAsked>(&seeing.event))
    {
        Asked(seeing, *asked);
    }
    else if (const auto* ended = std::get_if<TransferEnded>(&seeing.event))
    {
        Ended(seeing, *ended);
    }
    else if (const auto* heard = std::get_if<PacketReceived>(&seeing.event))
    {
        if (heard->packet->kind == PacketKind::INeed)
        {
            HeardINeed(seeing, *heard);
        }
        else if (heard->packet->kind == PacketKind::IFound)
        {
            HeardIFound(seeing, *heard);
        }
    }
}

void
Monitor::LookAtAction(const Seeing& seeing, std::size_t i)
{
    const Action& action = seeing.actions[i];
    if (const auto* broadcast = As<Broadcast>(action))
    {
        Sent(seeing, i, *broadcast->packet, std::nullopt);
    }
    else if (const auto* send = As<SendTo>(action))
    {
        Sent(seeing, i, *send->packet, send->peer);
    }
    else if (const auto* cancel = As<CancelTimer>(action))
    {
        Cancelled(seeing, i, cancel->timer);
    }
    else if (const auto* offer = As<OfferCopy>(action))
    {
        Offered(seeing, *offer);
    }
    else if (const auto* start = As<StartTransfer>(action))
    {
        Started(seeing, i, *start);
    }
    else if (const auto* stop = As<StopTransfer>(action))
    {
        m_watches[seeing.host].fetches.erase(stop->transfer);
    }
    else if (const auto* found = As<TellFound>(action))
    {
        Found(seeing, *found);
    }
    else if (const auto* failed = As<TellFailed>(action))
    {
        Failed(seeing, i, *failed);
    }
}

} // namespace lanpeer::explore
