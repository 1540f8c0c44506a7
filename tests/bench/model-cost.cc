// model-cost: what the protocol's model costs over bare ns-3.
//
//   model-cost [--nodes 50] [--medium switch] [--window 60] [--pairs 5] [--policy robust]
//              [--at-most 1.2]
//
// One office is simulated and its traffic written down: every datagram, every transfer. Then the
// same office and bare-lan (which moves the same bytes between the same nodes over the same LAN,
// TCP settings and packet sizes) run in turn, each a program of its own that says how long its
// simulation took and what it moved. That both moved what was written down is checked; the ratios
// of their times are printed, of the pairs: what these machines' noise leaves standing. Exit 1 if
// the median of the wall times' ratios is above what is asked.

#include "analysis/metrics.h"
#include "model/lan/office-simulation.h"
#include "model/lan/peer-address.h"
#include "model/protocol/packet-codec.h"
#include "scenarios/processes/run-in-processes.h"
#include "tests/lan/replicates.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <ns3/simulator.h>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

namespace
{

using namespace lanpeer;
using namespace lanpeer::lan;

/// Writes one node's traffic in bare-lan's format.
class TrafficRecorder
{
  public:
    TrafficRecorder(OfficeSimulation& office, std::uint32_t node, std::FILE* file)
        : m_office(office)
        , m_node(node)
        , m_file(file)
    {
        auto& application = office.Application(node);
        application.TraceConnectWithoutContext("Handled",
                                               ns3::MakeCallback(&TrafficRecorder::Handled, this));
        application.TraceConnectWithoutContext(
            "TransferOver", ns3::MakeCallback(&TrafficRecorder::TransferOver, this));
    }

  private:
    static std::int64_t NowUs()
    {
        return ns3::Simulator::Now().GetMicroSeconds();
    }

    /// 10.1.0.1 is node 0 (LanAddresses).
    static std::uint32_t NodeOf(PeerId peer)
    {
        return (static_cast<std::uint32_t>(peer) & 0xFFFFU) - 1;
    }

    void Datagram(const ServicePacket& packet, const std::string& to)
    {
        const std::string host = TextOf(m_office.Network().Address(m_node));
        fmt::print(
            m_file, "udp,{},{},{},{}\n", NowUs(), m_node, to, Encode(packet, host).value().size());
    }

    void Handled(const Event& /*event*/, const ActionList& actions)
    {
        for (const Action& action : actions)
        {
            if (const auto* broadcast = std::get_if<Broadcast>(&action))
            {
                Datagram(*broadcast->packet, "broadcast");
            }
            else if (const auto* send = std::get_if<SendTo>(&action))
            {
                Datagram(*send->packet, std::to_string(NodeOf(send->peer)));
            }
            else if (const auto* start = std::get_if<StartTransfer>(&action))
            {
                m_startedUs[start->href] = NowUs();
            }
        }
    }

    void TransferOver(const PeeringApplication::TransferReport& report)
    {
        if (report.bodyBytes > 0)
        {
            fmt::print(m_file,
                       "tcp,{},{},{},{}\n",
                       m_startedUs[report.href],
                       report.peer ? std::to_string(NodeOf(*report.peer)) : "origin",
                       m_node,
                       report.bodyBytes);
        }
    }

    OfficeSimulation& m_office;
    std::uint32_t m_node;
    std::FILE* m_file;
    std::map<std::string, std::int64_t> m_startedUs;
};

const std::map<std::string, Medium> kMedia{
    {"switch", Medium::Switch}, {"hub", Medium::Hub}, {"wifi", Medium::Wifi}};

struct Options
{
    std::uint32_t nodes = 50;
    double windowS = 60;
    unsigned pairs = 5;
    std::string policy = "robust";
    std::string medium = "switch";
    double atMost = 1.2;
    bool office = false;
};

OfficeConfig
OfficeOf(const Options& options)
{
    OfficeConfig office = Spread(*PolicyFromName(options.policy), options.nodes, options.windowS);
    office.resources = FullUpdate();
    office.network.medium = kMedia.at(options.medium);
    return office;
}

/// What this process has used so far.
struct Used
{
    double cpuS = 0;
    double memoryMb = 0; ///< peak resident
};

Used
Usage()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time)
    {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return {seconds(usage.ru_utime) + seconds(usage.ru_stime),
            static_cast<double>(usage.ru_maxrss) / 1024.0};
}

/// In a process of its own: ns-3 is for one simulation.
void
WriteTraffic(const Options& options, const std::string& path)
{
    processes::RunInProcesses(1,
                              1,
                              [&options, &path](std::size_t, const processes::SayProgress&)
                              {
                                  std::FILE* file = std::fopen(path.c_str(), "w");
                                  if (file == nullptr)
                                  {
                                      throw std::runtime_error(path + ": cannot be written");
                                  }
                                  OfficeSimulation office(OfficeOf(options));
                                  std::vector<std::unique_ptr<TrafficRecorder>> recorders;
                                  for (std::uint32_t node = 0; node < options.nodes; ++node)
                                  {
                                      recorders.push_back(
                                          std::make_unique<TrafficRecorder>(office, node, file));
                                  }
                                  office.Run();
                                  std::fclose(file);
                                  return std::string();
                              });
}

/// What a program printed, one "key value" a line.
using PrintedFigures = std::map<std::string, double>;

/// Runs a program and reads its figures. Both sides are measured so: a process of its own each,
/// whose figures leave out what it took to start it and to read its input.
PrintedFigures
Ask(const std::string& command)
{
    std::FILE* const output = popen(command.c_str(), "r");
    if (output == nullptr)
    {
        throw std::runtime_error(command + ": cannot be run");
    }
    PrintedFigures figures;
    std::array<char, 64> key{};
    double value = 0;
    while (std::fscanf(output, "%63s %lf", key.data(), &value) == 2)
    {
        figures[key.data()] = value;
    }
    if (pclose(output) != 0)
    {
        throw std::runtime_error(command + ": failed");
    }
    return figures;
}

/// What bare-lan does for its side: one office, its figures on standard output.
void
SimulateOffice(const Options& options)
{
    const OfficeConfig config = OfficeOf(options);
    const double cpuBeforeS = Usage().cpuS;
    const auto start = std::chrono::steady_clock::now();
    OfficeSimulation office(config);
    const analysis::RunRecord record = office.Run();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
    const Used used = Usage();

    std::uint64_t tcpBytes = 0;
    for (const analysis::Transfer& transfer : record.transfers)
    {
        tcpBytes += transfer.bodyBytes;
    }
    const auto packets = analysis::ComputeMetrics(record).packets;
    fmt::print("wall_s {}\ncpu_s {}\npeak_memory_mb {}\n", // as bare-lan names them
               wall.count(),
               used.cpuS - cpuBeforeS,
               used.memoryMb);
    fmt::print("tcp_bytes {}\nudp_packets {}\nudp_bytes_sent {}\nlan_frames {}\nsimulated_s {}\n",
               tcpBytes,
               packets.received,
               packets.sentBytes,
               record.lan.frames,
               static_cast<double>(record.simulatedUs) * 1e-6);
}

/// What of the traffic both sides must have moved.
struct Moved
{
    double tcpBytes = 0;
    double udpPackets = 0;   ///< received: a broadcast by all nodes but its sender
    double udpBytes = 0;     ///< received
    double udpBytesSent = 0; ///< a broadcast once
};

Moved
ReadMoved(const Options& options, const std::string& path)
{
    Moved moved;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
    {
        const double bytes = std::stod(line.substr(line.rfind(',') + 1));
        if (line.compare(0, 4, "tcp,") == 0)
        {
            moved.tcpBytes += bytes;
            continue;
        }
        const bool toAll = line.find(",broadcast,") != std::string::npos;
        const double receivers = toAll ? options.nodes - 1 : 1;
        moved.udpPackets += receivers;
        moved.udpBytes += receivers * bytes;
        moved.udpBytesSent += bytes;
    }
    return moved;
}

/// A yardstick that moved something else would measure nothing.
void
Require(const PrintedFigures& figures, const char* whose, const char* key, double expected)
{
    if (figures.at(key) != expected)
    {
        throw std::runtime_error(fmt::format("{}: {} is {}, of the traffic written down it is {}",
                                             whose,
                                             key,
                                             figures.at(key),
                                             expected));
    }
}

/// Of broadcasts in the air not everybody hears every one, on either side.
void
RequireReceived(const Options& options,
                const PrintedFigures& figures,
                const char* whose,
                const Moved& moved)
{
    constexpr double kLeast = 0.8;
    if (options.medium != "wifi")
    {
        Require(figures, whose, "udp_packets", moved.udpPackets);
    }
    else if (figures.at("udp_packets") > moved.udpPackets ||
             figures.at("udp_packets") < kLeast * moved.udpPackets)
    {
        throw std::runtime_error(fmt::format(
            "{}: {} packets received of {}", whose, figures.at("udp_packets"), moved.udpPackets));
    }
}

/// Of an even number the upper one of the two in the middle.
double
Median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void
Print(const char* what, const std::vector<double>& values)
{
    fmt::print("{:<28} min {:8.3f}  median {:8.3f}  max {:8.3f}\n",
               what,
               *std::min_element(values.begin(), values.end()),
               Median(values),
               *std::max_element(values.begin(), values.end()));
}

/// \returns the median ratio of wall times
double
Compare(const Options& options, const std::string& model, const std::string& bareLan)
{
    const std::string traffic = fmt::format("/tmp/model-cost.{}.csv", getpid());
    const std::unique_ptr<const std::string, void (*)(const std::string*)> removed(
        &traffic, [](const std::string* path) { unlink(path->c_str()); });
    WriteTraffic(options, traffic);
    const Moved moved = ReadMoved(options, traffic);
    std::vector<double> ours, bare, wallRatio, cpuRatio, frameRatio, memory;
    for (unsigned pair = 0; pair < options.pairs; ++pair)
    {
        const PrintedFigures office =
            Ask(fmt::format("{} --office --nodes={} --medium={} --window={} --policy={}",
                            model,
                            options.nodes,
                            options.medium,
                            options.windowS,
                            options.policy));
        const PrintedFigures yardstick = Ask(fmt::format("{} --nodes={} --medium={} --until={} {}",
                                                         bareLan,
                                                         options.nodes,
                                                         options.medium,
                                                         office.at("simulated_s"),
                                                         traffic));
        Require(office, "model", "tcp_bytes", moved.tcpBytes);
        RequireReceived(options, office, "model", moved);
        Require(office, "model", "udp_bytes_sent", moved.udpBytesSent);
        Require(yardstick, "bare", "tcp_bytes", moved.tcpBytes);
        RequireReceived(options, yardstick, "bare", moved);
        if (options.medium != "wifi")
        {
            Require(yardstick, "bare", "udp_bytes", moved.udpBytes);
        }
        ours.push_back(office.at("wall_s"));
        bare.push_back(yardstick.at("wall_s"));
        wallRatio.push_back(office.at("wall_s") / yardstick.at("wall_s"));
        cpuRatio.push_back(office.at("cpu_s") / yardstick.at("cpu_s"));
        frameRatio.push_back(office.at("lan_frames") / yardstick.at("lan_frames"));
        memory.push_back(office.at("peak_memory_mb"));
    }
    fmt::print("office, {} nodes on {}, {} s, {}: {} pairs, each moved {:.0f} bytes and {:.0f} "
               "packets\n",
               options.nodes,
               options.medium,
               options.windowS,
               options.policy,
               options.pairs,
               moved.tcpBytes,
               moved.udpPackets);
    Print("wall, model / bare", wallRatio);
    Print("CPU, model / bare", cpuRatio);
    Print("frames, model / bare", frameRatio);
    const auto perNode = [&options](std::vector<double> seconds)
    {
        for (double& value : seconds)
        {
            value *= 1e3 / options.nodes;
        }
        return seconds;
    };
    Print("wall s, model", ours);
    Print("wall s, bare", bare);
    Print("wall ms per node, model", perNode(ours));
    Print("wall ms per node, bare", perNode(bare));
    Print("peak memory MB, model", memory);
    return Median(wallRatio);
}

} // namespace

int
main(int argc, char** argv)
{
    Options options;
    CLI::App app("What the protocol's model costs over bare ns-3");
    app.add_option("--nodes", options.nodes, "nodes of the office")->capture_default_str();
    app.add_option("--medium", options.medium, "switch, hub or wifi")
        ->check(CLI::IsMember({"switch", "hub", "wifi"}))
        ->capture_default_str();
    app.add_option("--window", options.windowS, "seconds within which they ask")
        ->capture_default_str();
    app.add_option("--pairs", options.pairs, "runs of each")->capture_default_str();
    app.add_option("--policy", options.policy, "fig4a, fig4b or robust")
        ->check(CLI::IsMember({"fig4a", "fig4b", "robust"}))
        ->capture_default_str();
    app.add_option("--at-most", options.atMost, "exit 1 if the median wall ratio is above this")
        ->capture_default_str();
    app.add_flag("--office", options.office, "run the office once and print its figures");
    CLI11_PARSE(app, argc, argv);
    try
    {
        if (options.office)
        {
            SimulateOffice(options);
            return 0;
        }
        const double ratio = Compare(
            options, LANPEER_BINARY_DIR "/bin/model-cost", LANPEER_BINARY_DIR "/bin/bare-lan");
        if (ratio > options.atMost)
        {
            fmt::print(stderr,
                       "model-cost: the model takes {:.3f} times as long as bare ns-3; expected at "
                       "most {}\n",
                       ratio,
                       options.atMost);
            return 1;
        }
    }
    catch (const std::exception& error)
    {
        fmt::print(stderr, "model-cost: {}\n", error.what());
        return 1;
    }
    return 0;
}
