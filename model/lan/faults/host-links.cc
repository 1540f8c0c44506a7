#include "model/lan/faults/host-links.h"

#include "model/lan/faults/damage.h"

#include <cmath>
#include <functional>
#include <ns3/arp-l3-protocol.h>
#include <ns3/ipv4-header.h>
#include <ns3/ipv4-l3-protocol.h>
#include <ns3/point-to-point-net-device.h>
#include <ns3/random-variable-stream.h>
#include <ns3/simple-ref-count.h>
#include <ns3/simulator.h>
#include <ns3/traffic-control-layer.h>
#include <ns3/udp-l4-protocol.h>
#include <utility>

namespace lanpeer::lan
{

/// Outlives this object in the links, which belong to ns-3's nodes.
struct HostLinks::Shared
{
    LinkFaults faults;
    std::set<ns3::Ipv4Address> mute;
    LinkFaultCounts counts;
};

/// One host's.
class HostLinks::Link : public ns3::SimpleRefCount<HostLinks::Link>
{
  public:
    Link(std::shared_ptr<Shared> shared, ns3::Ptr<ns3::Node> host, bool deaf)
        : m_shared(std::move(shared))
        , m_ipv4(host->GetObject<ns3::Ipv4L3Protocol>())
        , m_next(host->GetObject<ns3::TrafficControlLayer>())
        , m_deaf(deaf)
    {
        for (auto* draws : {&m_corruption, &m_duplication, &m_reordering})
        {
            *draws = ns3::CreateObject<ns3::UniformRandomVariable>();
        }
    }

    std::int64_t AssignStreams(std::int64_t stream)
    {
        constexpr std::int64_t kStreams = 3;
        m_corruption->SetStream(stream);
        m_duplication->SetStream(stream + 1);
        m_reordering->SetStream(stream + 2);
        return kStreams;
    }

    void Receive(ns3::Ptr<ns3::NetDevice> device,
                 ns3::Ptr<const ns3::Packet> packet,
                 std::uint16_t protocol,
                 const ns3::Address& from,
                 const ns3::Address& to,
                 ns3::NetDevice::PacketType type)
    {
        const auto pass =
            [next = m_next, device, protocol, from, to, type](ns3::Ptr<const ns3::Packet> passed)
        {
            next->Receive(device, passed, protocol, from, to, type);
        };

        const LinkFaults& faults = m_shared->faults;
        LinkFaultCounts& counts = m_shared->counts;
        if (IsUnheard(device, *packet, protocol))
        {
            ++counts.unheard;
            return;
        }
        ns3::Ptr<const ns3::Packet> arrived = packet;
        if (Happens(faults.corruption, *m_corruption))
        {
            arrived = Corrupted(packet, protocol);
            if (!arrived)
            {
                return;
            }
        }
        const bool twice = Happens(faults.duplication, *m_duplication);
        counts.duplicated += twice ? 1 : 0;
        for (int copy = 0; copy < (twice ? 2 : 1); ++copy)
        {
            if (Happens(faults.reordering, *m_reordering))
            {
                ++counts.reordered;
                const double heldUs = m_reordering->GetValue(0.0, faults.reorderingMaxMs * 1e3);
                ns3::Simulator::Schedule(ns3::MicroSeconds(std::llround(heldUs)),
                                         [pass, held = arrived->Copy()] { pass(held); });
            }
            else
            {
                pass(arrived->Copy());
            }
        }
    }

  private:
    static bool Happens(double share, ns3::UniformRandomVariable& draws)
    {
        return share > 0 && draws.GetValue(0.0, 1.0) < share;
    }

    bool IsUnheard(ns3::Ptr<ns3::NetDevice> device,
                   const ns3::Packet& packet,
                   std::uint16_t protocol) const
    {
        if ((!m_deaf && m_shared->mute.empty()) || protocol != ns3::Ipv4L3Protocol::PROT_NUMBER)
        {
            return false;
        }
        ns3::Ipv4Header header;
        packet.PeekHeader(header);
        if (header.GetProtocol() != ns3::UdpL4Protocol::PROT_NUMBER)
        {
            return false;
        }
        return m_deaf || (m_shared->mute.count(header.GetSource()) != 0 &&
                          IsBroadcast(device, header.GetDestination()));
    }

    bool IsBroadcast(ns3::Ptr<ns3::NetDevice> device, ns3::Ipv4Address destination) const
    {
        const std::int32_t interface = m_ipv4->GetInterfaceForDevice(device);
        return destination.IsBroadcast() ||
               (interface >= 0 &&
                destination ==
                    m_ipv4->GetAddress(static_cast<std::uint32_t>(interface), 0).GetBroadcast());
    }

    /// \returns null if it is lost by it
    ns3::Ptr<const ns3::Packet> Corrupted(ns3::Ptr<const ns3::Packet> packet,
                                          std::uint16_t protocol)
    {
        ++m_shared->counts.corrupted;
        const auto uniform = [this]
        {
            return m_corruption->GetValue(0.0, 1.0);
        };
        const bool unseen = uniform() < m_shared->faults.corruptionUnseen;
        if (protocol != ns3::Ipv4L3Protocol::PROT_NUMBER)
        {
            return nullptr; // ARP, say: it has no check sum, and what it would poison is ns-3's
        }
        const auto damaged = Damaged(packet, unseen ? Damage::Unseen : Damage::Seen, uniform);
        m_shared->counts.corruptedDelivered += unseen && damaged ? 1 : 0;
        return damaged;
    }

    const std::shared_ptr<Shared> m_shared;
    const ns3::Ptr<ns3::Ipv4L3Protocol> m_ipv4;
    const ns3::Ptr<ns3::TrafficControlLayer> m_next;
    const bool m_deaf;
    ns3::Ptr<ns3::UniformRandomVariable> m_corruption;
    ns3::Ptr<ns3::UniformRandomVariable> m_duplication;
    ns3::Ptr<ns3::UniformRandomVariable> m_reordering;
};

HostLinks::HostLinks(const LinkFaults& faults, std::set<ns3::Ipv4Address> mute)
    : m_shared(std::make_shared<Shared>(Shared{faults, std::move(mute), {}}))
{
}

HostLinks::~HostLinks() = default;

void
HostLinks::Attach(ns3::Ptr<ns3::Node> host, bool deaf)
{
    const auto link = ns3::Create<Link>(m_shared, host, deaf);
    m_links.push_back(link);
    const auto ipv4 = host->GetObject<ns3::Ipv4L3Protocol>();
    const auto standard = ns3::MakeCallback(&ns3::TrafficControlLayer::Receive,
                                            host->GetObject<ns3::TrafficControlLayer>());
    const auto faulty = ns3::MakeCallback(&Link::Receive, link);
    // Interface 0 is the loopback. IP has registered ns-3's way for each other one, for itself and
    // for ARP; a handler is removed by what it calls.
    for (std::uint32_t interface = 1; interface < ipv4->GetNInterfaces(); ++interface)
    {
        host->UnregisterProtocolHandler(standard);
        host->UnregisterProtocolHandler(standard);
    }
    for (std::uint32_t interface = 1; interface < ipv4->GetNInterfaces(); ++interface)
    {
        const auto device = ipv4->GetNetDevice(interface);
        // The gateway's line to the Internet is no link of the LAN.
        const bool isUplink = ns3::DynamicCast<ns3::PointToPointNetDevice>(device) != nullptr;
        for (const auto protocol :
             {ns3::Ipv4L3Protocol::PROT_NUMBER, ns3::ArpL3Protocol::PROT_NUMBER})
        {
            host->RegisterProtocolHandler(isUplink ? standard : faulty, protocol, device);
        }
    }
}

std::int64_t
HostLinks::AssignStreams(std::int64_t stream)
{
    const std::int64_t first = stream;
    for (const ns3::Ptr<Link>& link : m_links)
    {
        stream += link->AssignStreams(stream);
    }
    return stream - first;
}

const LinkFaultCounts&
HostLinks::Counts() const
{
    return m_shared->counts;
}

} // namespace lanpeer::lan
