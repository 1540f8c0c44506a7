#pragma once

#include "model/protocol/client-request.h"
#include "model/protocol/context.h"

#include <cstdint>

namespace lanpeer::timers
{

constexpr std::uint32_t
Bit(TimerKind kind)
{
    return 1U << static_cast<unsigned>(kind);
}

/// Arms a timer of a request, or arms it again.
inline void
Arm(const Context& context,
    ClientRequest& request,
    std::uint32_t slot,
    TimerKind kind,
    std::uint64_t minMs,
    std::uint64_t maxMs)
{
    request.timers |= Bit(kind);
    context.Do(ArmTimer{{kind, slot}, minMs, maxMs});
}

/// Cancels a timer of a request if it is armed.
inline void
Disarm(const Context& context, ClientRequest& request, std::uint32_t slot, TimerKind kind)
{
    if ((request.timers & Bit(kind)) != 0)
    {
        request.timers &= ~Bit(kind);
        context.Do(CancelTimer{{kind, slot}});
    }
}

/// Cancels all that are armed.
inline void
DisarmAll(const Context& context, ClientRequest& request, std::uint32_t slot)
{
    for (unsigned kind = 0; request.timers != 0; ++kind)
    {
        Disarm(context, request, slot, static_cast<TimerKind>(kind));
    }
}

} // namespace lanpeer::timers
