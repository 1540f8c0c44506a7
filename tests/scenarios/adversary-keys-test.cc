#include "scenarios/adversaries.h"
#include "scenarios/key-table.h"
#include "tests/scenarios/reading.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Hostile nodes and the caching proxy, as scenario files say them (R-SIM-6, R-SIM-7).

namespace lanpeer::scenario
{
namespace
{

using lan::AdversaryKind;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(AdversaryKeys, SayHowManyAndOfWhatKind)
{
    RecordProperty("requirement", "R-SIM-6");
    const Scenario nobody = Read("{}");
    EXPECT_EQ(HostileCount(nobody), 0U);
    EXPECT_EQ(AdversariesOf(nobody).count, 0U);
    EXPECT_FALSE(AdversariesOf(nobody).gateway);

    const Scenario three = Read("adversaries: {count: 3, kind: fast-liar, gateway: on}");
    EXPECT_EQ(HostileCount(three), 3U);
    EXPECT_EQ(HonestCount(three), 47U);
    EXPECT_THAT(AdversariesOf(three).kinds, ElementsAre(AdversaryKind::FastLiar));
    EXPECT_TRUE(AdversariesOf(three).gateway);

    const Scenario share = Read("{lan.nodes: 25, adversaries.share: 0.1,"
                                " adversaries.kind: [flood, forged, flood],"
                                " adversaries.packets_per_s: 5, adversaries.bytes_per_s: 0.5}");
    EXPECT_EQ(HostileCount(share), 3U) << "2.5, to the nearest";
    EXPECT_THAT(AdversariesOf(share).kinds,
                ElementsAre(AdversaryKind::Flood, AdversaryKind::Forged, AdversaryKind::Flood));
    EXPECT_EQ(AdversariesOf(share).packetsPerS, 5);
    EXPECT_EQ(AdversariesOf(share).bytesPerS, 0.5);
    EXPECT_THAT(PrintScenario(share), HasSubstr("adversaries.kind: [flood, forged, flood]\n"));
    for (const AdversaryKind kind : lan::AdversaryKinds())
    {
        EXPECT_EQ(SetError("adversaries={count: 1, kind: " + std::string(ToString(kind)) + "}"),
                  "");
    }
}

TEST(AdversaryKeys, HostileNodesAreTheHighestIndicesAndNeitherHoldNorAsk)
{
    RecordProperty("requirement", "R-SIM-6 R-SIM-2");
    const Scenario scenario = Read("{lan.nodes: 10, adversaries.count: 4, workload.holders: 1,"
                                   " internet.nodes: 2}");
    EXPECT_EQ(FirstRequester(scenario), 1U);
    EXPECT_EQ(RequesterCount(scenario), 5U);
    EXPECT_THAT(InternetAccess(scenario),
                ElementsAre(false, false, false, false, true, true, false, false, false, false))
        << "a count means honest nodes";
}

TEST(AdversaryKeys, AnAttackByNobodyIsAMistake)
{
    RecordProperty("requirement", "R-SIM-6");
    EXPECT_THAT(SetError("adversaries.kind=flood"), HasSubstr("of lan.nodes none is hostile"));
    EXPECT_THAT(SetError("adversaries.share=0.001"), HasSubstr("of lan.nodes none is hostile"));
    EXPECT_EQ(SetError("adversaries={kind: flood, gateway: on}"), "");
}

TEST(AdversaryKeys, WhatDoesNotGoTogetherIsSaid)
{
    RecordProperty("requirement", "R-SIM-6");
    EXPECT_EQ(ErrorOf("adversaries: {count: 1, share: 0.1}"),
              "s.yaml:1: adversaries.share: adversaries.share and adversaries.count both say how "
              "many nodes are hostile; expected one of them");
    EXPECT_EQ(ErrorOf("adversaries:\n  share: 1"),
              "s.yaml:2: adversaries.share: 50 hostile nodes of 50; expected at least one that is "
              "honest");
    EXPECT_EQ(ErrorOf("{workload: {holders: 48}, adversaries: {count: 3}}"),
              "s.yaml:1: adversaries.count: 48 holders and requesters of 47 honest nodes; expected "
              "their sum at most that");
    EXPECT_THAT(ErrorOf("{internet.nodes: 48, adversaries: {count: 3}}"),
                HasSubstr("48 with Internet access of 47 honest nodes"));
    EXPECT_THAT(ErrorOf("{internet.nodes: [49], adversaries: {count: 3}}"),
                HasSubstr("nobody has Internet access"))
        << "a hostile node helps nobody";
    EXPECT_EQ(ErrorOf("{workload.days: 3, adversaries: {count: 3}}"), "");
    EXPECT_THAT(ErrorOf("adversaries.kind: liar"), HasSubstr("is not one of its words"));
    EXPECT_THAT(ErrorOf("adversaries.kind: []"), HasSubstr("adversaries.kind"));
    EXPECT_THAT(ErrorOf("adversaries: none"), HasSubstr("is not a map"));
}

TEST(ProxyKeys, ThePolicyHasNoPeeringAndItsKeyIsCollapse)
{
    RecordProperty("requirement", "R-SIM-7");
    const Scenario scenario = Read("{policy: [direct, proxy], proxy.collapse: off}");
    EXPECT_THAT(scenario.policies, ElementsAre(PolicyChoice::Direct, PolicyChoice::Proxy));
    EXPECT_FALSE(scenario.proxy.collapse);
    EXPECT_TRUE(Read("{}").proxy.collapse);
    EXPECT_FALSE(ConfigFor(scenario, PolicyChoice::Proxy).peering);
    // It is on the LAN, where those without access reach it; under another policy nobody would.
    const std::string nobody = "{internet.nodes: 0, policy: ";
    EXPECT_EQ(ErrorOf(nobody + "proxy}"), "");
    EXPECT_THAT(ErrorOf(nobody + "[proxy, robust]}"), HasSubstr("nobody has Internet access"));
}

} // namespace
} // namespace lanpeer::scenario
