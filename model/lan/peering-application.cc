#include "model/lan/peering-application.h"

#include "model/lan/parameter-attributes.h"
#include "model/lan/received-packets.h"
#include "model/protocol/base64url.h"
#include "model/protocol/packet-codec.h"
#include "model/protocol/packet-format.h"

#include <cmath>
#include <ns3/boolean.h>
#include <ns3/inet-socket-address.h>
#include <ns3/ipv4-interface.h>
#include <ns3/ipv4.h>
#include <ns3/log.h>
#include <ns3/simulator.h>
#include <ns3/udp-socket-factory.h>
#include <ns3/udp-socket.h>
#include <sstream>
#include <utility>

namespace lanpeer::lan
{

NS_LOG_COMPONENT_DEFINE("PeeringApplication");
NS_OBJECT_ENSURE_REGISTERED(PeeringApplication);

namespace
{

/// How often progress of a transfer is told to the core (peering-node.h, the host contract).
constexpr std::int64_t kProgressEveryUs = 250'000;

PeerId
PeerOf(ns3::Ipv4Address address)
{
    return static_cast<PeerId>(address.Get());
}

ns3::Ipv4Address
AddressOf(PeerId peer)
{
    return ns3::Ipv4Address(static_cast<std::uint32_t>(peer));
}

std::string
TextOf(ns3::Ipv4Address address)
{
    std::ostringstream text;
    address.Print(text);
    return text.str();
}

/// Takes `http://ADDRESS/PATH` apart. There are no names in the simulation: an origin's URL carries
/// its address.
std::optional<std::pair<ns3::InetSocketAddress, http::GetOrder>>
OriginOrder(const std::string& href)
{
    constexpr std::string_view scheme = "http://";
    constexpr std::uint16_t port = 80;
    if (href.compare(0, scheme.size(), scheme) != 0)
    {
        return std::nullopt;
    }
    const std::size_t slash = href.find('/', scheme.size());
    if (slash == std::string::npos)
    {
        return std::nullopt;
    }
    http::GetOrder order;
    order.authority = href.substr(scheme.size(), slash - scheme.size());
    order.target = href.substr(slash);
    const ns3::Ipv4Address address(order.authority.c_str());
    return std::pair(ns3::InetSocketAddress(address, port), order);
}

} // namespace

ns3::TypeId
PeeringApplication::GetTypeId()
{
    static ns3::TypeId tid = []
    {
        ns3::TypeId made("lanpeer::PeeringApplication");
        made.SetParent<ns3::Application>();
        made.SetGroupName("LanPeer");
        made.AddConstructor<PeeringApplication>();
        AddParameterAttributes(made);
        made.AddTraceSource("Handled",
                            "The core handled an event; the actions it led to.",
                            ns3::MakeTraceSourceAccessor(&PeeringApplication::m_handledTrace),
                            "lanpeer::PeeringApplication::HandledCallback");
        made.AddTraceSource("Sent",
                            "A service packet left, with its bytes of UDP payload.",
                            ns3::MakeTraceSourceAccessor(&PeeringApplication::m_sentTrace),
                            "lanpeer::PeeringApplication::SentCallback");
        made.AddTraceSource("Received",
                            "A datagram came to the service port, before any budget.",
                            ns3::MakeTraceSourceAccessor(&PeeringApplication::m_receivedTrace),
                            "lanpeer::PeeringApplication::ReceivedCallback");
        made.AddTraceSource("Dropped",
                            "A datagram was dropped before the core.",
                            ns3::MakeTraceSourceAccessor(&PeeringApplication::m_droppedTrace),
                            "lanpeer::PeeringApplication::DroppedCallback");
        made.AddTraceSource("TransferOver",
                            "A body, or part of it, came by one HTTP exchange.",
                            ns3::MakeTraceSourceAccessor(&PeeringApplication::m_transferTrace),
                            "lanpeer::PeeringApplication::TransferCallback");
        made.AddTraceSource("ServedGet",
                            "A GET of another node is being served.",
                            ns3::MakeTraceSourceAccessor(&PeeringApplication::m_servedTrace),
                            "lanpeer::PeeringApplication::ServedCallback");
        return made;
    }();
    return tid;
}

PeeringApplication::PeeringApplication()
    : m_config(PeeringConfig::Defaults())
    , m_delays(ns3::CreateObject<ns3::UniformRandomVariable>())
    , m_tokens(ns3::CreateObject<ns3::UniformRandomVariable>())
{
}

PeeringApplication::~PeeringApplication() = default;

std::int64_t
PeeringApplication::AssignStreams(std::int64_t stream)
{
    m_delays->SetStream(stream);
    m_tokens->SetStream(stream + 1);
    return 2;
}

void
PeeringApplication::SetLan(ns3::Ipv4Address own, ns3::Ipv4Address broadcast, ns3::Ipv4Mask mask)
{
    m_own = own;
    m_broadcast = broadcast;
    m_mask = mask;
}

void
PeeringApplication::SetTape(std::function<void(std::string_view)> write)
{
    m_tapeWriter = std::move(write);
}

// ---------------------------------------------------------------- life

void
PeeringApplication::StartApplication()
{
    if (!m_own.IsInitialized() || m_own == ns3::Ipv4Address::GetAny())
    {
        const auto address = GetNode()->GetObject<ns3::Ipv4>()->GetAddress(1, 0);
        SetLan(address.GetLocal(), address.GetBroadcast(), address.GetMask());
    }
    m_node.emplace(*NodeId::Parse(ToBase64Url(RandomToken())),
                   std::make_shared<const PeeringConfig>(m_config));
    m_budget.emplace(m_config);
    if (m_tapeWriter)
    {
        m_tape.emplace(*m_node, m_tapeWriter);
    }
    if (m_config.peering)
    {
        const auto port = static_cast<std::uint16_t>(m_config.servicePort);
        m_socket = ns3::Socket::CreateSocket(GetNode(), ns3::UdpSocketFactory::GetTypeId());
        m_socket->SetAllowBroadcast(true);
        m_socket->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), port));
        m_socket->SetRecvCallback(ns3::MakeCallback(&PeeringApplication::PacketsWait, this));
    }
    if (m_config.peering && m_config.server)
    {
        HttpServer::Limits limits;
        limits.connections = m_config.httpConnections;
        limits.connectionsPerPeer = m_config.httpConnectionsPerPeer;
        limits.headerMs = m_config.httpHeaderMs;
        m_server = std::make_unique<HttpServer>(
            GetNode(), static_cast<std::uint16_t>(m_config.httpPort), limits);
        m_server->Start(
            [this](std::uint64_t request, ns3::Ipv4Address peer, const http::Request& asked)
            { UploadRequested(request, peer, asked); },
            [this](std::uint64_t request)
            {
                m_uploads.erase(request);
                if (m_uploadsServed.erase(request) != 0)
                {
                    Tell(UploadEnded{static_cast<UploadId>(request)});
                }
            });
    }
    for (const auto& [href, copy] : std::map<std::string, Copy>(m_copies.begin(), m_copies.end()))
    {
        Tell(CopyOffered{href, copy.size});
    }
}

void
PeeringApplication::StopApplication()
{
    Shut();
}

void
PeeringApplication::Shut()
{
    FlushTransfers();
    for (auto& [key, event] : m_timers)
    {
        event.Cancel();
    }
    m_timers.clear();
    m_transfers.clear();
    m_drawn.clear();
    m_waiting.clear();
    m_uploads.clear();
    m_uploadsServed.clear();
    m_server.reset();
    if (m_socket)
    {
        m_socket->SetRecvCallback(ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>());
        m_socket->Close();
        m_socket = nullptr;
    }
    m_node.reset();
}

void
PeeringApplication::SwitchOff()
{
    const auto ipv4 = GetNode()->GetObject<ns3::Ipv4>();
    for (std::uint32_t interface = 1; interface < ipv4->GetNInterfaces(); ++interface)
    {
        ipv4->SetDown(interface); // first, so that closing sockets tells nobody
    }
    Shut();
}

void
PeeringApplication::DoDispose()
{
    Shut();
    m_delays = nullptr;
    m_tokens = nullptr;
    ns3::Application::DoDispose();
}

// ---------------------------------------------------------------- the application's side

void
PeeringApplication::Offer(const std::string& href,
                          std::uint64_t size,
                          const std::string& descriptor)
{
    m_copies[href] = {size, descriptor};
    if (m_node)
    {
        Tell(CopyOffered{href, size});
    }
}

void
PeeringApplication::Ask(AppRequestId request,
                        const std::string& href,
                        const Digest& digest,
                        const RequestOptions& options)
{
    m_verifiers[href] = digest;
    if (m_node)
    {
        Tell(ResourceWanted{request, href, options});
    }
}

// ---------------------------------------------------------------- the core's host

void
PeeringApplication::Tell(const Event& event)
{
    if (!m_node)
    {
        return; // switched off
    }
    if (m_handling)
    {
        m_waiting.push_back(event);
        return;
    }
    m_handling = true;
    HandleOne(event);
    while (m_node && !(m_drawn.empty() && m_waiting.empty()))
    {
        // Tokens come before everything else, in their order (host contract).
        std::deque<Event>& queue = m_drawn.empty() ? m_waiting : m_drawn;
        const Event next = std::move(queue.front());
        queue.pop_front();
        HandleOne(next);
    }
    m_handling = false;
}

void
PeeringApplication::HandleOne(const Event& event)
{
    m_actions.clear();
    m_node->Handle(event, m_actions);
    if (m_tape)
    {
        m_tape->Record(*m_node, event, m_actions);
    }
    m_handledTrace(event, m_actions);
    for (const Action& action : m_actions)
    {
        Carry(action);
    }
}

void
PeeringApplication::Carry(const Action& action)
{
    std::visit([this](const auto& wanted) { On(wanted); }, action);
}

void
PeeringApplication::On(const Broadcast& action)
{
    Send(*action.packet, m_broadcast, static_cast<std::uint16_t>(m_config.servicePort));
}

void
PeeringApplication::On(const SendTo& action)
{
    Send(*action.packet, AddressOf(action.peer), action.port);
}

void
PeeringApplication::Send(const ServicePacket& packet, ns3::Ipv4Address to, std::uint16_t port)
{
    const auto bytes = Encode(packet, TextOf(m_own));
    if (!bytes)
    {
        NS_LOG_WARN("a packet could not be written");
        return;
    }
    m_sentTrace(packet, static_cast<std::uint32_t>(bytes->size()));
    m_socket->SendTo(ns3::Create<ns3::Packet>(reinterpret_cast<const std::uint8_t*>(bytes->data()),
                                              static_cast<std::uint32_t>(bytes->size())),
                     0,
                     ns3::InetSocketAddress(to, port));
}

void
PeeringApplication::On(const ArmTimer& action)
{
    // The host draws (host contract), to the microsecond.
    const double spanUs = static_cast<double>(action.maxMs - action.minMs) * 1000.0;
    const double drawn = action.maxMs > action.minMs ? m_delays->GetValue(0.0, spanUs) : 0.0;
    const auto delayUs = static_cast<std::int64_t>(action.minMs) * 1000 + std::llround(drawn);
    ns3::EventId& event = m_timers[action.timer];
    event.Cancel();
    event = ns3::Simulator::Schedule(
        ns3::MicroSeconds(delayUs), &PeeringApplication::TimerRanOut, this, action.timer);
}

void
PeeringApplication::On(const CancelTimer& action)
{
    const auto found = m_timers.find(action.timer);
    if (found != m_timers.end())
    {
        found->second.Cancel();
        m_timers.erase(found);
    }
}

void
PeeringApplication::TimerRanOut(TimerKey timer)
{
    m_timers.erase(timer);
    Tell(TimerFired{timer});
}

Token
PeeringApplication::RandomToken()
{
    Token token;
    for (std::uint8_t& byte : token)
    {
        byte = static_cast<std::uint8_t>(m_tokens->GetInteger(0, 255));
    }
    return token;
}

void
PeeringApplication::On(const DrawToken& action)
{
    const Token token = RandomToken();
    m_drawn.push_back(TokenDrawn{action.key, token, LockOf(token)});
}

// ---------------------------------------------------------------- packets

void
PeeringApplication::PacketsWait(ns3::Ptr<ns3::Socket> socket)
{
    ns3::Address from;
    while (ns3::Ptr<ns3::Packet> packet = socket->RecvFrom(from))
    {
        TakePacket(packet, from);
    }
}

void
PeeringApplication::TakePacket(ns3::Ptr<ns3::Packet> packet, const ns3::Address& from)
{
    const ns3::InetSocketAddress source = ns3::InetSocketAddress::ConvertFrom(from);
    const ns3::Ipv4Address address = source.GetIpv4();
    if (address == m_own)
    {
        return; // R-SRV-6
    }
    m_receivedTrace(packet->GetSize());
    // Only on-link unicast sources are heard, within the budgets, before decoding (R-SRV-7).
    if (address.CombineMask(m_mask) != m_own.CombineMask(m_mask) || address == m_broadcast)
    {
        m_droppedTrace(Reason::OffLink);
        return;
    }
    const auto& entry = ReceivedPackets::Instance().Of(packet, address);
    const auto nowUs = static_cast<std::uint64_t>(ns3::Simulator::Now().GetMicroSeconds());
    if (const auto refused = m_budget->Admit(PeerOf(address), entry.iFound, nowUs))
    {
        m_droppedTrace(*refused);
    }
    else if (const auto* reason = std::get_if<Reason>(&entry.content))
    {
        m_droppedTrace(*reason);
    }
    else
    {
        Tell(PacketReceived{
            PeerOf(address), source.GetPort(), std::get<Shared<ServicePacket>>(entry.content)});
    }
}

// ---------------------------------------------------------------- transfers

void
PeeringApplication::On(const StartTransfer& action)
{
    Transfer& transfer = m_transfers[action.transfer];
    transfer.fetch.reset();
    transfer.order = action;
    transfer.reportedAtUs = -1;

    ns3::InetSocketAddress server(m_own, 0);
    http::GetOrder order;
    if (action.peer)
    {
        server = ns3::InetSocketAddress(AddressOf(action.peer->peer), action.peer->port);
        order.authority = TextOf(AddressOf(action.peer->peer));
        order.target = "/" + action.peer->path;
    }
    else if (const auto origin = OriginOrder(action.href))
    {
        server = origin->first;
        order = origin->second;
    }
    order.keepAlive = false;
    if (action.offset > 0)
    {
        order.offset = action.offset;
        if (!transfer.keptTag.empty())
        {
            order.ifRangeTag = transfer.keptTag;
        }
    }
    const TransferId id = action.transfer;
    transfer.fetch = std::make_unique<HttpFetch>(GetNode(), server, order);
    transfer.fetch->Start([this, id](std::uint64_t received, std::optional<std::uint64_t> size)
                          { Progress(id, received, size); },
                          [this, id](const HttpFetch::Result& result) { FetchOver(id, result); });
}

void
PeeringApplication::Progress(TransferId id,
                             std::uint64_t received,
                             std::optional<std::uint64_t> size)
{
    Transfer& transfer = m_transfers.at(id);
    const std::int64_t nowUs = ns3::Simulator::Now().GetMicroSeconds();
    if (transfer.reportedAtUs < 0 || nowUs - transfer.reportedAtUs >= kProgressEveryUs)
    {
        transfer.reportedAtUs = nowUs;
        Tell(TransferProgressed{id, received, size});
    }
}

void
PeeringApplication::FetchOver(TransferId id, const HttpFetch::Result& result)
{
    Transfer& transfer = m_transfers.at(id);
    // Kept until the callback that got here has returned: it belongs to the fetch.
    const std::shared_ptr<HttpFetch> done(std::move(transfer.fetch));
    ns3::Simulator::ScheduleNow([done] {});
    const StartTransfer order = transfer.order;
    transfer.keptTag = result.tag;

    TransferEnded event{id, TransferOutcome::Failed, Verdict::None, result.received, {}};
    switch (result.end)
    {
    case FetchEnd::Whole:
        event.outcome = TransferOutcome::Complete;
        event.verdict = Judge(order.href, result.tag);
        break;
    case FetchEnd::Unavailable:
        event.outcome = TransferOutcome::Busy;
        if (result.retryAfterSeconds)
        {
            event.retryAfterMs = static_cast<std::uint32_t>(
                std::min<std::uint64_t>(*result.retryAfterSeconds, 86400) * 1000);
        }
        break;
    case FetchEnd::NotFound:
        event.outcome = TransferOutcome::NotFound;
        break;
    case FetchEnd::NoRoute:
        event.outcome = order.peer ? TransferOutcome::Failed : TransferOutcome::NoAccess;
        break;
    case FetchEnd::Broken:
        break;
    }
    const bool accepted =
        event.outcome == TransferOutcome::Complete && event.verdict != Verdict::Refused;
    if (accepted)
    {
        m_arrived[order.href] = {result.received, result.tag};
    }
    ReportTransfer(order, result.bodyBytes, accepted);
    Tell(event);
}

void
PeeringApplication::ReportTransfer(const StartTransfer& order,
                                   std::uint64_t bodyBytes,
                                   bool accepted)
{
    TransferReport report;
    report.href = order.href;
    report.peer = order.peer ? std::optional(order.peer->peer) : std::nullopt;
    report.bodyBytes = bodyBytes;
    report.accepted = accepted;
    m_transferTrace(report);
}

void
PeeringApplication::FlushTransfers()
{
    for (auto& [id, transfer] : m_transfers)
    {
        if (transfer.fetch)
        {
            ReportTransfer(transfer.order, transfer.fetch->SoFar().bodyBytes, false);
            transfer.fetch.reset();
        }
    }
}

Verdict
PeeringApplication::Judge(const std::string& href, const std::string& descriptor) const
{
    const auto verifier = m_verifiers.find(href);
    if (verifier == m_verifiers.end())
    {
        return Verdict::None;
    }
    return DigestOf(descriptor) == verifier->second ? Verdict::Accepted : Verdict::Refused;
}

void
PeeringApplication::On(const StopTransfer& action)
{
    const auto found = m_transfers.find(action.transfer);
    if (found == m_transfers.end())
    {
        return;
    }
    Transfer& transfer = found->second;
    if (transfer.fetch)
    {
        const HttpFetch::Result soFar = transfer.fetch->SoFar();
        ReportTransfer(transfer.order, soFar.bodyBytes, false);
        transfer.keptTag = soFar.tag;
        transfer.fetch.reset();
    }
    if (!action.keep)
    {
        m_transfers.erase(found);
    }
}

// ---------------------------------------------------------------- uploads and copies

void
PeeringApplication::UploadRequested(std::uint64_t request,
                                    ns3::Ipv4Address peer,
                                    const http::Request& asked)
{
    if (peer.CombineMask(m_mask) != m_own.CombineMask(m_mask))
    {
        m_server->Answer(request, http::AnswerError(http::ErrorStatus::Forbidden, {}, false));
        return; // only the node's own subnet is served (R-HTTP-3)
    }
    m_uploads.emplace(request, asked);
    Tell(UploadAsked{static_cast<UploadId>(request),
                     PeerOf(peer),
                     asked.alias,
                     asked.method == http::Method::Get});
}

void
PeeringApplication::On(const AnswerUpload& action)
{
    const auto request = static_cast<std::uint64_t>(action.upload);
    const auto found = m_uploads.find(request);
    const bool withBody = found != m_uploads.end() && found->second.method == http::Method::Get;
    if (found == m_uploads.end())
    {
        if (action.answer == UploadAnswer::Serve)
        {
            Tell(UploadEnded{action.upload}); // who asked has gone
        }
        return;
    }
    const http::Request asked = found->second;
    m_uploads.erase(found);
    switch (action.answer)
    {
    case UploadAnswer::Serve:
    {
        const Copy& copy = m_copies.at(action.href);
        if (withBody)
        {
            m_uploadsServed.insert(request);
            m_servedTrace(action.href);
        }
        m_server->Answer(request, http::Answer(asked, {copy.size, copy.descriptor}));
        break;
    }
    case UploadAnswer::Busy:
    {
        const auto seconds = static_cast<std::uint32_t>((action.retryAfterMs + 999) / 1000);
        m_server->Answer(
            request,
            http::AnswerError(http::ErrorStatus::ServiceUnavailable, seconds, asked.keepAlive));
        break;
    }
    case UploadAnswer::NoSuchCopy:
        m_server->Answer(request,
                         http::AnswerError(http::ErrorStatus::NotFound, {}, asked.keepAlive));
        break;
    }
}

void
PeeringApplication::On(const OfferCopy& action)
{
    if (const auto arrived = m_arrived.find(action.href); arrived != m_arrived.end())
    {
        m_copies[action.href] = arrived->second;
        m_arrived.erase(arrived);
    }
}

void
PeeringApplication::On(const WithdrawCopy& action)
{
    m_copies.erase(action.href);
}

} // namespace lanpeer::lan
