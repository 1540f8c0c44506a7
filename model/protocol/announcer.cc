#include "model/protocol/announcer.h"

#include "model/protocol/client-timers.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace lanpeer::announcer
{

namespace
{

ServicePacket
ProgressPacket(const ClientRequest& request)
{
    ServicePacket packet;
    packet.kind = PacketKind::Downloading;
    packet.href = request.href;
    packet.received = Tellable(request.received);
    packet.size = Tellable(request.size);
    return packet;
}

std::vector<Waiter>::iterator
FindWaiter(std::vector<Waiter>& waiters, const NodeId& node)
{
    return std::find_if(waiters.begin(),
                        waiters.end(),
                        [&node](const Waiter& waiter) { return waiter.node == node; });
}

/// Sees to it that the next "downloading" is due, while there is somebody to hear it (R-PKT-7).
void
Schedule(const Context& context, ClientRequest& request, std::uint32_t slot)
{
    Announcement& state = request.announcement;
    const bool heeded = state.asked || !state.waiters.empty();
    if (state.started && heeded && !state.progressArmed)
    {
        state.progressArmed = true;
        const std::uint64_t intervalMs = context.config.progressIntervalMs;
        timers::Arm(context, request, slot, TimerKind::Progress, intervalMs, intervalMs);
    }
}

} // namespace

void
Begin(const Context& context, ClientRequest& request, std::uint32_t slot)
{
    Announcement& state = request.announcement;
    const bool offered = request.peered || request.helping;
    // A helper claims by it, whatever the rule `wait` says (R-CLI-12). Who can't serve it
    // afterwards lets nobody wait for it.
    const bool told = context.config.wait || request.helping;
    if (state.started || !told || !context.config.server || !offered)
    {
        return;
    }
    state.started = true;
    context.Broadcast(ProgressPacket(request));
    Schedule(context, request, slot);
}

void
HeardINeed(const Context& context, ClientRequest& request, std::uint32_t slot)
{
    request.announcement.asked = true;
    Schedule(context, request, slot);
}

void
HeardWaiter(const Context& context,
            ClientRequest& request,
            std::uint32_t slot,
            const NodeId& node,
            const PacketReceived& heard)
{
    auto& waiters = request.announcement.waiters;
    const auto known = FindWaiter(waiters, node);
    if (known != waiters.end())
    {
        *known = {node, heard.peer, heard.port};
    }
    else if (waiters.size() < context.config.waiters)
    {
        waiters.push_back({node, heard.peer, heard.port});
    }
    else
    {
        context.Note(Reason::WaitersFull, request.href, heard.peer);
        return;
    }
    Schedule(context, request, slot);
}

void
HeardFetching(ClientRequest& request, const NodeId& node)
{
    auto& waiters = request.announcement.waiters;
    if (const auto waiter = FindWaiter(waiters, node); waiter != waiters.end())
    {
        waiters.erase(waiter);
    }
}

void
HeardDownloading(const Context& context,
                 ClientRequest& request,
                 std::uint32_t slot,
                 const NodeId& node,
                 std::uint64_t received)
{
    Announcement& state = request.announcement;
    const bool ahead =
        received > request.received || (received == request.received && node < context.self);
    if (state.started && ahead)
    {
        state.quiet = true;
        const std::uint64_t quietMs = 2 * context.config.progressIntervalMs;
        timers::Arm(context, request, slot, TimerKind::Quiet, quietMs, quietMs);
    }
}

void
ProgressDue(const Context& context, ClientRequest& request, std::uint32_t slot)
{
    Announcement& state = request.announcement;
    state.progressArmed = false;
    if (!state.quiet && (state.asked || !state.waiters.empty()))
    {
        state.asked = false;
        if (context.config.progressToWaiters)
        {
            for (const Waiter& waiter : state.waiters)
            {
                context.SendTo(waiter.peer, waiter.port, ProgressPacket(request));
            }
        }
        else
        {
            context.Broadcast(ProgressPacket(request));
        }
    }
    Schedule(context, request, slot);
}

void
QuietOver(const Context& context, ClientRequest& request, std::uint32_t slot)
{
    request.announcement.quiet = false;
    Schedule(context, request, slot);
}

void
Fail(const Context& context, ClientRequest& request, std::uint32_t slot)
{
    timers::Disarm(context, request, slot, TimerKind::Progress);
    timers::Disarm(context, request, slot, TimerKind::Quiet);
    if (std::exchange(request.announcement, Announcement{}).started)
    {
        ServicePacket packet;
        packet.kind = PacketKind::DownloadFailed;
        packet.href = request.href;
        context.Broadcast(std::move(packet));
    }
}

} // namespace lanpeer::announcer
