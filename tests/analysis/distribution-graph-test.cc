#include "analysis/distribution-graph.h"
#include "sample-record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace lanpeer::analysis
{
namespace
{

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;

class DistributionGraphTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-SIM-8");
    }
};

Transfer
Copy(Place from, Place to, std::int64_t endedAtUs)
{
    return {from, to, 0, 1000, endedAtUs, true};
}

TEST_F(DistributionGraphTest, DepthOfEachCopyOfOneResource)
{
    // a: Internet -> 0 -> 1 -> 2.
    const DistributionGraph graph(SampleRecord(), 0);
    EXPECT_THAT(graph.DepthAt(0, 0), Optional(1U));
    EXPECT_THAT(graph.DepthAt(1, 0), Optional(2U));
    EXPECT_THAT(graph.DepthAt(2, 0), Optional(3U));
    EXPECT_EQ(graph.DepthAt(3, 0), std::nullopt);
    EXPECT_THAT(graph.MaxDepth(), Optional(3U));
    EXPECT_THAT(graph.MeanDepth(), Optional(DoubleNear(2.0, 1e-12))); // (1 + 2 + 3) / 3
    EXPECT_THAT(graph.CopiesServed(), ElementsAre(1U, 1U, 0U, 0U));
    EXPECT_EQ(graph.CopiesFromInternet(), 1U); // the aborted ones are none
}

TEST_F(DistributionGraphTest, AllResourcesTogether)
{
    // And b: Internet -> 0 -> 1.
    const DistributionGraph graph(SampleRecord());
    EXPECT_THAT(graph.MaxDepth(), Optional(3U));
    EXPECT_THAT(graph.MeanDepth(), Optional(DoubleNear(1.8, 1e-12))); // (1+2+3 + 1+2) / 5
    EXPECT_THAT(graph.CopiesServed(), ElementsAre(2U, 1U, 0U, 0U));
    EXPECT_EQ(graph.CopiesFromInternet(), 2U);
    EXPECT_THAT(graph.DepthAt(1, 1), Optional(2U));
    EXPECT_EQ(graph.DepthAt(2, 1), std::nullopt);
}

TEST_F(DistributionGraphTest, DeliveriesAreInTheOrderOfTime)
{
    RunRecord record = SampleRecord();
    std::reverse(record.transfers.begin(), record.transfers.end());
    const DistributionGraph graph(record);
    std::vector<std::int64_t> times;
    for (const Delivery& delivery : graph.Deliveries())
    {
        times.push_back(delivery.endedAtUs);
    }
    EXPECT_THAT(times, ElementsAre(3'000'000, 5'000'000, 10'600'000, 10'900'000, 31'000'000));
    EXPECT_EQ(graph.ToGraphviz(), DistributionGraph(SampleRecord()).ToGraphviz());
}

TEST_F(DistributionGraphTest, NobodyFetched)
{
    const DistributionGraph graph(EmptyRecord());
    EXPECT_EQ(graph.MaxDepth(), std::nullopt);
    EXPECT_EQ(graph.MeanDepth(), std::nullopt);
    EXPECT_THAT(graph.Deliveries(), IsEmpty());
    EXPECT_THAT(graph.CopiesServed(), ElementsAre(0U));
}

TEST_F(DistributionGraphTest, AHolderFromTheStartHasDepthOne)
{
    RunRecord record = EmptyRecord();
    record.nodes.assign(3, {{0}, 0, 0});
    record.transfers = {Copy(Place::AtNode(0), Place::AtNode(1), 10),
                        Copy(Place::AtNode(1), Place::AtNode(2), 20)};
    const DistributionGraph graph(record);
    EXPECT_EQ(graph.DepthAt(0, 0), std::nullopt); // it received none
    EXPECT_THAT(graph.DepthAt(1, 0), Optional(2U));
    EXPECT_THAT(graph.DepthAt(2, 0), Optional(3U));
    EXPECT_THAT(graph.MeanDepth(), Optional(2.5));
}

TEST_F(DistributionGraphTest, ACopyReceivedAgainTakesItsNewDepth)
{
    RunRecord record = EmptyRecord();
    record.nodes.assign(3, {{0}, 0, 0});
    record.transfers = {Copy(Place::Internet(), Place::AtNode(0), 10),
                        Copy(Place::AtNode(0), Place::AtNode(1), 20),
                        Copy(Place::Internet(), Place::AtNode(1), 30),
                        Copy(Place::AtNode(1), Place::AtNode(2), 40)};
    const DistributionGraph graph(record);
    EXPECT_EQ(graph.Deliveries()[1].depth, 2U);
    EXPECT_THAT(graph.DepthAt(1, 0), Optional(1U));
    EXPECT_THAT(graph.DepthAt(2, 0), Optional(2U));
    EXPECT_THAT(graph.MeanDepth(), Optional(DoubleNear(4.0 / 3.0, 1e-12)));
}

TEST_F(DistributionGraphTest, TheProxyIsAStepOfItsOwn)
{
    RunRecord record = EmptyRecord();
    record.nodes.assign(2, {{0}, 0, 0});
    record.transfers = {Copy(Place::Internet(), Place::Proxy(), 10),
                        Copy(Place::Proxy(), Place::AtNode(0), 20),
                        Copy(Place::Proxy(), Place::AtNode(1), 30)};
    const DistributionGraph graph(record);
    EXPECT_THAT(graph.DepthAt(1, 0), Optional(2U));
    EXPECT_THAT(graph.MeanDepth(), Optional(2.0)); // the proxy's own copy is no node's
    EXPECT_EQ(graph.CopiesFromInternet(), 1U);
    EXPECT_THAT(graph.CopiesServed(), ElementsAre(0U, 0U));
    EXPECT_THAT(graph.ToGraphviz(), HasSubstr("3[label=proxy]"));
    EXPECT_THAT(DistributionGraph(SampleRecord()).ToGraphviz(), Not(HasSubstr("proxy")));
}

TEST_F(DistributionGraphTest, GraphvizToTheByte)
{
    RecordProperty("requirement", "R-SIM-9");
    EXPECT_EQ(DistributionGraph(SampleRecord(), 0).ToGraphviz(),
              "digraph G {\n"
              "graph [rankdir=LR label=\"sample robust run 2: depth max 3, mean 2.000\"]\n"
              "0[label=\"0: 1 served, depth 1\"];\n"
              "1[label=\"1: 1 served, depth 2\"];\n"
              "2[label=\"2: 0 served, depth 3\"];\n"
              "3[label=\"3: 0 served\"];\n"
              "4[label=\"Internet: 1 served\"];\n"
              "4->0 [label=\"a.cab 600 B 3.000000 s\"];\n"
              "0->1 [label=\"a.cab 1000 B 10.600000 s\"];\n"
              "1->2 [label=\"a.cab 1000 B 31.000000 s\"];\n"
              "}\n");
}

TEST_F(DistributionGraphTest, ANodeWhoseCopiesLieAtSeveralDepthsSaysSo)
{
    RunRecord record = SampleRecord();
    record.transfers.push_back({Place::Internet(), Place::AtNode(2), 1, 100, 40'000'000, true});
    const std::string text = DistributionGraph(record).ToGraphviz();
    EXPECT_THAT(text, HasSubstr("2[label=\"2: 0 served, depth 1 to 3\"]"));
    EXPECT_THAT(text, HasSubstr("0[label=\"0: 2 served, depth 1\"]"));
    EXPECT_THAT(DistributionGraph(EmptyRecord()).ToGraphviz(), Not(HasSubstr("depth")));
}

TEST_F(DistributionGraphTest, LabelsAreQuoted)
{
    RunRecord record = EmptyRecord();
    record.scenario = "say \"hi\"";
    record.resources[0].href = "urn:x";
    record.transfers = {Copy(Place::Internet(), Place::AtNode(0), 1'000'042)};
    const std::string text = DistributionGraph(record).ToGraphviz();
    EXPECT_THAT(text, HasSubstr("label=\"say \\\"hi\\\" robust run 1: depth max 1, mean 1.000\""));
    EXPECT_THAT(text, HasSubstr("\"urn:x 1000 B 1.000042 s\""));
}

TEST_F(DistributionGraphTest, WhatDoesNotExistIsRefused)
{
    EXPECT_THROW(DistributionGraph(SampleRecord(), 3), std::invalid_argument);
    const DistributionGraph graph(SampleRecord());
    EXPECT_THROW(graph.DepthAt(4, 0), std::invalid_argument);
    EXPECT_THROW(graph.DepthAt(0, 3), std::invalid_argument);
}

} // namespace
} // namespace lanpeer::analysis
