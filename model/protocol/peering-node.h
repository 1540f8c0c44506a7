#pragma once

#include "model/protocol/action.h"
#include "model/protocol/event.h"
#include "model/protocol/internet-helper.h"
#include "model/protocol/local-copies.h"
#include "model/protocol/parameters.h"
#include "model/protocol/peering-client.h"
#include "model/protocol/peering-server.h"

#include <cstdint>
#include <memory>
#include <set>
#include <string>

namespace lanpeer
{

/// One node of the patent's FIG. 2: peering server and peering client, for any transport.
///
/// An event goes in, actions come out. There is no clock, no random number, no socket, no file and
/// no absolute time inside: "wait 0 to 2000 ms" leaves as a range and the host draws. So the state
/// is finite and hashable, and one and the same core runs under ns-3, on sockets, in the harness
/// and in the explorer.
///
/// # The host contract
///
/// The host
/// - calls Handle() with one event at a time, never from within Handle();
/// - carries the actions out in their order, after Handle() has returned;
/// - answers DrawToken by TokenDrawn before any other event, TokenDrawn events in the order of the
///   DrawToken actions;
/// - never fires a timer that was cancelled or armed again since;
/// - ends each started transfer exactly once, unless it was stopped, and says nothing of a stopped
///   one; the same for uploads that were answered by Serve with a body: UploadEnded exactly once;
/// - drops, and counts by reason, what comes from off-link, exceeds the packet budgets
///   (packet-budget.h) or does not decode (packet-codec.h), before the core sees it;
/// - names peers by source address: one address, one PeerId, and answers go to it;
/// - computes verdicts and keeps bytes: on OfferCopy it keeps the copy and serves it under the
///   alias, on WithdrawCopy it no longer does. A verdict is by what the applications that want the
///   resource by then have named, also when the transfer began before they asked;
/// - gives an application its bytes at TellFound: a StopTransfer behind it discards what is not
/// kept;
/// - reports transfer progress at least every 250 ms while bytes arrive.
///
/// The core promises in return
/// - Handle() is synchronous and total: every event is legal in every state, and nothing that a
///   remote peer can send reaches an assert or grows a table past its bound (limits.h);
/// - every ResourceWanted is answered by exactly one TellFound or TellFailed, unless the node is
///   restarted (R-CLI-7);
/// - at most one transfer per TransferId at a time, and every UploadAsked answered at once;
/// - same state, same event: same actions, on every machine.
///
/// A regular value: copies are independent; ==, hash and encoding compare what the node knows, not
/// how it is configured.
class PeeringNode
{
  public:
    PeeringNode(NodeId self, std::shared_ptr<const PeeringConfig> config);

    void Handle(const Event& event, ActionList& actions);

    const NodeId& Self() const
    {
        return m_self;
    }

    const PeeringConfig& Config() const
    {
        return *m_config;
    }

    // What the node knows, for tests, the explorer and `status`.
    const LocalCopies& Copies() const
    {
        return m_copies;
    }

    const PeeringServer& Server() const
    {
        return m_server;
    }

    const PeeringClient& Client() const
    {
        return m_client;
    }

    // The configuration never changes, so it is no state.
    LANPEER_FIELDS(m_self, m_copies, m_server, m_client, m_helper, m_applicationTypes)

  private:
    void On(const Context& context, const ResourceWanted& event);
    void On(const Context& context, const RequestCancelled& event);
    void On(const Context& context, const PacketReceived& event);
    void On(const Context& context, const TimerFired& event);
    void On(const Context& context, const TokenDrawn& event);
    void On(const Context& context, const TransferProgressed& event);
    void On(const Context& context, const BodyComplete& event);
    void On(const Context& context, const TransferEnded& event);
    void On(const Context& context, const UploadAsked& event);
    void On(const Context& context, const UploadEnded& event);
    void On(const Context& context, const CopyOffered& event);
    void On(const Context& context, const CopyWithdrawn& event);
    void On(const Context& context, const InternetAccessChanged& event);
    void On(const Context& context, const LanChanged& event);
    void On(const Context& context, const ApplicationPacketToSend& event);
    void On(const Context& context, const ApplicationTypeRegistered& event);
    void On(const Context& context, const CatalogHeld& event);
    void On(const Context& context, const Restarted& event);

    void HeardINeed(const Context& context, const PacketReceived& heard);
    void HeardOfSource(const Context& context, const ServicePacket& packet);
    void HelpWith(const Context& context, const std::string& href);
    void HeardApplicationPacket(const Context& context, const PacketReceived& heard) const;
    Located Locate(const std::string& href) const;

    NodeId m_self;
    std::shared_ptr<const PeeringConfig> m_config;
    LocalCopies m_copies;
    PeeringServer m_server;
    PeeringClient m_client;
    InternetHelper m_helper;
    std::set<std::string> m_applicationTypes; ///< that applications take (R-PKT-3)
};

} // namespace lanpeer
