#include "analysis/metrics.h"
#include "tests/lan/replicates.h"

#include <gtest/gtest.h>

#include <functional>
#include <ns3/error-model.h>
#include <ns3/simulator.h>

// Policy `proxy`: one caching proxy at the gateway instead of peering (R-SIM-7).

namespace lanpeer::lan
{
namespace
{

OfficeConfig
ProxyOffice(std::uint32_t nodes, bool collapse, const std::string& preset = "dsl")
{
    OfficeConfig office = FlashCrowd(Policy::Fig4a, nodes, preset);
    office.policy = "proxy";
    office.protocol.peering = false;
    office.proxy = {collapse};
    office.resources = LargeResource();
    return office;
}

/// Half of them at 1 s, half when everybody of those has long finished.
std::vector<OfficeConfig::Asker>
TwoCrowds(std::uint32_t nodes)
{
    std::vector<OfficeConfig::Asker> askers;
    for (std::uint32_t node = 0; node < nodes; ++node)
    {
        askers.push_back({node, node < nodes / 2 ? 1'000'000 : 400'000'000});
    }
    return askers;
}

struct Told
{
    double notFound, copies, lastS, internet, peers, hits, misses, collapsed, servedBytes, events,
        sentPackets, nodesServed;
};

/// In a process of its own. \param also what is done to the simulation before it runs
Told
RunOf(const OfficeConfig& office, const std::function<void(OfficeSimulation&)>& also = nullptr)
{
    const Figures figures =
        Replicates(1,
                   [&](std::uint64_t) -> Figures
                   {
                       OfficeSimulation simulation(office);
                       if (also)
                       {
                           also(simulation);
                       }
                       const analysis::RunRecord record = simulation.Run();
                       const analysis::Metrics metrics = analysis::ComputeMetrics(record);
                       const auto proxy = metrics.proxy.value_or(analysis::ProxyMetrics());
                       return {NotFound(record),
                               metrics.copies.value_or(-1),
                               metrics.finishS.last.value_or(-1),
                               static_cast<double>(metrics.sources.internet),
                               static_cast<double>(metrics.sources.peer),
                               static_cast<double>(proxy.hits),
                               static_cast<double>(proxy.misses),
                               static_cast<double>(proxy.collapsed),
                               static_cast<double>(proxy.servedBytes),
                               static_cast<double>(metrics.events),
                               static_cast<double>(metrics.packets.sentBytes),
                               static_cast<double>(metrics.served.maxBytes)};
                   })
            .at(0);
    return {figures[0],
            figures[1],
            figures[2],
            figures[3],
            figures[4],
            figures[5],
            figures[6],
            figures[7],
            figures[8],
            figures[9],
            figures[10],
            figures[11]};
}

TEST(CachingProxy, LetsACrowdShareOneTransfer)
{
    RecordProperty("requirement", "R-SIM-7");
    const Told run = RunOf(ProxyOffice(8, true));
    EXPECT_EQ(run.notFound, 0);
    EXPECT_EQ(run.copies, 1);
    EXPECT_EQ(run.misses, 1);
    EXPECT_EQ(run.collapsed, 7);
    EXPECT_EQ(run.hits, 0);
    EXPECT_EQ(run.servedBytes, 8 * 910'000);
    EXPECT_EQ(run.internet, 8) << "a node knows no other word for it";
    EXPECT_EQ(run.peers, 0);
    EXPECT_EQ(run.sentPackets, 0);
    EXPECT_EQ(run.nodesServed, 0) << "the proxy is no node";

    OfficeConfig direct = ProxyOffice(8, true);
    direct.proxy.reset();
    const Told alone = RunOf(direct);
    EXPECT_GE(alone.copies, 8);
    EXPECT_LT(run.lastS, alone.lastS / 4);
    EXPECT_EQ(RunOf(ProxyOffice(8, true)).events, run.events) << "R-SIM-9";
}

TEST(CachingProxy, WithoutCollapseFetchesOncePerConcurrentRequest)
{
    RecordProperty("requirement", "R-SIM-7");
    for (const bool collapse : {true, false})
    {
        OfficeConfig office = ProxyOffice(8, collapse);
        office.askers = [](const auto& /*uniform*/)
        {
            return TwoCrowds(8);
        };
        const Told run = RunOf(office);
        EXPECT_EQ(run.notFound, 0);
        EXPECT_EQ(run.copies, collapse ? 1 : 4);
        EXPECT_EQ(run.misses, collapse ? 1 : 4);
        EXPECT_EQ(run.collapsed, collapse ? 3 : 0);
        EXPECT_EQ(run.hits, 4) << "later askers find it in the cache";
    }
}

TEST(CachingProxy, PassesBytesOnWhileTheyArrive)
{
    RecordProperty("requirement", "R-SIM-7");
    // A LAN as slow as the uplink: one after the other would take twice as long.
    const auto slow = [](bool proxy)
    {
        OfficeConfig office = ProxyOffice(1, true);
        office.network.rateMbps = 1.5;
        if (!proxy)
        {
            office.proxy.reset();
        }
        return RunOf(office).lastS;
    };
    EXPECT_LT(slow(true), 1.3 * slow(false));
}

TEST(CachingProxy, IsThereForNodesWithoutInternetAccess)
{
    RecordProperty("requirement", "R-SIM-7 R-CLI-12");
    OfficeConfig office = ProxyOffice(5, true);
    office.network.internet.assign(5, false);
    const Told run = RunOf(office);
    EXPECT_EQ(run.notFound, 0);
    EXPECT_EQ(run.copies, 1);
}

/// Loses all that comes down, from 2 s on, for so long; 0: for ever.
std::function<void(OfficeSimulation&)>
Outage(double seconds)
{
    return [seconds](OfficeSimulation& simulation)
    {
        const auto device = simulation.Network().UplinkAtGateway();
        const auto loss = ns3::CreateObject<ns3::RateErrorModel>();
        loss->SetUnit(ns3::RateErrorModel::ERROR_UNIT_PACKET);
        loss->SetRate(1);
        loss->Disable();
        device->SetReceiveErrorModel(loss);
        ns3::Simulator::Schedule(ns3::Seconds(2), [loss] { loss->Enable(); });
        if (seconds > 0)
        {
            ns3::Simulator::Schedule(ns3::Seconds(2 + seconds), [loss] { loss->Disable(); });
        }
    };
}

TEST(CachingProxy, ResumesAfterAnOutageAndFailsWhereThereIsNone)
{
    RecordProperty("requirement", "R-SIM-7 R-CLI-7");
    OfficeConfig office = ProxyOffice(3, true);
    office.protocol.internetStallMs = 5000;
    const Told back = RunOf(office, Outage(20));
    EXPECT_EQ(back.notFound, 0);
    EXPECT_GE(back.copies, 1);
    EXPECT_LT(back.copies, 1.1) << "by Range";
    EXPECT_GT(back.lastS, 20);
    EXPECT_GT(back.misses, 1);
    const Told gone = RunOf(office, Outage(0));
    EXPECT_EQ(gone.notFound, 3) << "each request ends";
    EXPECT_LT(gone.copies, 1);
}

} // namespace
} // namespace lanpeer::lan
