// bare-lan: the LAN of model/lan without any protocol of ours, the yardstick for what ours costs.
//
//   bare-lan [--nodes=50] [--medium=switch] [--uplink=dsl] [--arp=static] [--loss=0] ... TRAFFIC
//
// TRAFFIC is a file of lines, times in microseconds, nodes by index, empty lines and # ignored:
//
//   tcp,startUs,fromNode|origin,toNode,bytes        BulkSendApplication to PacketSink
//   udp,startUs,fromNode,toNode|broadcast,bytes     one datagram to port 1967
//
// Every node has a UDP socket on port 1967 that receives and drops. Prints one "key value" a line:
// wall seconds to build and to run, `wall_s` and `cpu_s` of both together (the reading of TRAFFIC
// is not in them), simulator events, bytes received and so on.

#include "model/lan/lan-network.h"
#include "model/lan/ns3-defaults.h"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <ns3/applications-module.h>
#include <ns3/core-module.h>
#include <ns3/internet-module.h>
#include <ns3/network-module.h>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <vector>

namespace
{

using lanpeer::lan::LanNetwork;

constexpr std::uint16_t kServicePort = 1967;
constexpr std::uint16_t kSinkPort = 6515;
constexpr std::int64_t kNetworkStreams = 1000; ///< as OfficeSimulation: nodes in the same places

struct Item
{
    bool tcp = false;
    std::int64_t startUs = 0;
    std::string from; ///< a node's index or "origin"
    std::string to;   ///< a node's index or "broadcast"
    std::uint32_t bytes = 0;
};

[[noreturn]] void
Refuse(const std::string& message)
{
    std::cerr << "bare-lan: " << message << "\n";
    std::exit(2);
}

std::uint32_t
ToIndex(const std::string& text, std::uint32_t nodes)
{
    std::size_t used = 0;
    const unsigned long index = std::stoul(text, &used);
    if (used != text.size() || index >= nodes)
    {
        throw std::invalid_argument("no such node: " + text);
    }
    return static_cast<std::uint32_t>(index);
}

std::vector<Item>
ReadTraffic(const std::string& path)
{
    std::ifstream file(path);
    if (!file)
    {
        Refuse("cannot read " + path);
    }
    std::vector<Item> items;
    std::string line;
    for (int number = 1; std::getline(file, line); ++number)
    {
        if (line.empty() || line[0] == '#')
        {
            continue;
        }
        std::istringstream fields(line);
        std::string kind;
        std::string start;
        std::string bytes;
        Item item;
        const bool complete = std::getline(fields, kind, ',') && std::getline(fields, start, ',') &&
                              std::getline(fields, item.from, ',') &&
                              std::getline(fields, item.to, ',') && std::getline(fields, bytes);
        try
        {
            item.tcp = kind == "tcp";
            if (!complete || (!item.tcp && kind != "udp"))
            {
                throw std::invalid_argument("not tcp|udp,startUs,from,to,bytes");
            }
            item.startUs = std::stoll(start);
            item.bytes = static_cast<std::uint32_t>(std::stoul(bytes));
        }
        catch (const std::exception& error)
        {
            Refuse(path + ":" + std::to_string(number) + ": " + error.what());
        }
        items.push_back(item);
    }
    return items;
}

/// The traffic of the file on a network, and what of it arrived.
class Traffic
{
  public:
    Traffic(const LanNetwork& network, const std::vector<Item>& items)
        : m_network(network)
    {
        for (std::uint32_t i = 0; i < network.Config().nodes; ++i)
        {
            Listen(i);
        }
        for (const Item& item : items)
        {
            if (item.tcp)
            {
                StartFlow(item);
            }
            else
            {
                SendLater(item);
            }
        }
    }

    std::uint64_t UdpPackets() const
    {
        return m_udpPackets;
    }
    std::uint64_t UdpBytes() const
    {
        return m_udpBytes;
    }
    std::uint64_t TcpBytes() const
    {
        std::uint64_t bytes = 0;
        for (const auto& sink : m_sinks)
        {
            bytes += sink->GetTotalRx();
        }
        return bytes;
    }
    /// The last moment at which anything arrived.
    ns3::Time LastArrival() const
    {
        return m_last;
    }

  private:
    void Listen(std::uint32_t node)
    {
        auto socket =
            ns3::Socket::CreateSocket(m_network.Node(node), ns3::UdpSocketFactory::GetTypeId());
        socket->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), kServicePort));
        socket->SetAllowBroadcast(true);
        socket->SetRecvCallback(ns3::MakeCallback(&Traffic::ReceiveAndDrop, this));
        m_sockets.push_back(socket);

        auto sink = ns3::CreateObject<ns3::PacketSink>();
        sink->SetAttribute("Protocol", ns3::TypeIdValue(ns3::TcpSocketFactory::GetTypeId()));
        sink->SetAttribute(
            "Local",
            ns3::AddressValue(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), kSinkPort)));
        sink->TraceConnectWithoutContext("Rx", ns3::MakeCallback(&Traffic::NoteTcp, this));
        m_network.Node(node)->AddApplication(sink);
        m_sinks.push_back(sink);
    }

    void StartFlow(const Item& item)
    {
        const std::uint32_t nodes = m_network.Config().nodes;
        const auto from =
            item.from == "origin" ? m_network.Origin() : m_network.Node(ToIndex(item.from, nodes));
        const auto to = m_network.Address(ToIndex(item.to, nodes));
        auto bulk = ns3::CreateObject<ns3::BulkSendApplication>();
        bulk->SetAttribute("Protocol", ns3::TypeIdValue(ns3::TcpSocketFactory::GetTypeId()));
        bulk->SetAttribute("Remote", ns3::AddressValue(ns3::InetSocketAddress(to, kSinkPort)));
        bulk->SetAttribute("MaxBytes", ns3::UintegerValue(item.bytes));
        bulk->SetAttribute("SendSize", ns3::UintegerValue(16384));
        bulk->SetStartTime(ns3::MicroSeconds(static_cast<std::uint64_t>(item.startUs)));
        from->AddApplication(bulk);
    }

    void SendLater(const Item& item)
    {
        const std::uint32_t nodes = m_network.Config().nodes;
        const std::uint32_t from = ToIndex(item.from, nodes);
        const ns3::Address to = ns3::InetSocketAddress(
            item.to == "broadcast" ? m_network.BroadcastAddress()
                                   : m_network.Address(ToIndex(item.to, nodes)),
            kServicePort);
        ns3::Simulator::ScheduleWithContext(
            from,
            ns3::MicroSeconds(static_cast<std::uint64_t>(item.startUs)),
            [this, from, to, bytes = item.bytes]
            {
                auto packet = ns3::Create<ns3::Packet>(bytes);
                m_sockets[from]->SendTo(packet, 0, to);
            });
    }

    void ReceiveAndDrop(ns3::Ptr<ns3::Socket> socket)
    {
        ns3::Address from;
        while (const auto packet = socket->RecvFrom(from))
        {
            ++m_udpPackets;
            m_udpBytes += packet->GetSize();
        }
        m_last = ns3::Simulator::Now();
    }

    void NoteTcp(ns3::Ptr<const ns3::Packet> /* packet */, const ns3::Address& /* from */)
    {
        m_last = ns3::Simulator::Now();
    }

    const LanNetwork& m_network;
    std::vector<ns3::Ptr<ns3::Socket>> m_sockets;
    std::vector<ns3::Ptr<ns3::PacketSink>> m_sinks;
    std::uint64_t m_udpPackets = 0;
    std::uint64_t m_udpBytes = 0;
    ns3::Time m_last;
};

double
Seconds(std::chrono::steady_clock::duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

/// CPU time of this process so far, in seconds.
double
CpuS()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time)
    {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

} // namespace

int
main(int argc, char* argv[])
{
    lanpeer::lan::LanNetworkConfig config;
    std::string uplink = "dsl";
    std::string arp = "static";
    std::string medium = "switch";
    double untilS = 0;
    std::string scheduler;
    std::string path;
    ns3::CommandLine command(__FILE__);
    command.AddValue("nodes", "nodes of the LAN", config.nodes);
    command.AddValue("medium", "switch, hub or wifi", medium);
    command.AddValue("until", "s; 0: until nothing happens, which on wifi it always does", untilS);
    command.AddValue("rate", "Mb/s of each cable", config.rateMbps);
    command.AddValue("latency", "us, one way, node to switch", config.latencyUs);
    command.AddValue("loss", "per cable and frame", config.loss);
    command.AddValue("queue", "packets", config.queuePackets);
    command.AddValue("arp", "static or cold", arp);
    command.AddValue("uplink", "preset", uplink);
    command.AddValue("scheduler", "another ns-3 scheduler than ours", scheduler);
    command.AddNonOption("traffic", "file of tcp and udp lines", path);
    command.Parse(argc, argv);
    const auto preset = lanpeer::lan::FindUplinkPreset(uplink);
    const std::map<std::string, lanpeer::lan::Medium> media{
        {"switch", lanpeer::lan::Medium::Switch},
        {"hub", lanpeer::lan::Medium::Hub},
        {"wifi", lanpeer::lan::Medium::Wifi}};
    if (path.empty() || !preset || (arp != "static" && arp != "cold") || media.count(medium) == 0)
    {
        Refuse("see --help");
    }
    config.uplink = *preset;
    config.medium = media.at(medium);
    config.arp = arp == "cold" ? lanpeer::lan::Arp::Cold : lanpeer::lan::Arp::Static;

    const std::vector<Item> items = ReadTraffic(path);
    lanpeer::lan::ConfigureSimulator();
    if (!scheduler.empty())
    {
        ns3::Simulator::SetScheduler(ns3::ObjectFactory(scheduler));
    }
    try
    {
        const double cpuBeforeS = CpuS();
        const auto start = std::chrono::steady_clock::now();
        LanNetwork network(config);
        network.AssignStreams(kNetworkStreams);
        const auto built = std::chrono::steady_clock::now();
        const Traffic traffic(network, items);
        const auto ready = std::chrono::steady_clock::now();
        if (untilS > 0)
        {
            ns3::Simulator::Stop(ns3::Seconds(untilS));
        }
        ns3::Simulator::Run();
        const auto done = std::chrono::steady_clock::now();
        const double cpuS = CpuS() - cpuBeforeS;

        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        std::cout << "build_wall_s " << Seconds(built - start) << "\n"
                  << "sockets_wall_s " << Seconds(ready - built) << "\n"
                  << "run_wall_s " << Seconds(done - ready) << "\n"
                  << "wall_s " << Seconds(done - start) << "\n"
                  << "cpu_s " << cpuS << "\n"
                  << "events " << ns3::Simulator::GetEventCount() << "\n"
                  << "tcp_bytes " << traffic.TcpBytes() << "\n"
                  << "udp_packets " << traffic.UdpPackets() << "\n"
                  << "udp_bytes " << traffic.UdpBytes() << "\n"
                  << "uplink_bytes " << network.UplinkBytesDown() << "\n"
                  << "lan_frames " << network.Counts().frames << "\n"
                  << "lan_queue_drops " << network.LanQueueDrops() << "\n"
                  << "uplink_drops " << network.UplinkDownDrops() + network.UplinkUpDrops() << "\n"
                  << "last_arrival_s " << traffic.LastArrival().GetSeconds() << "\n"
                  << "simulated_s " << ns3::Simulator::Now().GetSeconds() << "\n"
                  << "peak_memory_mb " << usage.ru_maxrss / 1024 << "\n";
        ns3::Simulator::Destroy();
    }
    catch (const std::invalid_argument& error)
    {
        Refuse(error.what());
    }
    return 0;
}
