#include "analysis/metrics.h"

#include "analysis/finish-times.h"
#include "sample-record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace lanpeer::analysis
{
namespace
{

using testing::IsEmpty;
using testing::Optional;
using testing::Pair;
using testing::UnorderedElementsAre;

/// Every test here is about the definitions of INTERFACES.md.
class MetricsTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-SIM-8");
    }
};

auto
Near(double value)
{
    return Optional(testing::DoubleNear(value, 1e-12));
}

TEST_F(MetricsTest, WhatTheRunWasIsCopied)
{
    const Metrics metrics = ComputeMetrics(SampleRecord());
    EXPECT_EQ(metrics.scenario, "sample");
    EXPECT_EQ(metrics.policy, "robust");
    EXPECT_EQ(metrics.seed, 7U);
    EXPECT_EQ(metrics.run, 2U);
    EXPECT_EQ(metrics.nodes, 4U);
    EXPECT_EQ(metrics.uplinkBytes, 1950U);
    EXPECT_EQ(metrics.catalogBytes, 75U);
    EXPECT_EQ(metrics.stalls, 1U);
    EXPECT_EQ(metrics.events, 12345U);
    EXPECT_DOUBLE_EQ(metrics.simulatedS, 60.0);
    EXPECT_DOUBLE_EQ(metrics.wallS, 0.25);
}

TEST_F(MetricsTest, ResourceBytesCountsWhatWasAskedForOnce)
{
    // a and b: 1000 + 500, asked for three times and twice; nobody asked for c.
    EXPECT_EQ(ComputeMetrics(SampleRecord()).resourceBytes, 1500U);
}

TEST_F(MetricsTest, InternetBytesCountsEveryCrossing)
{
    // 400 aborted + 600 + 500 + 300 aborted; nothing of what came from nodes.
    const Metrics metrics = ComputeMetrics(SampleRecord());
    EXPECT_EQ(metrics.internetBytes, 1800U);
    EXPECT_THAT(metrics.copies, Near(1.2)); // 1800 / 1500
}

TEST_F(MetricsTest, InternetBytesCountsTheProxyOnceAndNotWhatItServes)
{
    RunRecord record = EmptyRecord();
    record.policy = "proxy";
    record.nodes = {{{0}, 0, 0}, {{0}, 0, 0}};
    record.requests = {DirectRequest(0, 0, 0, 2'000'000), DirectRequest(1, 0, 0, 3'000'000)};
    record.transfers = {{Place::Internet(), Place::Proxy(), 0, 1000, 1'000'000, true},
                        {Place::Proxy(), Place::AtNode(0), 0, 1000, 2'000'000, true},
                        {Place::Proxy(), Place::AtNode(1), 0, 1000, 3'000'000, true}};
    const Metrics metrics = ComputeMetrics(record);
    EXPECT_EQ(metrics.internetBytes, 1000U);
    EXPECT_THAT(metrics.savedFraction, Near(0.5)); // 1 - 1000 / 2000
    EXPECT_EQ(metrics.served.maxBytes, 0U);        // the proxy is no node
    EXPECT_FALSE(metrics.proxy);                   // nothing was counted at it
    record.proxy = ProxyRecord{1, 2, 3};
    const Metrics counted = ComputeMetrics(record);
    EXPECT_EQ(counted.proxy->servedBytes, 2000U);
    EXPECT_EQ(counted.proxy->hits, 1U);
    EXPECT_EQ(counted.proxy->misses, 2U);
    EXPECT_EQ(counted.proxy->collapsed, 3U);
}

TEST_F(MetricsTest, SavedFractionIsOverTheBytesFound)
{
    // Found: a, b, a, b, a = 4000 B, the failed request not; 1 - 1800 / 4000.
    EXPECT_THAT(ComputeMetrics(SampleRecord()).savedFraction, Near(0.55));
}

TEST_F(MetricsTest, SavedFractionCountsWhatWasFoundLocally)
{
    RunRecord record = SampleRecord();
    record.requests.push_back(
        {0, 0, 40'000'000, 40'000'000, 40'000'000, RequestEnd::FoundLocal, ""});
    EXPECT_THAT(ComputeMetrics(record).savedFraction, Near(0.64)); // 1 - 1800 / 5000
}

TEST_F(MetricsTest, SavedFractionOfDirectWithoutAbortsIsExactlyZero)
{
    RunRecord record = EmptyRecord();
    record.policy = "direct";
    record.resources[0].bytes = 2'236'000 / 3; // nothing that divides well
    record.nodes.assign(7, {{0}, 0, 0});
    for (std::uint32_t node = 0; node < 7; ++node)
    {
        record.requests.push_back(DirectRequest(node, 0, 0, 1'000'000));
        record.transfers.push_back({Place::Internet(),
                                    Place::AtNode(node),
                                    0,
                                    record.resources[0].bytes,
                                    1'000'000,
                                    true});
    }
    const Metrics metrics = ComputeMetrics(record);
    EXPECT_THAT(metrics.savedFraction, Optional(0.0));
    EXPECT_THAT(metrics.copies, Optional(7.0));
    EXPECT_THAT(metrics.findS.mean, Optional(0.0));
    EXPECT_THAT(metrics.findS.max, Optional(0.0));
}

TEST_F(MetricsTest, SavedFractionIsNegativeWhenAbortedBytesOutweigh)
{
    RunRecord record = EmptyRecord();
    record.requests = {DirectRequest(0, 0, 0, 2'000'000)};
    record.transfers = {{Place::Internet(), Place::AtNode(0), 0, 500, 1'000'000, false},
                        {Place::Internet(), Place::AtNode(0), 0, 1000, 2'000'000, true}};
    EXPECT_THAT(ComputeMetrics(record).savedFraction, Near(-0.5)); // 1 - 1500 / 1000
}

TEST_F(MetricsTest, ServedIsOverAllNodes)
{
    // 1500, 1000, 0, 0 bytes; 2, 1, 0, 0 GETs.
    const Metrics::Served served = ComputeMetrics(SampleRecord()).served;
    EXPECT_EQ(served.maxBytes, 1500U);
    EXPECT_DOUBLE_EQ(served.meanBytes, 625.0);   // 2500 / 4
    EXPECT_THAT(served.maxCopies, Near(1.0));    // 1500 / 1500
    EXPECT_THAT(served.jain, Near(6.25 / 13.0)); // 2500^2 / (4 (1500^2 + 1000^2))
    EXPECT_EQ(served.maxRequests, 2U);
}

TEST_F(MetricsTest, JainIsOneWhenAllServeEquallyAndNullWhenNoneServes)
{
    RunRecord record = SampleRecord();
    for (NodeRecord& node : record.nodes)
    {
        node.servedBodyBytes = 333;
    }
    EXPECT_THAT(ComputeMetrics(record).served.jain, Optional(1.0));
    for (NodeRecord& node : record.nodes)
    {
        node.servedBodyBytes = 0;
    }
    EXPECT_EQ(ComputeMetrics(record).served.jain, std::nullopt);
}

TEST_F(MetricsTest, PacketsByKind)
{
    const Metrics::Packets packets = ComputeMetrics(SampleRecord()).packets;
    EXPECT_EQ(packets.iNeed, 6U);
    EXPECT_EQ(packets.iHave, 5U);
    EXPECT_EQ(packets.iHaveDuplicate, 2U);
    EXPECT_EQ(packets.iFound, 3U);
    EXPECT_EQ(packets.iAmDownloading, 1U);
    EXPECT_EQ(packets.downloading, 8U);
    EXPECT_EQ(packets.other, 4320U); // 20 complete + 300 failed + 4000 application-defined
    EXPECT_EQ(packets.sentBytes, 4321U);
    EXPECT_EQ(packets.received, 99U);
}

TEST_F(MetricsTest, ResponseDelay)
{
    // 500, 300, 400 ms: mean 1200 / 3; ranks ceil(0.50 * 3) = 2 and ceil(0.95 * 3) = 3.
    const Metrics::ResponseDelayMs delay = ComputeMetrics(SampleRecord()).responseDelayMs;
    EXPECT_THAT(delay.mean, Near(400.0));
    EXPECT_THAT(delay.p50, Near(400.0));
    EXPECT_THAT(delay.p95, Near(500.0));
    EXPECT_THAT(delay.max, Near(500.0));
}

TEST_F(MetricsTest, FindIsAskedToSourceChosen)
{
    // 2.2, 2.2, 0.5, 0.3, 0.2 (it failed later), 0.4 s: mean 5.8 / 6; rank ceil(0.95 * 6) = 6.
    const Metrics::FindS find = ComputeMetrics(SampleRecord()).findS;
    EXPECT_THAT(find.mean, Near(5.8 / 6.0));
    EXPECT_THAT(find.p95, Near(2.2));
    EXPECT_THAT(find.max, Near(2.2));
}

TEST_F(MetricsTest, FindLeavesOutWhatNeverChoseASource)
{
    RunRecord record = SampleRecord();
    record.requests[4].sourceChosenAtUs = std::nullopt;
    EXPECT_THAT(ComputeMetrics(record).findS.mean, Near(5.6 / 5.0)); // without the 0.2 s
}

TEST_F(MetricsTest, FinishIsFirstAskToWholeSet)
{
    // Node 0: 5 - 0 (not 5 - 0.1: its first ask). Node 1: 10.9 - 10. Node 2: 31 - 20, the failure
    // and the second try included. Node 3 wants nothing. Mean 16.9 / 3; ranks 2, 3, 3.
    const Metrics::FinishS finish = ComputeMetrics(SampleRecord()).finishS;
    EXPECT_THAT(finish.mean, Near(16.9 / 3.0));
    EXPECT_THAT(finish.p50, Near(5.0));
    EXPECT_THAT(finish.p95, Near(11.0));
    EXPECT_THAT(finish.p99, Near(11.0));
    EXPECT_THAT(finish.last, Near(11.0));
}

TEST_F(MetricsTest, FinishLastIsNullWhileSomeNodeFailed)
{
    RunRecord record = SampleRecord();
    record.requests.pop_back(); // node 2 stays with its failure
    const Metrics::FinishS finish = ComputeMetrics(record).finishS;
    EXPECT_EQ(finish.last, std::nullopt);
    EXPECT_THAT(finish.mean, Near(5.9 / 2.0)); // over nodes 0 and 1
    EXPECT_THAT(finish.p99, Near(5.0));
}

TEST_F(MetricsTest, FinishLastIsNullWhileSomeNodeIsNotThere)
{
    RunRecord running = SampleRecord();
    running.requests[3].end = RequestEnd::Running; // node 1 has a, b is on its way
    running.requests[3].endedAtUs = std::nullopt;
    EXPECT_EQ(ComputeMetrics(running).finishS.last, std::nullopt);
    EXPECT_THAT(ComputeMetrics(running).finishS.mean, Near(16.0 / 2.0)); // nodes 0 and 2

    RunRecord silent = SampleRecord();
    silent.nodes[3].wanted = {2}; // and never asked, say because it died before
    EXPECT_EQ(ComputeMetrics(silent).finishS.last, std::nullopt);
    EXPECT_THAT(ComputeMetrics(silent).finishS.mean, Near(16.9 / 3.0));
}

TEST_F(MetricsTest, FinishIsOfEachRoundApart)
{
    RecordProperty("requirement", "R-SIM-4 R-SIM-8");
    RunRecord record = SampleRecord();
    record.resources[1].round = 1; // b, of nodes 0 and 1: 4.9 s and 0.9 s
    const Metrics::FinishS finish = ComputeMetrics(record).finishS;
    EXPECT_THAT(finish.mean, Near((3.0 + 4.9 + 0.6 + 0.9 + 11.0) / 5.0));
    EXPECT_THAT(finish.p50, Near(3.0));
    EXPECT_THAT(finish.last, Near(11.0));
    EXPECT_EQ(FinishTimesUs(record).at(0), 4'900'000) << "the longest of its rounds";

    record.requests[1].end = RequestEnd::Running;
    record.requests[1].endedAtUs = std::nullopt;
    EXPECT_EQ(ComputeMetrics(record).finishS.last, std::nullopt);
    EXPECT_THAT(ComputeMetrics(record).finishS.mean, Near((3.0 + 0.6 + 0.9 + 11.0) / 4.0));
    EXPECT_EQ(FinishTimesUs(record).at(0), std::nullopt);
}

TEST_F(MetricsTest, FinishTakesTheFirstTimeAResourceWasThere)
{
    RunRecord record = SampleRecord();
    record.requests.push_back(
        {0, 0, 50'000'000, 50'000'000, 50'000'000, RequestEnd::FoundLocal, ""});
    EXPECT_THAT(ComputeMetrics(record).finishS.p50, Near(5.0));
    std::reverse(record.requests.begin(), record.requests.end());
    EXPECT_THAT(ComputeMetrics(record).finishS.p50, Near(5.0));
}

TEST_F(MetricsTest, SourcesAndReasons)
{
    RunRecord record = SampleRecord();
    record.requests.push_back(
        {0, 0, 40'000'000, 40'000'000, 40'000'000, RequestEnd::FoundLocal, ""});
    const Metrics metrics = ComputeMetrics(record);
    EXPECT_EQ(metrics.sources.peer, 3U);
    EXPECT_EQ(metrics.sources.internet, 2U);
    EXPECT_EQ(metrics.sources.local, 1U);
    EXPECT_THAT(metrics.failures, UnorderedElementsAre(Pair("internet-failed", 1U)));
    EXPECT_THAT(metrics.refusals, UnorderedElementsAre(Pair("refused-from-peer", 2U)));
    // off-link was counted zero times: left out.
    EXPECT_THAT(metrics.dropped, UnorderedElementsAre(Pair("too-long", 3U)));
}

TEST_F(MetricsTest, NoRequest)
{
    const Metrics metrics = ComputeMetrics(EmptyRecord());
    EXPECT_EQ(metrics.resourceBytes, 0U);
    EXPECT_EQ(metrics.internetBytes, 0U);
    EXPECT_EQ(metrics.copies, std::nullopt);
    EXPECT_EQ(metrics.savedFraction, std::nullopt);
    EXPECT_EQ(metrics.served.maxBytes, 0U);
    EXPECT_EQ(metrics.served.meanBytes, 0.0);
    EXPECT_EQ(metrics.served.maxCopies, std::nullopt);
    EXPECT_EQ(metrics.served.jain, std::nullopt);
    EXPECT_EQ(metrics.responseDelayMs.mean, std::nullopt);
    EXPECT_EQ(metrics.responseDelayMs.p50, std::nullopt);
    EXPECT_EQ(metrics.responseDelayMs.p95, std::nullopt);
    EXPECT_EQ(metrics.responseDelayMs.max, std::nullopt);
    EXPECT_EQ(metrics.findS.mean, std::nullopt);
    EXPECT_EQ(metrics.findS.p95, std::nullopt);
    EXPECT_EQ(metrics.findS.max, std::nullopt);
    EXPECT_EQ(metrics.finishS.mean, std::nullopt);
    EXPECT_EQ(metrics.finishS.p50, std::nullopt);
    EXPECT_EQ(metrics.finishS.p95, std::nullopt);
    EXPECT_EQ(metrics.finishS.p99, std::nullopt);
    EXPECT_EQ(metrics.finishS.last, std::nullopt);
    EXPECT_THAT(metrics.failures, IsEmpty());
}

TEST_F(MetricsTest, AllFailed)
{
    RunRecord record = EmptyRecord();
    record.requests = {
        {0, 0, 0, std::nullopt, 2'200'000, RequestEnd::Failed, "no-internet"},
        {0, 0, 5'000'000, std::nullopt, 9'000'000, RequestEnd::Failed, "no-internet"}};
    record.transfers = {{Place::Internet(), Place::AtNode(0), 0, 10, 1'000'000, false}};
    const Metrics metrics = ComputeMetrics(record);
    EXPECT_EQ(metrics.resourceBytes, 1000U);
    EXPECT_THAT(metrics.copies, Near(0.01));
    EXPECT_EQ(metrics.savedFraction, std::nullopt);
    EXPECT_EQ(metrics.findS.mean, std::nullopt);
    EXPECT_EQ(metrics.finishS.mean, std::nullopt);
    EXPECT_EQ(metrics.finishS.last, std::nullopt);
    EXPECT_THAT(metrics.failures, UnorderedElementsAre(Pair("no-internet", 2U)));
}

TEST_F(MetricsTest, AContradictoryRecordHasNoMetrics)
{
    RunRecord record = SampleRecord();
    record.requests[0].node = 99;
    EXPECT_THROW(ComputeMetrics(record), std::invalid_argument);
}

} // namespace
} // namespace lanpeer::analysis
