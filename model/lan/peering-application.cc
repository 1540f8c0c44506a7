#include "model/lan/peering-application.h"

#include "model/lan/parameter-attributes.h"
#include "model/lan/peer-address.h"
#include "model/lan/received-packets.h"
#include "model/protocol/base64url.h"
#include "model/protocol/packet-codec.h"
#include "model/protocol/packet-format.h"

#include <algorithm>
#include <cmath>
#include <ns3/boolean.h>
#include <ns3/inet-socket-address.h>
#include <ns3/ipv4-interface.h>
#include <ns3/ipv4.h>
#include <ns3/log.h>
#include <ns3/simulator.h>
#include <ns3/udp-socket-factory.h>
#include <ns3/udp-socket.h>
#include <unordered_set>
#include <utility>

namespace lanpeer::lan
{

NS_LOG_COMPONENT_DEFINE("PeeringApplication");
NS_OBJECT_ENSURE_REGISTERED(PeeringApplication);

namespace
{

/// Equal configurations are one object: what a thousand nodes read of it at every packet is in the
/// processor's cache then.
std::shared_ptr<const PeeringConfig>
SharedConfig(const PeeringConfig& config)
{
    static std::unordered_set<PeeringConfig, FieldsHash> known;
    const PeeringConfig& its = *known.insert(config).first; // a set does not move what it holds
    return {std::shared_ptr<const void>{}, &its};
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
    , m_timers([this](const TimerKey& timer) { Tell(TimerFired{timer}); })
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
    m_links = {{own, broadcast, mask}};
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
    if (m_links.empty())
    {
        m_links = LinksOf(GetNode());
    }
    m_node.emplace(*NodeId::Parse(ToBase64Url(RandomToken())), SharedConfig(m_config));
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
    m_timers.Clear();
    m_transfers.clear();
    m_arrived.clear();
    m_verifiers.clear();
    m_askers.clear();
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
    m_routes = RoutesByGateways(GetNode());
    for (std::uint32_t interface = 1; interface < ipv4->GetNInterfaces(); ++interface)
    {
        ipv4->SetDown(interface); // first, so that closing sockets tells nobody
    }
    Shut();
}

void
PeeringApplication::SwitchOn()
{
    const auto ipv4 = GetNode()->GetObject<ns3::Ipv4>();
    for (std::uint32_t interface = 1; interface < ipv4->GetNInterfaces(); ++interface)
    {
        ipv4->SetUp(interface);
    }
    RestoreRoutes(GetNode(), m_routes);
    StartApplication();
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
    const auto judge = [digest](const Body& body)
    {
        return DigestOf(body.descriptor) == digest ? Verdict::Accepted : Verdict::Refused;
    };
    Ask(request, href, {judge, nullptr, false}, options);
}

void
PeeringApplication::Ask(AppRequestId request,
                        const std::string& href,
                        Asker asker,
                        const RequestOptions& options)
{
    m_verifiers[href] = std::move(asker.judge);
    if (!m_node)
    {
        return;
    }
    if (asker.ended)
    {
        m_askers[request] = std::move(asker.ended);
    }
    Tell(ResourceWanted{request, href, options, asker.heldRefused});
}

void
PeeringApplication::Cancel(AppRequestId request)
{
    m_askers.erase(request);
    Tell(RequestCancelled{request});
}

std::optional<PeeringApplication::Body>
PeeringApplication::Held(const std::string& href) const
{
    const auto copy = m_copies.find(href);
    return copy == m_copies.end()
               ? std::nullopt
               : std::optional(Body{Source::Local, copy->second.size, copy->second.descriptor});
}

void
PeeringApplication::On(const TellFound& action)
{
    TellAsker(action.request, std::nullopt);
}

void
PeeringApplication::On(const TellFailed& action)
{
    TellAsker(action.request, action.reason);
}

void
PeeringApplication::TellAsker(AppRequestId request, const std::optional<Reason>& failed)
{
    if (const auto asker = m_askers.find(request); asker != m_askers.end())
    {
        const auto ended = std::move(asker->second);
        m_askers.erase(asker);
        ended(failed);
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
    // One list's memory for all nodes of the process: the next one finds it in the cache.
    static ActionList spare;
    ActionList actions;
    actions.swap(spare);
    m_node->Handle(event, actions);
    if (m_tape)
    {
        m_tape->Record(*m_node, event, actions);
    }
    m_handledTrace(event, actions);
    for (const Action& action : actions)
    {
        Carry(action);
    }
    actions.clear();
    spare.swap(actions);
}

void
PeeringApplication::Carry(const Action& action)
{
    std::visit([this](const auto& wanted) { On(wanted); }, action);
}

void
PeeringApplication::On(const Broadcast& action)
{
    for (const NodeLink& link : m_links)
    {
        Send(
            *action.packet, link, link.broadcast, static_cast<std::uint16_t>(m_config.servicePort));
    }
}

void
PeeringApplication::On(const SendTo& action)
{
    const ns3::Ipv4Address to = AddressOf(action.peer);
    if (const NodeLink* const link = FindLink(m_links, to))
    {
        Send(*action.packet, *link, to, action.port);
    }
}

void
PeeringApplication::Send(const ServicePacket& packet,
                         const NodeLink& link,
                         ns3::Ipv4Address to,
                         std::uint16_t port)
{
    const auto bytes = Encode(packet, TextOf(link.own));
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
    m_timers.Arm(action.timer, delayUs);
}

void
PeeringApplication::On(const CancelTimer& action)
{
    m_timers.Cancel(action.timer);
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
    const auto isOwn = [address](const NodeLink& link)
    {
        return link.own == address;
    };
    if (std::any_of(m_links.begin(), m_links.end(), isOwn))
    {
        return; // R-SRV-6
    }
    m_receivedTrace(packet->GetSize());
    // Only on-link unicast sources are heard, within the budgets, before decoding (R-SRV-7).
    if (FindLink(m_links, address) == nullptr)
    {
        m_droppedTrace(Reason::OffLink);
        return;
    }
    ReceivedPackets& packets = ReceivedPackets::Instance();
    const auto nowUs = static_cast<std::uint64_t>(ns3::Simulator::Now().GetMicroSeconds());
    if (const auto refused = m_budget->Admit(PeerOf(address), packets.IsIFound(packet), nowUs))
    {
        m_droppedTrace(*refused);
        return;
    }
    const ReceivedPackets::Content& content = packets.ContentOf(packet, address);
    if (const auto* reason = std::get_if<Reason>(&content))
    {
        m_droppedTrace(*reason);
    }
    else
    {
        Tell(PacketReceived{
            PeerOf(address), source.GetPort(), std::get<Shared<ServicePacket>>(content)});
    }
}

} // namespace lanpeer::lan
