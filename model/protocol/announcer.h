#pragma once

#include "model/protocol/client-request.h"
#include "model/protocol/context.h"
#include "model/protocol/event.h"

#include <cstdint>

namespace lanpeer
{

/// How a node that retrieves from the Internet tells the others (FIG. 7, [0033], [0034], [0050],
/// [0051], R-CLI-5). Works on the Announcement of one request; \p slot names its timers.
namespace announcer
{

/// 216B: the retrieval begins; one "downloading" for it, however often it is resumed.
void Begin(const Context& context, ClientRequest& request, std::uint32_t slot);

/// Somebody asked for the resource.
void HeardINeed(const Context& context, ClientRequest& request, std::uint32_t slot);

/// Somebody waits for the resource: "I found" with wait="1" (154).
void HeardWaiter(const Context& context,
                 ClientRequest& request,
                 std::uint32_t slot,
                 const NodeId& node,
                 const PacketReceived& heard);

/// One that may have waited fetches for itself now.
void HeardFetching(ClientRequest& request, const NodeId& node);

/// Another node retrieves the same resource, and gets on. The one that is further on speaks for
/// both.
void HeardDownloading(const Context& context,
                      ClientRequest& request,
                      std::uint32_t slot,
                      const NodeId& node,
                      std::uint64_t received);

/// A progress interval is over (216C).
void ProgressDue(const Context& context, ClientRequest& request, std::uint32_t slot);

/// Nothing was heard of the one further on for two intervals.
void QuietOver(const Context& context, ClientRequest& request, std::uint32_t slot);

/// The retrieval ended badly: "download failed". (A good end is told by LocalCopies once the copy
/// is offered.)
void Fail(const Context& context, ClientRequest& request, std::uint32_t slot);

} // namespace announcer

} // namespace lanpeer
