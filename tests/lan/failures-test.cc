#include "analysis/statistics.h"
#include "tests/lan/replicates.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <ns3/simulator.h>

// What `robust` does when nodes die, are busy or have no Internet access (R-CLI-7 to R-CLI-12).

namespace lanpeer::lan
{
namespace
{

/// How many nodes are in that state for their first request.
std::uint32_t
NodesIn(OfficeSimulation& simulation, std::uint32_t nodes, ClientState state)
{
    std::uint32_t count = 0;
    for (std::uint32_t node = 0; node < nodes; ++node)
    {
        const PeeringNode* core = simulation.Application(node).Node();
        const ClientRequest* request =
            core == nullptr ? nullptr : core->Client().Requests().Find(0);
        count += request != nullptr && request->state == state ? 1 : 0;
    }
    return count;
}

/// Once so many wait for a download, its fetcher loses power.
class FetcherKiller
{
  public:
    FetcherKiller(OfficeSimulation& simulation, std::uint32_t nodes, std::uint32_t waiters)
        : m_simulation(simulation)
        , m_nodes(nodes)
        , m_waiters(waiters)
    {
        Look();
    }

    std::int64_t KilledAtUs() const
    {
        return m_killedAtUs;
    }

  private:
    void Look()
    {
        if (NodesIn(m_simulation, m_nodes, ClientState::AwaitDownload) >= m_waiters)
        {
            for (std::uint32_t node = 0; node < m_nodes; ++node)
            {
                const PeeringNode* core = m_simulation.Application(node).Node();
                const ClientRequest* request = core->Client().Requests().Find(0);
                if (request != nullptr && request->state == ClientState::Retrieve)
                {
                    m_killedAtUs = ns3::Simulator::Now().GetMicroSeconds();
                    m_simulation.Application(node).SwitchOff();
                    return;
                }
            }
        }
        ns3::Simulator::Schedule(ns3::MilliSeconds(50), &FetcherKiller::Look, this);
    }

    OfficeSimulation& m_simulation;
    std::uint32_t m_nodes;
    std::uint32_t m_waiters;
    std::int64_t m_killedAtUs = 0;
};

/// Copies by bytes that came from the Internet by transfers that ended after an instant.
double
CopiesAfter(const analysis::RunRecord& record, std::int64_t afterUs)
{
    double bytes = 0;
    for (const analysis::Transfer& transfer : record.transfers)
    {
        if (transfer.from.kind == analysis::Place::Kind::Internet && transfer.endedAtUs > afterUs)
        {
            bytes += static_cast<double>(transfer.bodyBytes);
        }
    }
    return bytes / static_cast<double>(record.resources.at(0).bytes);
}

TEST(FetcherKilledWithTwentyWaiters, CostsAtMostTwoFurtherCopies)
{
    RecordProperty("requirement", "R-CLI-7 R-CLI-8");
    constexpr std::uint32_t kNodes = 21;
    const auto runs = Replicates(50,
                                 [](std::uint64_t run) -> Figures
                                 {
                                     OfficeConfig office = FlashCrowd(Policy::Robust, kNodes);
                                     office.resources = LargeResource();
                                     office.run = run;
                                     OfficeSimulation simulation(office);
                                     const FetcherKiller killer(simulation, kNodes, kNodes - 1);
                                     // The dead node's own request never ends: stop when those of
                                     // the others have.
                                     std::function<void()> stop = [&simulation, &stop]
                                     {
                                         if (simulation.Measurements().Running() <= 1)
                                         {
                                             ns3::Simulator::Stop();
                                         }
                                         ns3::Simulator::Schedule(ns3::MilliSeconds(100), stop);
                                     };
                                     ns3::Simulator::Schedule(ns3::Seconds(10), stop);
                                     const analysis::RunRecord record = simulation.Run();
                                     return {static_cast<double>(killer.KilledAtUs()),
                                             CopiesAfter(record, killer.KilledAtUs()),
                                             NotFound(record)};
                                 });
    const auto copies = Column(runs, 1);
    EXPECT_LE(*std::max_element(copies.begin(), copies.end()), 2);
    EXPECT_EQ(analysis::Median(copies), 1);
    for (const Figures& run : runs)
    {
        EXPECT_GT(run[0], 0) << "nobody was killed";
        EXPECT_EQ(run[2], 1) << "all but the dead one have it";
    }
}

TEST(FortyWaitersAndFourUploadSlots, FetchOneCopy)
{
    RecordProperty("requirement", "R-CLI-9 R-SRV-9 R-HTTP-3");
    const auto runs = Replicates(10,
                                 [](std::uint64_t run) -> Figures
                                 {
                                     OfficeConfig office = FlashCrowd(Policy::Robust, 41);
                                     office.resources = LargeResource();
                                     office.protocol.uploadSlots = 4;
                                     office.run = run;
                                     OfficeSimulation simulation(office);
                                     const analysis::RunRecord record = simulation.Run();
                                     return {CopiesOf(record), NotFound(record)};
                                 });
    EXPECT_EQ(runs, std::vector<Figures>(10, Figures{1.0, 0.0}));
}

/// `withAccess` nodes with the highest indices reach the Internet.
OfficeConfig
MostWithoutAccess(std::uint32_t nodes, std::uint32_t withAccess, double windowS)
{
    OfficeConfig office = Spread(Policy::Robust, nodes, windowS);
    office.network.internet.assign(nodes, false);
    std::fill(office.network.internet.end() - withAccess, office.network.internet.end(), true);
    return office;
}

class WithoutAccess : public testing::TestWithParam<std::pair<std::uint32_t, bool>>
{
};

TEST_P(WithoutAccess, NodesFetchOneCopyByTheHelpOfOthers)
{
    RecordProperty("requirement", "R-CLI-12 R-SIM-2");
    const auto [nodes, simultaneous] = GetParam();
    const double windowS = simultaneous ? 0 : 60;
    const std::uint32_t all = nodes;
    const auto runs = Replicates(20,
                                 [all, windowS](std::uint64_t run) -> Figures
                                 {
                                     OfficeConfig office = MostWithoutAccess(all, 2, windowS);
                                     office.resources = FullUpdate();
                                     if (all > 5)
                                     {
                                         office.resources = SmallResource();
                                     }
                                     office.run = run;
                                     OfficeSimulation simulation(office);
                                     const analysis::RunRecord record = simulation.Run();
                                     return {CopiesOf(record), NotFound(record)};
                                 });
    EXPECT_EQ(Column(runs, 1), std::vector<double>(20, 0.0));
    if (simultaneous)
    {
        EXPECT_EQ(analysis::Median(Column(runs, 0)), 1);
    }
    else
    {
        EXPECT_EQ(Column(runs, 0), std::vector<double>(20, 1.0));
    }
}

INSTANTIATE_TEST_SUITE_P(Fig1AndFiftyNodes,
                         WithoutAccess,
                         testing::Values(std::pair(5U, false),
                                         std::pair(5U, true),
                                         std::pair(50U, false),
                                         std::pair(50U, true)));

TEST(OneBusyAndOneFreeHolder, TheFreeOneServesEveryTime)
{
    RecordProperty("requirement", "R-CLI-9 R-SRV-9");
    const auto runs = Replicates(
        30,
        [](std::uint64_t run) -> Figures
        {
            // Two holders of both resources with one upload slot each; node 2 takes the long one
            // from one of them, and while that lasts node 3 asks for the short one.
            OfficeConfig office = FlashCrowd(Policy::Robust, 4);
            office.holders = 2;
            office.network.rateMbps = 10;
            office.protocol.uploadSlots = 1;
            office.resources = {{"long.cab", 12'000'000}, {"short.cab", 16'000}};
            office.askers = nullptr;
            office.run = run;
            OfficeSimulation simulation(office);
            ns3::Simulator::Schedule(ns3::Seconds(1), [&simulation] { simulation.Ask(2, 0); });
            ns3::Simulator::Schedule(ns3::Seconds(4), [&simulation] { simulation.Ask(3, 1); });
            const analysis::RunRecord record = simulation.Run();
            double longFrom = -1;
            double shortFrom = -1;
            for (const analysis::Transfer& transfer : record.transfers)
            {
                if (transfer.from.kind == analysis::Place::Kind::Node)
                {
                    (transfer.resource == 0 ? longFrom : shortFrom) = transfer.from.node;
                }
            }
            return {longFrom, shortFrom, NotFound(record)};
        });
    for (const Figures& run : runs)
    {
        EXPECT_GE(run[0], 0);
        EXPECT_EQ(run[1], 1 - run[0]) << "the busy one served";
        EXPECT_EQ(run[2], 0);
    }
}

TEST(PeerThatDiesInATransfer, IsReplacedByTheInternet)
{
    RecordProperty("requirement", "R-CLI-7 R-CLI-8");
    for (const Policy policy : {Policy::Fig4a, Policy::Fig4b, Policy::Robust})
    {
        const auto runs = Replicates(
            2,
            [policy](std::uint64_t run) -> Figures
            {
                OfficeConfig office = FlashCrowd(policy, 2, "fast");
                office.holders = 1;
                office.network.rateMbps = 10;
                office.resources = {{"long.cab", 5'000'000}};
                office.askers = [](const std::function<double()>&)
                {
                    return std::vector<OfficeConfig::Asker>{{1, 1'000'000}};
                };
                office.run = run;
                OfficeSimulation simulation(office);
                ns3::Simulator::Schedule(ns3::Seconds(4.5),
                                         [&simulation] { simulation.Application(0).SwitchOff(); });
                const analysis::RunRecord record = simulation.Run();
                return {NotFound(record), CopiesOf(record), static_cast<double>(record.stalls)};
            });
        for (const Figures& run : runs)
        {
            EXPECT_EQ(run, (Figures{0, 1, 1})) << ToString(policy);
        }
    }
}

} // namespace
} // namespace lanpeer::lan
