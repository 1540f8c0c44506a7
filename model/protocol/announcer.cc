#include "model/protocol/announcer.h"

#include "model/protocol/client-timers.h"

#include <utility>

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
    packet.received = request.received;
    packet.size = request.size;
    return packet;
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
    if (state.started || !context.config.wait || !context.config.server || !offered)
    {
        return; // who can't serve it afterwards lets nobody wait for it
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
    if (waiters.size() >= context.config.waiters && waiters.count(node) == 0)
    {
        context.Note(Reason::WaitersFull, request.href, heard.peer);
        return;
    }
    waiters[node] = {heard.peer, heard.port};
    Schedule(context, request, slot);
}

void
HeardDownloading(const Context& context,
                 ClientRequest& request,
                 std::uint32_t slot,
                 const NodeId& node,
                 std::uint64_t received)
{
    Announcement& state = request.announcement;
    state.waiters.erase(node); // it fetches for itself now
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
            for (const auto& [node, address] : state.waiters)
            {
                context.SendTo(address.first, address.second, ProgressPacket(request));
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
