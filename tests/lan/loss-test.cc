// Loss, and where all that is random comes from: every draw from a stream of its own (R-SIM-9).

#include "lan-probe.h"

#include <array>
#include <cmath>
#include <functional>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace lanpeer::lan
{
namespace
{

/// Four standard deviations of a share of that many trials.
double
Tolerance(double share, int trials)
{
    return 4 * std::sqrt(share * (1 - share) / trials);
}

TEST_F(LanTest, FrameIsLostOnEachCableWithTheGivenProbability)
{
    RecordProperty("requirement", "R-SIM-5");
    LanNetworkConfig config;
    config.nodes = 6;
    config.loss = 0.05;
    const LanNetwork& lan = Build(config);
    std::vector<std::unique_ptr<UdpProbe>> probes;
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        probes.push_back(std::make_unique<UdpProbe>(lan.Node(i)));
    }
    constexpr int kFrames = 20000;
    for (int i = 0; i < kFrames; ++i)
    {
        const ns3::Time at = ns3::MilliSeconds(static_cast<std::uint64_t>(i));
        probes[0]->SendAt(at, lan.BroadcastAddress(), 100);
    }
    ns3::Simulator::Run();

    // Each receiver loses on the sender's cable or on its own.
    const double heard = (1 - config.loss) * (1 - config.loss);
    std::map<ns3::Time, int> hearers;
    for (std::uint32_t i = 1; i < config.nodes; ++i)
    {
        const auto& arrivals = probes[i]->Arrivals();
        EXPECT_NEAR(
            static_cast<double>(arrivals.size()) / kFrames, heard, Tolerance(heard, kFrames));
        for (const UdpProbe::Arrival& arrival : arrivals)
        {
            ++hearers[arrival.at];
        }
    }
    // The sender's cable is common to all: what is lost there is lost for everyone. Lost on all
    // receivers' cables alone is 0.05 to the fifth.
    const double byNobody = 1 - static_cast<double>(hearers.size()) / kFrames;
    EXPECT_NEAR(byNobody, config.loss, Tolerance(config.loss, kFrames));
    // And the receivers' cables lose independently of each other.
    int byAll = 0;
    for (const auto& [at, count] : hearers)
    {
        byAll += count == 5 ? 1 : 0;
    }
    const double all = std::pow(1 - config.loss, 6);
    EXPECT_NEAR(static_cast<double>(byAll) / kFrames, all, Tolerance(all, kFrames));
}

TEST_F(LanTest, StreamsDependOnTheNumberOfNodesOnly)
{
    RecordProperty("requirement", "R-SIM-9");
    const auto streams = [](LanNetworkConfig config)
    {
        config.nodes = 7;
        const std::int64_t used = LanNetwork(config).AssignStreams(100);
        ns3::Simulator::Destroy();
        return used;
    };
    LanNetworkConfig lossy;
    lossy.loss = 0.1;
    LanNetworkConfig cold;
    cold.arp = Arp::Cold;
    cold.arpJitter = true;
    EXPECT_EQ(streams(LanNetworkConfig()), streams(lossy));
    EXPECT_EQ(streams(LanNetworkConfig()), streams(cold));
}

/// Which of 200 datagrams from node 0 to node 1 arrive, as a string of 0 and 1.
std::string
LossPattern(std::uint32_t nodes, std::int64_t firstStream)
{
    LanNetworkConfig config;
    config.nodes = nodes;
    config.loss = 0.1;
    LanNetwork lan(config);
    lan.AssignStreams(firstStream);
    UdpProbe from(lan.Node(0));
    const UdpProbe to(lan.Node(1));
    constexpr std::uint32_t kFrames = 200;
    for (std::uint32_t i = 1; i <= kFrames; ++i)
    {
        from.SendAt(ns3::MilliSeconds(i), lan.Address(1), i); // its size is its number
    }
    ns3::Simulator::Run();
    std::string pattern(kFrames, '0');
    for (const UdpProbe::Arrival& arrival : to.Arrivals())
    {
        pattern[arrival.bytes - 1] = '1';
    }
    ns3::Simulator::Destroy();
    return pattern;
}

/// When the first datagram from node 0 to node 1 arrives, after a request with jitter.
ns3::Time
JitteredArrival(std::uint32_t nodes, std::int64_t firstStream)
{
    LanNetworkConfig config;
    config.nodes = nodes;
    config.arp = Arp::Cold;
    config.arpJitter = true;
    LanNetwork lan(config);
    lan.AssignStreams(firstStream);
    UdpProbe from(lan.Node(0));
    const UdpProbe to(lan.Node(1));
    from.SendAt(ns3::Seconds(1), lan.Address(1), 100);
    ns3::Simulator::Run();
    ns3::Simulator::Destroy();
    return to.Arrivals().at(0).at;
}

TEST_F(LanTest, NodesKeepTheirStreamsInALargerLan)
{
    RecordProperty("requirement", "R-SIM-9");
    EXPECT_EQ(JitteredArrival(2, 1), JitteredArrival(40, 1));
    EXPECT_NE(JitteredArrival(2, 1), JitteredArrival(2, 500));
    EXPECT_EQ(LossPattern(2, 1), LossPattern(40, 1));
    EXPECT_NE(LossPattern(2, 1), LossPattern(2, 500));
}

/// Everything that may differ between two runs of a network in which much is random.
std::string
Fingerprint(std::int64_t firstStream)
{
    LanNetworkConfig config;
    config.nodes = 12;
    config.loss = 0.02;
    config.arp = Arp::Cold;
    config.arpJitter = true;
    LanNetwork lan(config);
    lan.AssignStreams(firstStream);
    std::vector<std::unique_ptr<UdpProbe>> probes;
    std::vector<std::unique_ptr<TcpTransfer>> transfers;
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        probes.push_back(std::make_unique<UdpProbe>(lan.Node(i)));
        probes[i]->SendAt(ns3::MilliSeconds(100 * i), lan.BroadcastAddress(), 300);
        const std::uint32_t from = (i + 1) % config.nodes;
        transfers.push_back(
            std::make_unique<TcpTransfer>(i % 3 == 0 ? lan.Origin() : lan.Node(from),
                                          lan.Node(i),
                                          lan.Address(i),
                                          100'000,
                                          ns3::MilliSeconds(10 * i)));
    }
    ns3::Simulator::Run();
    std::ostringstream out;
    out << "events " << ns3::Simulator::GetEventCount() << " uplink " << lan.UplinkBytesDown();
    for (std::uint32_t i = 0; i < config.nodes; ++i)
    {
        out << "\n" << transfers[i]->Received() << " in " << transfers[i]->Seconds();
        for (const UdpProbe::Arrival& arrival : probes[i]->Arrivals())
        {
            out << " " << arrival.from << "@" << arrival.at.GetNanoSeconds();
        }
    }
    ns3::Simulator::Destroy();
    return out.str();
}

/// What the function returns in a process of its own.
std::string
InChild(const std::function<std::string()>& function)
{
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0)
    {
        return "no pipe";
    }
    const pid_t child = fork();
    if (child == 0)
    {
        close(ends[0]);
        const std::string text = function();
        std::size_t written = 0;
        while (written < text.size())
        {
            const ssize_t some = write(ends[1], text.data() + written, text.size() - written);
            if (some <= 0)
            {
                _exit(1);
            }
            written += static_cast<std::size_t>(some);
        }
        _exit(0);
    }
    close(ends[1]);
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t some = 0; (some = read(ends[0], buffer.data(), buffer.size())) > 0;)
    {
        text.append(buffer.data(), static_cast<std::size_t>(some));
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? text : "child failed";
}

TEST_F(LanTest, SameStreamsSameEventsInAnotherProcess)
{
    RecordProperty("requirement", "R-SIM-9");
    const std::string once = InChild([] { return Fingerprint(1); });
    EXPECT_NE(once, "child failed");
    EXPECT_EQ(once, InChild([] { return Fingerprint(1); }));
    EXPECT_NE(once, InChild([] { return Fingerprint(1000); }));
}

} // namespace
} // namespace lanpeer::lan
