#pragma once

#include "model/lan/content.h"
#include "model/lan/core-timers.h"
#include "model/lan/http-fetch.h"
#include "model/lan/http-server.h"
#include "model/lan/node-links.h"
#include "model/protocol/packet-budget.h"
#include "model/protocol/peering-node.h"
#include "model/protocol/tape.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <ns3/application.h>
#include <ns3/event-id.h>
#include <ns3/inet-socket-address.h>
#include <ns3/random-variable-stream.h>
#include <ns3/socket.h>
#include <ns3/traced-callback.h>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace lanpeer::lan
{

/// The peering service of one simulated node: a PeeringNode with real UDP broadcast on the service
/// port and real TCP with HTTP on the HTTP port (R-SIM-1). Holds no protocol logic: it carries out
/// what the core wants done and tells it what happened.
///
/// Attributes: one per row of ParameterTable(), named after its key in CamelCase (`ResponseDelay`,
/// a Time, for response_delay_ms; `RuleLock`, a bool, for rules.lock; and so on), and
/// `InternetAccess`. To be set before the application starts.
///
/// Trace sources: `Handled` (each event with its actions), `Sent`, `Received`, `Dropped` (packets),
/// `TransferOver`, `ServedGet`. The collector lives on them; so may a user's own program.
///
/// Usually made by PeeringHelper.
class PeeringApplication : public ns3::Application
{
  public:
    static ns3::TypeId GetTypeId();

    PeeringApplication();
    ~PeeringApplication() override;

    PeeringConfig& Config()
    {
        return m_config;
    }

    const PeeringConfig& Config() const
    {
        return m_config;
    }

    void SetInternetAccess(bool access)
    {
        m_config.internetAccess = access;
    }

    bool HasInternetAccess() const
    {
        return m_config.internetAccess;
    }

    /// Streams for the timers' draws and for tokens (R-SIM-9). \returns how many were assigned.
    std::int64_t AssignStreams(std::int64_t stream);

    /// The one LAN to peer on: its broadcast address, and which sources are on it. Without it,
    /// every subnet that the node has a broadcasting interface in when the application starts, each
    /// asked and served by the node's address there.
    void SetLan(ns3::Ipv4Address own, ns3::Ipv4Address broadcast, ns3::Ipv4Mask mask);

    /// From now on what comes from the Internet comes through this proxy (caching-proxy.h).
    void SetProxy(const ns3::InetSocketAddress& proxy)
    {
        m_proxy = proxy;
    }

    /// A copy held at the start, or offered by an application later: whole and accepted.
    void Offer(const std::string& href, std::uint64_t size, const std::string& descriptor);

    /// An application asks for a resource. \p digest names the content descriptor it must have: the
    /// verifier (R-HTTP-2).
    void Ask(AppRequestId request,
             const std::string& href,
             const Digest& digest,
             const RequestOptions& options = {});

    /// A body, as far as one can be told from another here (content.h).
    struct Body
    {
        Source source = Source::Local; ///< Local: it was on this node before
        std::uint64_t size = 0;
        std::string descriptor;
    };

    /// An application's part in a request of its own: it verifies for itself and hears the end.
    struct Asker
    {
        std::function<Verdict(const Body& body)> judge; ///< called for each body that arrives
        std::function<void(const std::optional<Reason>& failed)> ended; ///< found, or failed of it
        bool heldRefused = false; ///< it has refused the copy that is held here
    };

    /// As above, with the application's call-back as the verifier (R-HTTP-2). Nothing is heard of a
    /// request that was cancelled, or that the machine was switched off over.
    void Ask(AppRequestId request,
             const std::string& href,
             Asker asker,
             const RequestOptions& options);

    void Cancel(AppRequestId request);

    /// What this node holds whole and accepted of that name.
    std::optional<Body> Held(const std::string& href) const;

    /// Writes a tape of what the core is told and does, from the start.
    void SetTape(std::function<void(std::string_view)> write);

    /// The machine loses power: nothing is sent or received any more, nobody is told.
    void SwitchOff();

    /// It has power again: a new node (R-PKT-1), with the copies that it held whole.
    void SwitchOn();

    /// Nothing that it fetches can be kept any more; what it holds, it still has.
    void FillDisk()
    {
        m_diskFull = true;
    }

    bool IsOn() const
    {
        return m_node.has_value();
    }

    /// The core, while the application runs.
    const PeeringNode* Node() const
    {
        return m_node ? &*m_node : nullptr;
    }

    /// Ends transfers that still run, as far as measuring goes: what they brought is told by
    /// TransferOver.
    void FlushTransfers();

    /// A body, or part of it, came by one HTTP exchange. An exchange that carried none (503, 404,
    /// no connection) is not told of, unless nothing was missing: then the copy was completed by
    /// it.
    struct TransferReport
    {
        std::string href;
        std::optional<PeerId> peer; ///< none: from the Internet
        std::int64_t begunAtUs = 0; ///< when it was asked for
        std::uint64_t bodyBytes = 0;
        bool accepted = false; ///< the copy was whole and accepted by it
        std::string whole;     ///< descriptor of the body, if it came whole, accepted or not
    };

    using HandledCallback = void (*)(const Event& event, const ActionList& actions);
    using SentCallback = void (*)(const ServicePacket& packet, std::uint32_t bytes);
    using ReceivedCallback = void (*)(std::uint32_t bytes);
    using DroppedCallback = void (*)(Reason reason);
    using TransferCallback = void (*)(const TransferReport& report);
    using ServedCallback = void (*)(const std::string& href, PeerId peer);

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;

    void Tell(const Event& event);
    void HandleOne(const Event& event);
    void Carry(const Action& action);
    void On(const Broadcast& action);
    void On(const SendTo& action);
    void On(const ArmTimer& action);
    void On(const CancelTimer& action);
    void On(const DrawToken& action);
    void On(const StartTransfer& action);
    void On(const StopTransfer& action);
    void On(const AnswerUpload& action);
    void On(const OfferCopy& action);
    void On(const WithdrawCopy& action);
    void On(const TellFound& action);
    void On(const TellFailed& action);

    /// What is only told: to applications, to the traces.
    template <typename Told>
    void On(const Told& /*action*/)
    {
    }

    void PacketsWait(ns3::Ptr<ns3::Socket> socket);
    void TakePacket(ns3::Ptr<ns3::Packet> packet, const ns3::Address& from);
    void Send(const ServicePacket& packet,
              const NodeLink& link,
              ns3::Ipv4Address to,
              std::uint16_t port);
    void UploadRequested(std::uint64_t request, ns3::Ipv4Address peer, const http::Request& asked);
    void Progress(TransferId transfer, std::uint64_t received, std::optional<std::uint64_t> size);
    void FetchOver(TransferId transfer, const HttpFetch::Result& result);
    void DiskIsFull(TransferId transfer);
    void ReportTransfer(const StartTransfer& order,
                        std::int64_t begunAtUs,
                        std::uint64_t bodyBytes,
                        bool accepted,
                        const std::string& whole = {});
    Verdict Judge(const std::string& href, const Body& body) const;
    void TellAsker(AppRequestId request, const std::optional<Reason>& failed);
    void Shut();
    Token RandomToken();

    /// A transfer that runs, or whose partial body is kept for a resume.
    struct Transfer
    {
        StartTransfer order;
        std::unique_ptr<HttpFetch> fetch; ///< none: only the partial body is left
        std::string keptTag;              ///< the content of that partial body
        bool keptDamaged = false;         ///< some of it was damaged on the way
        std::int64_t begunAtUs = 0;       ///< when this fetch was asked for
        std::int64_t reportedAtUs = -1;   ///< when progress was last told
        std::int64_t windowAtUs = 0;      ///< since when its rate is measured
        std::uint64_t windowBytes = 0;    ///< of its body, that had come by then
    };

    static std::shared_ptr<HttpFetch> Detach(Transfer& transfer);

    struct Copy
    {
        std::uint64_t size = 0;
        std::string descriptor;
    };

    struct Upload
    {
        PeerId peer{};
        http::Request asked;
    };

    PeeringConfig m_config;
    std::vector<NodeLink> m_links; ///< what it peers on
    std::optional<ns3::InetSocketAddress> m_proxy;
    std::optional<PeeringNode> m_node;
    std::optional<PacketBudget> m_budget;
    std::optional<Tape> m_tape;
    std::function<void(std::string_view)> m_tapeWriter;
    RouteList m_routes; ///< while the machine is off, what it found its way by
    ns3::Ptr<ns3::Socket> m_socket;
    std::unique_ptr<HttpServer> m_server;
    ns3::Ptr<ns3::UniformRandomVariable> m_delays;
    ns3::Ptr<ns3::UniformRandomVariable> m_tokens;
    bool m_diskFull = false;
    bool m_handling = false;
    std::deque<Event> m_drawn;   ///< tokens drawn while it is handled
    std::deque<Event> m_waiting; ///< what else came meanwhile
    CoreTimers m_timers;
    std::map<TransferId, Transfer> m_transfers;
    std::unordered_map<std::string, Copy> m_copies;  ///< whole and accepted, by href
    std::unordered_map<std::string, Copy> m_arrived; ///< whole and accepted, not offered yet
    std::unordered_map<std::string, std::function<Verdict(const Body&)>> m_verifiers;
    std::map<AppRequestId, std::function<void(const std::optional<Reason>&)>> m_askers;
    std::unordered_map<std::uint64_t, Upload> m_uploads; ///< asked, not answered yet
    std::set<std::uint64_t> m_uploadsServed;             ///< with a body

    ns3::TracedCallback<const Event&, const ActionList&> m_handledTrace;
    ns3::TracedCallback<const ServicePacket&, std::uint32_t> m_sentTrace;
    ns3::TracedCallback<std::uint32_t> m_receivedTrace;
    ns3::TracedCallback<Reason> m_droppedTrace;
    ns3::TracedCallback<const TransferReport&> m_transferTrace;
    ns3::TracedCallback<const std::string&, PeerId> m_servedTrace;
};

} // namespace lanpeer::lan
