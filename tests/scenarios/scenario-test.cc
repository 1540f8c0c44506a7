#include "reading.h"

#include "model/settings/value.h"
#include "scenarios/key-table.h"
#include "scenarios/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace lanpeer::scenario
{

using namespace settings;

namespace
{

using testing::ElementsAre;

TEST(ScenarioTest, DefaultsAreThoseOfTheInterface)
{
    RecordProperty("requirement", "R-SIM-2");
    const Scenario scenario = Read("{}");
    EXPECT_EQ(scenario.name, "s");
    EXPECT_EQ(scenario.lan.nodes, 50U);
    EXPECT_EQ(scenario.lan.rateMbps, 100);
    EXPECT_EQ(scenario.lan.latencyUs, 25);
    EXPECT_EQ(scenario.lan.loss, 0);
    EXPECT_EQ(scenario.lan.medium, Medium::Switch);
    EXPECT_EQ(scenario.lan.segments, 1U);
    EXPECT_EQ(scenario.lan.twoHomed, 0U);
    EXPECT_EQ(scenario.lan.queuePackets, 1000U);
    EXPECT_EQ(scenario.lan.arp, Arp::Static);
    EXPECT_FALSE(scenario.lan.arpJitter);
    EXPECT_EQ(scenario.uplink.preset, "dsl");
    EXPECT_EQ(scenario.internet.kind, InternetNodes::Kind::All);
    EXPECT_EQ(scenario.workload.arrival, Arrival::Uniform);
    EXPECT_EQ(scenario.workload.windowS, 60);
    EXPECT_EQ(scenario.workload.holders, 0U);
    EXPECT_EQ(RequesterCount(scenario), 50U);
    EXPECT_THAT(scenario.policies, ElementsAre(PolicyChoice::Robust));
    EXPECT_TRUE(scenario.protocol.empty());
}

TEST(ScenarioTest, FullUpdateIsThatOfThePatent)
{
    RecordProperty("requirement", "R-SIM-4");
    std::uint64_t sum = 0;
    for (const Resource& resource : FullUpdate())
    {
        sum += resource.bytes;
        EXPECT_NE(resource.name.find(".0104060900.cab"), std::string::npos) << resource.name;
    }
    EXPECT_EQ(FullUpdate().size(), 6U);
    EXPECT_EQ(sum, 2236000U);
    EXPECT_EQ(FullUpdate().front(), (Resource{"Myavdat.0104060900.cab", 910000}));
    EXPECT_EQ(Read("{}").workload.resources, FullUpdate());
    EXPECT_EQ(Read("workload: {resources: update}").workload.resources, FullUpdate());
}

TEST(ScenarioTest, EveryKeyReachesItsMember)
{
    RecordProperty("requirement", "R-SIM-4");
    const Scenario scenario = Read(R"(
about: |
  What.
  Why.
lan: {nodes: 7, medium: wifi, rate_mbps: 10, latency_us: 2.5, loss: 0.01, segments: 3,
      queue_packets: 20, arp: cold, arp_jitter: on, two_homed: 2,
      wifi: {mode: adhoc, standard: n, broadcast_mbps: 24, room_m: 12.5}}
uplink: {preset: isdn, down_kbps: 64, up_kbps: 33.6, latency_ms: 7, queue_packets: 9}
internet: {nodes: [6, 0]}
workload:
  arrival: poisson
  window_s: 1.5
  resources:
  - {bytes: 1, name: a}
  - {name: "b", bytes: 1099511627776}
  holders: 2
  requesters: 3
policy: [robust, direct]
protocol: {response_delay_ms: 0, client: off, rules: {lock: off}}
)");
    EXPECT_EQ(scenario.about, "What.\nWhy.");
    EXPECT_EQ(scenario.lan.nodes, 7U);
    EXPECT_EQ(scenario.lan.rateMbps, 10);
    EXPECT_EQ(scenario.lan.latencyUs, 2.5);
    EXPECT_EQ(scenario.lan.loss, 0.01);
    EXPECT_EQ(scenario.lan.queuePackets, 20U);
    EXPECT_EQ(scenario.lan.arp, Arp::Cold);
    EXPECT_TRUE(scenario.lan.arpJitter);
    const lan::LanNetworkConfig network = NetworkOf(scenario);
    EXPECT_EQ(network.medium, Medium::Wifi);
    EXPECT_EQ(network.segments, 3U);
    EXPECT_EQ(network.twoHomed, 2U);
    EXPECT_EQ(network.wifi.mode, lan::WifiMode::AdHoc);
    EXPECT_EQ(network.wifi.standard, lan::WifiStandard::N);
    EXPECT_EQ(network.wifi.broadcastMbps, 24);
    EXPECT_EQ(network.wifi.roomM, 12.5);
    EXPECT_EQ(UplinkOf(scenario).downKbps, 64);
    EXPECT_EQ(UplinkOf(scenario).upKbps, 33.6);
    EXPECT_EQ(UplinkOf(scenario).latencyMs, 7);
    EXPECT_EQ(UplinkOf(scenario).queuePackets, 9U);
    EXPECT_THAT(InternetAccess(scenario),
                ElementsAre(true, false, false, false, false, false, true));
    EXPECT_EQ(scenario.workload.arrival, Arrival::Poisson);
    EXPECT_EQ(scenario.workload.windowS, 1.5);
    EXPECT_THAT(scenario.workload.resources,
                ElementsAre(Resource{"a", 1}, Resource{"b", 1099511627776}));
    EXPECT_EQ(FirstRequester(scenario), 2U);
    EXPECT_EQ(RequesterCount(scenario), 3U);
    EXPECT_THAT(scenario.policies, ElementsAre(PolicyChoice::Robust, PolicyChoice::Direct));
    const PeeringConfig config = ConfigFor(scenario, PolicyChoice::Robust);
    EXPECT_EQ(config.responseDelayMs, 0U);
    EXPECT_FALSE(config.client);
    EXPECT_FALSE(config.lock);
}

TEST(ScenarioTest, ThreeWaysToWriteAKeyAreOne)
{
    const std::string nested = PrintScenario(Read("lan:\n  nodes: 5\n  arp: cold\n"));
    EXPECT_EQ(PrintScenario(Read("lan: {arp: cold, nodes: 5}")), nested);
    EXPECT_EQ(PrintScenario(Read("lan.nodes: 5\nlan.arp: cold\n")), nested);
    EXPECT_EQ(PrintScenario(Read("{}", {"lan.nodes=5", "lan={arp: cold}"})), nested);
}

TEST(ScenarioTest, AnchorsAndAliasesAreTolerated)
{
    const Scenario scenario = Read("lan: {nodes: &five 5}\n"
                                   "internet: {nodes: *five}\n"
                                   "workload:\n"
                                   "  resources: [{name: a, bytes: &size 16000}, "
                                   "{name: b, bytes: *size}]\n");
    EXPECT_EQ(scenario.internet.count, 5U);
    EXPECT_EQ(scenario.workload.resources[1].bytes, 16000U);
}

TEST(ScenarioTest, FlagsAsPeopleWriteThem)
{
    for (const char* const yes : {"on", "true", "yes", "ON", "True", "YES"})
    {
        EXPECT_TRUE(Read(std::string("lan: {arp: cold, arp_jitter: ") + yes + "}").lan.arpJitter);
    }
    for (const char* const no : {"off", "false", "no", "Off", "FALSE"})
    {
        EXPECT_FALSE(Read(std::string("lan: {arp_jitter: ") + no + "}").lan.arpJitter);
    }
}

TEST(ScenarioTest, LaterSettingsWin)
{
    const std::string file = "lan: {nodes: 5, loss: 0.5}\npolicy: direct\n";
    EXPECT_EQ(Read(file, {"lan.nodes=6", "lan.nodes=7"}).lan.nodes, 7U);
    EXPECT_EQ(Read(file, {"lan.nodes=6", "lan={nodes: 7}"}).lan.nodes, 7U);
    EXPECT_EQ(Read(file, {"lan={nodes: 7}", "lan.nodes=6"}).lan.nodes, 6U);
    EXPECT_EQ(Read(file, {"lan={nodes: 7}"}).lan.loss, 0.5); // a map sets what it names
    EXPECT_THAT(Read(file, {"policy=fig4a"}).policies, ElementsAre(PolicyChoice::Fig4a));
    EXPECT_THAT(Read(file, {"policy=fig4a"}, "robust,fig4b").policies,
                ElementsAre(PolicyChoice::Robust, PolicyChoice::Fig4b));
    // A list is set as a whole.
    EXPECT_THAT(Read(file, {"workload.resources=[{name: a, bytes: 2}]"}).workload.resources,
                ElementsAre(Resource{"a", 2}));
}

TEST(ScenarioTest, KeysOfTheUplinkWinOverItsPreset)
{
    RecordProperty("requirement", "R-SIM-3");
    for (const lan::UplinkPreset& preset : lan::UplinkPresets())
    {
        const Scenario scenario = Read("uplink: {preset: " + std::string(preset.name) + "}");
        EXPECT_EQ(UplinkOf(scenario).downKbps, preset.uplink.downKbps);
        EXPECT_EQ(UplinkOf(scenario).upKbps, preset.uplink.upKbps);
        EXPECT_EQ(UplinkOf(scenario).latencyMs, preset.uplink.latencyMs);
        EXPECT_EQ(UplinkOf(scenario).queuePackets, preset.uplink.queuePackets);
    }
    EXPECT_EQ(lan::UplinkPresets().size(), 6U);
    // Whichever was set first.
    const Scenario scenario = Read("uplink: {up_kbps: 1, preset: t1}", {"uplink.preset=fast"});
    EXPECT_EQ(UplinkOf(scenario).upKbps, 1);
    EXPECT_EQ(UplinkOf(scenario).downKbps, 100000);
    const Scenario back = Read("uplink: {up_kbps: 1}", {"uplink.up_kbps=preset"});
    EXPECT_EQ(UplinkOf(back).upKbps, 256);
}

TEST(ScenarioTest, DefaultsAreThoseOfTheLan)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-3");
    const lan::LanNetworkConfig theirs;
    const lan::LanNetworkConfig ours = NetworkOf(Scenario{});
    EXPECT_EQ(ours.nodes, theirs.nodes);
    EXPECT_EQ(ours.rateMbps, theirs.rateMbps);
    EXPECT_EQ(ours.latencyUs, theirs.latencyUs);
    EXPECT_EQ(ours.loss, theirs.loss);
    EXPECT_EQ(ours.queuePackets, theirs.queuePackets);
    EXPECT_EQ(ours.arp, theirs.arp);
    EXPECT_EQ(ours.arpJitter, theirs.arpJitter);
    EXPECT_EQ(ours.uplink.downKbps, theirs.uplink.downKbps);
    EXPECT_EQ(ours.uplink.upKbps, theirs.uplink.upKbps);
    EXPECT_EQ(ours.uplink.latencyMs, theirs.uplink.latencyMs);
    EXPECT_EQ(ours.uplink.queuePackets, theirs.uplink.queuePackets);
}

TEST(ScenarioTest, WhatAKeyTakesTheLanTakes)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-3");
    for (const char* const path : {"lan.nodes",
                                   "lan.rate_mbps",
                                   "lan.latency_us",
                                   "lan.loss",
                                   "lan.queue_packets",
                                   "uplink.down_kbps",
                                   "uplink.up_kbps",
                                   "uplink.latency_ms",
                                   "uplink.queue_packets"})
    {
        const Key& key = *FindKey(path);
        const std::size_t to = key.allowed.find(" to ");
        const std::size_t end = key.allowed.find(' ', to + 4);
        ASSERT_NE(to, std::string::npos) << path;
        for (const std::string& bound :
             {key.allowed.substr(0, to), key.allowed.substr(to + 4, end - to - 4)})
        {
            Scenario scenario;
            key.Set(scenario, ParseYaml(bound));
            EXPECT_NO_THROW(NetworkOf(scenario).Validate()) << path << " " << bound;
        }
    }
}

TEST(ScenarioTest, WhoHasInternetAccess)
{
    RecordProperty("requirement", "R-SIM-2");
    EXPECT_THAT(InternetAccess(Read("lan.nodes: 3")), ElementsAre(true, true, true));
    EXPECT_THAT(InternetAccess(Read("{lan.nodes: 3, internet.nodes: 2}")),
                ElementsAre(false, true, true));
    EXPECT_THAT(InternetAccess(Read("{lan.nodes: 3, internet.nodes: 3}")),
                ElementsAre(true, true, true));
    EXPECT_THAT(InternetAccess(Read("{lan.nodes: 3, internet.nodes: [1]}")),
                ElementsAre(false, true, false));
    // Nobody: allowed where a holder makes up for it, or nobody asks.
    EXPECT_THAT(InternetAccess(Read("{lan.nodes: 2, internet.nodes: 0, workload.holders: 1}")),
                ElementsAre(false, false));
    EXPECT_EQ(ErrorOf("{internet.nodes: 0, workload.requesters: 0}"), "");
    EXPECT_EQ(ErrorOf("{lan.nodes: 4, internet.nodes: 0, workload.holders: 4}"), "");
}

TEST(ScenarioTest, TheNodesAfterTheHoldersAsk)
{
    const Scenario all = Read("{lan.nodes: 9, workload.holders: 4}");
    EXPECT_EQ(FirstRequester(all), 4U);
    EXPECT_EQ(RequesterCount(all), 5U);
    const Scenario some = Read("{lan.nodes: 9, workload: {holders: 4, requesters: 5}}");
    EXPECT_EQ(RequesterCount(some), 5U);
    EXPECT_EQ(RequesterCount(Read("{lan.nodes: 9, workload.holders: 9}")), 0U);
    EXPECT_EQ(RequesterCount(Read("workload.requesters: 3", {"workload.requesters=all"})), 50U);
}

TEST(ConfigForTest, APolicyIsItsRules)
{
    RecordProperty("requirement", "R-SIM-7");
    const Scenario scenario = Read("{}");
    EXPECT_EQ(ConfigFor(scenario, PolicyChoice::Fig4a), PeeringConfig::Defaults(Policy::Fig4a));
    EXPECT_EQ(ConfigFor(scenario, PolicyChoice::Fig4b), PeeringConfig::Defaults(Policy::Fig4b));
    EXPECT_EQ(ConfigFor(scenario, PolicyChoice::Robust), PeeringConfig::Defaults(Policy::Robust));
    PeeringConfig direct = PeeringConfig::Defaults(Policy::Fig4a);
    direct.peering = false;
    EXPECT_EQ(ConfigFor(scenario, PolicyChoice::Direct), direct);
}

TEST(ConfigForTest, ARuleThatWasSetWinsUnderEveryPolicy)
{
    RecordProperty("requirement", "R-SIM-7");
    const Scenario scenario = Read("{policy: [direct, fig4a, fig4b, robust],"
                                   " protocol: {rules: {lock: on, pause: off}, reasks: 3}}");
    for (const PolicyChoice policy :
         {PolicyChoice::Fig4a, PolicyChoice::Fig4b, PolicyChoice::Robust})
    {
        const PeeringConfig config = ConfigFor(scenario, policy);
        EXPECT_TRUE(config.lock) << ToString(policy);
        EXPECT_FALSE(config.pause) << ToString(policy);
        EXPECT_EQ(config.reasks, 3U) << ToString(policy);
        EXPECT_EQ(config.wait, policy != PolicyChoice::Fig4a) << ToString(policy);
        EXPECT_EQ(config.slots, policy == PolicyChoice::Robust) << ToString(policy);
        EXPECT_TRUE(config.peering);
    }
    // Without peering rules mean nothing, everything else does.
    const PeeringConfig direct = ConfigFor(scenario, PolicyChoice::Direct);
    EXPECT_FALSE(direct.peering);
    EXPECT_FALSE(direct.lock);
    EXPECT_EQ(direct.reasks, 3U);
    // A value that is the default counts as set too; `policy` unsets it.
    EXPECT_FALSE(Read("{protocol.rules.lock: off}").protocol.empty());
    EXPECT_TRUE(Read("protocol.rules.lock: off", {"protocol.rules.lock=policy"}).protocol.empty());
}

TEST(ConfigForTest, ARuleWithoutWhatItNeedsIsRefused)
{
    RecordProperty("requirement", "R-SIM-7");
    EXPECT_EQ(ErrorOf("{protocol.rules: {wait: off, straddle: off, helper: off}}"), "");
    EXPECT_EQ(ErrorOf("{protocol.rules: {wait: on, straddle: on}, policy: fig4a}"), "");
    EXPECT_EQ(ErrorOf("{protocol.rules: {straddle: on}, policy: [direct, fig4b]}"), "");
    EXPECT_EQ(ErrorOf("{protocol.rules: {wait: off}, policy: direct}"), "");
    EXPECT_NE(ErrorOf("{protocol.rules: {wait: off}, policy: [direct, robust]}"), "");
    // One that nobody checked.
    Scenario scenario;
    scenario.protocol["rules.wait"] = 0;
    EXPECT_THROW(ConfigFor(scenario, PolicyChoice::Robust), std::invalid_argument);
    scenario.protocol = {{"rules.charm", 1}};
    EXPECT_THROW(ConfigFor(scenario, PolicyChoice::Robust), std::invalid_argument);
}

} // namespace
} // namespace lanpeer::scenario
