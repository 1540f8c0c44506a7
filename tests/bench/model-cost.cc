// model-cost: what the protocol's model costs over bare ns-3.
//
//   model-cost [--nodes 50] [--window 60] [--pairs 5] [--policy robust]
//
// One office is simulated and its traffic written down: every datagram, every transfer. Then the
// same office and bare-lan (which moves the same bytes between the same nodes over the same LAN,
// TCP settings and packet sizes) run in turn, each in a process of its own, and the ratios of their
// times are printed, pair by pair: what these machines' noise leaves standing. At most 1.2 is
// asked.

#include "model/lan/office-simulation.h"
#include "model/lan/run-in-processes.h"
#include "model/protocol/packet-codec.h"
#include "tests/lan/replicates.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
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
        fmt::print(
            m_file, "udp,{},{},{},{}\n", NowUs(), m_node, to, Encode(packet, "10.1.0.1")->size());
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

struct Options
{
    std::uint32_t nodes = 50;
    double windowS = 60;
    unsigned pairs = 5;
    std::string policy = "robust";
};

OfficeConfig
OfficeOf(const Options& options)
{
    OfficeConfig office = Spread(*PolicyFromName(options.policy), options.nodes, options.windowS);
    office.resources = FullUpdate();
    return office;
}

void
WriteTraffic(const Options& options, const std::string& path)
{
    RunInProcesses(1,
                   1,
                   [&options, &path](std::size_t, const SayProgress&)
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

/// What a process took.
struct Cost
{
    double wallS = 0;
    double cpuS = 0;
    double memoryMb = 0; ///< peak resident
};

/// Runs something in a process of its own.
template <typename Run>
Cost
Measure(const Run& run)
{
    const auto begun = std::chrono::steady_clock::now();
    std::fflush(nullptr);
    const pid_t process = fork();
    if (process == 0)
    {
        run();
        std::_Exit(0);
    }
    int status = 0;
    struct rusage usage
    {
    };
    if (process < 0 || wait4(process, &status, 0, &usage) != process || status != 0)
    {
        throw std::runtime_error("a run failed");
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begun;
    const auto seconds = [](const timeval& time)
    {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return {wall.count(),
            seconds(usage.ru_utime) + seconds(usage.ru_stime),
            static_cast<double>(usage.ru_maxrss) / 1000.0};
}

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

void
Compare(const Options& options, const std::string& bareLan)
{
    const std::string traffic = fmt::format("/tmp/model-cost.{}.csv", getpid());
    WriteTraffic(options, traffic);
    const std::string nodes = fmt::format("--nodes={}", options.nodes);
    std::vector<double> ours, bare, wallRatio, cpuRatio, memory;
    for (unsigned pair = 0; pair < options.pairs; ++pair)
    {
        const Cost model = Measure([&options] { OfficeSimulation(OfficeOf(options)).Run(); });
        const Cost yardstick = Measure(
            [&]
            {
                if (std::freopen("/dev/null", "w", stdout) == nullptr || execl(bareLan.c_str(),
                                                                               bareLan.c_str(),
                                                                               nodes.c_str(),
                                                                               traffic.c_str(),
                                                                               nullptr) != 0)
                {
                    std::_Exit(1);
                }
            });
        ours.push_back(model.wallS);
        bare.push_back(yardstick.wallS);
        wallRatio.push_back(model.wallS / yardstick.wallS);
        cpuRatio.push_back(model.cpuS / yardstick.cpuS);
        memory.push_back(model.memoryMb);
    }
    unlink(traffic.c_str());
    fmt::print("office, {} nodes, {} s, {}: {} pairs\n",
               options.nodes,
               options.windowS,
               options.policy,
               options.pairs);
    Print("wall, model / bare", wallRatio);
    Print("CPU, model / bare", cpuRatio);
    Print("wall s, model", ours);
    Print("wall s, bare", bare);
    Print("peak memory MB, model", memory);
}

} // namespace

int
main(int argc, char** argv)
{
    Options options;
    CLI::App app("What the protocol's model costs over bare ns-3");
    app.add_option("--nodes", options.nodes, "nodes of the office")->capture_default_str();
    app.add_option("--window", options.windowS, "seconds within which they ask")
        ->capture_default_str();
    app.add_option("--pairs", options.pairs, "runs of each")->capture_default_str();
    app.add_option("--policy", options.policy, "fig4a, fig4b or robust")
        ->check(CLI::IsMember({"fig4a", "fig4b", "robust"}))
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try
    {
        Compare(options, LANPEER_BINARY_DIR "/bin/bare-lan");
    }
    catch (const std::exception& error)
    {
        fmt::print(stderr, "model-cost: {}\n", error.what());
        return 1;
    }
    return 0;
}
